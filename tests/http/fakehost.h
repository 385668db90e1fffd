/*
 * fakehost.h - a host table and calls for the kit's fetches, without a loader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_HTTP_FAKEHOST_H
#define TESTS_HTTP_FAKEHOST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tokenpam/http.h>

#define FAKE_SLOTS 4

struct tpam_waker {
	atomic_uint refs;
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool awake;
};

struct fake_slot {
	const void *owner;
	char key[32];
	void *memory;
	void (*destroy)(void *);
};

struct tpam_call {
	bool async;
	int64_t deadline;
	struct fake_slot slots[FAKE_SLOTS];
	size_t count;
	struct tpam_waker *waker;
	int64_t retry_after;
};

static inline int64_t fake_clock(const struct tpam_instance *instance)
{
	struct timespec now;

	(void)instance;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void **fake_slot(
	struct tpam_call *call, const void *owner, const char *key, void (*destroy)(void *))
{
	struct fake_slot *slot = call->slots;

	for (; slot < call->slots + call->count; slot++)
		if (slot->owner == owner && strcmp(slot->key, key) == 0)
			return &slot->memory;
	if (call->count == FAKE_SLOTS)
		return NULL;
	call->count++;
	*slot = (struct fake_slot){.owner = owner, .destroy = destroy};
	strncpy(slot->key, key, sizeof(slot->key) - 1);
	return &slot->memory;
}

static inline int32_t fake_is_async(struct tpam_call *call)
{
	return call->async;
}

static inline int64_t fake_deadline(struct tpam_call *call)
{
	return call->deadline;
}

static inline void fake_release(struct tpam_waker *waker)
{
	if (atomic_fetch_sub(&waker->refs, 1) != 1)
		return;
	pthread_cond_destroy(&waker->woken);
	pthread_mutex_destroy(&waker->lock);
	free(waker);
}

static inline struct tpam_waker *fake_park(struct tpam_call *call)
{
	if (!call->async)
		return NULL;
	if (!call->waker) {
		call->waker = calloc(1, sizeof(*call->waker));
		atomic_init(&call->waker->refs, 1);
		pthread_mutex_init(&call->waker->lock, NULL);
		pthread_cond_init(&call->waker->woken, NULL);
	}
	atomic_fetch_add(&call->waker->refs, 1);
	return call->waker;
}

static inline void fake_wake(struct tpam_waker *waker)
{
	pthread_mutex_lock(&waker->lock);
	waker->awake = true;
	pthread_cond_signal(&waker->woken);
	pthread_mutex_unlock(&waker->lock);
}

/* What a loop does with a parked call. */
static inline void fake_sleep(struct tpam_call *call)
{
	pthread_mutex_lock(&call->waker->lock);
	while (!call->waker->awake)
		pthread_cond_wait(&call->waker->woken, &call->waker->lock);
	call->waker->awake = false;
	pthread_mutex_unlock(&call->waker->lock);
}

static inline void fake_reason(
	struct tpam_call *call, int32_t reason, const char *expected, const char *got)
{
	(void)call;
	(void)reason;
	(void)expected;
	(void)got;
}

static inline void fake_retry_after(struct tpam_call *call, int64_t seconds)
{
	call->retry_after = seconds;
}

static const struct tpam_host fake_host = {
	.size = sizeof(struct tpam_host),
	.abi = TPAM_ABI,
	.clock_monotonic = fake_clock,
	.slot = fake_slot,
	.is_async = fake_is_async,
	.deadline = fake_deadline,
	.park = fake_park,
	.wake = fake_wake,
	.waker_release = fake_release,
	.reason = fake_reason,
	.retry_after = fake_retry_after,
};

static inline void fake_end(struct tpam_call *call)
{
	for (size_t i = 0; i < call->count; i++)
		if (call->slots[i].memory)
			call->slots[i].destroy(call->slots[i].memory);
	if (call->waker)
		fake_release(call->waker);
	*call = (struct tpam_call){0};
}

/* Runs a fetch to its end, as often as it takes. */
static inline int fake_fetch(struct tpam_call *call, struct tpam_http *http, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	for (;;) {
		int code =
			tpam_http_fetch(http, &fake_host, NULL, call, step, request, ret, failure);
		if (code != TPAM_PENDING)
			return code;
		fake_sleep(call);
	}
}

#endif
