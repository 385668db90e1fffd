/*
 * http_loop.c - the engine's thread: lets transfers begin, sees them end.
 *
 * A transfer comes, waits at its upstream until breaker and limits let it run, and ends; after some
 * failures it pauses and waits again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <openssl/rand.h>

#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"

#define RUNS_MAX     512
#define RESOLVES_MAX 64
#define CONNECTS_MAX 4 /* of one upstream, and so its names asked for, too */
#define RETRIES_MAX  2
#define BACKOFF      (100 * MILLISECOND)
#define SLOW         (2 * SECOND)

static void end_with(
	struct engine *engine, struct transfer *transfer, const struct tpam_http_failure *failure)
{
	engine_complete(engine, transfer, NULL, failure);
}

/* ---- Ending ---- */

static void leave_upstream(struct engine *engine, struct transfer *transfer)
{
	curl_multi_remove_handle(engine->multi, transfer->easy);
	TAILQ_REMOVE(&engine->running, transfer, link);
	engine->runs--;
	if (--transfer->upstream->runs == 0)
		transfer->upstream->connects = 0;
}

/* Its breaker opened: those who wait need not find out each by itself. */
static void refuse_waiting(struct engine *engine, struct upstream *upstream, int64_t now)
{
	struct transfer *next;

	for (struct transfer *at = TAILQ_FIRST(&upstream->waiting); at; at = next) {
		struct tpam_http_failure failure;
		next = TAILQ_NEXT(at, link);
		if (upstream_admits(upstream, at, now, &failure))
			continue;
		upstream_unwait(&engine->upstreams, at);
		end_with(engine, at, &failure);
	}
}

static int64_t backoff(unsigned retries)
{
	unsigned char byte = 128;

	(void)RAND_bytes(&byte, 1);
	return (BACKOFF << retries) + BACKOFF / 256 * byte;
}

/* It pauses, and goes on later; false if that makes no sense. */
static bool retry(struct engine *engine, struct transfer *transfer, CURLcode code,
	const struct tpam_http_failure *failure, int64_t now)
{
	if (transfer->retries >= RETRIES_MAX || transfer->probe || transfer->left ||
		!transfer_may_retry(transfer, code, failure))
		return false;
	transfer->resume = now + backoff(transfer->retries);
	if (transfer->resume >= transfer_over_at(transfer))
		return false;
	transfer->retries++;
	transfer_forget(transfer);
	TAILQ_INSERT_TAIL(&engine->pausing, transfer, link);
	engine_due_at(engine, transfer->resume);
	return true;
}

/* A caller in a hurry who left says little; one who waited for long says that nothing came. */
static enum breaker_report report_of(
	const struct transfer *transfer, const struct tpam_http_failure *failure, int64_t now)
{
	if (failure->fault.reason == TPAM_REASON_DEADLINE)
		return now - transfer->began >= SLOW ? BREAKER_BAD : BREAKER_NOTHING;
	if (failure->fault.reason == TPAM_REASON_NO_MEMORY)
		return BREAKER_NOTHING;
	if (failure->outcome == TPAM_ERROR && failure->status == 0)
		return BREAKER_NOTHING;
	return failure_blames(failure) ? BREAKER_BAD : BREAKER_GOOD;
}

/* It confirms an answer in which something must be new: it is asked for all of it, at once. */
static void ask_again(struct engine *engine, struct transfer *transfer, int64_t now)
{
	(void)upstream_learn(transfer->upstream, transfer, BREAKER_GOOD, NULL, now);
	transfer->whole = true;
	transfer_forget(transfer);
	engine_come(engine, transfer, now);
}

static bool revalidates(const struct transfer *transfer)
{
	return transfer->request->flags & TPAM_HTTP_REVALIDATE;
}

static void finish(struct engine *engine, struct transfer *transfer, CURLcode code)
{
	struct upstream *upstream = transfer->upstream;
	struct tpam_http_failure failure;
	int64_t now = http_clock();

	if (!transfer->connecting)
		upstream->deaf = 0;
	else if (transfer->resolving && code == CURLE_OPERATION_TIMEDOUT)
		upstream->deaf++;
	leave_upstream(engine, transfer);
	bool fine = transfer_end(transfer, code, &failure);
	if (!fine && !transfer->left && transfer_must_ask_again(transfer)) {
		ask_again(engine, transfer, now);
		return;
	}
	if (!fine && retry(engine, transfer, code, &failure, now))
		return;
	if (fine && revalidates(transfer))
		kept_learn(&engine->kept, transfer->request, transfer->answer, now);
	enum breaker_report report = fine ? BREAKER_GOOD : report_of(transfer, &failure, now);
	bool opened = upstream_learn(upstream, transfer, report, fine ? NULL : &failure, now);
	engine_complete(engine, transfer, fine ? transfer->answer : NULL, &failure);
	if (opened)
		refuse_waiting(engine, upstream, now);
}

static bool finish_all(struct engine *engine)
{
	CURLMsg *message;
	bool any = false;
	int left;

	while ((message = curl_multi_info_read(engine->multi, &left))) {
		struct transfer *transfer = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		finish(engine, transfer, code);
		any = true;
	}
	return any;
}

/*
 * One that asks for a name is not taken down before it has heard of it: its thread cannot be
 * stopped, and others would ask the same again.
 */
