/*
 * tool.h - the tools of a service: which sections apply to one, and whether it is open to everybody or to nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_TOOL_H
#define CORE_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include <tokenpam/tokenpam.h>

#include "list.h"
#include "requirement.h"
#include "settings.h"

enum tool_access {
	ACCESS_UNSAID,
	ACCESS_PUBLIC, /* also where nothing is presented */
	ACCESS_PROTECTED,
	ACCESS_DENY /* to nobody */
};

/* [tool:SERVICE/PATTERN], or one word of public_tools. */
struct tool {
	char *pattern;   /* of the header, or of `match` */
	struct place at; /* of the pattern */
	bool glob;
	size_t literals;
	enum tool_access access;
	char *written; /* "access = public", for the trace; NULL: unsaid */
	char *at_text; /* "file:line" */
	struct requirements requirements;
	struct section *section; /* NULL: a word of public_tools */
};

struct tools {
	struct tool *list;
	size_t count;
	struct list kept;   /* protected_tools: never public, whatever else says so */
	bool unlisted_deny; /* what no section and no list names is nobody's */
	char *unlisted_at;
	struct place unlisted_place;
};

/* What a request is for. */
struct target {
	const char *tool; /* NULL: none in particular */
	const struct list *tags;
};

/* Reads public_tools, protected_tools and unlisted_tools of a service. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY. */
int tools_read(
	struct tools *tools, struct section *service, bool development, struct tpam_report *report);

/* Reads [tool:SERVICE/PATTERN]. The same codes. */
int tools_read_section(struct tools *tools, struct section *section, const char *pattern,
	const struct requirement_context *context);
void tools_finish(struct tools *tools);

/* Where an iteration stands. Begin with (struct tool_cursor){0}. */
struct tool_cursor {
	size_t place; /* 0: the tool; then its tags */
	size_t index;
	const struct tool *best; /* of the name that is looked at */
	char name[TPAM_TAG_MAX + sizeof("tag:")];
};

/*
 * The sections that apply: of those that match the tool the best, exact before glob, more literal bytes before fewer, of
 * equals all; then the same for each tag, by the name tag:TAG. NULL behind the last.
 */
const struct tool *tools_next(
	const struct tools *tools, const struct target *target, struct tool_cursor *cursor);

/* True if a section, or a list, names the tool or a tag of it. */
bool tools_list(const struct tools *tools, const struct target *target);

/* What access says in all: deny before protected before public. Where it is not protected, the words and their place. */
enum tool_access tools_access(const struct tools *tools, const struct target *target,
	const char **ret_written, const char **ret_at);

/* True if a pattern, if it matches, means every name that `other` may mean: tools, prompts, resources, tags. */
bool tool_reaches_all(const char *pattern, const char *other);

/* True for tag:PATTERN. */
bool tool_is_tag(const char *pattern);

extern const char *const tool_keys[];

#endif
