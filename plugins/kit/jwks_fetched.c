/*
 * jwks_fetched.c - when a place is asked for its keys, and what comes of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "http_engine.h"
#include "http_hooks.h"
#include "jwks_source.h"

#define LIFETIME_LEAST (60 * SECOND)  /* whatever the issuer says */
#define LIFETIME_USUAL (600 * SECOND) /* if it says nothing */
#define BACKOFF_LEAST  SECOND
#define BACKOFF_MOST   (60 * SECOND)
/* A source that no call has wanted for so long is not kept fresh any more. */
#define IDLE (24 * 3600 * SECOND)

/* ---- When to fetch ---- */

bool source_busy(const struct source *source)
{
	return source->job && source->job_forks == http_forks();
}

int64_t source_due(const struct source *source, int64_t now)
{
	if (!source->keys || source_busy(source) || TAILQ_EMPTY(&source->users) ||
		now - atomic_load(&source->used) > IDLE)
		return INT64_MAX;
	return source->failed ? source->retry_at : source->refresh_at;
}

/* Until when who has the keys need not come back: something is to be begun or told by then. */
void source_publish(struct source *source, int64_t now)
{
	int64_t until = now < source->fresh_until ? source->fresh_until : source->stale_until;
	int64_t next = source->failed ? source->retry_at : source->refresh_at;

	bool untold = source->news[0] || source->event[0];

	if (!source->keys || untold || (now >= source->fresh_until && !source->failed))
		until = 0;
	else if (!source_busy(source) && next < until)
		until = next;
	atomic_store(&source->quiet_until, until);
}

/* 0 to `most`, so that not all who began together come back together. */
static int64_t jitter(int64_t most)
{
	unsigned char byte = 128;

	(void)RAND_bytes(&byte, 1);
	return most / 255 * byte;
}

static void news(struct source *source, int32_t level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void news(struct source *source, int32_t level, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(source->news, sizeof(source->news), format, list);
	va_end(list);
	source->news_level = level;
}

static void event(struct source *source, int32_t outcome, const char *text)
{
	(void)snprintf(source->event, sizeof(source->event), "%s", text);
	source->event_outcome = outcome;
}

/* The first failure in a row, and then fewer and fewer. */
static void tell_failure(struct source *source)
{
	const struct tpam_fault *fault = &source->failure.fault;

	if (source->failures & (source->failures - 1))
		return;
	news(source, source->keys ? TPAM_LOG_WARNING : TPAM_LOG_ERROR,
		"the keys of the issuer could not be fetched (%u in a row): got %s, expected %s%s",
		source->failures, fault->got[0] ? fault->got : "nothing",
		fault->expected[0] ? fault->expected : "an answer",
		source->keys ? "; those that are known go on for now" : "");
	event(source, source->failure.outcome, source->news);
}

static void fail(struct source *source, const struct tpam_http_failure *failure, int64_t now)
{
	unsigned shift = source->failures < 6 ? source->failures : 6;
	int64_t wait = BACKOFF_LEAST << shift;

	if (wait > BACKOFF_MOST)
		wait = BACKOFF_MOST;
	wait += jitter(wait / 4);
	if (failure->retry_after > 0 && failure->retry_after * SECOND > wait)
		wait = failure->retry_after * SECOND;
	source->failure = *failure;
	source->failed = true;
	source->failures++;
	source->retry_at = now + wait;
	tell_failure(source);
}

void source_fetch(struct source *source)
{
	struct tpam_http_failure failure;
	int64_t now = http_clock();

	if (source_busy(source))
		return;
	source->begun++;
	if (!job_start(source, &failure)) {
		source->ended = source->begun;
		fail(source, &failure, now);
	}
	source_publish(source, now);
}

/* ---- What a fetch came to ---- */

/* A set of keys is good for as long as the issuer says, within bounds. */
static void confirm(struct source *source, struct fetched *fetched)
{
	int64_t lifetime = fetched->lifetime < 0 ? LIFETIME_USUAL : fetched->lifetime * SECOND;

	if (lifetime < LIFETIME_LEAST)
		lifetime = LIFETIME_LEAST;
	if (lifetime > source->refresh)
		lifetime = source->refresh;
	source->fetched = fetched->began;
	source->fetched_wall = fetched->began_wall;
	JWKS_SWAP(source->metadata, fetched->metadata);
	source->fresh_until = fetched->began + lifetime;
	source->refresh_at = source->fresh_until - lifetime / 4 + jitter(lifetime / 8);
	source->stale_until = source->fresh_until + source->stale;
	if (source->failures > 0) {
		news(source, TPAM_LOG_NOTICE, "the keys of the issuer were fetched again");
		event(source, TPAM_SUCCESS, source->news);
	}
	source->failed = false;
	source->failures = 0;
}

/* Verdicts that rest on keys that are gone must not be kept. */
static void flush(const struct source *source)
{
	struct tpam_jwks *user;

	TAILQ_FOREACH(user, &source->users, link)
	user->host->cache_flush(user->instance);
}

static void adopt(struct source *source, struct fetched *fetched)
{
	bool changed = !source->keys || memcmp(source->content, fetched->content, HTTP_DIGEST) != 0;

	confirm(source, fetched);
	JWKS_SWAP(source->etag, fetched->etag);
	JWKS_SWAP(source->found_uri, fetched->uri);
	if (!changed)
		return;
	size_t skipped = tpam_keys_skipped(fetched->keys);
	if (skipped > 0)
		news(source, TPAM_LOG_WARNING,
			"%zu of the issuer's %zu keys cannot be used and are left out", skipped,
			skipped + tpam_keys_count(fetched->keys));
	if (source->keys)
		event(source, TPAM_SUCCESS, "the keys of the issuer are others than before");
	JWKS_SWAP(source->keys, fetched->keys);
	memcpy(source->content, fetched->content, HTTP_DIGEST);
	atomic_fetch_add(&source->version, 1);
	flush(source);
}

/* One after the other, since each may be gone once the lock was given up. */
void source_wake(struct source *source)
{
	struct jwks_waiter *waiter;

	jwks_ended();
	while ((waiter = TAILQ_FIRST(&source->waiters)) && waiter->wanted <= source->ended) {
		const struct tpam_host *host = waiter->host;
		struct tpam_waker *waker = waiter->waker;
		TAILQ_REMOVE(&source->waiters, waiter, link);
		waiter->source = NULL;
		waiter->waker = NULL;
		jwks_unlock();
		host->wake(waker);
		host->waker_release(waker);
		jwks_lock();
	}
}

void source_settle(struct source *source, struct fetched *fetched)
{
	jwks_lock();
	int64_t now = http_clock();
	source->job = NULL;
	source->ended = source->begun;
	if (fetched->same && source->keys)
		confirm(source, fetched);
	else if (fetched->keys)
		adopt(source, fetched);
	else
		fail(source, &fetched->failure, now);
	if (fetched->save_error && !source->save_failed)
		news(source, TPAM_LOG_WARNING, "the issuer's keys cannot be kept in %s: %s",
			source->file ? source->file : "the folder", strerror(fetched->save_error));
	source->save_failed = fetched->save_error != 0;
	source_publish(source, now);
	http_tick_at(source_due(source, now));
	source_wake(source);
	jwks_unlock();
}
