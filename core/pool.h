/*
 * pool.h - a few threads for providers that block, or that must not be called twice at once.
 *
 * Made when first needed, in the process that needs it: a child abandons its parent's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <stdbool.h>

struct pool;
struct decision;

/* NULL without memory. No thread is started yet. */
struct pool *pool_create(unsigned threads_max);

/* Waits for the jobs that run. Those that do not run yet have been taken back. */
void pool_destroy(struct pool *pool);

/*
 * Has the provider of the rule that runs called by a worker;
 * false if that cannot be, for want of memory or threads.
 */
bool pool_submit(struct pool *pool, struct decision *decision);

/*
 * Has a worker call `run`, once, before it takes another job; false as above. Asked for again before a worker has come to
 * it, it is still called once.
 */
bool pool_chore(struct pool *pool, void (*run)(void *data), void *data);

/* Takes a job back that no worker has begun; false if one has. */
bool pool_take_back(struct pool *pool, struct decision *decision);

#endif
