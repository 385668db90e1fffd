/*
 * tally.c - counters that many threads raise and few read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tally.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "stripe.h"

struct stripe {
	_Alignas(STRIPE_ALIGNMENT) atomic_uint_fast64_t counts[TALLY_KINDS];
};

struct tally {
	struct stripe stripes[STRIPES];
	atomic_uint references;
};

struct tally *tally_create(void)
{
	struct tally *tally = aligned_alloc(STRIPE_ALIGNMENT, sizeof(*tally));

	if (!tally)
		return NULL;
	memset(tally, 0, sizeof(*tally));
	atomic_init(&tally->references, 1);
	return tally;
}

struct tally *tally_ref(struct tally *tally)
{
	atomic_fetch_add_explicit(&tally->references, 1, memory_order_relaxed);
	return tally;
}

void tally_unref(struct tally *tally)
{
	if (tally && atomic_fetch_sub_explicit(&tally->references, 1, memory_order_acq_rel) == 1)
		free(tally);
}

void tally_add(struct tally *tally, int kind)
{
	atomic_fetch_add_explicit(
		&tally->stripes[stripe_mine()].counts[kind], 1, memory_order_relaxed);
}

uint64_t tally_sum(const struct tally *tally, int kind)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < STRIPES; i++)
		sum += atomic_load_explicit(&tally->stripes[i].counts[kind], memory_order_relaxed);
	return sum;
}
