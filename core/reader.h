/*
 * reader.h - the strict reader of one INI file: inih is the
 * tokenizer, and sees only lines that were checked here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_READER_H
#define CORE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"
#include "settings.h"

/*
 * The grammar, stricter than inih's:
 *   - A line has at most 199 bytes of UTF-8 and, apart from tabs, no control character; it ends with LF
 *     alone.
 *   - A line whose first byte other than a blank is ; or # is a comment. A ; behind a blank and outside of
 *     quotes begins a comment; a # there is an error.
 *   - A header, `[kind]` or `[kind:name]`, and a key, `key = value` or `key += value`, begin in the first
 *     column.
 *   - An indented line continues the value of the line above, be that a key or another continuation; comment
 *     lines may come between, blank lines may not. It must not look like a header or a key.
 *   - Quotes are closed on the line on which they open. A value is not empty, "" is.
 */
#define READER_LINE_MAX  199
#define READER_VALUE_MAX 65536
#define READER_NAME_MAX  256

/* One key with its value, continuation lines joined. */
struct reader_entry {
	const char *key;
	const char *text;
	const struct value_line *lines; /* of its continuation lines */
	size_t line_count;
	struct place key_at;
	struct place at;
	bool adds;
};

/*
 * What becomes of a file, in the order of its lines. `kind` and `name` are the parts of [kind:name]. Entries
 * before the first section come with no section begun. Each returns false without memory.
 */
struct reader_sink {
	bool (*section)(void *data, const char *kind, const char *name, struct place at);
	bool (*entry)(void *data, const struct reader_entry *entry);
	void *data;
};

/*
 * Tokenizes `bytes`, the whole of `file` (whose name must outlive what the sink keeps). Lines that are
 * refused are reported and left out; reading goes on. TPAM_OK or TPAM_E_MEMORY.
 */
int reader_parse(const char *file, const char *bytes, size_t length, const struct reader_sink *sink,
	struct tpam_report *report);

#endif
