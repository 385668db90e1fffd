/*
 * kept.h - what a rule being run has to do with the cache: found, asked again, kept, standing in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_KEPT_H
#define CORE_KEPT_H

#include <stdbool.h>
#include <stdint.h>

struct tpam_call;
struct tpam_provider;

/* True if verdicts of the provider can be kept at all: it reads nothing that a key cannot hold. */
bool kept_possible(const struct tpam_provider *provider);

/*
 * Looks for a verdict. True: the call is as the provider left it, and its phase is PHASE_RECHECK if it is to be rechecked;
 * else *ret_outcome is the outcome.
 */
bool kept_find(struct tpam_call *call, int32_t *ret_outcome);

/*
 * What becomes of an outcome: of the provider's answer, which may be kept or be stood in for, or of a recheck. True: the
 * call is to go on in the phase that it has now.
 */
bool kept_settle(struct tpam_call *call, int32_t *outcome);

#endif
