/*
 * scopes.h - [scopes]: which scope implies which, and what each means to people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SCOPES_H
#define CORE_SCOPES_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "report.h"
#include "settings.h"

/* `broad > narrow` */
struct implication {
	char *broad;
	char *narrow;
	struct place at; /* of the narrow one */
};

struct scopes {
	struct implication *implications;
	size_t implication_count;
	struct list described; /* in the order of the file */
	struct list descriptions;
};

extern const char *const scopes_keys[];

/* Reads the section, which may be NULL. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY; to be finished in any case. */
int scopes_read(struct scopes *ret, struct section *section, struct tpam_report *report);
void scopes_finish(struct scopes *scopes);

/* Adds a scope and all that imply it, through others, too. False without memory. */
bool scopes_implying(const struct scopes *scopes, struct list *ret, const char *scope);

#endif
