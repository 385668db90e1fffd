/*
 * http_engine.c - the one engine of a process: where it begins and ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"

#define CONNECTIONS_KEPT 256
#define EXIT_SECONDS     2

struct http_hooks http_hooks;
int64_t (*http_tick)(int64_t now);

static _Atomic(struct engine *) current;
static atomic_uint forks;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool curl_is_fine;

int64_t http_clock(void)
{
	struct timespec now;

	if (http_hooks.clock)
		return http_hooks.clock();
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

/* The pid alone does not do: a grandchild may get the number of its grandparent. */
static void on_fork(void)
{
	atomic_fetch_add(&forks, 1);
}

unsigned http_forks(void)
{
	return atomic_load(&forks);
}

bool engine_is_ours(const struct engine *engine)
{
	return engine->pid == getpid() && engine->generation == atomic_load(&forks);
}

static bool stop(struct engine *engine)
{
	struct timespec until;

	pthread_mutex_lock(&engine->lock);
	bool started = engine->started && !pthread_equal(engine->thread, pthread_self());
	engine->stopping = true;
	engine->started = false;
	pthread_mutex_unlock(&engine->lock);
	if (!started)
		return true;
	curl_multi_wakeup(engine->multi);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += EXIT_SECONDS;
	return pthread_timedjoin_np(engine->thread, NULL, &until) == 0;
}

/*
 * Before OpenSSL takes itself down, which it registered earlier: the thread is not to be in the
 * middle of it.
 */
static void on_exit_process(void)
{
	struct engine *engine = atomic_load(&current);

	if (engine && engine_is_ours(engine))
		(void)stop(engine);
}

static void prepare(void)
{
	curl_is_fine = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
		       pthread_atfork(NULL, NULL, on_fork) == 0 && atexit(on_exit_process) == 0;
}

static void engine_destroy(struct engine *engine)
{
	if (!engine)
		return;
	curl_multi_cleanup(engine->multi);
	upstream_table_finish(&engine->upstreams);
	kept_finish(&engine->kept);
	pthread_mutex_destroy(&engine->lock);
	free(engine);
}

static struct engine *engine_create(struct engine *abandoned)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (!engine)
		return NULL;
	engine->pid = getpid();
	engine->generation = atomic_load(&forks);
	engine->abandoned = abandoned;
	pthread_mutex_init(&engine->lock, NULL);
	TAILQ_INIT(&engine->coming);
	TAILQ_INIT(&engine->dropped);
	TAILQ_INIT(&engine->running);
	TAILQ_INIT(&engine->pausing);
	for (size_t i = 0; i < SHARE_BUCKETS; i++)
		TAILQ_INIT(&engine->shared[i]);
	upstream_table_init(&engine->upstreams);
	kept_init(&engine->kept);
	engine->due = INT64_MAX;
	atomic_init(&engine->tick, INT64_MAX);
	engine->multi = curl_multi_init();
	if (engine->multi && curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS,
				     (long)CONNECTIONS_KEPT) == CURLM_OK)
		return engine;
	engine_destroy(engine);
	return NULL;
}

/* Signals are the host's: none is delivered to a thread that it does not know. */
static bool start(struct engine *engine)
{
	sigset_t all, before;

	pthread_mutex_lock(&engine->lock);
	if (!engine->started && !engine->stopping) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		engine->started = pthread_create(&engine->thread, NULL, engine_run, engine) == 0;
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	bool fine = engine->started;
	pthread_mutex_unlock(&engine->lock);
	return fine;
}

struct engine *engine_get(void)
{
	pthread_once(&once, prepare);
	struct engine *engine = atomic_load(&current);

	if (!engine || !engine_is_ours(engine)) {
		struct engine *fresh = curl_is_fine ? engine_create(engine) : NULL;
		if (!fresh)
			return NULL;
		if (atomic_compare_exchange_strong(&current, &engine, fresh))
			engine = fresh;
		else
			engine_destroy(fresh);
	}
	return start(engine) ? engine : NULL;
}

void http_tick_at(int64_t time)
{
	struct engine *engine = atomic_load(&current);

	if (!engine || !engine_is_ours(engine))
		return;
	int64_t before = atomic_load(&engine->tick);
	while (time < before && !atomic_compare_exchange_weak(&engine->tick, &before, time))
		;
	if (time < before)
		curl_multi_wakeup(engine->multi);
}

void http_poke(void)
{
	struct engine *engine = atomic_load(&current);

	if (engine && engine_is_ours(engine))
		curl_multi_wakeup(engine->multi);
}

static void end_all(struct engine *engine, struct transfers *list)
{
	struct tpam_http_failure failure;

	(void)failure_set(&failure, TPAM_UNAVAILABLE, TPAM_REASON_BUSY, "a fetch", "none any more");
	while (!TAILQ_EMPTY(list)) {
		struct transfer *transfer = TAILQ_FIRST(list);
		TAILQ_REMOVE(list, transfer, link);
		if (transfer->easy)
			curl_multi_remove_handle(engine->multi, transfer->easy);
		engine_complete(engine, transfer, NULL, &failure);
	}
}

void http_stop(void)
{
	struct engine *engine = atomic_exchange(&current, NULL);
	struct upstream *upstream;

	if (!engine || !engine_is_ours(engine) || !stop(engine))
		return;
	end_all(engine, &engine->coming);
	end_all(engine, &engine->running);
	end_all(engine, &engine->pausing);
	while ((upstream = TAILQ_FIRST(&engine->upstreams.busy))) {
		TAILQ_REMOVE(&engine->upstreams.busy, upstream, busy);
		end_all(engine, &upstream->waiting);
	}
	engine_destroy(engine);
}
