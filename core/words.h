/*
 * words.h - splits a value into words.
 *
 * Words split at blanks; "..." keeps blanks, ; and #, with \" and \\ inside. A [...] at the beginning of a
 * word of a rule is one word, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"
#include "settings.h"

struct word {
	char *text; /* quotes removed */
	struct place at;
	bool quoted;
};

struct words {
	struct word *list;
	size_t count;
};

/*
 * Splits a value; `brackets` makes [...] one word. An open quote or bracket is reported. TPAM_OK,
 * TPAM_E_CONFIG (reported) or TPAM_E_MEMORY; `ret` is to be finished after TPAM_OK.
 */
int words_split(
	struct words *ret, const struct value *value, bool brackets, struct tpam_report *report);
void words_finish(struct words *words);

#endif
