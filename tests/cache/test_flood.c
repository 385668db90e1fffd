/*
 * test_flood.c - a million tokens that somebody made up push out nothing that was verified, and take no more memory than
 * they may; and nothing of another credential is found by a hash alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "cache.h"

#define GOOD    1000
#define BAD     1000000
#define THROUGH 20000 /* by way of the library's own door */

static const struct cache_moment now = {1000, 1000};
static const struct cache_life life = {{2000, 2000}, {2000, 2000}};
static const atomic_uint_fast64_t epoch_now;
static const struct cache_epoch epoch = {&epoch_now, 0};

static void key_of(struct cache_key *key, char token[64], const char *kind, unsigned number)
{
	int length = snprintf(token, 64, "%s-%u", kind, number);
	cache_key_begin(key, 0, 0);
	CHECK(cache_key_add(key, token, (size_t)length));
}

static bool find(struct cache *cache, const char *kind, unsigned number)
{
	struct arena arena = {0};
	struct cache_copy copy = {.arena = &arena};
	struct cache_key key;
	struct cache_moment moment = now;
	char token[64];
	key_of(&key, token, kind, number);
	bool found = cache_find(cache, &key, &moment, NULL, &copy);
	if (found)
		CHECK(copy.size == strlen(token) && memcmp(copy.value, token, copy.size) == 0);
	arena_finish(&arena);
	return found;
}

static void put(struct cache *cache, const char *kind, unsigned number, bool good)
{
	struct cache_key key;
	char token[64];
	key_of(&key, token, kind, number);
	cache_put(cache, &key, good, &epoch, &life, &now, token, strlen(token));
}

static unsigned count_good(struct cache *cache)
{
	unsigned found = 0;
	for (unsigned i = 0; i < GOOD; i++)
		found += find(cache, "good", i);
	return found;
}

static void test_flood(void)
{
	struct tally *tally = tally_create();
	struct cache *cache = cache_create(8000, 8 << 20, tally);
	uint64_t most_entries = 0, most_bytes = 0;
	for (unsigned i = 0; i < GOOD; i++)
		put(cache, "good", i, true);
	CHECK(count_good(cache) == GOOD);
	for (unsigned i = 0; i < BAD; i++) {
		put(cache, "bad", i, false);
		if (cache->bad.entries > most_entries)
			most_entries = cache->bad.entries;
		if (cache->bad.bytes > most_bytes)
			most_bytes = cache->bad.bytes;
	}
	CHECK(count_good(cache) == GOOD);
	CHECK(cache->good.entries == GOOD);
	CHECK(most_entries > 0 && most_entries <= 8000 / CACHE_NEGATIVE_SHARE);
	CHECK(most_bytes <= (8 << 20) / CACHE_NEGATIVE_SHARE);
	CHECK(find(cache, "bad", BAD - 1) && !find(cache, "bad", 0));
	cache_close(cache);
	CHECK(count_good(cache) == 0 && cache->good.entries == 0 && cache->bad.bytes == 0);
	put(cache, "good", 1, true);
	CHECK(!find(cache, "good", 1));
	cache_destroy(cache);
	tally_unref(tally);
}

/* Keys whose hashes are made the same are still told apart. */
static void test_collision(void)
{
	struct tally *tally = tally_create();
	struct cache_table table;
	struct cache_key one, other;
	struct cache_moment moment = now;
	char first[64], second[64];
	struct arena arena = {0};
	struct cache_copy copy = {.arena = &arena};
	CHECK(cache_table_begin(&table, 1000, 1 << 20, tally));
	key_of(&one, first, "good", 1);
	key_of(&other, second, "good", 2);
	one.hash = other.hash = 12345;
	cache_table_put(&table, &one, &epoch, &life, &now, "one", 3);
	CHECK(cache_table_find(&table, &other, &moment, NULL, true, &copy) == CACHE_NOTHING);
	cache_table_put(&table, &other, &epoch, &life, &now, "two", 3);
	CHECK(cache_table_find(&table, &one, &moment, NULL, true, &copy) == CACHE_FRESH);
	CHECK(copy.size == 3 && memcmp(copy.value, "one", 3) == 0);
	cache_table_remove(&table, &one);
	CHECK(cache_table_find(&table, &one, &moment, NULL, true, &copy) == CACHE_NOTHING);
	CHECK(cache_table_find(&table, &other, &moment, NULL, true, &copy) == CACHE_FRESH);
	arena_finish(&arena);
	cache_table_finish(&table);
	tally_unref(tally);
}

