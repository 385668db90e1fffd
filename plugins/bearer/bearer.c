/*
 * bearer.c - JSON Web Tokens of one issuer, verified with its keys (RFC 7519, RFC 9068).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#include "config.h"
#include "revocation.h"

#define TOKEN_MAX (1024 * 1024) /* the loader's max_token is the limit that counts */

/* 0 if the signature is the issuer's. */
static int32_t verify(const struct bearer *bearer, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_fault fault;

	if (bearer->jwks)
		return tpam_jwks_verify(bearer->jwks, call, jws);
	if (tpam_jws_verify(jws, bearer->keys, &fault) == TPAM_OK)
		return 0;
	return tpam_call_refuse(bearer->host, call, TPAM_INVALID, &fault);
}

static int32_t check_revocation(
	const struct bearer *bearer, struct tpam_call *call, const struct tpam_claims *claims)
{
	static const char *const kinds[] = {"jti", "sub", "sid"};

	for (size_t i = 0; bearer->revocation && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *value = tpam_claims_text(claims, kinds[i]);
		if (!tpam_claims_has(claims, kinds[i]))
			continue;
		/* What the list cannot name might be on it. */
		if (!value || strlen(value) > REVOCATION_VALUE_MAX)
			return tpam_call_end(bearer->host, call, TPAM_INVALID,
				TPAM_REASON_BAD_CLAIM, "text of at most 4096 bytes", kinds[i]);
		switch (revocation_ask(bearer->revocation, kinds[i], value)) {
		case REVOKED_NO:
			continue;
		case REVOKED_YES:
			return tpam_call_end(bearer->host, call, TPAM_REVOKED, TPAM_REASON_REVOKED,
				"a token that is not on the revocation list", kinds[i]);
		case REVOKED_UNKNOWN:
			break;
		}
		return tpam_call_end(bearer->host, call, TPAM_ERROR, TPAM_REASON_MISCONFIGURED,
			"a revocation list that can be read", "none");
	}
	return 0;
}

static int32_t accept(
	const struct bearer *bearer, struct tpam_call *call, const struct tpam_jws *jws)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;

	int code = tpam_claims_parse(&claims, jws, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(bearer->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(bearer->host, call, TPAM_INVALID, &fault);
	int32_t outcome = tpam_rules_check(bearer->rules, call, claims, jws, NULL);
	if (outcome == 0)
		outcome = check_revocation(bearer, call, claims);
	if (outcome == 0) {
		code = tpam_claims_carry(claims, bearer->mapping, call, &fault);
		outcome = TPAM_SUCCESS;
		if (code == TPAM_E_CONFIG)
			outcome = tpam_call_refuse(bearer->host, call, TPAM_INVALID, &fault);
		else if (code == TPAM_E_MEMORY)
			outcome = tpam_call_no_memory(bearer->host, call);
	}
	if (outcome == TPAM_SUCCESS)
		tpam_rules_keep(bearer->rules, call, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct bearer *bearer = state;
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, bearer->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(bearer->host, call);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(bearer->host, call, TPAM_INVALID, &fault);
	if (code != TPAM_OK)
		return tpam_call_end(bearer->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
			"a JSON Web Token", "another token");
	int32_t outcome = tpam_rules_route(bearer->rules, call, jws);
	if (outcome == 0)
		outcome = verify(bearer, call, jws);
	if (outcome == 0)
		outcome = accept(bearer, call, jws);
	return outcome;
}

static int32_t probe(void *state, struct tpam_call *call)
{
	const struct bearer *bearer = state;
	int32_t outcome = bearer->jwks ? tpam_jwks_probe(bearer->jwks, call) : TPAM_IGNORE;

	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

/* What is kept was checked against the list as it was; where that is another now, all of it is flushed, and so is this. */
static int32_t recheck(void *state, struct tpam_call *call)
{
	const struct bearer *bearer = state;

	(void)call;
	if (bearer->revocation)
		revocation_refresh(bearer->revocation);
	return TPAM_SUCCESS;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider bearer = {
	.size = sizeof(bearer),
	.abi = TPAM_ABI,
	.name = "bearer",
	.version = "1",
	.summary = "JSON Web Tokens of one issuer, verified with its keys",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = bearer_options,
	.open = bearer_open,
	.close = bearer_close,
	.authenticate = authenticate,
	.recheck = recheck,
	.probe = probe,
};

TPAM_PROVIDER(bearer)
