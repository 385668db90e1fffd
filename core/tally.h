/*
 * tally.h - counters that many threads raise and few read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include <stdint.h>

#include <tokenpam/codes.h>

/* Below TPAM_OUTCOME_LIMIT: decisions by outcome. */
enum tally_kind {
	TALLY_HITS = TPAM_OUTCOME_LIMIT,
	TALLY_NEGATIVE_HITS,
	TALLY_MISSES,
	TALLY_STALE,
	TALLY_EVICTIONS,
	TALLY_AUDIT_WRITTEN,
	TALLY_AUDIT_LOST,
	TALLY_UNENFORCED,
	TALLY_KINDS
};

struct tally;

/* Counted: one owner. NULL without memory. */
struct tally *tally_create(void);
struct tally *tally_ref(struct tally *tally);
void tally_unref(struct tally *tally);

void tally_add(struct tally *tally, int kind);
uint64_t tally_sum(const struct tally *tally, int kind);

#endif
