/*
 * jwks_wait.c - calls that want keys: what they get, and how they wait.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"
#include "jwks_wait.h"

#define USED_EVERY (60 * SECOND) /* written no more often than that */

/* ---- One who waits ---- */

static void waiter_destroy(void *memory)
{
	struct jwks_waiter *waiter = memory;

	jwks_lock();
	if (waiter->source)
		TAILQ_REMOVE(&waiter->source->waiters, waiter, link);
	jwks_unlock();
	if (waiter->waker)
		waiter->host->waker_release(waiter->waker);
	free(waiter);
}

/* The call's, made when it first asks; NULL without memory. */
static struct jwks_waiter *waiter_of(const struct tpam_jwks *jwks, struct tpam_call *call)
{
	void **slot = jwks->host->slot(call, jwks, "keys", waiter_destroy);

	if (!slot)
		return NULL;
	if (!*slot) {
		struct jwks_waiter *waiter = calloc(1, sizeof(*waiter));
		if (!waiter)
			return NULL;
		waiter->host = jwks->host;
		*slot = waiter;
	}
	return *slot;
}

/* Under the lock, which is given up meanwhile. True if the call is parked, and is to return. */
static bool park(struct jwks_waiter *waiter, struct source *source, struct tpam_call *call)
{
	const struct tpam_host *host = waiter->host;

	if (!host->is_async(call))
		return false;
	jwks_unlock();
	struct tpam_waker *waker = host->park(call);
	jwks_lock();
	if (!waker)
		return false;
	bool parked = source_busy(source) && source->ended < waiter->wanted;
	struct tpam_waker *other = parked ? waiter->waker : waker;
	if (parked) {
		waiter->waker = waker;
		/* The list is in the order of what is wanted. */
		if (waiter->source)
			TAILQ_REMOVE(&source->waiters, waiter, link);
		TAILQ_INSERT_TAIL(&source->waiters, waiter, link);
		waiter->source = source;
	}
	if (other) {
		jwks_unlock();
		host->waker_release(other);
		jwks_lock();
	}
	return parked;
}

/*
 * Under the lock, which is given up meanwhile: until the fetch that is under way has ended. TPAM_OK:
 * look again; TPAM_PENDING; or, when the call's time is over, a code with `failure`.
 */
static int wait_for_end(struct tpam_jwks *jwks, struct tpam_call *call, struct jwks_waiter *waiter,
	struct tpam_http_failure *failure)
{
	struct source *source = jwks->source;
	int64_t deadline = fetch_deadline(jwks->host, jwks->instance, call);

	if (!waiter)
		return failure_no_memory(failure);
	waiter->wanted = source->begun;
	if (http_clock() >= deadline)
		return failure_deadline(failure);
	if (park(waiter, source, call))
		return TPAM_PENDING;
	while (source_busy(source) && source->ended < waiter->wanted)
		if (!jwks_wait_here(deadline))
			return failure_deadline(failure);
	return TPAM_OK;
}

/* ---- Keys ---- */

static void note_use(struct source *source, int64_t now)
{
	if (now - atomic_load_explicit(&source->used, memory_order_relaxed) > USED_EVERY)
		atomic_store_explicit(&source->used, now, memory_order_relaxed);
}

/* The keys of an earlier run take the place of those that cannot be had, as long as they may. */
static void restore(const struct tpam_jwks *jwks, int64_t now)
{
	struct source *source = jwks->source;
	int64_t wall = jwks->host->clock_wall(jwks->instance) / SECOND;
	int64_t age = (wall - source->saved_wall) * SECOND;

	if (source->keys || !source->saved || !source->failed || age < 0 || age >= source->stale)
		return;
	source->keys = source->saved;
	source->saved = NULL;
	source->fetched = now - age;
	source->fetched_wall = source->saved_wall;
	source->refresh_at = source->fresh_until = now;
	source->stale_until = now + source->stale - age;
	atomic_fetch_add(&source->version, 1);
}

enum advice { ADVICE_SERVE, ADVICE_WAIT, ADVICE_FAIL };

/* Under the lock: begins what is to be begun. */
static enum advice advise(const struct tpam_jwks *jwks, int64_t now)
{
	struct source *source = jwks->source;
	bool fresh = source->keys && now < source->fresh_until;

	if (fresh && now >= source->refresh_at && (!source->failed || now >= source->retry_at))
		source_fetch(source);
	if (fresh)
		return ADVICE_SERVE;
	if (!source->failed || now >= source->retry_at)
		source_fetch(source);
	restore(jwks, now);
	/* Whoever has old keys need not wait for a second try to fail. */
	if (source->keys && source->failed && now < source->stale_until)
		return ADVICE_SERVE;
	return source_busy(source) ? ADVICE_WAIT : ADVICE_FAIL;
}

