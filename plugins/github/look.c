/*
 * look.c - one look at a token: what GitHub is asked with it, and how it ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "look.h"

#define LOG_MAX 480

/* Those that look_status() judges. */
static const int32_t statuses[] = {401, 403, 404, 422, 429, 0};
static const char *const types[] = {"application/json", NULL};
/* A user may change the scopes of a token, and nothing else changes. */
static const char *const anew[] = {"X-OAuth-Scopes", NULL};

int32_t look_begin(struct look *ret, struct github *github, struct tpam_call *call, enum kind kind,
	const char *token)
{
	*ret = (struct look){
		.github = github, .host = github->host, .call = call, .kind = kind, .token = token};
	int32_t outcome = tpam_http_bearer(github->host, call, &ret->bearer);
	if (outcome != 0)
		return outcome;
	const struct tpam_http_header headers[LOOK_HEADERS] = {{"Authorization", ret->bearer},
		{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"},
		{NULL, NULL}};
	memcpy(ret->headers, headers, sizeof(headers));
	return 0;
}

void look_finish(struct look *look)
{
	tpam_kit_free(look->bearer);
	look->bearer = NULL;
}

struct tpam_http_request look_request(const struct look *look, const char *url)
{
	return (struct tpam_http_request){.url = url,
		.configured = look->github->api,
		.headers = look->headers,
		.types = types,
		.statuses = statuses,
		.share = look->token,
		.anew = anew,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_REVALIDATE};
}

int32_t look_end(const struct look *look, int32_t outcome, int32_t reason, const char *expected,
	const char *got)
{
	return tpam_call_end(look->host, look->call, outcome, reason, expected, got);
}

static void tell(const struct look *look, const char *expected, const char *got)
{
	char text[LOG_MAX];

	(void)snprintf(text, sizeof(text), "asking GitHub: got %s, expected %s",
		got[0] ? got : "nothing", expected[0] ? expected : "an answer");
	look->host->log(look->github->instance, TPAM_LOG_ERROR, text);
}

int32_t look_loud(const struct look *look, int32_t reason, const char *expected, const char *got)
{
	tell(look, expected, got);
	return look_end(look, TPAM_ERROR, reason, expected, got);
}

int32_t look_malformed(const struct look *look, const char *expected)
{
	return look_end(
		look, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED, expected, "something else");
}

int32_t look_failed(const struct look *look, const struct tpam_http_failure *failure)
{
	if (failure->outcome == TPAM_ERROR && failure->fault.reason != TPAM_REASON_NO_MEMORY)
		tell(look, failure->fault.expected, failure->fault.got);
	return tpam_http_refuse(look->host, look->call, failure);
}

int32_t look_no_memory(const struct look *look)
{
	return tpam_call_no_memory(look->host, look->call);
}

static bool is_classic(enum kind kind)
{
	return kind == KIND_GHO || kind == KIND_GHP;
}

int32_t look_lacks(const struct look *look, const struct need *need, const char *got)
{
	return look_end(look, TPAM_DENIED, TPAM_REASON_MISSING_UPSTREAM_SCOPE,
		is_classic(look->kind) ? need->scope : need->permission, got);
}

int32_t look_read(
	const struct look *look, const struct tpam_http_answer *answer, struct tpam_json **ret)
{
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);

	int code = tpam_json_read(ret, body, (size_t)length, &fault);
	if (code == TPAM_E_MEMORY)
		return look_no_memory(look);
	return code == TPAM_OK ? 0
			       : tpam_call_refuse(look->host, look->call, TPAM_UNAVAILABLE, &fault);
}