void engine_give_up(struct engine *engine, struct transfer *transfer)
{
	struct tpam_http_failure failure;

	(void)failure_deadline(&failure);
	if (transfer->resolving) {
		engine_tell(engine, transfer, &failure);
		transfer->left = true;
		return;
	}
	if (transfer->easy) {
		leave_upstream(engine, transfer);
		(void)upstream_learn(transfer->upstream, transfer,
			report_of(transfer, &failure, http_clock()), &failure, http_clock());
	} else if (transfer->resume) {
		TAILQ_REMOVE(&engine->pausing, transfer, link);
	} else if (transfer->upstream) {
		upstream_unwait(&engine->upstreams, transfer);
	}
	end_with(engine, transfer, &failure);
}

/* ---- Beginning ---- */

void engine_come(struct engine *engine, struct transfer *transfer, int64_t now)
{
	struct tpam_http_failure failure;

	transfer->resume = 0;
	transfer->upstream = upstream_get(&engine->upstreams, transfer->request->upstream, now);
	if (!transfer->upstream) {
		(void)failure_busy(&failure);
		end_with(engine, transfer, &failure);
		return;
	}
	upstream_wait(&engine->upstreams, transfer);
	engine_due_at(engine, transfer_over_at(transfer));
}

static void begin(struct engine *engine, struct transfer *transfer, int64_t now)
{
	struct upstream *upstream = transfer->upstream;
	struct tpam_http_failure failure;

	upstream_unwait(&engine->upstreams, transfer);
	if (!upstream_admits(upstream, transfer, now, &failure)) {
		end_with(engine, transfer, &failure);
		return;
	}
	if (revalidates(transfer))
		transfer_know(transfer,
			transfer->whole ? NULL : kept_find(&engine->kept, transfer->request, now));
	if (!transfer_begin(transfer, now) ||
		curl_multi_add_handle(engine->multi, transfer->easy) != CURLM_OK) {
		(void)upstream_learn(upstream, transfer, BREAKER_NOTHING, NULL, now);
		(void)failure_no_memory(&failure);
		end_with(engine, transfer, &failure);
		return;
	}
	TAILQ_INSERT_TAIL(&engine->running, transfer, link);
	engine->runs++;
	upstream->runs++;
	upstream->connects++;
	engine->resolves++; /* as far as we know */
}

/*
 * How many are on their way to a connection, and ask for a name, is counted anew: libcurl tells no
 * one when it has got one from its cache.
 */
static void count_connects(struct engine *engine)
{
	struct transfer *transfer;

	engine->resolves = 0;
	TAILQ_FOREACH(transfer, &engine->running, link)
	transfer->upstream->connects = 0;
	TAILQ_FOREACH(transfer, &engine->running, link)
	{
		transfer->upstream->connects += transfer->connecting;
		engine->resolves += transfer->resolving;
	}
}

static bool has_room(const struct engine *engine, const struct upstream *upstream)
{
	const struct transfer *first = TAILQ_FIRST(&upstream->waiting);

	return upstream->runs < first->http->transfers &&
	       (upstream->runs == 0 || upstream->connects + upstream->deaf < CONNECTS_MAX) &&
	       engine->runs < RUNS_MAX && engine->resolves < RESOLVES_MAX;
}

/* One of each in turn, so that a busy upstream does not keep the others out. */
static bool begin_some(struct engine *engine, int64_t now)
{
	struct upstream *upstream, *next;
	bool any = false;

	for (upstream = TAILQ_FIRST(&engine->upstreams.busy); upstream; upstream = next) {
		next = TAILQ_NEXT(upstream, busy);
		if (!has_room(engine, upstream))
			continue;
		begin(engine, TAILQ_FIRST(&upstream->waiting), now);
		any = true;
	}
	return any;
}

static bool any_has_room(const struct engine *engine)
{
	struct upstream *upstream;

	TAILQ_FOREACH(upstream, &engine->upstreams.busy, busy)
	if (has_room(engine, upstream))
		return true;
	return false;
}

/* ---- The thread ---- */

static void take_all(struct engine *engine, struct transfers *coming, int64_t now)
{
	struct transfer *transfer;

	while ((transfer = TAILQ_FIRST(coming))) {
		TAILQ_REMOVE(coming, transfer, link);
		engine_come(engine, transfer, now);
	}
}

/*
 * As long as there is something to do without waiting: also where nothing ended, but connections
 * came about, since others waited for that.
 */
static void work(struct engine *engine)
{
	bool more = true;
	int running;

	count_connects(engine);
	while (more) {
		more = false;
		while (begin_some(engine, http_clock()))
			more = true;
		curl_multi_perform(engine->multi, &running);
		if (finish_all(engine))
			more = true;
		count_connects(engine);
		if (any_has_room(engine))
			more = true;
	}
}

void *engine_run(void *data)
{
	struct engine *engine = data;
	struct transfer *dropped;
	struct transfers coming = TAILQ_HEAD_INITIALIZER(coming);

	pthread_setname_np(pthread_self(), "tokenpam-http");
	while (engine_take(engine, &coming)) {
		take_all(engine, &coming, http_clock());
		while ((dropped = engine_dropped(engine)))
			engine_give_up(engine, dropped);
		engine_sweep(engine, http_clock());
		engine_tick(engine, http_clock());
		work(engine);
		curl_multi_poll(engine->multi, NULL, 0, engine_pause(engine), NULL);
	}
	return NULL;
}
