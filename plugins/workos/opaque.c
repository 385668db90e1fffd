/*
 * opaque.c - tokens that say nothing of themselves: the AuthKit domain is asked whose they are.
 *
 * Its userinfo endpoint takes any access token of the domain, whoever it was issued to, and says nothing of that. So
 * it is asked only where `accept` says that this is good enough, and about nothing that looks otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "token.h"

#define SECOND        INT64_C(1000000000)
#define AUDIENCES_MAX 64

static struct tpam_endpoint endpoint_of(const struct workos *workos)
{
	return (struct tpam_endpoint){workos->http, workos->userinfo, workos->userinfo};
}

/* That it says who it is goes without saying. What it need not say must be right all the same where it does. */
static int32_t check_answer(
	const struct workos *workos, struct tpam_call *call, const struct tpam_claims *claims)
{
	const struct tpam_host *host = workos->host;
	const char *audiences[AUDIENCES_MAX + 1] = {NULL};
	const char *sub = tpam_claims_text(claims, "sub");
	struct tpam_fault fault;
	int32_t outcome = TPAM_INVALID;

	if (!sub || !sub[0])
		return tpam_call_end(host, call, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"sub in the answer of the userinfo endpoint",
			sub ? "an empty one" : "none");
	for (uint32_t i = 0; i < AUDIENCES_MAX; i++)
		if (!(audiences[i] = host->item_list(call, TPAM_ITEM_AUDIENCE, i)))
			break;
	const struct tpam_claims_rules rules = {.now = host->clock_wall(workos->instance) / SECOND,
		.leeway = host->leeway(workos->instance),
		.issuer = tpam_claims_has(claims, "iss") ? workos->authkit_domain : NULL,
		.audiences = tpam_claims_has(claims, "aud") && audiences[0] ? audiences : NULL,
		.flags = TPAM_CLAIMS_NO_EXP};
	if (tpam_claims_check(claims, NULL, &rules, &outcome, &fault) == TPAM_OK)
		return 0;
	return tpam_call_refuse(host, call, outcome, &fault);
}

int32_t opaque_judge(const struct workos *workos, struct tpam_call *call)
{
	const struct tpam_endpoint endpoint = endpoint_of(workos);
	struct tpam_claims *claims = NULL;
	int32_t outcome = tpam_accept_check(workos->accept, call);

	if (outcome == 0)
		outcome =
			tpam_userinfo_ask(&endpoint, workos->host, workos->instance, call, &claims);
	if (outcome == TPAM_INVALID)
		workos->host->cache(call, workos->cache);
	if (outcome != 0)
		return outcome;
	outcome = check_answer(workos, call, claims);
	if (outcome == 0)
		outcome = identity_carry(workos, call, FAMILY_CONNECT, claims, false);
	if (!identity_acted(claims))
		workos->host->cache(call, workos->cache);
	tpam_claims_destroy(claims);
	return outcome;
}

int32_t opaque_probe(const struct workos *workos, struct tpam_call *call)
{
	const struct tpam_endpoint endpoint = endpoint_of(workos);

	if (!workos->userinfo)
		return 0;
	return tpam_userinfo_probe(&endpoint, workos->host, workos->instance, call);
}
