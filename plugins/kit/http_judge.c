/*
 * http_judge.c - is an answer one that the caller wants to see.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http_failure.h"
#include "http_target.h"
#include "json.h"

#define GOT        160
#define JSON_DEPTH 16

/* The first row that fits. */
struct row {
	int32_t from, to;
	bool ours; /* only where the request carries credentials of ours */
	int32_t outcome;
	int32_t reason;
};

static const struct row rows[] = {
	{401, 401, true, TPAM_ERROR, TPAM_REASON_UPSTREAM_REFUSED},
	{403, 403, true, TPAM_ERROR, TPAM_REASON_UPSTREAM_REFUSED},
	{401, 401, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR},
	{403, 403, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR},
	{408, 408, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR},
	{425, 425, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR},
	{429, 429, false, TPAM_RATE_LIMITED, TPAM_REASON_UPSTREAM_RATE_LIMIT},
	{400, 499, false, TPAM_ERROR, TPAM_REASON_UPSTREAM_ERROR},
	{500, 599, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR},
	{0, INT32_MAX, false, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED},
};

static const struct row *row_of(int32_t status, bool ours)
{
	const struct row *row = rows;

	while (status < row->from || status > row->to || (row->ours && !ours))
		row++;
	return row;
}

static void say_redirect(char *got, const struct tpam_http_answer *answer)
{
	const char *location = tpam_http_header(answer, "Location", 0);
	char host[GOT / 2];

	if (location && strncasecmp(location, "http", 4) == 0) {
		http_target_host(host, sizeof(host), location);
		snprintf(got, GOT, "HTTP %d to %s", answer->status, host);
	} else if (location) {
		snprintf(got, GOT, "HTTP %d to another path", answer->status);
	} else {
		snprintf(got, GOT, "HTTP %d", answer->status);
	}
}

static void refuse_status(const struct tpam_http_answer *answer, const struct request *request,
	struct tpam_http_failure *failure)
{
	const struct row *row = row_of(answer->status, request->flags & TPAM_HTTP_OURS);
	bool redirect = answer->status >= 300 && answer->status <= 399;
	char got[GOT];

	if (redirect)
		say_redirect(got, answer);
	else
		snprintf(got, sizeof(got), "HTTP %d", answer->status);
	(void)failure_set(failure, row->outcome, row->reason,
		redirect ? "HTTP 200, redirects are not followed" : "HTTP 200", got);
	failure->retry_after = answer->retry_after;
}

/* The media type without parameters. */
static size_t type_length(const char *type)
{
	size_t length = strcspn(type, "; \t");

	return length;
}

static bool ends_in_json(const char *type, size_t length)
{
	return (length == 16 && strncasecmp(type, "application/json", 16) == 0) ||
	       (length > 17 && strncasecmp(type, "application/", 12) == 0 &&
		       strncasecmp(type + length - 5, "+json", 5) == 0);
}

static bool type_is_fine(const struct request *request, const char *type)
{
	size_t length = type_length(type);

	if (request->types.count == 0)
		return !(request->flags & TPAM_HTTP_JSON) || ends_in_json(type, length);
	for (size_t i = 0; i < request->types.count; i++)
		if (strlen(request->types.items[i]) == length &&
			strncasecmp(request->types.items[i], type, length) == 0)
			return true;
	return false;
}

static bool malformed(struct tpam_http_failure *failure, const char *expected, const char *got)
{
	(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED, expected, got);
	return false;
}

static bool judge_type(const struct tpam_http_answer *answer, const struct request *request,
	struct tpam_http_failure *failure)
{
	const char *type = tpam_http_header(answer, "Content-Type", 0);
	const char *expected =
		request->types.count > 0 ? request->types.items[0] : "application/json";
	char got[GOT];

	if (request->types.count == 0 && !(request->flags & TPAM_HTTP_JSON))
		return true;
	if (!type)
		return malformed(failure, expected, "an answer without Content-Type");
	if (tpam_http_header(answer, "Content-Type", 1))
		return malformed(failure, expected, "two Content-Types");
	if (type_is_fine(request, type))
		return true;
	snprintf(got, sizeof(got), "%.*s", (int)type_length(type), type);
	return malformed(failure, expected, got);
}

static bool judge_json(const struct tpam_http_answer *answer, const struct request *request,
	struct tpam_http_failure *failure)
{
	uint64_t length;
	const char *body = tpam_http_body(answer, &length);

	if (!(request->flags & TPAM_HTTP_JSON))
		return true;
	json_t *object = json_object_read(body, (size_t)length, JSON_DEPTH);
	bool no_memory = !object && errno == ENOMEM;
	bool fine = object != NULL;
	json_decref(object);
	if (no_memory)
		return (void)failure_no_memory(failure), false;
	if (!fine)
		return malformed(failure, "a JSON object",
			length > 0 ? "something else" : "an empty answer");
	return true;
}

bool answer_judge(const struct tpam_http_answer *answer, const struct request *request,
	struct tpam_http_failure *failure)
{
	bool fine = answer->status == 200;

	if (!fine && request_wants(request, answer->status))
		return true;
	if (!fine)
		refuse_status(answer, request, failure);
	else
		fine = judge_type(answer, request, failure) && judge_json(answer, request, failure);
	if (!fine)
		failure->status = answer->status;
	return fine;
}
