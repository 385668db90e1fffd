/*
 * http_engine.h - the one thread of a process that carries all transfers, and who waits for them.
 *
 * The lock guards what the thread shares with those who wait: the lists of coming, dropped and
 * shared transfers and each transfer's waiters. All else is the thread's own. No callback and no
 * waker runs under the lock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_ENGINE_H
#define KIT_HTTP_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "http_kept.h"
#include "http_transfer.h"
#include "http_upstream.h"

#define SHARE_BUCKETS 1024

struct engine {
	pid_t pid;
	unsigned generation; /* of forks */
	struct engine
		*abandoned; /* the parent's: never touched, only kept in sight of leak checkers */

	pthread_mutex_t lock;
	pthread_t thread;
	CURLM *multi;
	bool started;
	bool stopping;
	size_t alive;
	struct transfers coming;
	struct transfers dropped;
	struct transfers shared[SHARE_BUCKETS];

	/* The thread's. */
	struct upstream_table upstreams;
	struct kept_table kept;
	struct transfers running;
	struct transfers pausing;
	unsigned runs;
	unsigned resolves;
	int64_t due; /* nothing that waits or pauses is due before */

	_Atomic int64_t tick; /* when http_tick wants to be called */
};

/* Of those who wait together; under the engine's lock. */
struct herd {
	size_t left; /* that are not done */
	struct tpam_waker *waker;
};

/* One who waits for a transfer: a call, or whoever fetches in the background. */
struct waiter {
	TAILQ_ENTRY(waiter) link;
	struct engine *engine;
	struct transfer *transfer; /* NULL once it is done */
	atomic_bool done;          /* then answer and failure stay as they are */
	struct tpam_http_answer *answer;
	struct tpam_http_failure failure;
	int code;

	/* A call. */
	pthread_cond_t woken;
	bool can_be_woken; /* `woken` is there */
	const struct tpam_host *host;
	struct tpam_waker *waker;
	struct herd *herd; /* whose waker it is, then; NULL: it waits alone */

	/* The background. */
	tpam_http_done *tell;
	void *data;
};

/* This process's engine, with its thread; NULL if there cannot be one. */
struct engine *engine_get(void);

/* The engine belongs to this process, and its thread is alive. */
bool engine_is_ours(const struct engine *engine);

/*
 * Makes the waiter wait: for a shared transfer under way, or for the request, which is taken over
 * in any case. TPAM_OK, or a code with `failure`.
 */
int engine_submit(struct engine *engine, struct waiter *waiter, struct tpam_http *http,
	struct request *request, int64_t deadline, struct tpam_http_failure *failure);

/* Under the lock: the waiter waits no more. A transfer for which nobody waits ends. */
void engine_leave(struct waiter *waiter);

/* In the thread: takes what came since. False: the thread is to end. */
bool engine_take(struct engine *engine, struct transfers *ret_coming);

/* In the thread: a transfer for which nobody waits any more; NULL if there is none. */
struct transfer *engine_dropped(struct engine *engine);

/* In the thread: tells all who wait. The transfer goes on, and nobody can wait for it any more. */
void engine_tell(
	struct engine *engine, struct transfer *transfer, const struct tpam_http_failure *failure);

/* In the thread: tells all who wait, frees the transfer. `answer` NULL: `failure`. */
void engine_complete(struct engine *engine, struct transfer *transfer,
	struct tpam_http_answer *answer, const struct tpam_http_failure *failure);

/*
 * For who keeps something fresh: called in the thread when the time has come that http_tick_at() was
 * told, which begins nothing by itself; returns when to be called again, INT64_MAX for not at all. A
 * forked child has forgotten the time.
 */
extern int64_t (*http_tick)(int64_t now);
void http_tick_at(int64_t time);

/* Counts the forks that led to this process. */
unsigned http_forks(void);

/* The call's deadline by our own clock, INT64_MAX without one; the host may have another clock. */
int64_t fetch_deadline(
	const struct tpam_host *host, const struct tpam_instance *instance, struct tpam_call *call);

/* ---- In the thread, http_loop.c ---- */

/* It comes, or comes again: it waits at its upstream. */
void engine_come(struct engine *engine, struct transfer *transfer, int64_t now);

/* Nobody waits for it any more, or the time of who does is over. */
void engine_give_up(struct engine *engine, struct transfer *transfer);

/* ---- In the thread, http_times.c ---- */

int64_t transfer_over_at(const struct transfer *transfer);

/* There is something to look at then. */
void engine_due_at(struct engine *engine, int64_t time);

/* Looks at all that has a time, but not more often than pays. */
void engine_sweep(struct engine *engine, int64_t now);

/* Calls who keeps something fresh. */
void engine_tick(struct engine *engine, int64_t now);

/* Milliseconds until there is something to look at. */
int engine_pause(struct engine *engine);

/* The thread's function (http_loop.c). */
void *engine_run(void *engine);

#endif
