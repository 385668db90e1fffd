/*
 * line.h - one line of an INI file: what it is, and whether it may pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_LINE_H
#define CORE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_HEADER, LINE_KEY, LINE_CONTINUATION };

struct line {
	enum line_kind kind;
	bool refused; /* reported; only `kind` means something */
	bool adds;    /* a key with += */
	const char *text;
	size_t length;
	struct place at;  /* of its first byte */
	const char *head; /* the kind in a header, or the key */
	size_t head_length;
	/* the name in a header, or the value without its comment; may be empty in a header alone */
	const char *body;
	size_t body_length;
};

/*
 * Reads a line, given without its end; the parts point into `text`. `continues`: there is a value above that
 * an indented line may continue. The grammar is in reader.h.
 */
void line_read(struct line *ret, const char *text, size_t length, struct place at, bool continues,
	struct tpam_report *report);

/* The place of a byte of the line. */
struct place line_place(const struct line *line, const char *byte);

#endif
