/*
 * id_token.h - ID tokens (OpenID Connect Core 1.0).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_ID_TOKEN_H
#define GOOGLE_ID_TOKEN_H

#include "config.h"

/* Of a token whose unverified issuer is Google: the outcome, whose reason was given; TPAM_PENDING. */
int32_t id_token_judge(const struct google *google, struct tpam_call *call, struct tpam_jws *jws);

#endif
