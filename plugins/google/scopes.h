/*
 * scopes.h - the scopes of an access token, some of which have two names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_SCOPES_H
#define GOOGLE_SCOPES_H

#include "config.h"

#define SCOPE_EMAIL "the scope email"

/* Whether a token has a scope, by either of its names. */
bool scopes_have(const struct tpam_claims *claims, const char *scope);

/* Whether the userinfo endpoint answers it: has it one of openid, email and profile. */
bool scopes_may_ask(const struct tpam_claims *claims);

/* Adds to the identity the other name of each scope that has two, so that grants match either. */
void scopes_complete(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims);

#endif
