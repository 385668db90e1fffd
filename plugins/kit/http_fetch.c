/*
 * http_fetch.c - fetches: in a call, which waits or is parked, and in the background.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"

static bool cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	bool fine = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
		    pthread_cond_init(cond, &attributes) == 0;
	pthread_condattr_destroy(&attributes);
	return fine;
}

static struct waiter *waiter_create(const struct tpam_host *host)
{
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	if (!waiter)
		return NULL;
	atomic_init(&waiter->done, false);
	waiter->host = host;
	waiter->can_be_woken = cond_init(&waiter->woken);
	if (waiter->can_be_woken)
		return waiter;
	free(waiter);
	return NULL;
}

/* Gives up what is under way. True if it was this process's; of the parent's nothing is touched. */
static bool leave(struct waiter *waiter)
{
	if (atomic_load(&waiter->done))
		return true;
	if (!waiter->engine)
		return true;
	if (!engine_is_ours(waiter->engine))
		return false;
	pthread_mutex_lock(&waiter->engine->lock);
	engine_leave(waiter);
	pthread_mutex_unlock(&waiter->engine->lock);
	return true;
}

/* The end of a slot: with the request, in whatever thread that is. */
static void waiter_destroy(void *memory)
{
	struct waiter *waiter = memory;

	if (leave(waiter)) {
		pthread_cond_destroy(&waiter->woken);
		tpam_http_answer_unref(waiter->answer);
		if (waiter->waker)
			waiter->host->waker_release(waiter->waker);
	}
	free(waiter);
}

static void give_up(struct waiter *waiter, int code)
{
	waiter->code = code;
	atomic_store(&waiter->done, true);
}

static int submit(struct waiter *waiter, struct tpam_http *http,
	const struct tpam_http_request *from, int64_t deadline, struct tpam_http_failure *failure)
{
	int code = TPAM_OK;
	struct request *request = request_create(http, from, failure, &code);

	if (!request)
		return code;
	struct engine *engine = engine_get();
	if (!engine) {
		request_destroy(request);
		return failure_no_memory(failure);
	}
	return engine_submit(engine, waiter, http, request, deadline, failure);
}

int64_t fetch_deadline(
	const struct tpam_host *host, const struct tpam_instance *instance, struct tpam_call *call)
{
	int64_t deadline = host->deadline(call);

	if (deadline == 0)
		return INT64_MAX;
	int64_t left = deadline - host->clock_monotonic(instance);
	return http_clock() + (left > 0 ? left : 0);
}

static int hand_over(const struct waiter *waiter, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	if (waiter->code == TPAM_OK)
		*ret = waiter->answer;
	else
		*failure = waiter->failure;
	return waiter->code;
}

static int out_of_time(struct waiter *waiter)
{
	if (!leave(waiter))
		waiter->engine = NULL;
	if (!atomic_load(&waiter->done))
		give_up(waiter, failure_deadline(&waiter->failure));
	return waiter->code;
}

/* In this thread, until it is done or the deadline has passed. */
static void wait_here(struct waiter *waiter, int64_t deadline)
{
	struct engine *engine = waiter->engine;
	struct timespec until;
	int64_t left = deadline - http_clock();
	bool endless = deadline == INT64_MAX;
	int waiting = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	if (!endless) {
		left = left > 0 ? left + until.tv_nsec : until.tv_nsec;
		until.tv_sec += (time_t)(left / SECOND);
		until.tv_nsec = (long)(left % SECOND);
	}
	pthread_mutex_lock(&engine->lock);
	while (!atomic_load(&waiter->done) && waiting != ETIMEDOUT)
		waiting = endless ? pthread_cond_wait(&waiter->woken, &engine->lock)
				  : pthread_cond_timedwait(&waiter->woken, &engine->lock, &until);
	pthread_mutex_unlock(&engine->lock);
}

/* True if the call is to return; a waker that an earlier run left is for that run. */
static bool park(struct waiter *waiter, const struct tpam_host *host, struct tpam_call *call)
{
	if (!host->is_async(call))
		return false;
	struct tpam_waker *waker = host->park(call);
	if (!waker)
		return false;
	pthread_mutex_lock(&waiter->engine->lock);
	bool parked = !atomic_load(&waiter->done);
	struct tpam_waker *other = parked ? waiter->waker : waker;
	if (parked)
		waiter->waker = waker;
	pthread_mutex_unlock(&waiter->engine->lock);
	if (other)
		host->waker_release(other);
	return parked;
}

static int wait_for(struct waiter *waiter, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call)
{
	int64_t deadline = fetch_deadline(host, instance, call);

	/* It began in the process that this one was forked from. */
	if (!engine_is_ours(waiter->engine) || http_clock() >= deadline)
		return out_of_time(waiter);
	if (park(waiter, host, call))
		return TPAM_PENDING;
	if (!atomic_load(&waiter->done))
		wait_here(waiter, deadline);
	if (!atomic_load(&waiter->done))
		return out_of_time(waiter);
	return waiter->code;
}

int tpam_http_fetch(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	void **slot = host->slot(call, http, step, waiter_destroy);
	struct waiter *waiter = slot ? *slot : NULL;

	if (!slot)
		return failure_no_memory(failure);
	if (!waiter) {
		waiter = waiter_create(host);
		if (!waiter)
			return failure_no_memory(failure);
		*slot = waiter;
		int code = submit(waiter, http, request, fetch_deadline(host, instance, call),
			&waiter->failure);
		if (code != TPAM_OK)
			give_up(waiter, code);
	}
	if (!atomic_load(&waiter->done) && wait_for(waiter, host, instance, call) == TPAM_PENDING)
		return TPAM_PENDING;
	return hand_over(waiter, ret, failure);
}

int tpam_http_start(struct tpam_http *http, const struct tpam_http_request *request,
	tpam_http_done *done, void *data, struct tpam_http_failure *failure)
{
	if (!done) /* nobody could free what it brings */
		return TPAM_E_ARGUMENT;
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	if (!waiter)
		return failure_no_memory(failure);
	atomic_init(&waiter->done, false);
	waiter->tell = done;
	waiter->data = data;
	int code = submit(waiter, http, request, INT64_MAX, failure);
	if (code != TPAM_OK)
		free(waiter);
	return code;
}
