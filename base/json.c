/*
 * json.c - JSON from outside: jansson behind a strict check of depth, size and repetition.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>

#include "json.h"
#include "memory.h"

#define JSON_TEXT_MAX (256 * 1024 * 1024)
#include "json_reserve.h"

bool json_depth_within(const char *text, size_t length, unsigned depth)
{
	unsigned open = 0;
	bool string = false;

	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
		case '"':
			string = !string;
			break;
		case '\\':
			if (string)
				i++;
			break;
		case '[':
		case '{':
			if (!string && ++open > depth)
				return false;
			break;
		case ']':
		case '}':
			if (!string && open > 0)
				open--;
			break;
		default:
			break;
		}
	}
	return true;
}

/* Parses; errno is ENOMEM where memory ran out, whatever jansson made of it. */
static json_t *load(const char *text, size_t length, bool secret)
{
	struct json_reserve reserve;
	json_error_t error;

	if (!json_reserve_begin(&reserve, length, secret)) {
		errno = ENOMEM;
		return NULL;
	}
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (reserve.failed) {
		json_decref(value);
		value = NULL;
	}
	json_reserve_end(&reserve);
	errno = reserve.failed ? ENOMEM : 0;
	return value;
}

static json_t *read_object(const char *text, size_t length, unsigned depth, bool secret)
{
	errno = 0;
	/* jansson 2.14 passes over a NUL behind a number. */
	if (length == 0 || memchr(text, '\0', length) || !json_depth_within(text, length, depth))
		return NULL;
	json_t *value = load(text, length, secret);
	if (!value || json_is_object(value))
		return value;
	json_decref(value);
	return NULL;
}

json_t *json_object_read(const char *text, size_t length, unsigned depth)
{
	return read_object(text, length, depth, false);
}

json_t *json_secret_read(const char *text, size_t length, unsigned depth)
{
	return read_object(text, length, depth, true);
}

void json_put(json_t *object, const char *key, json_t *value, bool *failed)
{
	if (!object || !value || json_object_set_new(object, key, value) != 0) {
		if (!object)
			json_decref(value);
		*failed = true;
	}
}

void json_push(json_t *array, json_t *value, bool *failed)
{
	if (!array || !value || json_array_append_new(array, value) != 0) {
		if (!array)
			json_decref(value);
		*failed = true;
	}
}

static int write_piece(const char *text, size_t length, void *data)
{
	struct buffer *buffer = data;

	buffer_append(buffer, text, length);
	return buffer->failed ? -1 : 0;
}

/* jansson does not look whether a member's name was written; a buffer
 * remembers. */
char *json_write(const json_t *value, size_t flags)
{
	struct buffer buffer = BUFFER(JSON_TEXT_MAX);

	if (json_dump_callback(value, write_piece, &buffer, flags) != 0)
		buffer.failed = true;
	return buffer_take(&buffer);
}

json_t *json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}
