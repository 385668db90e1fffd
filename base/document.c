/*
 * document.c - a JSON object from outside, read once and strictly (RFC 8259), into a flat array of values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "document.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "document_text.h"
#include "memory.h"

#define VALUES_LEAST 32
#define SIZE_MOST    (256 * 1024 * 1024)

struct reader {
	struct document *document;
	size_t room; /* of values */
	char *at;
	char *end;
	bool no_memory;
};

/* ---- The array ---- */

static bool grow(struct reader *reader)
{
	struct document *document = reader->document;
	size_t room = reader->room ? 2 * reader->room : VALUES_LEAST;
	struct json_value *values = realloc(document->values, room * sizeof(*values));

	if (!values) {
		reader->no_memory = true;
		return false;
	}
	document->values = values;
	reader->room = room;
	return true;
}

/* The index of a new value, SIZE_MAX without memory. */
static size_t add(struct reader *reader, const char *name, size_t name_length)
{
	struct document *document = reader->document;

	if (document->count == reader->room && !grow(reader))
		return SIZE_MAX;
	document->values[document->count] =
		(struct json_value){.name = name, .name_length = (uint32_t)name_length};
	return document->count++;
}

/* ---- Values ---- */

static void skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t' ||
						   *reader->at == '\n' || *reader->at == '\r'))
		reader->at++;
}

static bool take(struct reader *reader, char wanted)
{
	skip_blanks(reader);
	if (reader->at >= reader->end || *reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

static bool take_word(struct reader *reader, const char *word, size_t index, uint32_t kind)
{
	size_t length = strlen(word);

	if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
		return false;
	reader->at += length;
	reader->document->values[index].kind = kind;
	return true;
}

static bool take_text(struct reader *reader, const char **ret, size_t *ret_length)
{
	char *begin = reader->at + 1;
	char *next = document_unescape(begin, reader->end, ret_length);

	if (!next)
		return false;
	*ret = begin;
	reader->at = next;
	return true;
}

static locale_t c_locale;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", NULL);
}

/* The text is followed by a NUL at the latest behind the document. */
static bool take_real(struct reader *reader, const char *begin, struct json_value *value)
{
	pthread_once(&once, make_locale);
	if (!c_locale) {
		reader->no_memory = true;
		return false;
	}
	value->kind = VALUE_REAL;
	value->real = strtod_l(begin, NULL, c_locale);
	return isfinite(value->real);
}

static bool take_integer(const char *begin, struct json_value *value)
{
	errno = 0;
	value->kind = VALUE_INTEGER;
	value->integer = strtoll(begin, NULL, 10);
	return errno != ERANGE;
}

static size_t digits(const struct reader *reader)
{
	size_t count = 0;

	while (reader->at + count < reader->end && reader->at[count] >= '0' &&
		reader->at[count] <= '9')
		count++;
	return count;
}

static bool take_digits(struct reader *reader)
{
	size_t count = digits(reader);

	reader->at += count;
	return count > 0;
}

static bool take_number(struct reader *reader, size_t index)
{
	struct json_value *value = &reader->document->values[index];
	const char *begin = reader->at;
	bool real = false;

	if (*reader->at == '-')
		reader->at++;
	if (digits(reader) > 1 && *reader->at == '0')
		return false;
	if (!take_digits(reader))
		return false;
	if (reader->at < reader->end && *reader->at == '.') {
		real = true;
		reader->at++;
		if (!take_digits(reader))
			return false;
	}
	if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
		real = true;
		reader->at++;
		if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-'))
			reader->at++;
		if (!take_digits(reader))
			return false;
	}
	return real ? take_real(reader, begin, value) : take_integer(begin, value);
}

static bool names_differ(struct reader *reader, size_t index)
{
	switch (document_repeats(reader->document, &reader->document->values[index])) {
	case DOCUMENT_FINE:
		return true;
	case DOCUMENT_NO_MEMORY:
		reader->no_memory = true;
		return false;
	case DOCUMENT_BAD:
		break;
	}
	return false;
}

static bool take_value(struct reader *reader, size_t index, unsigned depth);

