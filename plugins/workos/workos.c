/*
 * workos.c - session tokens of AuthKit, and tokens of WorkOS Connect, which MCP clients have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "token.h"

#define TOKEN_MAX (1024 * 1024) /* the loader's max_token is the limit that counts */

typedef int32_t check_function(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims);

static check_function *const checks[FAMILIES] = {
	[FAMILY_SESSION] = session_check, [FAMILY_CONNECT] = connect_check};

/* Whose token it is, by its unverified issuer alone: 0 with its family, or the outcome. */
static int32_t route(const struct workos *workos, struct tpam_call *call, struct tpam_jws *jws,
	enum family_name *ret)
{
	int32_t outcome = TPAM_FOREIGN;

	for (int family = 0; family < FAMILIES && outcome == TPAM_FOREIGN; family++) {
		if (!workos->families[family].jwks)
			continue;
		outcome = tpam_rules_route(workos->families[family].rules, call, jws);
		*ret = (enum family_name)family;
	}
	return outcome;
}

static int32_t accept(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, enum family_name family)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;

	int code = tpam_claims_parse(&claims, jws, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(workos->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(workos->host, call, TPAM_INVALID, &fault);
	int32_t outcome = checks[family](workos, call, jws, claims);
	if (outcome == 0)
		outcome = identity_carry(workos, call, family, claims, family == FAMILY_CONNECT);
	/* The trace of each request shows who acts as somebody else; a verdict that is kept has none. */
	if (outcome == TPAM_SUCCESS && !identity_acted(claims))
		tpam_rules_keep(workos->families[family].rules, call, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct workos *workos = state;
	enum family_name family = FAMILY_SESSION;
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, workos->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(workos->host, call);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(workos->host, call, TPAM_INVALID, &fault);
	if (code != TPAM_OK)
		return opaque_judge(workos, call);
	int32_t outcome = route(workos, call, jws, &family);
	if (outcome == 0)
		outcome = tpam_jwks_verify(workos->families[family].jwks, call, jws);
	if (outcome == 0)
		outcome = accept(workos, call, jws, family);
	return outcome;
}

static int32_t probe(void *state, struct tpam_call *call)
{
	static const char *const names[FAMILIES] = {
		[FAMILY_SESSION] = "session", [FAMILY_CONNECT] = "connect"};
	const struct workos *workos = state;
	struct tpam_jwks *jwks[FAMILIES];

	for (int family = 0; family < FAMILIES; family++)
		jwks[family] = workos->families[family].jwks;
	int32_t outcome = tpam_jwks_probe_all(jwks, names, FAMILIES, call);
	if (outcome == 0)
		outcome = opaque_probe(workos, call);
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "workos",
	.version = "1",
	.summary = "Session tokens of AuthKit, and access tokens of WorkOS Connect",
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
	.options = workos_options,
	.open = workos_open,
	.close = workos_close,
	.authenticate = authenticate,
	.probe = probe,
};

TPAM_PROVIDER(provider)
