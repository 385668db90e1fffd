/*
 * expand.h - references: ${env:NAME}, ${file:PATH}, ${cred:NAME}, and $${ for a literal ${.
 *
 * A word is expanded after it was split, and never looked at again: what comes from outside cannot become two
 * words, a reference or a rule.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_EXPAND_H
#define CORE_EXPAND_H

#include <stdbool.h>

#include "report.h"

/* True if there is a reference in it ($${ is none). */
bool expand_has_reference(const char *text);

/* True if it is made of references and nothing else, so that it says nothing by itself. */
bool expand_is_reference(const char *text);

/*
 * The text with its references resolved, to be freed with secret_free(). An unset variable, a file that is
 * missing, unsafe, larger than 64 KiB or empty, NUL or control characters (one newline at the end of a file
 * is dropped): reported, TPAM_E_CONFIG. A relative ${file:} is relative to the file it is written in.
 * `secret`: what others may read is refused (in production), and the text lies in memory for secrets.
 */
int expand_text(char **ret, const char *text, struct place at, bool secret, bool development,
	struct tpam_report *report);

#endif
