/*
 * operation.h - a decision that may wait: who wakes it, who works for it, and which thread goes on with it.
 *
 * Three may hold one at a time: the loop's thread, which alone runs it; a worker, while its provider blocks;
 * nobody, while it is parked. The port, which outlives them all, is where they meet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_OPERATION_H
#define CORE_OPERATION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <tokenpam/tokenpam.h>

struct decision;
struct pool;
struct tpam_waker;

/* The mailbox of a loop. */
struct port {
	atomic_uint references;       /* the loop's, each waker's, each job's */
	pthread_mutex_t lock;         /* guards the rest, and what operations say is under it */
	int fd;                       /* eventfd; -1 once the loop is gone */
	struct tpam_operation *first; /* to be gone on with */
	struct tpam_operation *last;
};

struct tpam_operation {
	struct decision *decision;
	struct tpam_engine *engine;
	struct pool *pool;
	struct port *port;
	tpam_done_fn *done;
	void *data;

	/* Of the loop's thread: */
	struct tpam_operation *older; /* all of the loop */
	struct tpam_operation *newer;
	struct tpam_operation *next_finished;
	bool finished;
	int code;
	struct tpam_result *result;
	int64_t deadline; /* 0: none */
	size_t timer;     /* its place among the timers */

	/* Under the port's lock: */
	struct tpam_waker *waker; /* of the run that is parked, or about to be */
	bool queued;
	struct tpam_operation *next_queued;
	struct tpam_operation *previous_queued;
};

struct port *port_create(void);
struct port *port_ref(struct port *port);
void port_unref(struct port *port);

/* Puts an operation among those to be gone on with, once. The lock is held. */
void port_push(struct port *port, struct tpam_operation *operation);

/* Takes the first of them; NULL. */
struct tpam_operation *port_pop(struct port *port);
void port_remove(struct port *port, struct tpam_operation *operation);

/* A waker for the rule that runs; NULL where the call cannot be parked. */
struct tpam_waker *operation_park(struct decision *decision);

/* True if the rule that runs has asked for a waker. */
bool operation_parked(const struct decision *decision);

/* Forgets the waker of the last run: whoever has it wakes nobody any more. */
void operation_unpark(struct decision *decision);

/*
 * True if the provider of the rule was given to a worker,
 * because it blocks or must not be called twice at once.
 */
bool operation_offload(struct decision *decision);

/* True while the decision may be parked here and now. */
bool operation_waits(const struct decision *decision);

/*
 * Takes the decision from whoever has it. True: it is the loop's again. False: a worker is in the middle of
 * it and will destroy it; the operation has none any more. *ret_begun: the provider had begun.
 */
bool operation_take(struct tpam_operation *operation, bool *ret_begun);

/* Ends it for good, with its decision. */
void operation_destroy(struct tpam_operation *operation);

void waker_wake(struct tpam_waker *waker);
void waker_release(struct tpam_waker *waker);

#endif
