/*
 * userinfo.c - what the provider's userinfo endpoint says of the user of an access token (OpenID Connect
 * Core 1.0, section 5.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "userinfo.h"

#define STEP "userinfo"

static bool lacks(const struct oidc *oidc, const char *option, const struct tpam_claims *claims)
{
	const char *name;

	for (uint32_t i = 0; (name = oidc->host->option_text(oidc->instance, option, i)); i++)
		if (tpam_claims_text(claims, name))
			return false;
	return true;
}

bool userinfo_wanted(const struct oidc *oidc, const struct tpam_claims *claims)
{
	static const char *const options[] = {"username_claim", "name_claim", "email_claim"};

	if (oidc->userinfo != USERINFO_MISSING)
		return oidc->userinfo == USERINFO_ALWAYS;
	/* An address that nothing is said of is as good as none, where it must be verified. */
	if (oidc->email == EMAIL_VERIFIED && !tpam_claims_has(claims, "email_verified"))
		return true;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (lacks(oidc, options[i], claims))
			return true;
	return false;
}

/* `url` was learnt from the metadata where the configuration names none. */
static int32_t fetch(const struct oidc *oidc, struct tpam_call *call, const char *url,
	const struct tpam_http_answer **ret)
{
	static const int32_t statuses[] = {401, 403, 0};
	char *value = NULL;
	struct tpam_http_failure failure;

	int32_t outcome = tpam_http_bearer(oidc->host, call, &value);
	if (outcome != 0)
		return outcome;
	const struct tpam_http_header headers[] = {
		{"Authorization", value}, {"Accept", "application/json"}, {NULL, NULL}};
	const struct tpam_http_request request = {
		.url = url,
		.configured = oidc->userinfo_endpoint ? oidc->userinfo_endpoint
			      : oidc->metadata_url    ? oidc->metadata_url
						      : oidc->issuer,
		.headers = headers,
		.statuses = statuses,
		.share = value,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON,
	};
	int code = tpam_http_fetch(
		oidc->http, oidc->host, oidc->instance, call, STEP, &request, ret, &failure);
	tpam_kit_free(value);
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return tpam_http_refuse(oidc->host, call, &failure);
}

/* The provider refuses the token itself: its signature and times were good, so it was taken back. */
static int32_t check_status(
	const struct oidc *oidc, struct tpam_call *call, const struct tpam_http_answer *answer)
{
	switch (tpam_http_status(answer)) {
	case 401:
		return tpam_call_end(oidc->host, call, TPAM_INVALID, TPAM_REASON_INACTIVE,
			"a token that the userinfo endpoint takes", "HTTP 401");
	case 403:
		return tpam_call_end(oidc->host, call, TPAM_DENIED,
			TPAM_REASON_MISSING_UPSTREAM_SCOPE,
			"a token that may ask the userinfo endpoint (scope openid)", "HTTP 403");
	default:
		return 0;
	}
}

/* Section 5.3.4: an answer about somebody else is none, whoever mixed it up. */
static int32_t join(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_claims *more, struct tpam_claims **ret)
{
	const char *sub = tpam_claims_text(claims, "sub"), *other = tpam_claims_text(more, "sub");

	if (!other)
		return tpam_call_end(oidc->host, call, TPAM_UNAVAILABLE,
			TPAM_REASON_UPSTREAM_MALFORMED,
			"sub in the answer of the userinfo endpoint", "none");
	if (!sub || strcmp(sub, other) != 0)
		return tpam_call_end(oidc->host, call, TPAM_INVALID, TPAM_REASON_CLAIM_MISMATCH,
			"the token's sub in the answer of the userinfo endpoint", "another");
	return tpam_claims_fill(ret, claims, more, oidc->own) == TPAM_OK
		       ? 0
		       : tpam_call_no_memory(oidc->host, call);
}

static int32_t read_answer(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_http_answer *answer,
	struct tpam_claims **ret)
{
	struct tpam_claims *more = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);
	int32_t outcome = check_status(oidc, call, answer);

	if (outcome != 0)
		return outcome;
	int code = tpam_claims_from_json(&more, body, (size_t)length, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(oidc->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(oidc->host, call, TPAM_UNAVAILABLE, &fault);
	outcome = join(oidc, call, claims, more, ret);
	tpam_claims_destroy(more);
	return outcome;
}

int32_t userinfo_ask(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, struct tpam_claims **ret)
{
	const struct tpam_http_answer *answer = NULL;
	char *found = NULL;
	int32_t outcome = 0;

	if (!oidc->userinfo_endpoint)
		outcome = tpam_jwks_endpoint(oidc->jwks, call, "userinfo_endpoint", &found);
	if (outcome == 0)
		outcome = fetch(oidc, call, found ? found : oidc->userinfo_endpoint, &answer);
	tpam_kit_free(found);
	return outcome == 0 ? read_answer(oidc, call, claims, answer, ret) : outcome;
}
