/*
 * token.h - what a token of either family must be, and what is told of whose it is.
 *
 * Functions that judge return 0 if there is nothing against the token, or an outcome whose reason was given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WORKOS_TOKEN_H
#define WORKOS_TOKEN_H

#include "config.h"

/* Of a verified token: its kind, its claims, and whether it was made for us. */
int32_t session_check(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims);
int32_t connect_check(const struct workos *workos, struct tpam_call *call,
	const struct tpam_jws *jws, const struct tpam_claims *claims);

/*
 * Whoever it is, whether they may: organizations, impersonation. Then the identity. TPAM_SUCCESS, or an outcome.
 * by_audience: aud binds the token to us, and was compared; else something else does.
 */
int32_t identity_carry(const struct workos *workos, struct tpam_call *call, enum family_name family,
	const struct tpam_claims *claims, bool by_audience);

/* Whether somebody acts as the user. */
bool identity_acted(const struct tpam_claims *claims);

/* A token that is no JSON Web Token: foreign, or what the AuthKit domain says of it. */
int32_t opaque_judge(const struct workos *workos, struct tpam_call *call);

/* In probe(): whether the domain could be asked, where it would be. */
int32_t opaque_probe(const struct workos *workos, struct tpam_call *call);

#endif
