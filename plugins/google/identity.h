/*
 * identity.h - carries what Google says into the identity of a call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_IDENTITY_H
#define GOOGLE_IDENTITY_H

#include "config.h"

/* What is known of an access token beside the claims. */
struct facts {
	const char *subject;
	int64_t expires; /* seconds since 1970 */
};

/* `facts`: NULL for an ID token, whose claims have both. 0; or the outcome, whose reason was given. */
int32_t identity_carry(const struct google *google, struct tpam_call *call,
	const struct tpam_claims *claims, const struct facts *facts);

#endif
