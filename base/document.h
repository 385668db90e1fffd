/*
 * document.h - a JSON object from outside, read once and strictly (RFC 8259), into a flat array of values.
 *
 * For what is read for each request: tokens' headers and claims, answers of upstreams. It takes exactly what
 * json_object_read() takes, which reads all else and builds what is written; a fuzz target holds the two
 * together. Nothing is kept but the array and one copy of the text, in which strings are unescaped in their
 * place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_NULL,
	VALUE_FALSE,
	VALUE_TRUE,
	VALUE_INTEGER,
	VALUE_REAL,
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_OBJECT
};

/* What a value holds belongs to the document. */
struct json_value {
	const char *name; /* of a member; NULL: an element, or the document itself */
	uint32_t name_length;
	uint32_t kind;
	union {
		const char *text; /* followed by a NUL, without one in it */
		int64_t integer;
		double real;
	};
	uint32_t length; /* of the text; of a list or object: how many it has */
	uint32_t end;    /* index of the value behind this one and all that it holds */
};

struct document {
	struct json_value *values; /* the first is the object itself */
	size_t count;
	char *text;
	size_t size;
};

enum document_code { DOCUMENT_FINE, DOCUMENT_BAD, DOCUMENT_NO_MEMORY };

/*
 * Reads one object, at most `depth` deep, without repeated members, lone surrogates, \u0000, numbers that do
 * not fit, or anything behind it. The document is empty if it is not DOCUMENT_FINE.
 */
enum document_code document_read(
	struct document *ret, const char *text, size_t length, unsigned depth);

/* The same for a list, of which the first value is the list itself. */
enum document_code document_read_list(
	struct document *ret, const char *text, size_t length, unsigned depth);
void document_finish(struct document *document); /* wipes */

/* A member by its name; NULL if there is none, or `object` is no object, or NULL. */
const struct json_value *document_member(
	const struct document *document, const struct json_value *object, const char *name);

/*
 * A member of that very name, else the way into one whose name is what stands before a dot, the longest first:
 * "kubernetes.io.namespace" finds {"kubernetes.io": {"namespace": ...}}. `object` as above.
 */
const struct json_value *document_path(
	const struct document *document, const struct json_value *object, const char *path);

/* The elements of a list, or members of an object, one after the other; NULL behind the last. */
const struct json_value *document_first(
	const struct document *document, const struct json_value *of);
const struct json_value *document_next(const struct document *document, const struct json_value *of,
	const struct json_value *value);

/* NULL where the value is no text, or NULL. */
const char *value_text(const struct json_value *value);
bool value_is(const struct json_value *value, enum value_kind kind);

#endif
