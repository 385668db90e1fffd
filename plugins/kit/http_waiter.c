/*
 * http_waiter.c - one who waits for a transfer: made, waiting, leaving.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <time.h>

#include "http_failure.h"
#include "http_hooks.h"
#include "http_waiter.h"

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

bool waiter_init(struct waiter *waiter, const struct tpam_host *host)
{
	atomic_init(&waiter->done, false);
	waiter->host = host;
	waiter->can_be_woken = cond_init(&waiter->woken);
	return waiter->can_be_woken;
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

void waiter_finish(struct waiter *waiter)
{
	if (!leave(waiter))
		return;
	if (waiter->can_be_woken)
		pthread_cond_destroy(&waiter->woken);
	tpam_http_answer_unref(waiter->answer);
	if (waiter->waker)
		waiter->host->waker_release(waiter->waker);
}

void waiter_give_up(struct waiter *waiter, int code)
{
	waiter->code = code;
	atomic_store(&waiter->done, true);
}

int waiter_submit(struct waiter *waiter, struct tpam_http *http,
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

int waiter_out_of_time(struct waiter *waiter)
{
	if (!leave(waiter))
		waiter->engine = NULL;
	if (!atomic_load(&waiter->done))
		waiter_give_up(waiter, failure_deadline(&waiter->failure));
	return waiter->code;
}

void waiter_wait_here(struct waiter *waiter, int64_t deadline)
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
