/*
 * lines.h - the lines of a file of an audit, each read as strictly as core reads what comes from outside.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_AUDIT_LINES_H
#define TESTS_AUDIT_LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "document.h"

#define DEPTH 32

struct line {
	char *text; /* without its end */
	struct document document;
};

struct lines {
	struct line *list;
	size_t count;
};

/* The whole of a file, followed by a NUL; "" if there is none. To be freed. */
static inline char *file_text(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0, room = 4096;
	char *text = malloc(room);

	while (text && file) {
		size += fread(text + size, 1, room - size - 1, file);
		if (size < room - 1)
			break;
		room *= 2;
		char *grown = realloc(text, room);
		if (!grown)
			abort();
		text = grown;
	}
	if (!text)
		abort();
	text[size] = '\0';
	if (file)
		(void)fclose(file);
	return text;
}

/* Takes one line; false and a complaint if it is no object with each member once. */
static inline bool lines_add(struct lines *lines, const char *text, size_t length)
{
	struct line *grown = realloc(lines->list, (lines->count + 1) * sizeof(*grown));

	if (!grown)
		abort();
	lines->list = grown;
	struct line *line = &grown[lines->count++];
	line->text = strndup(text, length);
	enum document_code code = document_read(&line->document, line->text, length, DEPTH);
	if (code != DOCUMENT_FINE)
		fprintf(stderr, "no object: %.*s\n", (int)length, text);
	CHECK(code == DOCUMENT_FINE && strlen(line->text) == length);
	return code == DOCUMENT_FINE;
}

static inline struct lines lines_of(const char *text)
{
	struct lines lines = {0};

	while (*text) {
		const char *end = strchr(text, '\n');
		CHECK(end != NULL);
		if (!end)
			break;
		(void)lines_add(&lines, text, (size_t)(end - text));
		text = end + 1;
	}
	return lines;
}

static inline struct lines lines_read(const char *path)
{
	char *text = file_text(path);
	struct lines lines = lines_of(text);

	free(text);
	return lines;
}

static inline void lines_finish(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		document_finish(&lines->list[i].document);
		free(lines->list[i].text);
	}
	free(lines->list);
	*lines = (struct lines){0};
}

static inline const struct json_value *line_get(const struct line *line, const char *name)
{
	return line->document.count > 0
		       ? document_member(&line->document, &line->document.values[0], name)
		       : NULL;
}

/* NULL where there is no text of that name. */
static inline const char *line_text(const struct line *line, const char *name)
{
	return value_text(line_get(line, name));
}

/* -1 where there is no number of that name. */
static inline long long line_number(const struct line *line, const char *name)
{
	const struct json_value *value = line_get(line, name);

	return value_is(value, VALUE_INTEGER) ? (long long)value->integer : -1;
}

/* The elements of a list of texts with a blank between; "" where there is none. Good until the next call. */
static inline const char *line_list(const struct line *line, const char *name)
{
	static char joined[65536];
	const struct json_value *list = line_get(line, name);
	const struct json_value *value = list ? document_first(&line->document, list) : NULL;

	joined[0] = '\0';
	for (; value; value = document_next(&line->document, list, value))
		(void)snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s",
			joined[0] ? " " : "", value->text);
	return joined;
}

/* Those whose `name` is `text`. */
static inline size_t lines_count(const struct lines *lines, const char *name, const char *text)
{
	size_t count = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const char *is = line_text(&lines->list[i], name);
		count += is && strcmp(is, text) == 0;
	}
	return count;
}

#endif
