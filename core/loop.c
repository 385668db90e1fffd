/*
 * loop.c - many decisions at once in one thread, nested into the host's own event loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "decision.h"
#include "engine.h"
#include "operation.h"
#include "pool.h"
#include "timers.h"

struct tpam_loop {
	struct tpam_engine *engine;
	struct port *port;
	struct timers timers;
	struct tpam_operation *newest;   /* all that are under way */
	struct tpam_operation *finished; /* to be delivered, in their order */
	struct tpam_operation **finished_last;
};

int tpam_loop_create(struct tpam_loop **ret_loop, struct tpam_engine *engine)
{
	struct tpam_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return TPAM_E_MEMORY;
	loop->engine = engine;
	loop->port = port_create();
	loop->finished_last = &loop->finished;
	if (!loop->port) {
		free(loop);
		return TPAM_E_SYSTEM;
	}
	*ret_loop = loop;
	return TPAM_OK;
}

int tpam_loop_fd(const struct tpam_loop *loop)
{
	return loop->port->fd;
}

int tpam_loop_timeout(const struct tpam_loop *loop)
{
	const struct tpam_operation *first = timers_first(&loop->timers);

	if (loop->finished)
		return 0;
	if (!first)
		return -1;
	int64_t left = first->deadline - engine_monotonic(loop->engine);
	if (left <= 0)
		return 0;
	left = (left + 999999) / 1000000;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* ---- Lists ---- */

static void link_new(struct tpam_loop *loop, struct tpam_operation *operation)
{
	operation->older = loop->newest;
	operation->newer = NULL;
	if (loop->newest)
		loop->newest->newer = operation;
	loop->newest = operation;
}

static void unlink_old(struct tpam_loop *loop, struct tpam_operation *operation)
{
	if (operation->newer)
		operation->newer->older = operation->older;
	else
		loop->newest = operation->older;
	if (operation->older)
		operation->older->newer = operation->newer;
}

/* From now on it only waits for its delivery. */
static void finish(struct tpam_loop *loop, struct tpam_operation *operation, int code)
{
	operation->finished = true;
	operation->code = code;
	timers_remove(&loop->timers, operation);
	operation->next_finished = NULL;
	*loop->finished_last = operation;
	loop->finished_last = &operation->next_finished;
}

/* ---- Going on ---- */

static void go_on(struct tpam_loop *loop, struct tpam_operation *operation)
{
	struct decision *decision = operation->decision;

	operation_unpark(decision);
	if (!decision_run(decision))
		return;
	finish(loop, operation, decision_result(decision, operation->engine, &operation->result));
}

/* A decision that says no more than that it came too late, in the place of one that a worker has. */
static bool replace_decision(
	struct tpam_operation *operation, struct pin pin, const struct tpam_request *request)
{
	operation->decision = decision_create(pin, request);
	return operation->decision != NULL;
}

static void expire(struct tpam_loop *loop, struct tpam_operation *operation)
{
	struct pin pin = pin_again(operation->decision->own);
	struct tpam_request *request = request_ref(operation->decision->request);
	bool begun;
	int code = TPAM_E_MEMORY;

	if (operation_take(operation, &begun) || replace_decision(operation, pin, request)) {
		decision_expire(
			operation->decision, begun ? TPAM_REASON_DEADLINE : TPAM_REASON_BUSY);
		code = decision_result(operation->decision, operation->engine, &operation->result);
	}
	finish(loop, operation, code);
	tpam_request_destroy(request);
	generation_unref(pin);
}

static void go_on_with_all(struct tpam_loop *loop)
{
	struct tpam_operation *operation;
	uint64_t count;

	(void)!read(loop->port->fd, &count, sizeof(count));
	while ((operation = port_pop(loop->port)))
		go_on(loop, operation);
	while ((operation = timers_first(&loop->timers)) &&
		operation->deadline <= engine_monotonic(loop->engine))
		expire(loop, operation);
}

/* Calls back for what is finished now; what finishes meanwhile is for the next time. */
static size_t deliver(struct tpam_loop *loop)
{
	struct tpam_operation *operation = loop->finished, *next;
	size_t count = 0;

	loop->finished = NULL;
	loop->finished_last = &loop->finished;
	for (; operation; operation = next, count++) {
		next = operation->next_finished;
		struct tpam_result *result = operation->result;
		operation->result = NULL;
		unlink_old(loop, operation);
		operation->done(operation->data, operation->code, result);
		operation_destroy(operation);
	}
	return count;
}

size_t tpam_loop_run(struct tpam_loop *loop)
{
	go_on_with_all(loop);
	return deliver(loop);
}

/* ---- Beginning and ending ---- */

static struct tpam_operation *operation_create(
	struct tpam_loop *loop, const struct tpam_request *request, tpam_done_fn *done, void *data)
{
	struct tpam_operation *operation = calloc(1, sizeof(*operation));

	if (!operation)
		return NULL;
	struct pool *pool = engine_pool(loop->engine);
	engine_refresh(loop->engine, pool);
	struct pin pin = engine_pin(loop->engine);
	*operation = (struct tpam_operation){.decision = decision_create(pin, request),
		.engine = loop->engine,
		.pool = pool,
		.port = port_ref(loop->port),
		.done = done,
		.data = data,
		.deadline = request->deadline,
		.timer = TIMERS_NONE};
	generation_unref(pin);
	if (operation->decision) {
		operation->decision->operation = operation;
		operation->decision->port = port_ref(loop->port);
		return operation;
	}
	operation_destroy(operation);
	return NULL;
}

int tpam_begin(struct tpam_loop *loop, const struct tpam_request *request, tpam_done_fn *done,
	void *data, struct tpam_operation **ret_operation, struct tpam_result **ret_result)
{
	if (!request_text(request, TPAM_ITEM_SERVICE))
		return TPAM_E_ARGUMENT;
	struct tpam_operation *operation = operation_create(loop, request, done, data);
	if (!operation)
		return TPAM_E_MEMORY;
	if (operation->deadline != 0 && !timers_add(&loop->timers, operation)) {
		operation_destroy(operation);
		return TPAM_E_MEMORY;
	}
	if (!decision_run(operation->decision)) {
		link_new(loop, operation);
		*ret_operation = operation;
		return TPAM_PENDING;
	}
	int code = decision_result(operation->decision, loop->engine, ret_result);
	timers_remove(&loop->timers, operation);
	operation_destroy(operation);
	return code;
}

void tpam_cancel(struct tpam_loop *loop, struct tpam_operation *operation)
{
	bool begun;

	if (operation->finished)
		return;
	(void)operation_take(operation, &begun);
	finish(loop, operation, TPAM_E_CANCELLED);
}

void tpam_loop_destroy(struct tpam_loop *loop)
{
	if (!loop)
		return;
	for (struct tpam_operation *operation = loop->newest; operation;
		operation = operation->older)
		tpam_cancel(loop, operation);
	while (loop->finished)
		(void)deliver(loop);
	pthread_mutex_lock(&loop->port->lock);
	close(loop->port->fd);
	loop->port->fd = -1;
	pthread_mutex_unlock(&loop->port->lock);
	port_unref(loop->port);
	timers_finish(&loop->timers);
	free(loop);
}
