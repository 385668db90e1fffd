/*
 * http_many.c - several fetches of a call, which is waked once, when all of them are done.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "http_failure.h"
#include "http_hooks.h"
#include "http_waiter.h"

#define MANY_MAX 128

struct many {
	struct herd herd;
	const struct tpam_host *host;
	struct engine *engine; /* NULL: none of them came to wait */
	size_t count;
	struct waiter waiters[];
};

static bool is_ours(const struct many *many)
{
	return !many->engine || engine_is_ours(many->engine);
}

/* The end of a slot: with the request, in whatever thread that is. */
static void many_destroy(void *memory)
{
	struct many *many = memory;
	bool ours = is_ours(many);

	for (size_t i = 0; i < many->count; i++)
		waiter_finish(&many->waiters[i]);
	/* Nobody waits any more who could wake. */
	if (ours && many->herd.waker)
		many->host->waker_release(many->herd.waker);
	free(many);
}

static struct many *many_create(const struct tpam_host *host, size_t count)
{
	struct many *many = calloc(1, sizeof(*many) + count * sizeof(many->waiters[0]));

	if (!many)
		return NULL;
	many->host = host;
	for (; many->count < count; many->count++) {
		if (!waiter_init(&many->waiters[many->count], host)) {
			many_destroy(many);
			return NULL;
		}
		many->waiters[many->count].herd = &many->herd;
	}
	many->herd.left = count;
	return many;
}

static void submit_all(struct many *many, struct tpam_http *http,
	const struct tpam_http_request *requests, int64_t deadline)
{
	size_t failed = 0;

	for (size_t i = 0; i < many->count; i++) {
		struct waiter *waiter = &many->waiters[i];
		int code = waiter_submit(waiter, http, &requests[i], deadline, &waiter->failure);
		if (code == TPAM_OK) {
			many->engine = waiter->engine;
			continue;
		}
		waiter_give_up(waiter, code);
		failed++;
	}
	if (!many->engine)
		return;
	pthread_mutex_lock(&many->engine->lock);
	many->herd.left -= failed;
	pthread_mutex_unlock(&many->engine->lock);
}

static bool all_done(const struct many *many)
{
	for (size_t i = 0; i < many->count; i++)
		if (!atomic_load(&many->waiters[i].done))
			return false;
	return true;
}

/* True if the call is to return; a waker that an earlier run left is for that run. */
static bool park(struct many *many, struct tpam_call *call)
{
	const struct tpam_host *host = many->host;

	if (!host->is_async(call))
		return false;
	struct tpam_waker *waker = host->park(call);
	if (!waker)
		return false;
	pthread_mutex_lock(&many->engine->lock);
	bool parked = many->herd.left > 0;
	struct tpam_waker *other = parked ? many->herd.waker : waker;
	if (parked)
		many->herd.waker = waker;
	pthread_mutex_unlock(&many->engine->lock);
	if (other)
		host->waker_release(other);
	return parked;
}

static void end_all(struct many *many)
{
	for (size_t i = 0; i < many->count; i++)
		if (!atomic_load(&many->waiters[i].done))
			(void)waiter_out_of_time(&many->waiters[i]);
}

/* Until they are done, or their time is over. TPAM_PENDING: not yet. */
static int wait_for_all(struct many *many, int64_t deadline, struct tpam_call *call)
{
	if (is_ours(many) && http_clock() < deadline) {
		if (park(many, call))
			return TPAM_PENDING;
		for (size_t i = 0; i < many->count; i++)
			if (!atomic_load(&many->waiters[i].done))
				waiter_wait_here(&many->waiters[i], deadline);
	}
	end_all(many);
	return TPAM_OK;
}

int tpam_http_fetch_all(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *requests, size_t count, struct tpam_http_result *ret)
{
	void **slot = host->slot(call, http, step, many_destroy);
	struct many *many = slot ? *slot : NULL;
	int64_t deadline = fetch_deadline(host, instance, call);

	if (count > MANY_MAX || (many && many->count != count))
		return TPAM_E_ARGUMENT;
	if (!slot)
		return TPAM_E_MEMORY;
	if (!many) {
		many = many_create(host, count);
		if (!many)
			return TPAM_E_MEMORY;
		*slot = many;
		submit_all(many, http, requests, deadline);
	}
	if (!all_done(many) && wait_for_all(many, deadline, call) == TPAM_PENDING)
		return TPAM_PENDING;
	for (size_t i = 0; i < count; i++) {
		const struct waiter *waiter = &many->waiters[i];
		ret[i] = waiter->code == TPAM_OK
				 ? (struct tpam_http_result){waiter->answer, NULL}
				 : (struct tpam_http_result){NULL, &waiter->failure};
	}
	return TPAM_OK;
}
