/*
 * endpoint.c - where the provider is asked about its tokens and their users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "endpoint.h"

/* What the metadata says was learnt from the network, by way of what is configured. */
int32_t endpoint_find(struct found *ret, const struct oidc *oidc, struct tpam_call *call,
	const char *configured, const char *name)
{
	const char *way = oidc->metadata_url ? oidc->metadata_url : oidc->issuer;

	*ret = (struct found){{oidc->http, configured, configured ? configured : way}, NULL};
	if (configured)
		return 0;
	int32_t outcome = tpam_jwks_endpoint(oidc->jwks, call, name, &ret->url);
	ret->endpoint.url = ret->url;
	return outcome;
}

void endpoint_finish(struct found *found)
{
	tpam_kit_free(found->url);
}
