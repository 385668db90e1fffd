/*
 * audit_line.h - one line of JSON, member by member.
 *
 * Whatever comes from outside is inside quotes, and nothing in it can end them, or the line, or be obeyed by a terminal.
 * What is larger than a record should be is cut, and the record says of which members.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_LINE_H
#define CORE_AUDIT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "list.h"
#include "memory.h"

/* Bytes as they are written, quotes included. Any record fits into a datagram as the system comes. */
#define AUDIT_TEXT_MAX   2048
#define AUDIT_LIST_MAX   8192
#define AUDIT_CLAIMS_MAX 16384
#define AUDIT_LINE_MAX   (128 * 1024)

#define AUDIT_CUT_MAX 32

struct audit_line {
	struct buffer buffer;
	const char *cut[AUDIT_CUT_MAX]; /* members that are not whole */
	size_t cut_count;
};

/* Members "time" and "event". */
void audit_line_begin(struct audit_line *line, int64_t wall, const char *event);

/* Nothing for NULL, and for a list without elements. The names are constant, and each is used once. */
void audit_line_text(struct audit_line *line, const char *name, const char *text);
void audit_line_number(struct audit_line *line, const char *name, int64_t number);
void audit_line_bool(struct audit_line *line, const char *name, bool value);
void audit_line_list(struct audit_line *line, const char *name, const struct list *list);

/* Valid JSON, which is written without blanks. */
void audit_line_json(struct audit_line *line, const char *name, const char *text);

/* The line, without an end, to be freed; NULL without memory. */
char *audit_line_end(struct audit_line *line);
void audit_line_finish(struct audit_line *line);

#endif
