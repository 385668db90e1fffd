/*
 * cache.c - verdicts that are kept: good ones, and apart from them and briefly those that refuse.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cache.h"

#include <stdlib.h>

static void renew(void *data)
{
	struct cache *cache = data;

	cache_table_renew(&cache->good);
	cache_table_renew(&cache->bad);
}

struct cache *cache_create(uint64_t entries, uint64_t bytes, struct tally *tally)
{
	struct cache *cache = calloc(1, sizeof(*cache));
	uint64_t bad_entries = entries / CACHE_NEGATIVE_SHARE,
		 bad_bytes = bytes / CACHE_NEGATIVE_SHARE;

	if (!cache)
		return NULL;
	cache->tally = tally_ref(tally);
	if (cache_secret_make(&cache->secret) &&
		cache_table_begin(&cache->good, entries - bad_entries, bytes - bad_bytes, tally) &&
		cache_table_begin(&cache->bad, bad_entries, bad_bytes, tally) &&
		forks_begin(&cache->watch, renew, cache))
		return cache;
	cache_destroy(cache);
	return NULL;
}

void cache_destroy(struct cache *cache)
{
	if (!cache)
		return;
	forks_end(&cache->watch);
	cache_table_finish(&cache->good);
	cache_table_finish(&cache->bad);
	tally_unref(cache->tally);
	free(cache);
}

void cache_close(struct cache *cache)
{
	cache_table_close(&cache->good);
	cache_table_close(&cache->bad);
}

bool cache_find(struct cache *cache, struct cache_key *key, struct cache_moment *now,
	const struct hooks *hooks, struct cache_copy *copy)
{
	int kind = TALLY_HITS;

	cache_key_hash(key, &cache->secret);
	enum cache_found found = cache_table_find(&cache->good, key, now, hooks, false, copy);
	if (found != CACHE_FRESH) {
		kind = TALLY_NEGATIVE_HITS;
		found = cache_table_find(&cache->bad, key, now, hooks, false, copy);
	}
	tally_add(cache->tally, found == CACHE_FRESH ? kind : TALLY_MISSES);
	return found == CACHE_FRESH && !copy->no_memory;
}

bool cache_find_stale(struct cache *cache, struct cache_key *key, struct cache_moment *now,
	struct cache_copy *copy)
{
	cache_key_hash(key, &cache->secret);
	return cache_table_find(&cache->good, key, now, NULL, true, copy) != CACHE_NOTHING &&
	       !copy->no_memory;
}

void cache_put(struct cache *cache, struct cache_key *key, bool good,
	const struct cache_epoch *epoch, const struct cache_life *life,
	const struct cache_moment *now, const char *value, size_t size)
{
	cache_key_hash(key, &cache->secret);
	cache_table_remove(good ? &cache->bad : &cache->good, key);
	cache_table_put(good ? &cache->good : &cache->bad, key, epoch, life, now, value, size);
}

void cache_remove(struct cache *cache, struct cache_key *key)
{
	cache_key_hash(key, &cache->secret);
	cache_table_remove(&cache->good, key);
	cache_table_remove(&cache->bad, key);
}
