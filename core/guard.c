/*
 * guard.c - what credentials that nobody has seen may cost an upstream.
 *
 * Clients and known credentials live in tables of fixed size, found by a keyed hash; who needs a place takes
 * that of another. A client that loses its place begins anew with a full bucket, which the rate of the
 * instance bounds; a credential that loses its place is new again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "guard.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "siphash.h"

#define CLIENTS 4096 /* powers of two */
#define KNOWN   65536
#define SECOND  INT64_C(1000000000)

/* Holds time instead of tokens: a bucket that is full is `period` behind now. */
struct bucket {
	uint64_t owner; /* hash of the client; 0: nobody */
	int64_t spent;  /* the monotonic time up to which its rate is used up */
};

struct guard {
	pthread_mutex_t lock;
	uint64_t key[2];
	struct rate client;
	struct rate upstream;
	struct bucket all;
	struct bucket clients[CLIENTS];
	uint64_t known[KNOWN];
};

struct unit {
	char letter;
	int64_t period;
};

static const struct unit units[] = {{'s', SECOND}, {'m', 60 * SECOND}, {'h', 3600 * SECOND}};

bool rate_read(struct rate *ret, const char *text)
{
	char *end = NULL;
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 7 || text[digits] != '/' || strlen(text) != digits + 2)
		return false;
	unsigned long count = strtoul(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].letter != text[digits + 1] || count == 0 || count > 1000000)
			continue;
		*ret = (struct rate){(uint32_t)count, units[i].period};
		return true;
	}
	return false;
}

struct guard *guard_create(const struct rate *client, const struct rate *upstream)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return NULL;
	if (getrandom(guard->key, sizeof(guard->key), 0) != (ssize_t)sizeof(guard->key) ||
		pthread_mutex_init(&guard->lock, NULL) != 0) {
		free(guard);
		return NULL;
	}
	guard->client = *client;
	guard->upstream = *upstream;
	guard->all.spent = INT64_MIN;
	return guard;
}

void guard_destroy(struct guard *guard)
{
	if (!guard)
		return;
	pthread_mutex_destroy(&guard->lock);
	explicit_bzero(guard, sizeof(*guard));
	free(guard);
}

void guard_renew(struct guard *guard)
{
	pthread_mutex_init(&guard->lock, NULL);
}

/* Never 0. */
static uint64_t hash(const struct guard *guard, const char *bytes, size_t length)
{
	return siphash(guard->key, bytes, length) | 1;
}

static uint64_t hash_client(const struct guard *guard, const char *client)
{
	return hash(guard, client ? client : "", client ? strlen(client) : 0);
}

static struct bucket *client_bucket(struct guard *guard, uint64_t owner)
{
	struct bucket *bucket = &guard->clients[owner / 2 % CLIENTS];

	if (bucket->owner != owner)
		*bucket = (struct bucket){owner, INT64_MIN};
	return bucket;
}

static int64_t cost(const struct rate *rate)
{
	return rate->period / rate->count;
}

/* How long until one more fits; 0: now. */
static int64_t wait_of(const struct bucket *bucket, const struct rate *rate, int64_t now)
{
	if (rate->count == 0 || bucket->spent <= now - cost(rate))
		return 0;
	return bucket->spent - (now - cost(rate));
}

/* A bucket never holds more than one period. */
static void take_one(struct bucket *bucket, const struct rate *rate, int64_t now)
{
	if (rate->count == 0)
		return;
	if (bucket->spent < now - rate->period)
		bucket->spent = now - rate->period;
	bucket->spent += cost(rate);
}

int64_t guard_ask(
	struct guard *guard, const char *client, const char *credential, size_t length, int64_t now)
{
	uint64_t name = hash(guard, credential, length), owner = hash_client(guard, client);

	pthread_mutex_lock(&guard->lock);
	int64_t wait = 0;
	if (guard->known[name / 2 % KNOWN] != name) {
		struct bucket *bucket = client_bucket(guard, owner);
		int64_t alone = wait_of(bucket, &guard->client, now);
		int64_t together = wait_of(&guard->all, &guard->upstream, now);
		wait = alone > together ? alone : together;
		if (wait == 0) {
			take_one(bucket, &guard->client, now);
			take_one(&guard->all, &guard->upstream, now);
		}
	}
	pthread_mutex_unlock(&guard->lock);
	return wait;
}

void guard_accepted(struct guard *guard, const char *credential, size_t length)
{
	uint64_t name = hash(guard, credential, length);

	pthread_mutex_lock(&guard->lock);
	guard->known[name / 2 % KNOWN] = name;
	pthread_mutex_unlock(&guard->lock);
}

void guard_refund(struct guard *guard, const char *client)
{
	uint64_t owner = hash_client(guard, client);

	pthread_mutex_lock(&guard->lock);
	struct bucket *bucket = client_bucket(guard, owner);
	if (guard->client.count > 0 && bucket->spent != INT64_MIN)
		bucket->spent -= cost(&guard->client);
	if (guard->upstream.count > 0 && guard->all.spent != INT64_MIN)
		guard->all.spent -= cost(&guard->upstream);
	pthread_mutex_unlock(&guard->lock);
}
