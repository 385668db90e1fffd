/*
 * identity.c - carries what Google says into the identity of a call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "account.h"
#include "identity.h"
#include "scopes.h"

int32_t identity_carry(const struct google *google, struct tpam_call *call,
	const struct tpam_claims *claims, const struct facts *facts)
{
	const struct tpam_host *host = google->host;
	struct tpam_fault fault;

	int code = tpam_claims_carry(claims, google->mapping, call, &fault);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(host, call, TPAM_INVALID, &fault);
	if (code == TPAM_OK)
		code = host->set_text(
			call, TPAM_FIELD_ISSUER, GOOGLE_ISSUER, strlen(GOOGLE_ISSUER));
	if (code == TPAM_OK && facts)
		code = host->set_text(
			call, TPAM_FIELD_SUBJECT, facts->subject, strlen(facts->subject));
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(host, call);
	/* What a setter refused otherwise, the loader tells. */
	if (facts)
		(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, facts->expires);
	if (tpam_claims_has(claims, "email") && account_verified(claims))
		(void)host->set_number(call, TPAM_FIELD_EMAIL_VERIFIED, 1);
	scopes_complete(google, call, claims);
	return 0;
}
