/*
 * http_request.c - what is asked, copied and checked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_failure.h"
#include "http_request.h"
#include "memory.h"
#include "text.h"

#define BODY_SENT_MAX    1048576
#define HEADERS_SENT_MAX 64
#define HEADER_SENT_MAX  32768
#define HEADER_NAME_MAX  1024

static void headers_destroy(struct curl_slist *headers)
{
	for (struct curl_slist *at = headers, *next; at; at = next) {
		next = at->next;
		secret_free(at->data, strlen(at->data));
		free(at);
	}
}

void request_destroy(struct request *request)
{
	if (!request)
		return;
	free(request->method);
	free(request->url);
	headers_destroy(request->headers);
	secret_free(request->body, request->body_length);
	list_finish(&request->types);
	list_finish(&request->anew);
	free(request);
}

bool request_wants(const struct request *request, int32_t status)
{
	for (const int32_t *at = request->statuses; *at; at++)
		if (*at == status)
			return true;
	return false;
}

/* Not by curl_slist_append(), which copies into memory that others dump and free. libcurl only reads the list. */
static bool add_header(
	struct request *request, const char *name, const char *mark, const char *value)
{
	struct buffer line = SECRET_BUFFER(HEADER_SENT_MAX + HEADER_NAME_MAX);
	struct curl_slist *node = calloc(1, sizeof(*node)), **last = &request->headers;

	/* Not by a format: printf() leaves pieces of what it writes on the stack. */
	buffer_text(&line, name);
	buffer_text(&line, mark);
	buffer_text(&line, value);
	char *text = buffer_take(&line);
	if (!node || !text) {
		secret_free(text, text ? strlen(text) : 0);
		free(node);
		return false;
	}
	node->data = text;
	while (*last)
		last = &(*last)->next;
	*last = node;
	return true;
}

static bool add_line(struct request *request, const char *name, const char *value)
{
	return add_header(request, name, ": ", value);
}

/* libcurl's notation: a name with nothing behind the colon takes its own header out. */
static bool drop_line(struct request *request, const char *name)
{
	return add_header(request, name, ":", "");
}

static bool has_header(const struct tpam_http_request *from, const char *name)
{
	for (const struct tpam_http_header *at = from->headers; at && at->name; at++)
		if (strcasecmp(at->name, name) == 0)
			return true;
	return false;
}

static int bad(struct tpam_http_failure *failure, const char *expected, const char *got)
{
	(void)failure_set(failure, TPAM_ERROR, TPAM_REASON_MISCONFIGURED, expected, got);
	return TPAM_E_ARGUMENT;
}

static int copy_headers(struct request *request, const struct tpam_http_request *from,
	struct tpam_http_failure *failure)
{
	size_t count = 0;

	for (const struct tpam_http_header *at = from->headers; at && at->name; at++) {
		size_t length = at->value ? strlen(at->value) : 0;
		if (++count > HEADERS_SENT_MAX || length > HEADER_SENT_MAX ||
			strlen(at->name) > HEADER_NAME_MAX - 2)
			return bad(failure, "at most 64 headers of 32 KiB each", "more");
		if (!text_is_token(at->name, strlen(at->name)) || length == 0 ||
			text_check(at->value, length, false) != length)
			return bad(failure, "headers without control characters", "another");
		if (!add_line(request, at->name, at->value))
			return failure_no_memory(failure);
	}
	const char *accept = from->types && from->types[0] ? from->types[0] : "application/json";
	if (!has_header(from, "Accept") &&
		((from->types && from->types[0]) || (from->flags & TPAM_HTTP_JSON)) &&
		!add_line(request, "Accept", accept))
		return failure_no_memory(failure);
	/* Without it a large body waits a second for "100 Continue". */
	if (!drop_line(request, "Expect"))
		return failure_no_memory(failure);
	return TPAM_OK;
}

