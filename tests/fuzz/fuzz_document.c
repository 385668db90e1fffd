/*
 * fuzz_document.c - libFuzzer target: any bytes as a JSON object, read by both readers.
 *
 * What the flat reader takes and what it refuses is what jansson takes and refuses behind its strict check, and the
 * values are the same. So nothing that decides can see another document than what shows it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "json.h"

#define DEPTH 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void same(
	const struct document *document, const struct json_value *value, const json_t *json);

static void same_list(
	const struct document *document, const struct json_value *value, const json_t *json)
{
	const struct json_value *element = document_first(document, value);

	require(json_is_array(json) && json_array_size(json) == value->length);
	for (size_t i = 0; i < value->length; i++) {
		require(element && !element->name);
		same(document, element, json_array_get(json, i));
		element = document_next(document, value, element);
	}
	require(!element);
}

static void same_object(
	const struct document *document, const struct json_value *value, const json_t *json)
{
	const struct json_value *member = document_first(document, value);
	uint32_t count = 0;

	require(json_is_object(json) && json_object_size(json) == value->length);
	for (; member; member = document_next(document, value, member), count++) {
		require(strlen(member->name) == member->name_length);
		require(document_member(document, value, member->name) == member);
		same(document, member, json_object_get(json, member->name));
	}
	require(count == value->length);
}

static void same(
	const struct document *document, const struct json_value *value, const json_t *json)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_NULL:
		require(json_is_null(json));
		break;
	case VALUE_FALSE:
		require(json_is_false(json));
		break;
	case VALUE_TRUE:
		require(json_is_true(json));
		break;
	case VALUE_INTEGER:
		require(json_is_integer(json) && json_integer_value(json) == value->integer);
		break;
	case VALUE_REAL:
		require(json_is_real(json));
		require(!(json_real_value(json) < value->real ||
			  json_real_value(json) > value->real));
		break;
	case VALUE_TEXT:
		require(json_is_string(json) && json_string_length(json) == value->length);
		require(strcmp(json_string_value(json), value->text) == 0);
		break;
	case VALUE_LIST:
		same_list(document, value, json);
		break;
	case VALUE_OBJECT:
		same_object(document, value, json);
		break;
	}
}

/* A list is what an object may hold as its only member. */
static void read_list(const char *data, size_t size)
{
	struct document document;
	char *text = malloc(size + 5);

	require(text != NULL);
	memcpy(text, "{\"\":", 4);
	memcpy(text + 4, data, size);
	text[size + 4] = '}';
	enum document_code code = document_read_list(&document, data, size, DEPTH);
	json_t *json = json_object_read(text, size + 5, DEPTH + 1);
	const json_t *list = json_object_size(json) == 1 ? json_object_get(json, "") : NULL;

	require(code != DOCUMENT_NO_MEMORY);
	require((code == DOCUMENT_FINE) == json_is_array(list));
	if (code == DOCUMENT_FINE)
		same(&document, document.values, list);
	json_decref(json);
	document_finish(&document);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document document;
	enum document_code code = document_read(&document, (const char *)data, size, DEPTH);
	json_t *json = json_object_read((const char *)data, size, DEPTH);

	require(code != DOCUMENT_NO_MEMORY);
	require((code == DOCUMENT_FINE) == (json != NULL));
	require((code == DOCUMENT_FINE) == (document.values != NULL));
	if (json)
		same(&document, document.values, json);
	json_decref(json);
	document_finish(&document);
	read_list((const char *)data, size);
	return 0;
}
