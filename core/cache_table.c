/*
 * cache_table.c - what is kept for which key, for how long; bounded in entries and bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cache_table.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_MOST (64 * 1024) /* bytes; at most an eighth of a ring */
#define FETCH_MOST 4096
#define CHANCES    4 /* how many used entries one that comes may let go round */

/* In a ring; key and value follow. */
struct entry {
	uint32_t units;
	uint32_t next; /* of the same bucket: its place plus 1 */
	uint64_t hash;
	struct cache_epoch epoch;
	struct cache_life life;
	uint32_t key_size;
	uint32_t value_size;
	atomic_bool used; /* was found since it was placed */
	bool live;        /* in a bucket */
};

static struct cache_shard *shard_of(struct cache_table *table, const struct cache_key *key)
{
	return &table->shards[key->hash >> 32 & (table->shard_count - 1)];
}

/* ---- Buckets ---- */

static uint32_t *bucket_of(
	const struct cache_table *table, struct cache_shard *shard, uint64_t hash)
{
	return &shard->buckets[hash >> 1 & (table->bucket_count - 1)];
}

static struct entry *entry_at(const struct cache_shard *shard, uint32_t link)
{
	return link ? ring_at(&shard->ring, link - 1) : NULL;
}

static char *key_of(struct entry *entry)
{
	return (char *)(entry + 1);
}

/* Key and value are about to be read: all their lines are fetched at once, and not one after the other. */
static void fetch(const struct entry *entry)
{
	const char *at = (const char *)entry, *end = at + (size_t)entry->units * RING_UNIT;

	for (at += 64; at < end && at < (const char *)entry + FETCH_MOST; at += 64)
		__builtin_prefetch(at);
}

static struct entry *look_up(
	const struct cache_table *table, struct cache_shard *shard, const struct cache_key *key)
{
	struct entry *entry = entry_at(shard, *bucket_of(table, shard, key->hash));

	for (; entry; entry = entry_at(shard, entry->next)) {
		if (entry->hash != key->hash)
			continue;
		fetch(entry);
		if (cache_key_equals(key, key_of(entry), entry->key_size))
			break;
	}
	return entry;
}

static void link_entry(
	const struct cache_table *table, struct cache_shard *shard, struct entry *entry)
{
	uint32_t *bucket = bucket_of(table, shard, entry->hash);

	entry->next = *bucket;
	*bucket = ring_where(&shard->ring, entry) + 1;
	entry->live = true;
}

static void unlink_entry(
	const struct cache_table *table, struct cache_shard *shard, struct entry *entry)
{
	uint32_t *link = bucket_of(table, shard, entry->hash);
	uint32_t place = ring_where(&shard->ring, entry) + 1;

	while (*link != place)
		link = &entry_at(shard, *link)->next;
	*link = entry->next;
	entry->live = false;
}

/* ---- Life ---- */

static bool before(const struct cache_moment *now, const struct cache_moment *end)
{
	return now->monotonic < end->monotonic && now->wall < end->wall;
}

static enum cache_found judge(const struct entry *entry, const struct cache_moment *now)
{
	if (atomic_load_explicit(entry->epoch.now, memory_order_acquire) != entry->epoch.then)
		return CACHE_NOTHING;
	if (before(now, &entry->life.fresh))
		return CACHE_FRESH;
	return before(now, &entry->life.stale) ? CACHE_STALE : CACHE_NOTHING;
}

/* What is no longer found; its memory is the ring's until its turn comes. */
static void forget(struct cache_table *table, struct cache_shard *shard, struct entry *entry)
{
	unlink_entry(table, shard, entry);
	explicit_bzero(key_of(entry), (size_t)entry->key_size + entry->value_size);
	atomic_fetch_sub_explicit(&table->entries, 1, memory_order_relaxed);
	atomic_fetch_sub_explicit(
		&table->bytes, (uint64_t)entry->units * RING_UNIT, memory_order_relaxed);
}

/* ---- Room ---- */

/* The oldest becomes the newest. False where it does not fit before the next oldest. */
static bool go_round(struct cache_table *table, struct cache_shard *shard, struct entry *entry)
{
	char *spare = shard->ring.apart + table->bucket_count * sizeof(uint32_t);
	size_t size = (size_t)entry->units * RING_UNIT;
	uint32_t units = entry->units;

	unlink_entry(table, shard, entry);
	memcpy(spare, entry, size);
	ring_drop(&shard->ring, units);
	entry = ring_place(&shard->ring, units);
	if (entry) {
		memcpy(entry, spare, size);
		atomic_store_explicit(&entry->used, false, memory_order_relaxed);
		link_entry(table, shard, entry);
	}
	explicit_bzero(spare, size);
	return entry != NULL;
}

static bool drop_oldest(struct cache_table *table, struct cache_shard *shard,
	const struct cache_moment *now, unsigned *chances)
{
	struct entry *entry = ring_oldest(&shard->ring);

	if (!entry)
		return false;
	bool good = entry->live && judge(entry, now) != CACHE_NOTHING;
	uint64_t bytes = (uint64_t)entry->units * RING_UNIT;
	if (good && *chances > 0 && atomic_load_explicit(&entry->used, memory_order_relaxed)) {
		(*chances)--;
		if (go_round(table, shard, entry))
			return true;
		atomic_fetch_sub_explicit(&table->entries, 1, memory_order_relaxed);
		atomic_fetch_sub_explicit(&table->bytes, bytes, memory_order_relaxed);
	} else {
		if (entry->live)
			forget(table, shard, entry);
		ring_drop(&shard->ring, entry->units);
	}
	if (good)
		tally_add(table->tally, TALLY_EVICTIONS);
	return true;
}

