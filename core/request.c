/*
 * request.c - what the host told about a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json.h"
#include "memory.h"
#include "request.h"
#include "result.h"
#include "text.h"

#define NAME_MAX_BYTES       1024
#define SERVICE_MAX_BYTES    128 /* as text_is_name() */
#define LONG_MAX_BYTES       (8 * 1024)
#define LARGE_MAX_BYTES      (64 * 1024)
#define HEADERS_MAX          1000
#define HEADERS_MAX_BYTES    (1024 * 1024)
#define CREDENTIAL_MAX_BYTES (1024 * 1024)
#define CREDENTIALS_MAX      8
#define JSON_DEPTH_MOST      128 /* the most that max_json_depth allows */
#define TAGS_MAX             64

enum item_form { FORM_TEXT, FORM_NAME, FORM_JSON, FORM_BYTES };

struct item_rule {
	enum item_form form;
	size_t max;
};

static const struct item_rule rules[REQUEST_ITEM_LIMIT] = {
	[TPAM_ITEM_SERVICE] = {FORM_NAME, SERVICE_MAX_BYTES},
	[TPAM_ITEM_TOOL] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_TOOL_ARGUMENTS] = {FORM_JSON, LARGE_MAX_BYTES},
	[TPAM_ITEM_TENANT] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_USERNAME] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_RESOURCE] = {FORM_TEXT, LONG_MAX_BYTES},
	[TPAM_ITEM_METHOD] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_URL] = {FORM_TEXT, LONG_MAX_BYTES},
	[TPAM_ITEM_PEER_ADDRESS] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_REQUEST_ID] = {FORM_TEXT, NAME_MAX_BYTES},
	[TPAM_ITEM_DPOP_PROOF] = {FORM_TEXT, LONG_MAX_BYTES},
	[TPAM_ITEM_CLIENT_CERTIFICATE] = {FORM_BYTES, LARGE_MAX_BYTES},
};

struct tpam_request *tpam_request_create(void)
{
	struct tpam_request *request = calloc(1, sizeof(*request));

	if (request)
		atomic_init(&request->references, 1);
	return request;
}

struct tpam_request *request_ref(const struct tpam_request *request)
{
	/* Only the count changes: the request is as constant as whoever lent it was promised. */
	struct tpam_request *shared = (struct tpam_request *)(uintptr_t)request;

	atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
	return shared;
}

static void bytes_finish(struct bytes *bytes)
{
	secret_free(bytes->data, bytes->length);
	*bytes = (struct bytes){0};
}

static void text_finish(char *text)
{
	secret_free(text, text ? strlen(text) : 0);
}

void tpam_request_destroy(struct tpam_request *request)
{
	if (!request ||
		atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < REQUEST_ITEM_LIMIT; i++)
		bytes_finish(&request->items[i]);
	for (size_t i = 0; i < request->header_count; i++) {
		secret_free(request->headers[i].name, request->headers[i].size);
	}
	for (size_t i = 0; i < request->credential_count; i++) {
		text_finish(request->credentials[i].scheme);
		bytes_finish(&request->credentials[i].bytes);
		text_finish(request->credentials[i].where);
	}
	free(request->headers);
	free(request->credentials);
	list_finish(&request->tags);
	tpam_result_unref(request->who);
	free(request);
}

int tpam_request_set_result(struct tpam_request *request, struct tpam_result *result)
{
	if (result && (!tpam_result_accepted(result) || result->open || result->nobody))
		return TPAM_E_ARGUMENT;
	/* Where the identity comes from, so that no chain of results grows. */
	if (result && result->who)
		result = result->who;
	if (result)
		tpam_result_ref(result);
	tpam_result_unref(request->who);
	request->who = result;
	return TPAM_OK;
}

static bool bytes_set(struct bytes *bytes, const void *data, size_t length)
{
	char *copy = text_copy(data, length);

	if (!copy)
		return false;
	bytes_finish(bytes);
	*bytes = (struct bytes){copy, length};
	return true;
}

static bool form_fits(enum item_form form, const char *text, size_t length)
{
	switch (form) {
	case FORM_NAME:
		return text_is_name(text, length);
	case FORM_TEXT:
		return text_check(text, length, false) == length;
	case FORM_JSON:
	case FORM_BYTES:
		return true;
	}
	return false;
}