/* What is removed, run over or closed is no longer in the memory of the ring. */
static void test_wiped(void)
{
	struct tally *tally = tally_create();
	struct cache_table table;
	struct cache_key key;
	char token[64];
	CHECK(cache_table_begin(&table, 1000, 1 << 16, tally));
	key_of(&key, token, "secret-of-somebody", 7);
	key.hash = 99;
	cache_table_put(&table, &key, &epoch, &life, &now, "value-of-it", 11);
	const struct cache_ring *ring = &table.shards[0].ring;
	size_t size = (size_t)ring->size * RING_UNIT;
	CHECK(memmem(ring->blocks, size, token, strlen(token)) != NULL);
	cache_table_remove(&table, &key);
	CHECK(memmem(ring->blocks, size, "secret-of", 9) == NULL);
	CHECK(memmem(ring->blocks, size, "value-of", 8) == NULL);
	cache_table_put(&table, &key, &epoch, &life, &now, "value-of-it", 11);
	for (unsigned i = 0; i < 2000; i++) {
		struct cache_key another;
		char other[64];
		key_of(&another, other, "filler", i);
		another.hash = 100 + 2 * i;
		cache_table_put(&table, &another, &epoch, &life, &now, other, strlen(other));
	}
	CHECK(memmem(ring->blocks, size, "filler", 6) != NULL);
	CHECK(memmem(ring->blocks, size, "secret-of", 9) == NULL);
	cache_table_finish(&table);
	tally_unref(tally);
}

static int32_t ask(struct tpam_engine *engine, const char *kind, unsigned number)
{
	char value[64];
	struct tpam_result *result = NULL;
	(void)snprintf(value, sizeof(value), "Bearer %s-%u", kind, number);
	struct tpam_request *request = sandbox_request("api", value);
	if (tpam_authenticate(engine, request, &result) != TPAM_OK)
		abort();
	int32_t outcome = tpam_result_outcome(result);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return outcome;
}

static void test_engine(void)
{
	struct tpam_statistics before = {.size = sizeof(before)}, after = before;
	sandbox_write("flood.ini", "[tokenpam]\nmode = development\ncache_entries = 800\n"
				   "[provider:kept]\nplugin = kept\n"
				   "audience = https://api.example.com\n"
				   "[service:api]\nauth = required kept\n");
	struct tpam_engine *engine =
		sandbox_engine("flood.ini", (struct tpam_engine_options){.size = 0});
	for (unsigned i = 0; i < 500; i++)
		CHECK(ask(engine, "good", i) == TPAM_SUCCESS);
	for (unsigned i = 0; i < THROUGH; i++)
		CHECK(ask(engine, "bad", i) == TPAM_INVALID);
	CHECK(tpam_engine_statistics(engine, &before) == TPAM_OK);
	CHECK(before.cache_entries <= 550 && before.cache_evictions >= THROUGH - 50);
	for (unsigned i = 0; i < 500; i++)
		CHECK(ask(engine, "good", i) == TPAM_SUCCESS);
	CHECK(tpam_engine_statistics(engine, &after) == TPAM_OK);
	CHECK(after.cache_hits == before.cache_hits + 500);
	tpam_engine_close(engine);
}

int main(void)
{
	sandbox_begin();
	test_flood();
	test_collision();
	test_wiped();
	test_engine();
	sandbox_end();
	return check_end();
}