/* As the last fetch ended, and how long it is until the next. */
static int fail(const struct source *source, int64_t now, struct tpam_http_failure *failure)
{
	int64_t left = (source->retry_at - now + SECOND - 1) / SECOND;

	*failure = source->failure;
	if (failure->outcome != TPAM_ERROR && failure->retry_after < left)
		failure->retry_after = left > 0 ? left : 0;
	return TPAM_E_SYSTEM;
}

/* What there is to tell is told by a call, since only then the instance is surely open. */
static void tell(const struct tpam_jwks *jwks)
{
	const struct tpam_host *host = jwks->host;
	struct source *source = jwks->source;
	char news[JWKS_NEWS], event[JWKS_NEWS];
	int32_t level = source->news_level, outcome = source->event_outcome;

	if (!source->news[0] && !source->event[0])
		return;
	memcpy(news, source->news, sizeof(news));
	memcpy(event, source->event, sizeof(event));
	source->news[0] = source->event[0] = '\0';
	source_publish(source, http_clock());
	jwks_unlock();
	if (news[0])
		host->log(jwks->instance, level, news);
	if (event[0] && TPAM_HAS(host, event))
		host->event(jwks->instance, TPAM_EVENT_KEYS, outcome, event);
	jwks_lock();
}

static int keys_under_lock(struct tpam_jwks *jwks, struct tpam_call *call,
	struct jwks_waiter *waiter, struct tpam_keys **ret, uint64_t *ret_version,
	struct tpam_http_failure *failure)
{
	struct source *source = jwks->source;
	int code;

	for (;;) {
		int64_t now = http_clock();
		note_use(source, now);
		enum advice advice = advise(jwks, now);
		tell(jwks);
		if (advice == ADVICE_SERVE) {
			*ret = tpam_keys_ref(source->keys);
			*ret_version = atomic_load(&source->version);
			return TPAM_OK;
		}
		if (advice == ADVICE_FAIL)
			return fail(source, now, failure);
		if ((code = wait_for_end(jwks, call, waiter, failure)) != TPAM_OK)
			return code;
	}
}

int jwks_keys(struct tpam_jwks *jwks, struct tpam_call *call, const struct tpam_keys **ret,
	uint64_t *ret_version, struct tpam_http_failure *failure)
{
	struct source *source = jwks->source;
	uint64_t version = atomic_load(&source->version);
	struct tpam_keys *keys = NULL;
	int64_t now = http_clock();

	if (version > 0 && now < atomic_load(&source->quiet_until) &&
		(*ret = view_find(source, version))) {
		note_use(source, now);
		*ret_version = version;
		return TPAM_OK;
	}
	struct jwks_waiter *waiter = waiter_of(jwks, call);
	jwks_lock();
	int code = keys_under_lock(jwks, call, waiter, &keys, ret_version, failure);
	jwks_unlock();
	if (code != TPAM_OK)
		return code;
	*ret = view_put(source, *ret_version, keys);
	return *ret ? TPAM_OK : failure_no_memory(failure);
}

/* ---- Others than those ---- */

/* A fetch that the parent of this process had begun: what it would have found is still to be looked for. */
static void forget_lost(struct source *source)
{
	if (!source->job || source_busy(source))
		return;
	source->job = NULL;
	source->search_at = INT64_MIN;
}

static int search_under_lock(struct tpam_jwks *jwks, struct tpam_call *call,
	struct jwks_waiter *waiter, uint64_t version, bool anew, int64_t *ret_wait,
	int64_t *ret_age, struct tpam_http_failure *failure)
{
	struct source *source = jwks->source;
	int code;

	forget_lost(source);
	for (;;) {
		int64_t now = http_clock();
		if (!anew && atomic_load(&source->version) != version)
			return TPAM_OK;
		/* One that was begun before may have been answered before the key was there. */
		if (!waiter->searching)
			waiter->arrived = source->begun;
		waiter->searching = true;
		if (source->ended > waiter->arrived)
			return source->failed ? fail(source, now, failure) : TPAM_E_UNSET;
		if (!source_busy(source)) {
			if (!anew && source->failed && now < source->retry_at)
				return fail(source, now, failure);
			if (!anew && now < source->search_at) {
				*ret_wait = source->search_at - now;
				*ret_age = now - source->fetched;
				return TPAM_E_LIMIT;
			}
			source->search_at = now + source->cooldown;
			source_fetch(source);
			continue;
		}
		if ((code = wait_for_end(jwks, call, waiter, failure)) != TPAM_OK)
			return code;
	}
}

int jwks_search(struct tpam_jwks *jwks, struct tpam_call *call, uint64_t version, bool anew,
	int64_t *ret_wait, int64_t *ret_age, struct tpam_http_failure *failure)
{
	struct jwks_waiter *waiter = waiter_of(jwks, call);

	if (!waiter)
		return failure_no_memory(failure);
	jwks_lock();
	int code = search_under_lock(jwks, call, waiter, version, anew, ret_wait, ret_age, failure);
	jwks_unlock();
	return code;
}
