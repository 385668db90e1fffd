/*
 * userinfo.c - when the provider's userinfo endpoint is asked about the user of an access token, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "endpoint.h"
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

int32_t userinfo_ask(const struct oidc *oidc, struct tpam_call *call, struct tpam_claims **ret)
{
	struct found found;
	int32_t outcome =
		endpoint_find(&found, oidc, call, oidc->userinfo_endpoint, "userinfo_endpoint");

	if (outcome == 0)
		outcome = tpam_userinfo_ask(&found.endpoint, oidc->host, oidc->instance, call, ret);
	endpoint_finish(&found);
	return outcome;
}

int32_t userinfo_fill(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, struct tpam_claims **ret)
{
	struct tpam_claims *more = NULL;

	int32_t outcome = userinfo_ask(oidc, call, &more);
	if (outcome == 0)
		outcome = tpam_userinfo_fill(oidc->host, call, claims, more, oidc->own, ret);
	tpam_claims_destroy(more);
	return outcome;
}

int32_t userinfo_probe(const struct oidc *oidc, struct tpam_call *call)
{
	struct found found;
	int32_t outcome =
		endpoint_find(&found, oidc, call, oidc->userinfo_endpoint, "userinfo_endpoint");

	/* What the endpoint says of tokens that are none matters where it is shown such. */
	if (outcome == 0 && oidc->opaque == OPAQUE_USERINFO)
		outcome = tpam_userinfo_probe(&found.endpoint, oidc->host, oidc->instance, call);
	endpoint_finish(&found);
	return outcome;
}
