/*
 * json_document.c - JSON that an upstream answers with, for who reads more than claims.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "fault.h"
#include "json.h"
#include "jws.h"

struct tpam_json {
	struct document document;
};

/* What is handed out is a value of the document. */
struct tpam_json_value {
	struct json_value value;
};

static const struct json_value *inner(const struct tpam_json_value *value)
{
	return value ? &value->value : NULL;
}

static const struct tpam_json_value *outer(const struct json_value *value)
{
	return (const struct tpam_json_value *)(const void *)value;
}

static enum document_code read_any(struct document *ret, const char *text, size_t length)
{
	size_t blanks = 0;

	while (blanks < length && strchr(" \t\r\n", text[blanks]) && text[blanks])
		blanks++;
	return blanks < length && text[blanks] == '['
		       ? document_read_list(ret, text, length, JWS_DEPTH_MAX)
		       : document_read(ret, text, length, JWS_DEPTH_MAX);
}

int tpam_json_read(
	struct tpam_json **ret, const char *text, size_t length, struct tpam_fault *fault)
{
	struct tpam_json *json = calloc(1, sizeof(*json));

	enum document_code code =
		json ? read_any(&json->document, text, length) : DOCUMENT_NO_MEMORY;
	if (code == DOCUMENT_FINE) {
		*ret = json;
		return TPAM_OK;
	}
	free(json);
	if (code == DOCUMENT_NO_MEMORY)
		return TPAM_E_MEMORY;
	return fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED,
		"a JSON object or list without repeated members",
		length > 0 ? "something else" : "an empty answer");
}

void tpam_json_destroy(struct tpam_json *json)
{
	if (!json)
		return;
	document_finish(&json->document);
	free(json);
}

const struct tpam_json_value *tpam_json_root(const struct tpam_json *json)
{
	return outer(json->document.values);
}

const struct tpam_json_value *tpam_json_member(
	const struct tpam_json *json, const struct tpam_json_value *object, const char *name)
{
	return outer(document_member(&json->document, inner(object), name));
}

const struct tpam_json_value *tpam_json_first(
	const struct tpam_json *json, const struct tpam_json_value *list)
{
	if (!tpam_json_is(list, TPAM_JSON_LIST))
		return NULL;
	return outer(document_first(&json->document, inner(list)));
}

const struct tpam_json_value *tpam_json_next(const struct tpam_json *json,
	const struct tpam_json_value *list, const struct tpam_json_value *element)
{
	return outer(document_next(&json->document, inner(list), inner(element)));
}

bool tpam_json_is(const struct tpam_json_value *value, int32_t kind)
{
	static const enum value_kind kinds[] = {[TPAM_JSON_NULL] = VALUE_NULL,
		[TPAM_JSON_TEXT] = VALUE_TEXT,
		[TPAM_JSON_INTEGER] = VALUE_INTEGER,
		[TPAM_JSON_LIST] = VALUE_LIST,
		[TPAM_JSON_OBJECT] = VALUE_OBJECT,
		[TPAM_JSON_TRUE] = VALUE_TRUE,
		[TPAM_JSON_FALSE] = VALUE_FALSE};

	return kind > 0 && (size_t)kind < sizeof(kinds) / sizeof(kinds[0]) &&
	       value_is(inner(value), kinds[kind]);
}

const char *tpam_json_text(const struct tpam_json_value *value)
{
	return value_text(inner(value));
}

bool tpam_json_integer(const struct tpam_json_value *value, int64_t *ret)
{
	if (!tpam_json_is(value, TPAM_JSON_INTEGER))
		return false;
	*ret = value->value.integer;
	return true;
}

/* ---- Writing a part of it ---- */

static json_t *copy(const struct document *document, const struct json_value *value, bool *failed);

static json_t *copy_many(
	const struct document *document, const struct json_value *value, bool *failed)
{
	bool object = value_is(value, VALUE_OBJECT);
	json_t *json = object ? json_object() : json_array();

	for (const struct json_value *at = document_first(document, value); at && !*failed;
		at = document_next(document, value, at)) {
		if (object)
			json_put(json, at->name, copy(document, at, failed), failed);
		else
			json_push(json, copy(document, at, failed), failed);
	}
	return json;
}

/* It was read with all checks, so that nothing but memory can be lacking. */
static json_t *copy(const struct document *document, const struct json_value *value, bool *failed)
{
	json_t *json = NULL;

	switch ((enum value_kind)value->kind) {
	case VALUE_NULL:
		json = json_null();
		break;
	case VALUE_FALSE:
		json = json_false();
		break;
	case VALUE_TRUE:
		json = json_true();
		break;
	case VALUE_INTEGER:
		json = json_integer(value->integer);
		break;
	case VALUE_REAL:
		json = json_real(value->real);
		break;
	case VALUE_TEXT:
		json = json_stringn(value->text, value->length);
		break;
	case VALUE_LIST:
	case VALUE_OBJECT:
		json = copy_many(document, value, failed);
		break;
	}
	*failed = *failed || !json;
	return json;
}

char *tpam_json_write(const struct tpam_json *json, const struct tpam_json_value *value)
{
	bool failed = false;
	json_t *part = copy(&json->document, inner(value), &failed);
	char *text = failed ? NULL : json_write(part, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(part);
	return text;
}
