/*
 * suite_words.c - a line of a test file into words, by the grammar of the configuration: quotes, comments, no guesses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#define TAKEN_STEP 64

/* ---- Memory ---- */

void *suite_take(struct suite *suite, size_t size)
{
	if (suite->taken_count % TAKEN_STEP == 0) {
		void **more = reallocarray(
			suite->taken, suite->taken_count + TAKEN_STEP, sizeof(*suite->taken));
		if (!more)
			exit(fail_memory());
		suite->taken = more;
	}
	void *memory = calloc(1, size > 0 ? size : 1);
	if (!memory)
		exit(fail_memory());
	suite->taken[suite->taken_count++] = memory;
	return memory;
}

char *suite_text(struct suite *suite, const char *text, size_t length)
{
	char *copy = suite_take(suite, length + 1);

	memcpy(copy, text, length);
	return copy;
}

/* Capacities are powers of two, and follow from the count. */
void *suite_grow(struct suite *suite, void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	void *more = suite_take(suite, size * (count ? 2 * count : 1));
	if (count)
		memcpy(more, list, size * count);
	return more;
}

/* ---- Complaints ---- */

void suite_complain(struct suite *suite, struct spot at, const char *format, ...)
{
	va_list arguments;

	print_text(stderr, suite->path);
	fprintf(stderr, ":%u:%u: ", at.line, at.column);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	suite->errors++;
}

/* ---- Words ---- */

/* A word being read. */
struct scan {
	struct suite *suite;
	const char *line;
	size_t at;
	unsigned number;
};

static struct spot spot_at(const struct scan *scan, size_t at)
{
	return (struct spot){scan->number, (unsigned)at + 1};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* "..." with \" and \\. */
static bool take_quoted(struct scan *scan, char **to)
{
	size_t open = scan->at++;

	for (;; scan->at++) {
		char c = scan->line[scan->at];
		if (c == '\0') {
			suite_complain(scan->suite, spot_at(scan, open),
				"got an open quote, expected its end on the line");
			return false;
		}
		if (c == '"')
			break;
		if (c == '\\') {
			c = scan->line[++scan->at];
			if (c != '"' && c != '\\') {
				suite_complain(scan->suite, spot_at(scan, scan->at - 1),
					"got a backslash, expected \\\" or \\\\ in quotes");
				return false;
			}
		}
		*(*to)++ = c;
	}
	scan->at++;
	return true;
}

static bool take_word(struct scan *scan, struct word *word)
{
	char *to = suite_take(scan->suite, strlen(scan->line + scan->at) + 1);

	*word = (struct word){.text = to, .at = spot_at(scan, scan->at)};
	while (scan->line[scan->at] && !is_blank(scan->line[scan->at])) {
		if (scan->line[scan->at] != '"') {
			*to++ = scan->line[scan->at++];
			continue;
		}
		word->quoted = true;
		if (!take_quoted(scan, &to))
			return false;
	}
	return true;
}

bool suite_split(
	struct suite *suite, const char *line, size_t from, unsigned number, struct words *ret)
{
	struct scan scan = {suite, line, from, number};

	*ret = (struct words){.end = from};
	for (;;) {
		while (is_blank(line[scan.at]))
			scan.at++;
		if (line[scan.at] == '\0' || line[scan.at] == ';')
			return true;
		if (line[scan.at] == '#') {
			suite_complain(suite, spot_at(&scan, scan.at),
				"got \"#\", expected \";\" before a comment, or quotes around it");
			return false;
		}
		ret->list = suite_grow(suite, ret->list, ret->count, sizeof(*ret->list));
		if (!take_word(&scan, &ret->list[ret->count]))
			return false;
		ret->count++;
		ret->end = scan.at;
	}
}
