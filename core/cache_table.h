/*
 * cache_table.h - what is kept for which key, for how long; bounded in entries and bytes.
 *
 * Readers take a lock that is nearly theirs alone, one of many in each shard, and writers take all of a shard's: a look
 * writes to no memory that another thread writes to. What has to go for room is what was placed first, unless it was used
 * since; that goes round once more.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CACHE_TABLE_H
#define CORE_CACHE_TABLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "cache_key.h"
#include "cache_ring.h"
#include "hooks.h"
#include "stripe.h"
#include "tally.h"

/* Both clocks in nanoseconds: one may stand still while a machine sleeps, the other may be set. */
struct cache_moment {
	int64_t monotonic;
	int64_t wall;
};

/* Fresh before `fresh` by both clocks; good enough in need before `stale` by both. */
struct cache_life {
	struct cache_moment fresh;
	struct cache_moment stale;
};

/* What makes all of an owner's entries worthless: another number than when the entry came. */
struct cache_epoch {
	const atomic_uint_fast64_t *now;
	uint64_t then;
};

enum cache_found { CACHE_NOTHING, CACHE_STALE, CACHE_FRESH };

/* A copy, in an arena of the caller's. */
struct cache_copy {
	struct arena *arena;
	const char *value;
	size_t size;
	bool no_memory;
};

struct cache_lock {
	_Alignas(STRIPE_ALIGNMENT) pthread_mutex_t mutex;
};

struct cache_shard {
	struct cache_lock locks[STRIPES];
	struct cache_ring ring;
	uint32_t *buckets; /* places of first entries, plus 1 */
	bool closed;
};

struct cache_table {
	size_t shard_count; /* powers of two */
	size_t bucket_count;
	size_t ring_size;
	uint64_t entries_max;
	atomic_uint_fast64_t entries;
	atomic_uint_fast64_t bytes;
	struct tally *tally;
	struct cache_shard *shards;
};

/* At most so many entries and bytes; 0 of either: nothing is ever kept. False without memory. */
bool cache_table_begin(
	struct cache_table *table, uint64_t entries, uint64_t bytes, struct tally *tally);
void cache_table_finish(struct cache_table *table);

/* Forgets all, and keeps nothing more. */
void cache_table_close(struct cache_table *table);

/* In the child of a fork: begins anew, empty. */
void cache_table_renew(struct cache_table *table);

/* Against readers and writers of a shard. */
void cache_shard_lock(struct cache_shard *shard);
void cache_shard_unlock(struct cache_shard *shard);

/*
 * The key is hashed. What is copied is fresh, or with `stale` at least good enough in need. A wall clock that is
 * CACHE_NO_TIME is read by the hooks if there is something fresh to compare it with: that costs as much as the rest of a miss.
 */
#define CACHE_NO_TIME INT64_MIN
enum cache_found cache_table_find(struct cache_table *table, const struct cache_key *key,
	struct cache_moment *now, const struct hooks *hooks, bool stale, struct cache_copy *copy);

/* Keeps a value, in the place of what there was for the key. May keep nothing. */
void cache_table_put(struct cache_table *table, const struct cache_key *key,
	const struct cache_epoch *epoch, const struct cache_life *life,
	const struct cache_moment *now, const char *value, size_t size);
void cache_table_remove(struct cache_table *table, const struct cache_key *key);

#endif
