/*
 * ask.c - what Google says of an access token: what it is, and whose.
 *
 * Both endpoints are shown the token in the header Authorization: what is in an address ends in logs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "scopes.h"

#define ANSWER_MAX 65536

struct question {
	const char *step; /* of the fetch; for messages, too */
	const char *method;
	const char *content_type; /* NULL: no body, not even an empty one */
	bool whose;
};

/* As Google's own library for node asks: a POST without a length would be refused. */
static const struct question tokeninfo = {
	"tokeninfo", "POST", "application/x-www-form-urlencoded", false};
static const struct question userinfo = {"userinfo", "GET", NULL, true};

/* ---- What an answer other than 200 means ---- */

static const char *const dead_words[] = {"\"invalid_token\"", NULL};
static const char *const limit_words[] = {"\"rateLimitExceeded\"", "\"userRateLimitExceeded\"",
	"\"quotaExceeded\"", "\"dailyLimitExceeded\"", "\"concurrentLimitExceeded\"",
	"\"rateLimitExceededUnreg\"", "\"userRateLimitExceededUnreg\"",
	"\"dailyLimitExceededUnreg\"", "\"RESOURCE_EXHAUSTED\"", NULL};
static const char *const scope_words[] = {"\"insufficientPermissions\"", "\"insufficient_scope\"",
	"\"ACCESS_TOKEN_SCOPE_INSUFFICIENT\"", NULL};

/* The first row that fits. */
struct row {
	int32_t status;
	bool whose;               /* of userinfo alone */
	const char *const *words; /* one of which is in the body; NULL: whatever is */
	int32_t outcome;
	int32_t reason;
	const char *expected;
};

static const struct row rows[] = {
	{400, false, dead_words, TPAM_INVALID, TPAM_REASON_INACTIVE, "a token that is live"},
	{401, false, NULL, TPAM_INVALID, TPAM_REASON_INACTIVE, "a token that is live"},
	{403, false, limit_words, TPAM_RATE_LIMITED, TPAM_REASON_UPSTREAM_RATE_LIMIT, "HTTP 200"},
	{403, true, scope_words, TPAM_DENIED, TPAM_REASON_MISSING_UPSTREAM_SCOPE,
		"a token that may ask the userinfo endpoint"},
	/* What Google forbids for other reasons says nothing of the token. */
	{0, false, NULL, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR, "HTTP 200"},
};

static bool says(const char *body, const char *const *words)
{
	for (size_t i = 0; words && words[i]; i++)
		if (strstr(body, words[i]))
			return true;
	return !words;
}

static bool fits(
	const struct row *row, const struct question *question, int32_t status, const char *body)
{
	return (row->status == 0 || row->status == status) && (!row->whose || question->whose) &&
	       says(body, row->words);
}

static int32_t judge_status(const struct google *google, struct tpam_call *call,
	const struct question *question, const struct tpam_http_answer *answer)
{
	int32_t status = tpam_http_status(answer);
	int64_t seconds = tpam_http_retry_after(answer);
	const struct row *row = rows;
	uint64_t length = 0;
	char got[64];

	if (status == 200)
		return 0;
	while (!fits(row, question, status, tpam_http_body(answer, &length)))
		row++;
	if (seconds >= 0 && row->outcome != TPAM_INVALID)
		google->host->retry_after(call, seconds);
	(void)snprintf(got, sizeof(got), "HTTP %d of %s", (int)status, question->step);
	return tpam_call_end(google->host, call, row->outcome, row->reason, row->expected, got);
}

/* ---- Asking ---- */

static int32_t fetch(const struct google *google, struct tpam_call *call,
	const struct question *question, const char *authorization,
	const struct tpam_http_answer **ret)
{
	static const int32_t statuses[] = {400, 401, 403, 0};
	const char *url = question->whose ? google->userinfo_url : google->tokeninfo_url;
	const struct tpam_http_header headers[] = {{"Authorization", authorization},
		{"Accept", "application/json"},
		{question->content_type ? "Content-Type" : NULL, question->content_type},
		{NULL, NULL}};
	const struct tpam_http_request request = {
		.method = question->method,
		.url = url,
		.configured = url,
		.headers = headers,
		.body = question->content_type ? "" : NULL,
		.statuses = statuses,
		.body_max = ANSWER_MAX,
		.share = authorization,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON,
	};
	struct tpam_http_failure failure;

	int code = tpam_http_fetch(google->http, google->host, google->instance, call,
		question->step, &request, ret, &failure);
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return tpam_http_refuse(google->host, call, &failure);
}

/* All of an answer goes into the claims, where no credential may be. */
static bool holds(const char *body, uint64_t length, const char *authorization)
{
	const char *token = strchr(authorization, ' ') + 1;

	return memmem(body, (size_t)length, token, strlen(token)) != NULL;
}

static int32_t read_answer(const struct google *google, struct tpam_call *call,
	const char *authorization, const struct tpam_http_answer *answer, struct tpam_claims **ret)
{
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);

	if (holds(body, length, authorization))
		return tpam_call_end(google->host, call, TPAM_UNAVAILABLE,
			TPAM_REASON_UPSTREAM_MALFORMED, "an answer without the token",
			"one that repeats it");
	int code = tpam_claims_from_json(ret, body, (size_t)length, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(google->host, call);
	return code == TPAM_OK ? 0 : tpam_call_refuse(google->host, call, TPAM_UNAVAILABLE, &fault);
}

static int32_t ask(const struct google *google, struct tpam_call *call,
	const struct question *question, const char *authorization, struct tpam_claims **ret)
{
	const struct tpam_http_answer *answer = NULL;
	int32_t outcome = fetch(google, call, question, authorization, &answer);

	if (outcome == 0)
		outcome = judge_status(google, call, question, answer);
	return outcome == 0 ? read_answer(google, call, authorization, answer, ret) : outcome;
}

int32_t ask_tokeninfo(const struct google *google, struct tpam_call *call,
	const char *authorization, struct tpam_claims **ret)
{
	return ask(google, call, &tokeninfo, authorization, ret);
}

int32_t ask_userinfo(const struct google *google, struct tpam_call *call, const char *authorization,
	struct tpam_claims **ret)
{
	return ask(google, call, &userinfo, authorization, ret);
}
