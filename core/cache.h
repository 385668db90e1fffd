/*
 * cache.h - verdicts that are kept: good ones, and apart from them and briefly those that refuse.
 *
 * Of one generation, and gone with it. Two tables, so that tokens that somebody makes up can push out nothing but each
 * other; what was verified takes memory of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include "cache_table.h"
#include "forks.h"

/* Of entries and bytes, one in so many is for verdicts that refuse. */
#define CACHE_NEGATIVE_SHARE 16

struct cache {
	struct cache_table good;
	struct cache_table bad;
	struct cache_secret secret;
	struct forks_watch watch;
	struct tally *tally;
};

/* NULL without memory. */
struct cache *cache_create(uint64_t entries, uint64_t bytes, struct tally *tally);
void cache_destroy(struct cache *cache);

/* Forgets all, and keeps nothing more. */
void cache_close(struct cache *cache);

/* The following hash the key themselves. Finds what is fresh, in either table. */
bool cache_find(struct cache *cache, struct cache_key *key, struct cache_moment *now,
	const struct hooks *hooks, struct cache_copy *copy);

/* Finds a good verdict that is no longer fresh, but good enough in need. */
bool cache_find_stale(struct cache *cache, struct cache_key *key, struct cache_moment *now,
	struct cache_copy *copy);

/* What is kept in one table is no longer in the other. */
void cache_put(struct cache *cache, struct cache_key *key, bool good,
	const struct cache_epoch *epoch, const struct cache_life *life,
	const struct cache_moment *now, const char *value, size_t size);
void cache_remove(struct cache *cache, struct cache_key *key);

#endif