/* One JSON object; how deep it may be is the configuration's to say when it comes to deciding. */
static int json_judge(const char *text, size_t length)
{
	json_t *object = json_object_read(text, length, JSON_DEPTH_MOST);
	int code = object ? TPAM_OK : errno == ENOMEM ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;

	json_decref(object);
	return code;
}

int tpam_request_set(
	struct tpam_request *request, enum tpam_item item, const void *data, size_t length)
{
	if ((int)item < 1 || item >= REQUEST_ITEM_LIMIT || (!data && length > 0))
		return TPAM_E_ARGUMENT;
	if (length == 0) {
		bytes_finish(&request->items[item]);
		return TPAM_OK;
	}
	if (length > rules[item].max)
		return TPAM_E_LIMIT;
	if (!form_fits(rules[item].form, data, length))
		return TPAM_E_ARGUMENT;
	int code = rules[item].form == FORM_JSON ? json_judge(data, length) : TPAM_OK;
	if (code == TPAM_OK && !bytes_set(&request->items[item], data, length))
		code = TPAM_E_MEMORY;
	return code;
}

static bool header_make(
	struct header *ret, const char *name, size_t name_length, const char *value, size_t length)
{
	char *block = malloc(name_length + length + 2);

	if (!block)
		return false;
	memcpy(block, name, name_length + 1);
	memcpy(block + name_length + 1, value, length + 1);
	*ret = (struct header){block, block + name_length + 1, name_length + length + 2};
	return true;
}

int tpam_request_add_header(struct tpam_request *request, const char *name, const char *value)
{
	size_t name_length = strlen(name), length = strlen(value);
	size_t size = name_length + length + 4;
	struct header header;

	if (!text_is_token(name, name_length) || memchr(value, '\r', length) ||
		memchr(value, '\n', length))
		return TPAM_E_ARGUMENT;
	if (request->header_count >= HEADERS_MAX || size > HEADERS_MAX_BYTES - request->header_size)
		return TPAM_E_LIMIT;
	if (!array_reserve(&request->headers, request->header_count, sizeof(*request->headers),
		    HEADERS_MAX) ||
		!header_make(&header, name, name_length, value, length))
		return TPAM_E_MEMORY;
	request->headers[request->header_count++] = header;
	request->header_size += size;
	return TPAM_OK;
}

int tpam_request_add_credential(struct tpam_request *request, const char *scheme, const void *bytes,
	size_t length, const char *where)
{
	struct given_credential given = {0};

	if (length == 0 || !text_is_token(scheme, strlen(scheme)) ||
		(where && text_check(where, strlen(where), false) != strlen(where)))
		return TPAM_E_ARGUMENT;
	if (length > CREDENTIAL_MAX_BYTES || request->credential_count >= CREDENTIALS_MAX)
		return TPAM_E_LIMIT;
	if (!array_reserve(&request->credentials, request->credential_count, sizeof(given),
		    CREDENTIALS_MAX))
		return TPAM_E_MEMORY;
	given.scheme = text_copy(scheme, strlen(scheme));
	given.where = where ? text_copy(where, strlen(where)) : NULL;
	if (!given.scheme || (where && !given.where) || !bytes_set(&given.bytes, bytes, length)) {
		text_finish(given.scheme);
		text_finish(given.where);
		return TPAM_E_MEMORY;
	}
	request->credentials[request->credential_count++] = given;
	return TPAM_OK;
}

int tpam_request_add_tag(struct tpam_request *request, const char *tag)
{
	size_t length = strlen(tag);

	if (length == 0 || text_check(tag, length, false) != length)
		return TPAM_E_ARGUMENT;
	if (length > TPAM_TAG_MAX || request->tags.count >= TAGS_MAX)
		return TPAM_E_LIMIT;
	return list_add_new(&request->tags, tag, length) ? TPAM_OK : TPAM_E_MEMORY;
}

void tpam_request_set_deadline(struct tpam_request *request, int64_t deadline)
{
	request->deadline = deadline;
}

void tpam_request_set_host_pointer(struct tpam_request *request, void *pointer)
{
	request->host_pointer = pointer;
}

const char *request_text(const struct tpam_request *request, enum tpam_item item)
{
	return (int)item > 0 && item < REQUEST_ITEM_LIMIT ? request->items[item].data : NULL;
}

const char *request_header(const struct tpam_request *request, const char *name, size_t index)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (strcasecmp(request->headers[i].name, name) == 0 && index-- == 0)
			return request->headers[i].value;
	return NULL;
}
