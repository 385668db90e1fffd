/*
 * kinds.c - what a verified token must be to be a session token, or an access token of Connect.
 *
 * WorkOS signs with one key whatever an environment issues: session tokens, access tokens and ID tokens of Connect.
 * Beside the issuer, what they say tells them apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "token.h"

#define AUDIENCES_MAX 65

static const char *const nobody[] = {NULL};

static int32_t refuse(const struct workos *workos, struct tpam_call *call, int32_t reason,
	const char *expected, const char *got)
{
	return tpam_call_end(workos->host, call, TPAM_INVALID, reason, expected, got);
}

/* ID tokens are for whoever signed somebody in, and no key to anything. That something is for us is no mark of one. */
static int32_t check_kind(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims, const char *expected)
{
	enum tpam_token_kind kind = tpam_token_kind(jws, claims, nobody);

	if (kind == TPAM_TOKEN_ACCESS)
		return 0;
	return refuse(workos, call, TPAM_REASON_WRONG_TYPE, expected,
		kind == TPAM_TOKEN_ID ? "an ID token" : "another");
}

/* ---- Session tokens ---- */

/* Whoever consented to a client has a sid, too, app_consent_...; a machine has none. */
static int32_t check_session(
	const struct workos *workos, struct tpam_call *call, const struct tpam_claims *claims)
{
	static const char prefix[] = "session_";
	const char *sid = tpam_claims_text(claims, "sid");

	if (sid && strncmp(sid, prefix, sizeof(prefix) - 1) == 0)
		return 0;
	return refuse(workos, call, TPAM_REASON_WRONG_TYPE,
		"a session token, whose sid begins with session_", sid ? "another sid" : "no sid");
}

/* There need not be an audience, but one that is there must be us, or the service (RFC 7519, section 4.1.3). */
static int32_t check_rules(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims)
{
	const struct family *family = &workos->families[FAMILY_SESSION];
	const char *audiences[AUDIENCES_MAX + 1] = {workos->client_id};

	for (uint32_t i = 0; i + 1 < AUDIENCES_MAX; i++)
		if (!(audiences[i + 1] = workos->host->item_list(call, TPAM_ITEM_AUDIENCE, i)))
			break;
	return tpam_rules_check(family->rules, call, claims, jws,
		tpam_claims_has(claims, "aud") ? audiences : nobody);
}

/* The keys are our environment's; where the token names its client, it is that one's. */
static int32_t check_client(
	const struct workos *workos, struct tpam_call *call, const struct tpam_claims *claims)
{
	const char *client = tpam_claims_text(claims, "client_id");

	if (!tpam_claims_has(claims, "client_id") ||
		(client && strcmp(client, workos->client_id) == 0))
		return 0;
	return refuse(workos, call, TPAM_REASON_WRONG_CLIENT, workos->client_id,
		client ? client : "client_id that is no text");
}

int32_t session_check(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims)
{
	int32_t outcome = check_kind(workos, call, jws, claims, "a session token");

	if (outcome == 0)
		outcome = check_session(workos, call, claims);
	if (outcome == 0)
		outcome = check_rules(workos, call, jws, claims);
	return outcome == 0 ? check_client(workos, call, claims) : outcome;
}

/* ---- Tokens of Connect ---- */

/* Every access token has a jti, and no ID token does. */
static int32_t check_jti(
	const struct workos *workos, struct tpam_call *call, const struct tpam_claims *claims)
{
	if (tpam_claims_text(claims, "jti"))
		return 0;
	return refuse(workos, call, TPAM_REASON_WRONG_TYPE, "an access token, which has a jti",
		"no jti, as in an ID token");
}

int32_t connect_check(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims)
{
	const struct family *family = &workos->families[FAMILY_CONNECT];
	int32_t outcome = check_kind(workos, call, jws, claims, "an access token");

	if (outcome == 0)
		outcome = check_jti(workos, call, claims);
	return outcome == 0 ? tpam_rules_check(family->rules, call, claims, jws, NULL) : outcome;
}