static int copy_lists(struct request *request, const struct tpam_http_request *from,
	struct tpam_http_failure *failure)
{
	for (const char *const *at = from->types; at && *at; at++)
		if (!list_add(&request->types, *at, strlen(*at)))
			return failure_no_memory(failure);
	for (const char *const *at = from->anew; at && *at; at++)
		if (!list_add(&request->anew, *at, strlen(*at)))
			return failure_no_memory(failure);
	for (size_t i = 0; from->statuses && from->statuses[i]; i++) {
		if (i == HTTP_STATUSES_MAX)
			return bad(failure, "at most 16 statuses", "more");
		request->statuses[i] = from->statuses[i];
	}
	return TPAM_OK;
}

static int copy_texts(struct request *request, const struct tpam_http_request *from,
	struct tpam_http_failure *failure)
{
	const char *method = from->method ? from->method : from->body ? "POST" : "GET";

	if (!text_is_token(method, strlen(method)))
		return bad(failure, "an HTTP method", "another word");
	if (from->body && from->body_length > BODY_SENT_MAX)
		return bad(failure, "a body of at most 1 MiB", "a larger one");
	request->method = text_copy(method, strlen(method));
	request->url = text_copy(from->url, strlen(from->url));
	if (!request->method || !request->url)
		return failure_no_memory(failure);
	if (from->body) {
		request->body_length = (size_t)from->body_length;
		request->body = secret_copy(from->body, request->body_length);
		if (!request->body)
			return failure_no_memory(failure);
	}
	return TPAM_OK;
}

static struct http_part text_part(const char *text)
{
	return (struct http_part){text, text ? strlen(text) : 0};
}

/* What is under way for one may serve another: all that decides what is let through is in it. */
static bool make_digests(struct request *request, const struct tpam_http *http, const char *share)
{
	const struct http_target *target = &request->target;
	const struct http_part upstream[] = {
		{http->digest, HTTP_DIGEST}, text_part(target->origin)};
	const struct http_part all[] = {{http->digest, HTTP_DIGEST}, text_part(request->method),
		text_part(request->url), text_part(share),
		{&target->addresses, sizeof(target->addresses)},
		{&request->flags, sizeof(request->flags)},
		{&request->body_max, sizeof(request->body_max)},
		text_part(request->types.count > 0 ? request->types.items[0] : NULL),
		{request->statuses, sizeof(request->statuses)}};

	return http_digest(request->upstream, upstream, sizeof(upstream) / sizeof(upstream[0])) &&
	       (!share || http_digest(request->digest, all, sizeof(all) / sizeof(all[0])));
}

static int fill(struct request *request, const struct tpam_http *http,
	const struct tpam_http_request *from, struct tpam_http_failure *failure)
{
	int code = copy_texts(request, from, failure);

	if (code == TPAM_OK)
		code = copy_headers(request, from, failure);
	if (code == TPAM_OK)
		code = copy_lists(request, from, failure);
	if (code != TPAM_OK)
		return code;
	if ((from->flags & TPAM_HTTP_REVALIDATE) &&
		(!from->share || strcmp(request->method, "GET") != 0))
		return bad(failure, "a GET with a share key to revalidate", "another request");
	request->flags = from->flags;
	request->body_max =
		from->body_max && from->body_max < http->body_max ? from->body_max : http->body_max;
	request->shared = from->share != NULL;
	if (!make_digests(request, http, from->share))
		return failure_no_memory(failure);
	return TPAM_OK;
}

struct request *request_create(const struct tpam_http *http, const struct tpam_http_request *from,
	struct tpam_http_failure *failure, int *ret_code)
{
	struct http_target target;
	struct tpam_fault fault;
	int code = http_target_judge(
		&target, http, from->url ? from->url : "", from->configured, &fault);

	if (code != TPAM_OK) {
		if (code == TPAM_E_MEMORY)
			(void)failure_no_memory(failure);
		else
			(void)failure_set(
				failure, TPAM_ERROR, fault.reason, fault.expected, fault.got);
		*ret_code = code;
		return NULL;
	}
	struct request *request = calloc(1, sizeof(*request));
	if (!request) {
		*ret_code = failure_no_memory(failure);
		return NULL;
	}
	request->target = target;
	code = fill(request, http, from, failure);
	if (code == TPAM_OK)
		return request;
	request_destroy(request);
	*ret_code = code;
	return NULL;
}
