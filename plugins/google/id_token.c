/*
 * id_token.c - ID tokens (OpenID Connect Core 1.0).
 *
 * A person's is for one of our clients. A service account has them issued for any audience it names, so one
 * that is let in may name the service, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/oauth.h>

#include "account.h"
#include "id_token.h"
#include "identity.h"

/* NULL stands for those of the call, which has some then. */
static const char *const *audiences(const struct google *google, struct tpam_call *call,
	const struct tpam_claims *claims, bool service)
{
	const char *const *clients = (const char *const *)google->clients;

	if (!service || account_in(clients, tpam_claims_text(claims, "aud")) ||
		!google->host->item_list(call, TPAM_ITEM_AUDIENCE, 0))
		return clients;
	return NULL;
}

/* A service account has its tokens issued to itself. */
static int32_t check_party(const struct google *google, struct tpam_call *call,
	const struct tpam_claims *claims, bool service)
{
	if (!service)
		return tpam_id_token_check(
			google->host, call, claims, (const char *const *)google->clients);
	return tpam_claims_has(claims, "iat") ? 0
					      : tpam_call_end(google->host, call, TPAM_INVALID,
							TPAM_REASON_MISSING_CLAIM, "iat", "none");
}

static int32_t judge(const struct google *google, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims)
{
	bool service = account_is_service(claims);
	const char *const *clients = (const char *const *)google->clients;

	if (tpam_token_kind(jws, claims, clients) == TPAM_TOKEN_OTHER)
		return tpam_call_end(google->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			"an ID token", "another");
	int32_t outcome = tpam_rules_check(
		google->rules, call, claims, jws, audiences(google, call, claims, service));

	if (outcome == 0 && service)
		outcome = account_check_service(google, call, claims);
	if (outcome == 0)
		outcome = check_party(google, call, claims, service);
	if (outcome == 0)
		outcome = account_check_email(google, call, claims);
	if (outcome == 0 && !service)
		outcome = account_check_domain(google, call, claims);
	if (outcome == 0)
		outcome = identity_carry(google, call, claims, NULL);
	if (outcome != 0)
		return outcome;
	tpam_rules_keep(google->rules, call, claims);
	return TPAM_SUCCESS;
}

int32_t id_token_judge(const struct google *google, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;

	if (google->tokens == TOKENS_ACCESS)
		return tpam_call_end(google->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			"an access token", "an ID token");
	int32_t outcome = tpam_jwks_verify(google->jwks, call, jws);
	if (outcome != 0)
		return outcome;
	int code = tpam_claims_parse(&claims, jws, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(google->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(google->host, call, TPAM_INVALID, &fault);
	outcome = judge(google, call, jws, claims);
	tpam_claims_destroy(claims);
	return outcome;
}
