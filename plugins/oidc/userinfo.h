/*
 * userinfo.h - what the provider's userinfo endpoint says of the user of an access token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_USERINFO_H
#define OIDC_USERINFO_H

#include "config.h"

/* Whether the options want the endpoint to be asked about a token that says this. */
bool userinfo_wanted(const struct oidc *oidc, const struct tpam_claims *claims);

/*
 * Asks about the call's own token. 0 with what the endpoint says, to be destroyed; TPAM_PENDING; or the
 * outcome, whose reason was given.
 */
int32_t userinfo_ask(const struct oidc *oidc, struct tpam_call *call, struct tpam_claims **ret);

/* The same of a token that is known to be good and for us, with the claims of both. */
int32_t userinfo_fill(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, struct tpam_claims **ret);

/*
 * 0 if the endpoint is known, and, if it decides about tokens, refuses one that nobody issued; TPAM_PENDING;
 * or the outcome.
 */
int32_t userinfo_probe(const struct oidc *oidc, struct tpam_call *call);

#endif
