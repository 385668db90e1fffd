/*
 * jwks_wait.h - calls that want keys: what they get, and how they wait.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_JWKS_WAIT_H
#define KIT_JWKS_WAIT_H

#include "jwks_source.h"

/*
 * Keys to verify with, and their version; they are good until this thread asks again. TPAM_OK,
 * TPAM_PENDING, or a code with `failure`.
 */
int jwks_keys(struct tpam_jwks *jwks, struct tpam_call *call, const struct tpam_keys **ret,
	uint64_t *ret_version, struct tpam_http_failure *failure);

/*
 * The keys of `version` have not what the call wants. TPAM_OK: there are others by now. TPAM_PENDING.
 * TPAM_E_UNSET: they were fetched since the call first asked, and are the same. TPAM_E_LIMIT: nothing
 * was fetched since, and nothing may be for *ret_wait nanoseconds; the set is *ret_age nanoseconds old.
 * Else a code with `failure`. `anew`: the cool-down does not count.
 */
int jwks_search(struct tpam_jwks *jwks, struct tpam_call *call, uint64_t version, bool anew,
	int64_t *ret_wait, int64_t *ret_age, struct tpam_http_failure *failure);

#endif
