/*
 * http_waiters.c - who waits for which transfer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"

#define TRANSFERS_MAX 16384

static struct transfers *bucket_of(struct engine *engine, const struct request *request)
{
	return &engine->shared[(request->digest[0] << 8 | request->digest[1]) % SHARE_BUCKETS];
}

static struct transfer *find_shared(struct engine *engine, const struct request *request)
{
	struct transfer *transfer;

	if (!request->shared)
		return NULL;
	TAILQ_FOREACH(transfer, bucket_of(engine, request), sharing)
	if (memcmp(transfer->request->digest, request->digest, HTTP_DIGEST) == 0)
		return transfer;
	return NULL;
}

static void withdraw(struct engine *engine, struct transfer *transfer)
{
	if (transfer->offered)
		TAILQ_REMOVE(bucket_of(engine, transfer->request), transfer, sharing);
	transfer->offered = false;
}

static void join(struct engine *engine, struct transfer *transfer, struct waiter *waiter)
{
	waiter->engine = engine;
	waiter->transfer = transfer;
	TAILQ_INSERT_TAIL(&transfer->waiters, waiter, link);
}

/* A shared transfer goes by the client's time alone: one caller's deadline is not another's. */
static void set_deadline(struct transfer *transfer, int64_t deadline)
{
	transfer->deadline = http_clock() + transfer->http->timeout * MILLISECOND;
	transfer->wanted = INT64_MAX;
	if (!transfer->request->shared && deadline < transfer->deadline)
		transfer->wanted = deadline;
}

static void launch(struct engine *engine, struct transfer *transfer, struct waiter *waiter)
{
	bool idle = TAILQ_EMPTY(&engine->coming);

	join(engine, transfer, waiter);
	if (transfer->request->shared) {
		TAILQ_INSERT_HEAD(bucket_of(engine, transfer->request), transfer, sharing);
		transfer->offered = true;
	}
	TAILQ_INSERT_TAIL(&engine->coming, transfer, link);
	engine->alive++;
	if (idle)
		curl_multi_wakeup(engine->multi);
}

int engine_submit(struct engine *engine, struct waiter *waiter, struct tpam_http *http,
	struct request *request, int64_t deadline, struct tpam_http_failure *failure)
{
	struct transfer *transfer = transfer_create(http, request);
	int code = TPAM_OK;

	if (!transfer) {
		request_destroy(request);
		return failure_no_memory(failure);
	}
	set_deadline(transfer, deadline);
	pthread_mutex_lock(&engine->lock);
	struct transfer *shared = find_shared(engine, request);
	if (shared) {
		join(engine, shared, waiter);
	} else if (engine->stopping || engine->alive >= TRANSFERS_MAX) {
		code = failure_busy(failure);
	} else {
		launch(engine, transfer, waiter);
		transfer = NULL;
	}
	pthread_mutex_unlock(&engine->lock);
	transfer_destroy(transfer);
	return code;
}

void engine_leave(struct waiter *waiter)
{
	struct transfer *transfer = waiter->transfer;
	struct engine *engine = waiter->engine;

	if (!transfer)
		return;
	TAILQ_REMOVE(&transfer->waiters, waiter, link);
	waiter->transfer = NULL;
	if (!TAILQ_EMPTY(&transfer->waiters) || transfer->over)
		return;
	withdraw(engine, transfer);
	bool idle = TAILQ_EMPTY(&engine->dropped);
	TAILQ_INSERT_TAIL(&engine->dropped, transfer, dropping);
	transfer->dropped = true;
	if (idle)
		curl_multi_wakeup(engine->multi);
}

/* NULL where nobody is to be waked for this one. */
static struct tpam_waker *take_waker(struct waiter *waiter)
{
	struct tpam_waker **place = waiter->herd ? &waiter->herd->waker : &waiter->waker;
	struct tpam_waker *waker = *place;

	if (waiter->herd && --waiter->herd->left > 0)
		return NULL;
	*place = NULL;
	return waker;
}

/*
 * Takes the first waiter out and hands it what there is. True if it waits in the background: it is
 * then ours to tell and free.
 */
static bool settle(struct waiter *waiter, struct tpam_http_answer *answer,
	const struct tpam_http_failure *failure, const struct tpam_host **ret_host,
	struct tpam_waker **ret_waker)
{
	bool background = waiter->tell != NULL;

	TAILQ_REMOVE(&waiter->transfer->waiters, waiter, link);
	waiter->transfer = NULL;
	waiter->answer = tpam_http_answer_ref(answer);
	if (!answer)
		waiter->failure = *failure;
	waiter->code = answer ? TPAM_OK : TPAM_E_SYSTEM;
	*ret_host = waiter->host;
	*ret_waker = take_waker(waiter);
	if (waiter->can_be_woken)
		pthread_cond_signal(&waiter->woken);
	/* Last: from here on a call may free it. */
	atomic_store(&waiter->done, true);
	return background;
}

static void tell(struct waiter *waiter)
{
	waiter->tell(waiter->data, waiter->answer, waiter->answer ? NULL : &waiter->failure);
	tpam_http_answer_unref(waiter->answer);
	free(waiter);
}

bool engine_take(struct engine *engine, struct transfers *ret_coming)
{
	pthread_mutex_lock(&engine->lock);
	bool goes_on = !engine->stopping;
	if (goes_on)
		TAILQ_CONCAT(ret_coming, &engine->coming, link);
	pthread_mutex_unlock(&engine->lock);
	return goes_on;
}

struct transfer *engine_dropped(struct engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	struct transfer *transfer = TAILQ_FIRST(&engine->dropped);
	/* It was dropped before the thread had seen it. */
	if (transfer && !transfer->upstream)
		TAILQ_REMOVE(&engine->coming, transfer, link);
	pthread_mutex_unlock(&engine->lock);
	return transfer;
}

/* Under the lock, which is let go for each of them. */
static void tell_all(struct engine *engine, struct transfer *transfer,
	struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	struct waiter *waiter;

	withdraw(engine, transfer);
	if (transfer->dropped)
		TAILQ_REMOVE(&engine->dropped, transfer, dropping);
	transfer->dropped = false;
	transfer->over = true;
	while ((waiter = TAILQ_FIRST(&transfer->waiters))) {
		const struct tpam_host *host;
		struct tpam_waker *waker;
		bool background = settle(waiter, answer, failure, &host, &waker);
		pthread_mutex_unlock(&engine->lock);
		if (background)
			tell(waiter);
		if (waker) {
			host->wake(waker);
			host->waker_release(waker);
		}
		pthread_mutex_lock(&engine->lock);
	}
}

void engine_tell(
	struct engine *engine, struct transfer *transfer, const struct tpam_http_failure *failure)
{
	pthread_mutex_lock(&engine->lock);
	tell_all(engine, transfer, NULL, failure);
	pthread_mutex_unlock(&engine->lock);
}

void engine_complete(struct engine *engine, struct transfer *transfer,
	struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	pthread_mutex_lock(&engine->lock);
	tell_all(engine, transfer, answer, failure);
	engine->alive--;
	pthread_mutex_unlock(&engine->lock);
	transfer_destroy(transfer);
}
