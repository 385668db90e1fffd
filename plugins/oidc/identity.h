/*
 * identity.h - what is made of the claims of a token that is good.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_IDENTITY_H
#define OIDC_IDENTITY_H

#include "config.h"

/*
 * Carries claims into the identity of the call: TPAM_SUCCESS, or the outcome, whose reason was given.
 * by_client: it is the client that binds the token to us, and that was compared.
 */
int32_t identity_carry(const struct oidc *oidc, struct tpam_call *call,
	const struct tpam_claims *claims, bool by_client);

#endif
