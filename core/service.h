/*
 * service.h - a service: its programs, its requirements and its tools.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"
#include "list.h"
#include "program.h"
#include "report.h"
#include "result.h"
#include "settings.h"

enum requirement_level { LEVEL_HUB, LEVEL_SERVICE, LEVEL_TOOL };

/* One line `require_scopes = A B`: all of them are wanted. */
struct requirement {
	enum requirement_level level;
	struct list scopes;
	char *written; /* "require_scopes = A B" */
	char *at_text; /* "file:line" */
	struct place at;
};

struct requirements {
	struct requirement *list;
	size_t count;
};

struct tool {
	char *pattern; /* of the header, or of `match` */
	bool glob;
	size_t literals;
	struct requirements requirements;
	struct section *section;
};

enum inherit { INHERIT_UNSAID, INHERIT_BEFORE, INHERIT_NO };

struct service {
	char *name;
	struct section *section;
	struct place at;
	struct list audiences;
	uint32_t audience_number;      /* the same for equal lists, 0 for none */
	bool own_rules[RESULT_GROUPS]; /* has rules for the group itself */
	bool hub_rules[RESULT_GROUPS]; /* the hub's are part of its program */
	struct program programs[RESULT_GROUPS];
	struct requirements requirements; /* the hub's, then its own */
	struct tool *tools;
	size_t tool_count;
	enum scope_merge merge;
	int32_t match_username;  /* the field that a requested user name must equal; 0: none */
	char *match_username_at; /* "file:line" */
};

struct service_context {
	struct section *hub; /* NULL: none */
	const struct program_names *names;
	bool development;
	struct tpam_report *report;
};

/*
 * Reads [service:NAME]. TPAM_OK, TPAM_E_CONFIG (reported)
 * or TPAM_E_MEMORY; `ret` is to be finished in any case.
 */
int service_read(
	struct service *ret, struct section *section, const struct service_context *context);

/* Reads [tool:SERVICE/PATTERN] into its service. */
int service_read_tool(struct service *service, struct section *section, const char *pattern,
	bool development, struct tpam_report *report);
void service_finish(struct service *service);

/*
 * The tools whose requirements apply to `tool`: the best rank among
 * those that match. Call with *state 0 until it returns NULL.
 */
const struct tool *service_tool_next(
	const struct service *service, const char *tool, size_t *state);

/* Keys that may stand in a section of each kind; NULL-terminated. */
extern const char *const hub_keys[];
extern const char *const service_keys[];
extern const char *const tool_keys[];
extern const char *const stack_keys[];

#endif
