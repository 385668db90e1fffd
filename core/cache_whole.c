/*
 * cache_whole.c - a table of the cache as a whole: how many shards, and how they begin and end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "cache_table.h"

#define SHARDS_MAX    16
#define SHARD_BYTES   ((uint64_t)1 << 20) /* a shard is no smaller, unless it is the only one */
#define SHARD_ENTRIES 1024
#define RING_LEAST    (16 * 1024)
#define RING_MOST     ((uint64_t)1 << 34)
#define ENTRY_USUAL   256 /* for the number of buckets */

void cache_shard_lock(struct cache_shard *shard)
{
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_lock(&shard->locks[i].mutex);
}

void cache_shard_unlock(struct cache_shard *shard)
{
	for (size_t i = STRIPES; i-- > 0;)
		pthread_mutex_unlock(&shard->locks[i].mutex);
}

static void shard_init(struct cache_shard *shard)
{
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_init(&shard->locks[i].mutex, NULL);
}

static size_t power_of_two(uint64_t least)
{
	size_t power = 1;

	while (power < least)
		power *= 2;
	return power;
}

bool cache_table_begin(
	struct cache_table *table, uint64_t entries, uint64_t bytes, struct tally *tally)
{
	size_t shards = SHARDS_MAX;

	*table = (struct cache_table){.entries_max = entries, .tally = tally};
	if (entries == 0 || bytes < RING_LEAST)
		return true;
	while (shards > 1 && (bytes / shards < SHARD_BYTES || entries / shards < SHARD_ENTRIES))
		shards /= 2;
	uint64_t ring = bytes / shards < RING_MOST ? bytes / shards : RING_MOST;
	uint64_t most = ring / ENTRY_USUAL;
	table->ring_size = (size_t)ring / RING_UNIT * RING_UNIT;
	table->bucket_count = power_of_two(most < entries / shards ? most : entries / shards);
	table->shards = aligned_alloc(STRIPE_ALIGNMENT, shards * sizeof(struct cache_shard));
	if (!table->shards)
		return false;
	memset(table->shards, 0, shards * sizeof(struct cache_shard));
	for (size_t i = 0; i < shards; i++)
		shard_init(&table->shards[i]);
	table->shard_count = shards;
	return true;
}

void cache_table_close(struct cache_table *table)
{
	for (size_t i = 0; i < table->shard_count; i++) {
		cache_shard_lock(&table->shards[i]);
		ring_close(&table->shards[i].ring);
		table->shards[i].closed = true;
		cache_shard_unlock(&table->shards[i]);
	}
	atomic_store(&table->entries, 0);
	atomic_store(&table->bytes, 0);
}

void cache_table_renew(struct cache_table *table)
{
	for (size_t i = 0; i < table->shard_count; i++) {
		shard_init(&table->shards[i]);
		ring_abandon(&table->shards[i].ring);
	}
	atomic_store(&table->entries, 0);
	atomic_store(&table->bytes, 0);
}

void cache_table_finish(struct cache_table *table)
{
	cache_table_close(table);
	for (size_t i = 0; i < table->shard_count; i++)
		for (size_t k = 0; k < STRIPES; k++)
			pthread_mutex_destroy(&table->shards[i].locks[k].mutex);
	free(table->shards);
	*table = (struct cache_table){0};
}
