/*
 * identity.c - what is made of the claims of a token that is good.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "identity.h"

static int32_t check_email(
	const struct oidc *oidc, struct tpam_call *call, const struct tpam_claims *claims)
{
	const char *name;

	for (uint32_t i = 0; oidc->email == EMAIL_VERIFIED &&
			     (name = oidc->host->option_text(oidc->instance, "email_claim", i));
		i++)
		if (tpam_claims_has(claims, name) && !tpam_claims_true(claims, "email_verified"))
			return tpam_call_end(oidc->host, call, TPAM_DENIED,
				TPAM_REASON_UNVERIFIED_EMAIL, "email_verified = true", name);
	return 0;
}

/* To the loader, which compares audiences, what our client binds is for the service that asks. */
static void add_audience(const struct oidc *oidc, struct tpam_call *call)
{
	const char *audience = oidc->host->item_list(call, TPAM_ITEM_AUDIENCE, 0);

	if (audience)
		(void)oidc->host->add_text(call, TPAM_FIELD_AUDIENCES, audience, strlen(audience));
}

int32_t identity_carry(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, bool by_client)
{
	struct tpam_fault fault;
	int32_t outcome = check_email(oidc, call, claims);

	if (outcome != 0)
		return outcome;
	int code = tpam_claims_carry(claims, oidc->mapping, call, &fault);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(oidc->host, call, TPAM_INVALID, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(oidc->host, call);
	if (by_client)
		add_audience(oidc, call);
	return TPAM_SUCCESS;
}
