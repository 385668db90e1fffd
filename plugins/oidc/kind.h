/*
 * kind.h - which kind of token of the provider this is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_KIND_H
#define OIDC_KIND_H

#include "config.h"

enum kind { KIND_ACCESS, KIND_ID, KIND_OTHER };

/*
 * Of a token that is verified. RFC 9068 gives access tokens a type of their own; of what lacks it, whatever
 * looks like an ID token is one.
 */
enum kind kind_of(
	const struct oidc *oidc, const struct tpam_jws *jws, const struct tpam_claims *claims);

/*
 * 0 if `tokens` takes the kind, and an ID token was issued to us (OpenID Connect Core 1.0, section 3.1.3.7),
 * as an access token must be that no audience binds.
 */
int32_t kind_check(const struct oidc *oidc, struct tpam_call *call, enum kind kind,
	const struct tpam_claims *claims);

#endif
