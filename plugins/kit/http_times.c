/*
 * http_times.c - what the engine's thread does because it is time: ends what is late, goes on with
 * what paused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"

#define SWEEP (10 * MILLISECOND)
#define IDLE  3600000 /* milliseconds; whoever wants something wakes */

int64_t transfer_over_at(const struct transfer *transfer)
{
	return transfer->wanted < transfer->deadline ? transfer->wanted : transfer->deadline;
}

void engine_due_at(struct engine *engine, int64_t time)
{
	if (time < engine->due)
		engine->due = time;
}

/* It never began: no room with us, or none at an upstream that does not answer. */
static void out_of_time(const struct transfer *transfer, struct tpam_http_failure *failure)
{
	if (transfer->wanted < transfer->deadline)
		(void)failure_deadline(failure);
	else if (transfer->upstream->runs > 0 || !breaker_is_fresh(&transfer->upstream->breaker))
		(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_TIMEOUT,
			"an answer in time", "none to those who asked before");
	else
		(void)failure_busy(failure);
}

static void sweep_waiting(struct engine *engine, struct upstream *upstream, int64_t now)
{
	struct transfer *next;

	for (struct transfer *at = TAILQ_FIRST(&upstream->waiting); at; at = next) {
		struct tpam_http_failure failure;
		next = TAILQ_NEXT(at, link);
		if (transfer_over_at(at) > now) {
			engine_due_at(engine, transfer_over_at(at));
			continue;
		}
		out_of_time(at, &failure);
		upstream_unwait(&engine->upstreams, at);
		engine_complete(engine, at, NULL, &failure);
	}
}

/* What libcurl does not know of: the caller's deadline. */
static void sweep_running(struct engine *engine, int64_t now)
{
	struct transfer *next;

	for (struct transfer *at = TAILQ_FIRST(&engine->running); at; at = next) {
		next = TAILQ_NEXT(at, link);
		if (at->wanted > now)
			engine_due_at(engine, at->wanted);
		else if (!at->left)
			engine_give_up(engine, at);
	}
}

static void sweep_pausing(struct engine *engine, int64_t now)
{
	struct transfer *next;

	for (struct transfer *at = TAILQ_FIRST(&engine->pausing); at; at = next) {
		next = TAILQ_NEXT(at, link);
		if (at->resume > now) {
			engine_due_at(engine, at->resume);
			continue;
		}
		TAILQ_REMOVE(&engine->pausing, at, link);
		engine_come(engine, at, now);
	}
}

void engine_sweep(struct engine *engine, int64_t now)
{
	struct upstream *upstream, *next;

	if (now < engine->due)
		return;
	engine->due = INT64_MAX;
	sweep_pausing(engine, now);
	sweep_running(engine, now);
	for (upstream = TAILQ_FIRST(&engine->upstreams.busy); upstream; upstream = next) {
		next = TAILQ_NEXT(upstream, busy);
		sweep_waiting(engine, upstream, now);
	}
	if (engine->due < now + SWEEP)
		engine->due = now + SWEEP;
}

/* A time that is told meanwhile is not lost. */
void engine_tick(struct engine *engine, int64_t now)
{
	if (!http_tick || now < atomic_load(&engine->tick))
		return;
	atomic_store(&engine->tick, INT64_MAX);
	http_tick_at(http_tick(now));
}

int engine_pause(struct engine *engine)
{
	int64_t due = atomic_load(&engine->tick);
	int64_t left;

	due = engine->due < due ? engine->due : due;
	if (due == INT64_MAX)
		return IDLE;
	left = (due - http_clock() + MILLISECOND - 1) / MILLISECOND;
	return left < 0 ? 0 : left > IDLE ? IDLE : (int)left;
}
