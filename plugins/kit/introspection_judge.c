/*
 * introspection_judge.c - what an endpoint says of a token (RFC 7662, section 2.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "introspection.h"

#define AUDIENCES_MAX 64

/* What a check needs. Each returns an outcome that refuses, or 0. */
struct asking {
	const struct tpam_introspection *introspection;
	const struct tpam_host *host;
	struct tpam_call *call;
	const struct tpam_claims *claims;
};

static int32_t say(const struct asking *asking, int32_t outcome, int32_t reason,
	const char *expected, const char *got)
{
	asking->host->reason(asking->call, reason, expected, got);
	return outcome;
}

static int32_t check_active(const struct asking *asking)
{
	bool active = false;

	if (!tpam_claims_bool(asking->claims, "active", &active))
		return say(asking, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"active as true or false",
			tpam_claims_has(asking->claims, "active") ? "another active" : "none");
	if (!active)
		return say(asking, TPAM_INVALID, TPAM_REASON_INACTIVE, "a token that is active",
			"active = false");
	return 0;
}

/* Words by which servers say that something is no access token. */
struct other_use {
	const char *claim;
	const char *value;
};

static const struct other_use other_uses[] = {
	{"token_use", "refresh_token"},
	{"token_use", "refresh"},
	{"token_use", "id_token"},
	{"token_use", "id"},
	{"typ", "Refresh"},
	{"typ", "Offline"},
	{"typ", "ID"},
};

static int32_t check_use(const struct asking *asking)
{
	for (size_t i = 0; i < sizeof(other_uses) / sizeof(other_uses[0]); i++) {
		const char *value = tpam_claims_text(asking->claims, other_uses[i].claim);
		if (value && strcasecmp(value, other_uses[i].value) == 0)
			return say(asking, TPAM_INVALID, TPAM_REASON_WRONG_TYPE, "an access token",
				other_uses[i].value);
	}
	return 0;
}

static bool type_fits(const struct asking *asking, const char *type)
{
	const char *wanted;

	for (uint32_t i = 0; (wanted = asking->host->option_text(
				      asking->introspection->instance, "token_type", i));
		i++)
		if (strcasecmp(type ? type : "none", wanted) == 0)
			return true;
	return false;
}

static int32_t check_type(const struct asking *asking)
{
	const char *type = tpam_claims_text(asking->claims, "token_type");

	if (!type && tpam_claims_has(asking->claims, "token_type"))
		return say(asking, TPAM_INVALID, TPAM_REASON_BAD_CLAIM, "token_type as text",
			"token_type");
	/* RFC 9449: it wants a proof, and nobody here has looked at one. */
	if (type && strcasecmp(type, "DPoP") == 0)
		return say(asking, TPAM_INVALID, TPAM_REASON_UNCHECKED_PROOF,
			"a token that is bound to no key", "token_type = DPoP");
	if (type_fits(asking, type))
		return check_use(asking);
	return say(asking, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
		asking->host->option_text(asking->introspection->instance, "token_type", 0),
		type ? "another token_type" : "no token_type");
}

static int32_t check_claims(const struct asking *asking)
{
	const struct tpam_host *host = asking->host;
	const struct tpam_introspection *introspection = asking->introspection;
	const char *audiences[AUDIENCES_MAX + 1] = {NULL};
	struct tpam_fault fault;
	int32_t outcome = TPAM_INVALID;

	for (uint32_t i = 0; i < AUDIENCES_MAX; i++)
		if (!(audiences[i] = host->item_list(asking->call, TPAM_ITEM_AUDIENCE, i)))
			break;
	/* All but aud is optional in an answer; what is there must be right. */
	const struct tpam_claims_rules rules = {
		.now = host->clock_wall(introspection->instance) / 1000000000,
		.leeway = host->leeway(introspection->instance),
		.max_age = introspection->max_age,
		.issuer = tpam_claims_has(asking->claims, "iss") ? introspection->issuer : NULL,
		.audiences = audiences[0] ? audiences : NULL,
		.flags = TPAM_CLAIMS_NO_EXP | TPAM_CLAIMS_NO_SUB};
	if (tpam_claims_check(asking->claims, NULL, &rules, &outcome, &fault) != TPAM_OK)
		return tpam_call_refuse(asking->host, asking->call, outcome, &fault);
	return 0;
}

int32_t introspection_judge(const struct tpam_introspection *introspection, struct tpam_call *call,
	const struct tpam_claims *claims)
{
	static int32_t (*const checks[])(const struct asking *asking) = {
		check_active, check_type, check_claims};
	const struct asking asking = {introspection, introspection->host, call, claims};
	int32_t outcome = 0;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && outcome == 0; i++)
		outcome = checks[i](&asking);
	return outcome;
}
