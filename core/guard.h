/*
 * guard.h - what credentials that nobody has seen may cost an upstream.
 *
 * Rates by token bucket: of one client (its peer address) and of the instance as a whole. A credential that
 * was accepted lately is known and passes; one that turns out to be another provider's costs nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_GUARD_H
#define CORE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many in so many nanoseconds, and as many at once; count 0: no limit. */
struct rate {
	uint32_t count;
	int64_t period;
};

/* Reads "20/s", "100/m" or "1000/h", at most a million. */
bool rate_read(struct rate *ret, const char *text);

struct guard;

/* NULL without memory. */
struct guard *guard_create(const struct rate *client, const struct rate *upstream);
void guard_destroy(struct guard *guard);

/* In the child of a fork: whoever held the lock is not there. */
void guard_renew(struct guard *guard);

/*
 * Asks for a credential (not NULL) of a client (NULL: unknown, all such are one) at a monotonic time. 0 if it
 * may pass, else the nanoseconds after which to ask again. Any number of threads at once.
 */
int64_t guard_ask(struct guard *guard, const char *client, const char *credential, size_t length,
	int64_t now);

/*
 * Tells what became of one that was let pass: accepted (known from now on), or nobody's affair (its cost is
 * given back).
 */
void guard_accepted(struct guard *guard, const char *credential, size_t length);
void guard_refund(struct guard *guard, const char *client);

#endif
