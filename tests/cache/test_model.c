/*
 * test_model.c - the cache against a naive one, step by step, with clocks that the test sets.
 *
 * In a table with room for everything both must say the same. In one that is too small the cache may have forgotten, but
 * what it says must be what was last put, fresh by both clocks, and of the present epoch; and it must stay within its
 * bounds.
 *
 * test_model [SEED] plays one seed alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <time.h>

#include "../unit/check.h"
#include "cache_table.h"

#define KEYS   300
#define OWNERS 3
#define STEPS  150000

/* What was last put for a key. */
struct known {
	bool there;
	uint64_t epoch;
	struct cache_life life;
	size_t size;
	char value[600];
};

struct world {
	uint64_t random;
	struct cache_table table;
	struct cache_secret secret;
	struct tally *tally;
	atomic_uint_fast64_t epochs[OWNERS];
	struct known known[KEYS];
	struct cache_moment now;
	bool roomy;
	size_t found;
};

static uint32_t roll(struct world *world, uint32_t sides)
{
	world->random =
		world->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(world->random >> 33) % sides;
}

/* Keys that differ in their owners, in one byte, in their length, and in what is absent or empty. */
static void key_of(struct world *world, struct cache_key *key, size_t number, char text[1200])
{
	size_t length = 20 + number % 7 * 150;
	memset(text, 'x', length);
	(void)snprintf(text + length - 8, 9, "%07zu", number / 6);
	text[length - 1] = (char)('a' + number % 3);
	cache_key_begin(key, (uint32_t)(number % OWNERS), 0);
	CHECK(cache_key_add(key, text, length));
	CHECK(cache_key_add(key, number % 2 ? "" : NULL, 0));
	cache_key_hash(key, &world->secret);
}

static bool before(const struct cache_moment *now, const struct cache_moment *end)
{
	return now->monotonic < end->monotonic && now->wall < end->wall;
}

static enum cache_found expected_of(const struct world *world, size_t number)
{
	const struct known *known = &world->known[number];
	if (!known->there || known->epoch != world->epochs[number % OWNERS])
		return CACHE_NOTHING;
	if (before(&world->now, &known->life.fresh))
		return CACHE_FRESH;
	return before(&world->now, &known->life.stale) ? CACHE_STALE : CACHE_NOTHING;
}

static void step_put(struct world *world, size_t number)
{
	struct known *known = &world->known[number];
	struct cache_key key;
	char text[1200];
	const struct cache_epoch epoch = {&world->epochs[number % OWNERS],
		world->epochs[number % OWNERS] - roll(world, 9) / 8};
	int64_t fresh = roll(world, 100), longer = roll(world, 3) == 0 ? roll(world, 100) : 0;
	known->life.fresh = (struct cache_moment){
		world->now.monotonic + fresh, world->now.wall + fresh - roll(world, 5)};
	known->life.stale = (struct cache_moment){
		known->life.fresh.monotonic + longer, known->life.fresh.wall + longer};
	known->size = roll(world, sizeof(known->value));
	for (size_t i = 0; i < known->size; i++)
		known->value[i] = (char)roll(world, 256);
	known->epoch = epoch.then;
	known->there = true;
	key_of(world, &key, number, text);
	cache_table_put(
		&world->table, &key, &epoch, &known->life, &world->now, known->value, known->size);
}

static void step_find(struct world *world, size_t number)
{
	const struct known *known = &world->known[number];
	struct arena arena = {0};
	struct cache_copy copy = {.arena = &arena};
	struct cache_key key;
	char text[1200];
	bool stale = roll(world, 2);
	enum cache_found expected = expected_of(world, number);
	key_of(world, &key, number, text);
	enum cache_found got =
		cache_table_find(&world->table, &key, &world->now, NULL, stale, &copy);
	CHECK(got == expected || (!world->roomy && got == CACHE_NOTHING));
	bool wanted = got == CACHE_FRESH || (got == CACHE_STALE && stale);
	CHECK(wanted == (copy.value != NULL));
	if (copy.value)
		CHECK(copy.size == known->size && memcmp(copy.value, known->value, copy.size) == 0);
	world->found += copy.value != NULL;
	arena_finish(&arena);
}

static void step_remove(struct world *world, size_t number)
{
	struct cache_key key;
	char text[1200];
	key_of(world, &key, number, text);
	cache_table_remove(&world->table, &key);
	world->known[number].there = false;
}

/* The child of a fork begins with nothing; so does this. */
static void step_renew(struct world *world)
{
	cache_table_renew(&world->table);
	memset(world->known, 0, sizeof(world->known));
}

static void step(struct world *world)
{
	size_t number = roll(world, KEYS);
	uint32_t what = roll(world, 1000);
	if (what < 300)
		step_put(world, number);
	else if (what < 900)
		step_find(world, number);
	else if (what < 940)
		step_remove(world, number);
	else if (what < 990)
		world->now.monotonic += roll(world, 10), world->now.wall += roll(world, 10);
	else if (what < 995)
		world->now.wall += (int64_t)roll(world, 40) - 20;
	else if (what < 999)
		world->epochs[roll(world, OWNERS)]++;
	else
		step_renew(world);
	CHECK(world->table.entries <= world->table.entries_max);
	CHECK(world->table.bytes <= world->table.shard_count * world->table.ring_size);
}

static void play(uint64_t seed, uint64_t entries, uint64_t bytes, bool roomy)
{
	struct world *world = calloc(1, sizeof(*world));
	unsigned failed = check_failed;
	world->random = seed;
	world->roomy = roomy;
	world->tally = tally_create();
	world->now = (struct cache_moment){1000, 1000000};
	for (size_t i = 0; i < OWNERS; i++)
		world->epochs[i] = 5;
	CHECK(cache_secret_make(&world->secret));
	CHECK(cache_table_begin(&world->table, entries, bytes, world->tally));
	for (unsigned i = 0; i < STEPS && check_failed == failed; i++)
		step(world);
	CHECK(world->found > STEPS / 100);
	if (check_failed != failed)
		fprintf(stderr, "seed %" PRIu64 ", %" PRIu64 " entries, %" PRIu64 " bytes\n", seed,
			entries, bytes);
	cache_table_finish(&world->table);
	tally_unref(world->tally);
	free(world);
}

static void play_all(uint64_t seed)
{
	play(seed, 100000, 64 << 20, true);
	play(seed, 2000, 4 << 20, true);
	play(seed, 20, 4 << 20, false);
	play(seed, 100000, 40 << 10, false);
	play(seed, 5000, 2 << 20, false);
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL);
	if (argc > 1) {
		play_all(strtoull(argv[1], NULL, 10));
		return check_end();
	}
	play_all(1);
	printf("seed %" PRIu64 "\n", seed);
	play_all(seed);
	return check_end();
}
