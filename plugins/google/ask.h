/*
 * ask.h - what Google says of an access token: what it is, and whose.
 *
 * Both return 0 with what was said, to be destroyed; TPAM_PENDING; or the outcome, whose reason was given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_ASK_H
#define GOOGLE_ASK_H

#include "config.h"

/* `authorization`: "Bearer " and the token that is asked about. */
int32_t ask_tokeninfo(const struct google *google, struct tpam_call *call,
	const char *authorization, struct tpam_claims **ret);
int32_t ask_userinfo(const struct google *google, struct tpam_call *call, const char *authorization,
	struct tpam_claims **ret);

#endif
