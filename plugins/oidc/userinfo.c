/*
 * userinfo.c - when the provider's userinfo endpoint is asked about the user of an access token, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "userinfo.h"

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

/* What the metadata says was learnt from the network, by way of what is configured. */
static int32_t ask(const struct oidc *oidc, struct tpam_call *call, struct tpam_claims **ret)
{
	const char *own = oidc->userinfo_endpoint;
	const char *known = oidc->metadata_url ? oidc->metadata_url : oidc->issuer;
	char *found = NULL;
	int32_t outcome = 0;

	if (!own)
		outcome = tpam_jwks_endpoint(oidc->jwks, call, "userinfo_endpoint", &found);
	const struct tpam_endpoint endpoint = {oidc->http, own ? own : found, own ? own : known};
	if (outcome == 0)
		outcome = tpam_userinfo_ask(&endpoint, oidc->host, oidc->instance, call, ret);
	tpam_kit_free(found);
	return outcome;
}

int32_t userinfo_fill(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, struct tpam_claims **ret)
{
	struct tpam_claims *more = NULL;

	int32_t outcome = ask(oidc, call, &more);
	if (outcome == 0)
		outcome = tpam_userinfo_fill(oidc->host, call, claims, more, oidc->own, ret);
	tpam_claims_destroy(more);
	return outcome;
}
