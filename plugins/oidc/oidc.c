/*
 * oidc.c - access tokens and ID tokens of an OpenID provider (OpenID Connect Core 1.0, RFC 9068).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config.h"
#include "identity.h"
#include "opaque.h"
#include "userinfo.h"

#define TOKEN_MAX (1024 * 1024) /* the loader's max_token is the limit that counts */

/*
 * Whether `tokens` takes the kind, and an ID token was issued to us. Where no audience binds an access token
 * to us, our clients do: nobody else's are what was meant.
 */
static int32_t check_kind(const struct oidc *oidc, struct tpam_call *call,
	enum tpam_token_kind kind, const struct tpam_claims *claims)
{
	static const char *const names[] = {[TPAM_TOKEN_ACCESS] = "an access token",
		[TPAM_TOKEN_ID] = "an ID token",
		[TPAM_TOKEN_OTHER] = "another"};
	static const char *const wanted[] = {[TOKENS_ACCESS] = "an access token",
		[TOKENS_ID] = "an ID token",
		[TOKENS_BOTH] = "an access token or an ID token"};
	const struct tpam_host *host = oidc->host;
	enum tokens refused = kind == TPAM_TOKEN_ID ? TOKENS_ACCESS : TOKENS_ID;

	if (kind == TPAM_TOKEN_OTHER || oidc->tokens == refused)
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			wanted[oidc->tokens], names[kind]);
	if (kind == TPAM_TOKEN_ID)
		return tpam_id_token_check(host, call, claims, oidc->clients);
	if (!oidc->clients[0] || host->item_list(call, TPAM_ITEM_AUDIENCE, 0))
		return 0;
	return tpam_client_check(host, oidc->instance, call, claims, oidc->clients);
}

/* What a token says must be right before anybody is asked about it. */
static int32_t judge(const struct oidc *oidc, struct tpam_call *call, const struct tpam_jws *jws,
	const struct tpam_claims *claims)
{
	enum tpam_token_kind kind = tpam_token_kind(jws, claims, oidc->clients);
	struct tpam_claims *both = NULL;
	const char *const *audiences = kind == TPAM_TOKEN_ID ? oidc->clients : NULL;
	int32_t outcome = 0;

	/* Of the wrong kind is more to the point than for whom it is. */
	if (kind != TPAM_TOKEN_ID || oidc->tokens == TOKENS_ACCESS)
		outcome = check_kind(oidc, call, kind, claims);
	if (outcome == 0)
		outcome = tpam_rules_check(oidc->rules, call, claims, jws, audiences);
	if (outcome == 0 && kind == TPAM_TOKEN_ID)
		outcome = check_kind(oidc, call, kind, claims);
	if (outcome == 0 && kind == TPAM_TOKEN_ACCESS && userinfo_wanted(oidc, claims))
		outcome = userinfo_fill(oidc, call, claims, &both);
	if (outcome == 0)
		outcome = identity_carry(oidc, call, both ? both : claims, kind == TPAM_TOKEN_ID);
	if (outcome == TPAM_SUCCESS)
		tpam_rules_keep(oidc->rules, call, both ? both : claims);
	tpam_claims_destroy(both);
	return outcome;
}

static int32_t accept(const struct oidc *oidc, struct tpam_call *call, const struct tpam_jws *jws)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;

	int code = tpam_claims_parse(&claims, jws, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(oidc->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(oidc->host, call, TPAM_INVALID, &fault);
	int32_t outcome = judge(oidc, call, jws, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct oidc *oidc = state;
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, oidc->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(oidc->host, call);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(oidc->host, call, TPAM_INVALID, &fault);
	if (code != TPAM_OK)
		return opaque_authenticate(oidc, call);
	int32_t outcome = tpam_rules_route(oidc->rules, call, jws);
	if (outcome == 0)
		outcome = tpam_jwks_verify(oidc->jwks, call, jws);
	if (outcome == 0)
		outcome = accept(oidc, call, jws);
	return outcome;
}

static int32_t probe(void *state, struct tpam_call *call)
{
	const struct oidc *oidc = state;
	int32_t outcome = tpam_jwks_probe(oidc->jwks, call);

	if (outcome == 0)
		outcome = opaque_probe(oidc, call);
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "oidc",
	.version = "1",
	.summary = "Access tokens and ID tokens of an OpenID provider",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(DENIED) | TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) |
		    TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = oidc_options,
	.open = oidc_open,
	.close = oidc_close,
	.authenticate = authenticate,
	.probe = probe,
};

TPAM_PROVIDER(provider)
