/*
 * http_fetch.c - fetches: in a call, which waits or is parked, and in the background.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "http_failure.h"
#include "http_hooks.h"
#include "http_waiter.h"

static struct waiter *waiter_create(const struct tpam_host *host)
{
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	if (waiter && waiter_init(waiter, host))
		return waiter;
	free(waiter);
	return NULL;
}

/* The end of a slot: with the request, in whatever thread that is. */
static void waiter_destroy(void *memory)
{
	waiter_finish(memory);
	free(memory);
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
		return waiter_out_of_time(waiter);
	if (park(waiter, host, call))
		return TPAM_PENDING;
	if (!atomic_load(&waiter->done))
		waiter_wait_here(waiter, deadline);
	if (!atomic_load(&waiter->done))
		return waiter_out_of_time(waiter);
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
		int code = waiter_submit(waiter, http, request,
			fetch_deadline(host, instance, call), &waiter->failure);
		if (code != TPAM_OK)
			waiter_give_up(waiter, code);
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
	int code = waiter_submit(waiter, http, request, INT64_MAX, failure);
	if (code != TPAM_OK)
		free(waiter);
	return code;
}
