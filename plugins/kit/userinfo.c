/*
 * userinfo.c - what a userinfo endpoint says of the user of an access token (OpenID Connect Core 1.0,
 * section 5.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/oauth.h>

#include "stranger.h"

#define SCHEME "Bearer "

static int32_t fetch(const struct tpam_endpoint *endpoint, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *value,
	const struct tpam_http_answer **ret)
{
	static const int32_t statuses[] = {401, 403, 0};
	struct tpam_http_failure failure;
	const struct tpam_http_header headers[] = {
		{"Authorization", value}, {"Accept", "application/json"}, {NULL, NULL}};
	const struct tpam_http_request request = {
		.url = endpoint->url,
		.configured = endpoint->configured,
		.headers = headers,
		.statuses = statuses,
		.share = value,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON,
	};
	int code = tpam_http_fetch(
		endpoint->http, host, instance, call, "userinfo", &request, ret, &failure);
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return tpam_http_refuse(host, call, &failure);
}

/* The provider refuses the token itself: it was taken back, or was never one of its own. */
static int32_t check_status(
	const struct tpam_host *host, struct tpam_call *call, const struct tpam_http_answer *answer)
{
	switch (tpam_http_status(answer)) {
	case 401:
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_INACTIVE,
			"a token that the userinfo endpoint takes", "HTTP 401");
	case 403:
		return tpam_call_end(host, call, TPAM_DENIED, TPAM_REASON_MISSING_UPSTREAM_SCOPE,
			"a token that may ask the userinfo endpoint (scope openid)", "HTTP 403");
	default:
		return 0;
	}
}

int32_t tpam_userinfo_ask(const struct tpam_endpoint *endpoint, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, struct tpam_claims **ret)
{
	const struct tpam_http_answer *answer = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	char *value = NULL;

	int32_t outcome = tpam_http_bearer(host, call, &value);
	if (outcome == 0)
		outcome = fetch(endpoint, host, instance, call, value, &answer);
	tpam_kit_free(value);
	if (outcome == 0)
		outcome = check_status(host, call, answer);
	if (outcome != 0)
		return outcome;
	const char *body = tpam_http_body(answer, &length);
	int code = tpam_claims_from_json(ret, body, (size_t)length, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(host, call);
	return code == TPAM_OK ? 0 : tpam_call_refuse(host, call, TPAM_UNAVAILABLE, &fault);
}

/* Section 5.3.4: an answer about somebody else is none, whoever mixed it up. */
int32_t tpam_userinfo_fill(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_claims *more, const char *const *own,
	struct tpam_claims **ret)
{
	const char *sub = tpam_claims_text(claims, "sub"), *other = tpam_claims_text(more, "sub");

	if (!other)
		return tpam_call_end(host, call, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"sub in the answer of the userinfo endpoint", "none");
	if (!sub || strcmp(sub, other) != 0)
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_CLAIM_MISMATCH,
			"the token's sub in the answer of the userinfo endpoint", "another");
	return tpam_claims_fill(ret, claims, more, own) == TPAM_OK
		       ? 0
		       : tpam_call_no_memory(host, call);
}

/* That it refuses such a token is all that can be seen without another. */
int32_t tpam_userinfo_probe(const struct tpam_endpoint *endpoint, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call)
{
	const struct tpam_http_answer *answer = NULL;
	char value[sizeof(SCHEME) - 1 + STRANGER_SIZE] = SCHEME;

	if (!stranger_make(value + sizeof(SCHEME) - 1))
		return tpam_call_no_memory(host, call);
	int32_t outcome = fetch(endpoint, host, instance, call, value, &answer);
	if (outcome != 0 || tpam_http_status(answer) != 200)
		return outcome;
	return tpam_call_end(host, call, TPAM_ERROR, TPAM_REASON_MISCONFIGURED,
		"HTTP 401 for a token that nobody issued", "HTTP 200");
}