/* Counts one more entry, after as many went as have to. */
static bool count_in(struct cache_table *table, struct cache_shard *shard,
	const struct cache_moment *now, unsigned *chances)
{
	uint64_t before = atomic_fetch_add_explicit(&table->entries, 1, memory_order_relaxed);

	while (before >= table->entries_max) {
		if (!drop_oldest(table, shard, now, chances)) {
			atomic_fetch_sub_explicit(&table->entries, 1, memory_order_relaxed);
			return false;
		}
		before = atomic_load_explicit(&table->entries, memory_order_relaxed) - 1;
	}
	return true;
}

static struct entry *make_room(struct cache_table *table, struct cache_shard *shard, uint32_t units,
	const struct cache_moment *now)
{
	unsigned chances = CHANCES;
	struct entry *entry;

	if (!count_in(table, shard, now, &chances))
		return NULL;
	while (!(entry = ring_place(&shard->ring, units)))
		(void)drop_oldest(table, shard, now, &chances);
	atomic_fetch_add_explicit(&table->bytes, (uint64_t)units * RING_UNIT, memory_order_relaxed);
	return entry;
}

/* ---- Asking and keeping ---- */

static void copy_out(struct cache_copy *copy, struct entry *entry)
{
	char *value = arena_take(copy->arena, entry->value_size);

	copy->no_memory = !value;
	if (!value)
		return;
	memcpy(value, key_of(entry) + entry->key_size, entry->value_size);
	copy->value = value;
	copy->size = entry->value_size;
	if (!atomic_load_explicit(&entry->used, memory_order_relaxed))
		atomic_store_explicit(&entry->used, true, memory_order_relaxed);
}

/* The wall clock is the host's, and nothing of the host's is called under a lock: before, it counted as long ago. */
static enum cache_found judge_wall(const struct cache_life *life, struct cache_moment *now,
	const struct hooks *hooks, struct cache_copy *copy)
{
	now->wall = hooks_wall(hooks);
	if (before(now, &life->fresh))
		return CACHE_FRESH;
	copy->value = NULL;
	return CACHE_NOTHING;
}

enum cache_found cache_table_find(struct cache_table *table, const struct cache_key *key,
	struct cache_moment *now, const struct hooks *hooks, bool stale, struct cache_copy *copy)
{
	if (atomic_load_explicit(&table->entries, memory_order_relaxed) == 0)
		return CACHE_NOTHING;
	struct cache_shard *shard = shard_of(table, key);
	pthread_mutex_t *lock = &shard->locks[stripe_mine()].mutex;
	enum cache_found found = CACHE_NOTHING;
	struct cache_life life;

	pthread_mutex_lock(lock);
	struct entry *entry = shard->ring.map ? look_up(table, shard, key) : NULL;
	if (entry)
		found = judge(entry, now);
	if (found == CACHE_FRESH || (found == CACHE_STALE && stale)) {
		copy_out(copy, entry);
		life = entry->life;
	}
	pthread_mutex_unlock(lock);
	if (found == CACHE_FRESH && now->wall == CACHE_NO_TIME)
		found = judge_wall(&life, now, hooks, copy);
	return found;
}

static size_t entry_most(const struct cache_table *table)
{
	return table->ring_size / 8 < ENTRY_MOST ? table->ring_size / 8 : ENTRY_MOST;
}

static bool shard_open(struct cache_table *table, struct cache_shard *shard)
{
	size_t buckets = table->bucket_count * sizeof(uint32_t);

	if (shard->closed)
		return false;
	if (shard->ring.map)
		return true;
	if (!ring_open(&shard->ring, table->ring_size, buckets + entry_most(table)))
		return false;
	shard->buckets = (uint32_t *)(void *)shard->ring.apart;
	return true;
}

static void put(struct cache_table *table, struct cache_shard *shard, const struct cache_key *key,
	const struct entry *made, const char *value, const struct cache_moment *now)
{
	struct entry *old = look_up(table, shard, key);

	if (old)
		forget(table, shard, old);
	struct entry *entry = make_room(table, shard, made->units, now);
	if (!entry)
		return;
	memcpy(entry, made, sizeof(*entry));
	cache_key_write(key, key_of(entry));
	memcpy(key_of(entry) + entry->key_size, value, entry->value_size);
	link_entry(table, shard, entry);
}

void cache_table_put(struct cache_table *table, const struct cache_key *key,
	const struct cache_epoch *epoch, const struct cache_life *life,
	const struct cache_moment *now, const char *value, size_t size)
{
	size_t whole = sizeof(struct entry) + key->size + size;

	if (table->shard_count == 0)
		return;
	if (whole > entry_most(table)) {
		cache_table_remove(table, key);
		return;
	}
	struct cache_shard *shard = shard_of(table, key);
	struct entry made = {.units = (uint32_t)((whole + RING_UNIT - 1) / RING_UNIT),
		.hash = key->hash,
		.epoch = *epoch,
		.life = *life,
		.key_size = (uint32_t)key->size,
		.value_size = (uint32_t)size};
	cache_shard_lock(shard);
	if (shard_open(table, shard))
		put(table, shard, key, &made, value, now);
	cache_shard_unlock(shard);
}

void cache_table_remove(struct cache_table *table, const struct cache_key *key)
{
	if (table->shard_count == 0)
		return;
	struct cache_shard *shard = shard_of(table, key);

	cache_shard_lock(shard);
	struct entry *entry = shard->ring.map ? look_up(table, shard, key) : NULL;
	if (entry)
		forget(table, shard, entry);
	cache_shard_unlock(shard);
}