/* What is between the brackets; `object`: members with their names. */
static bool take_many(struct reader *reader, size_t index, unsigned depth, bool object)
{
	char close = object ? '}' : ']';
	uint32_t count = 0;

	reader->at++;
	reader->document->values[index].kind = object ? VALUE_OBJECT : VALUE_LIST;
	if (depth == 0)
		return false;
	if (take(reader, close))
		return true;
	do {
		const char *name = NULL;
		size_t length = 0;
		skip_blanks(reader);
		if (object && (reader->at >= reader->end || *reader->at != '"' ||
				      !take_text(reader, &name, &length) || !take(reader, ':')))
			return false;
		size_t inner = add(reader, name, length);
		if (inner == SIZE_MAX || !take_value(reader, inner, depth - 1))
			return false;
		count++;
	} while (take(reader, ','));
	reader->document->values[index].length = count;
	reader->document->values[index].end = (uint32_t)reader->document->count;
	return take(reader, close) && (!object || names_differ(reader, index));
}

static bool take_string(struct reader *reader, size_t index)
{
	const char *text;
	size_t length;

	if (!take_text(reader, &text, &length))
		return false;
	reader->document->values[index].kind = VALUE_TEXT;
	reader->document->values[index].text = text;
	reader->document->values[index].length = (uint32_t)length;
	return true;
}

static bool take_any(struct reader *reader, size_t index, unsigned depth)
{
	switch (*reader->at) {
	case '{':
		return take_many(reader, index, depth, true);
	case '[':
		return take_many(reader, index, depth, false);
	case '"':
		return take_string(reader, index);
	case 't':
		return take_word(reader, "true", index, VALUE_TRUE);
	case 'f':
		return take_word(reader, "false", index, VALUE_FALSE);
	case 'n':
		return take_word(reader, "null", index, VALUE_NULL);
	default:
		return take_number(reader, index);
	}
}

static bool take_value(struct reader *reader, size_t index, unsigned depth)
{
	skip_blanks(reader);
	if (reader->at >= reader->end || !take_any(reader, index, depth))
		return false;
	reader->document->values[index].end = (uint32_t)reader->document->count;
	return true;
}

/* ---- The whole ---- */

static enum document_code read_whole(
	struct document *ret, const char *text, size_t length, unsigned depth, char open)
{
	struct document document = {.size = length};
	struct reader reader = {.document = &document};

	*ret = (struct document){0};
	if (length > SIZE_MOST)
		return DOCUMENT_BAD;
	document.text = text_copy(text, length);
	if (!document.text)
		return DOCUMENT_NO_MEMORY;
	reader.at = document.text;
	reader.end = document.text + length;
	skip_blanks(&reader);
	bool fine = reader.at < reader.end && *reader.at == open &&
		    add(&reader, NULL, 0) != SIZE_MAX && take_value(&reader, 0, depth);
	skip_blanks(&reader);
	if (fine && reader.at == reader.end) {
		*ret = document;
		return DOCUMENT_FINE;
	}
	document_finish(&document);
	return reader.no_memory ? DOCUMENT_NO_MEMORY : DOCUMENT_BAD;
}

enum document_code document_read(
	struct document *ret, const char *text, size_t length, unsigned depth)
{
	return read_whole(ret, text, length, depth, '{');
}

enum document_code document_read_list(
	struct document *ret, const char *text, size_t length, unsigned depth)
{
	return read_whole(ret, text, length, depth, '[');
}

void document_finish(struct document *document)
{
	secret_free(document->text, document->size);
	free(document->values);
	*document = (struct document){0};
}

const struct json_value *document_first(
	const struct document *document, const struct json_value *of)
{
	return of->length > 0 ? &document->values[of - document->values + 1] : NULL;
}

const struct json_value *document_next(const struct document *document, const struct json_value *of,
	const struct json_value *value)
{
	return value->end < of->end ? &document->values[value->end] : NULL;
}

static const struct json_value *member(const struct document *document,
	const struct json_value *object, const char *name, size_t length)
{
	if (!value_is(object, VALUE_OBJECT))
		return NULL;
	for (const struct json_value *value = document_first(document, object); value;
		value = document_next(document, object, value))
		if (value->name_length == length && memcmp(value->name, name, length) == 0)
			return value;
	return NULL;
}

const struct json_value *document_member(
	const struct document *document, const struct json_value *object, const char *name)
{
	return member(document, object, name, strlen(name));
}

const struct json_value *document_path(
	const struct document *document, const struct json_value *object, const char *path)
{
	size_t length = strlen(path);
	const struct json_value *value = member(document, object, path, length);

	while (!value && length-- > 0) {
		if (path[length] != '.')
			continue;
		const struct json_value *inner = member(document, object, path, length);
		value = inner ? document_path(document, inner, path + length + 1) : NULL;
	}
	return value;
}

const char *value_text(const struct json_value *value)
{
	return value_is(value, VALUE_TEXT) ? value->text : NULL;
}

bool value_is(const struct json_value *value, enum value_kind kind)
{
	return value && value->kind == kind;
}
