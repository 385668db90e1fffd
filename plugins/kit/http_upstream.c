/*
 * http_upstream.c - what is known of each upstream: its queue, its breaker.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "http_failure.h"
#include "http_upstream.h"

#define HOLD_MOST 60 /* seconds */

void upstream_table_init(struct upstream_table *table)
{
	for (size_t i = 0; i < UPSTREAM_BUCKETS; i++)
		TAILQ_INIT(&table->buckets[i]);
	TAILQ_INIT(&table->busy);
	table->count = 0;
}

static void forget(struct upstream_table *table, struct upstream *upstream)
{
	TAILQ_REMOVE(&table->buckets[upstream->digest[0]], upstream, bucket);
	table->count--;
	free(upstream);
}

void upstream_table_finish(struct upstream_table *table)
{
	for (size_t i = 0; i < UPSTREAM_BUCKETS; i++)
		while (!TAILQ_EMPTY(&table->buckets[i]))
			forget(table, TAILQ_FIRST(&table->buckets[i]));
}

static bool is_idle(const struct upstream *upstream)
{
	return upstream->waits == 0 && upstream->runs == 0;
}

/*
 * Room for one more: those go of whom nothing is to be remembered; if there are none, one that is
 * idle.
 */
static bool make_room(struct upstream_table *table, int64_t now)
{
	struct upstream *spare = NULL;

	if (table->count < UPSTREAMS_MAX)
		return true;
	for (size_t i = 0; i < UPSTREAM_BUCKETS; i++) {
		struct upstream *next;
		for (struct upstream *at = TAILQ_FIRST(&table->buckets[i]); at; at = next) {
			next = TAILQ_NEXT(at, bucket);
			if (!is_idle(at))
				continue;
			if (breaker_is_fresh(&at->breaker) && at->held <= now)
				forget(table, at);
			else
				spare = at;
		}
	}
	if (table->count >= UPSTREAMS_MAX && spare)
		forget(table, spare);
	return table->count < UPSTREAMS_MAX;
}

struct upstream *upstream_get(
	struct upstream_table *table, const unsigned char digest[HTTP_DIGEST], int64_t now)
{
	struct upstream *upstream;

	TAILQ_FOREACH(upstream, &table->buckets[digest[0]], bucket)
	if (memcmp(upstream->digest, digest, HTTP_DIGEST) == 0)
		return upstream;
	if (!make_room(table, now))
		return NULL;
	upstream = calloc(1, sizeof(*upstream));
	if (!upstream)
		return NULL;
	memcpy(upstream->digest, digest, HTTP_DIGEST);
	TAILQ_INIT(&upstream->waiting);
	TAILQ_INSERT_HEAD(&table->buckets[digest[0]], upstream, bucket);
	table->count++;
	return upstream;
}

void upstream_wait(struct upstream_table *table, struct transfer *transfer)
{
	struct upstream *upstream = transfer->upstream;

	if (upstream->waits++ == 0)
		TAILQ_INSERT_TAIL(&table->busy, upstream, busy);
	TAILQ_INSERT_TAIL(&upstream->waiting, transfer, link);
}

void upstream_unwait(struct upstream_table *table, struct transfer *transfer)
{
	struct upstream *upstream = transfer->upstream;

	TAILQ_REMOVE(&upstream->waiting, transfer, link);
	if (--upstream->waits == 0)
		TAILQ_REMOVE(&table->busy, upstream, busy);
}

static int64_t whole_seconds(int64_t nanoseconds)
{
	return (nanoseconds + SECOND - 1) / SECOND;
}

static void refuse_open(
	const struct upstream *upstream, int64_t now, struct tpam_http_failure *failure)
{
	const struct tpam_http_failure *last = &upstream->last;
	int64_t pause = whole_seconds(breaker_pause(&upstream->breaker, now));
	char got[160];

	snprintf(got, sizeof(got), "%d failures in a row, the last: %.100s", BREAKER_FAILURES,
		last->fault.got);
	(void)failure_set(failure, TPAM_UNAVAILABLE, last->fault.reason, last->fault.expected, got);
	failure->retry_after = pause > 0 ? pause : 1;
}

bool upstream_admits(struct upstream *upstream, struct transfer *transfer, int64_t now,
	struct tpam_http_failure *failure)
{
	if ((transfer->request->flags & TPAM_HTTP_OURS) && upstream->held > now) {
		(void)failure_set(failure, TPAM_RATE_LIMITED, TPAM_REASON_UPSTREAM_RATE_LIMIT,
			"HTTP 200", "HTTP 429 to an earlier request");
		failure->retry_after = whole_seconds(upstream->held - now);
		return false;
	}
	enum breaker_verdict verdict = breaker_ask(&upstream->breaker, now);
	if (verdict == BREAKER_REFUSE)
		refuse_open(upstream, now, failure);
	transfer->probe = verdict == BREAKER_PROBE;
	return verdict != BREAKER_REFUSE;
}

/* Without a random number all pauses are equally long. */
static uint32_t chance(void)
{
	uint32_t number = 0;

	if (RAND_bytes((unsigned char *)&number, sizeof(number)) != 1)
		return 512;
	return number;
}

bool upstream_learn(struct upstream *upstream, const struct transfer *transfer,
	enum breaker_report report, const struct tpam_http_failure *failure, int64_t now)
{
	if (failure && failure->outcome == TPAM_RATE_LIMITED && failure->retry_after > 0 &&
		(transfer->request->flags & TPAM_HTTP_OURS)) {
		int64_t seconds =
			failure->retry_after < HOLD_MOST ? failure->retry_after : HOLD_MOST;
		upstream->held = now + seconds * SECOND;
	}
	if (!breaker_tell(&upstream->breaker, report, transfer->probe, now, chance()))
		return false;
	if (failure)
		upstream->last = *failure;
	return true;
}
