/*
 * lines.h - what a configuration says, as lines that can be shown and compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* Parts of a subject, in the order in which they are shown. */
enum part {
	PART_SUBJECT,
	PART_AUTH,
	PART_ACCOUNT,
	PART_SESSION,
	PART_REQUIREMENTS,
	PART_SETTINGS,
	PART_OPTIONS
};

struct line {
	char *subject; /* "service notes", "provider corp", "configuration" */
	enum part part;
	size_t depth;
	size_t number; /* in the order of the configuration */
	char *text;
	char *at;   /* "file:line", NULL: none */
	bool aside; /* about the configuration's files, not about what it does: not compared */
};

struct lines {
	struct line *list;
	size_t count;
	size_t room;
	bool failed; /* without memory */
};

/* Adds what the library says of a service, and of the configuration as a whole. */
void lines_add_service(struct lines *lines, const json_t *service);
void lines_add_overview(struct lines *lines, const json_t *overview);
void lines_finish(struct lines *lines);

/* "auth", "requirements"; NULL for parts that need no name. */
const char *part_name(enum part part);

#endif
