/*
 * stripe.c - which of a few copies of something a thread uses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stripe.h"

#include <stdatomic.h>

unsigned stripe_mine(void)
{
	static atomic_uint threads;
	static _Thread_local unsigned mine; /* one more than the stripe; 0: none yet */

	if (mine == 0)
		mine = 1 + atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % STRIPES;
	return mine - 1;
}
