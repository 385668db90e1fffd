/*
 * operation.c - parking and waking.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operation.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "decision.h"
#include "pool.h"

struct tpam_waker {
	atomic_uint references; /* of whoever parked, and the operation's */
	struct port *port;
	struct tpam_operation
		*operation; /* under the port's lock; NULL: there is nothing to wake any more */
};

/* ---- The port ---- */

struct port *port_create(void)
{
	struct port *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	atomic_init(&port->references, 1);
	port->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (port->fd >= 0 && pthread_mutex_init(&port->lock, NULL) == 0)
		return port;
	if (port->fd >= 0)
		close(port->fd);
	free(port);
	return NULL;
}

struct port *port_ref(struct port *port)
{
	atomic_fetch_add_explicit(&port->references, 1, memory_order_relaxed);
	return port;
}

void port_unref(struct port *port)
{
	if (!port || atomic_fetch_sub_explicit(&port->references, 1, memory_order_acq_rel) != 1)
		return;
	if (port->fd >= 0)
		close(port->fd);
	pthread_mutex_destroy(&port->lock);
	free(port);
}

void port_push(struct port *port, struct tpam_operation *operation)
{
	static const uint64_t one = 1;
	bool idle = port->first == NULL;

	if (operation->queued)
		return;
	operation->queued = true;
	operation->next_queued = NULL;
	operation->previous_queued = port->last;
	if (port->last)
		port->last->next_queued = operation;
	else
		port->first = operation;
	port->last = operation;
	/* A counter that is full is readable, too. */
	if (idle && port->fd >= 0)
		(void)!write(port->fd, &one, sizeof(one));
}

void port_remove(struct port *port, struct tpam_operation *operation)
{
	if (!operation->queued)
		return;
	if (operation->previous_queued)
		operation->previous_queued->next_queued = operation->next_queued;
	else
		port->first = operation->next_queued;
	if (operation->next_queued)
		operation->next_queued->previous_queued = operation->previous_queued;
	else
		port->last = operation->previous_queued;
	operation->queued = false;
}

struct tpam_operation *port_pop(struct port *port)
{
	pthread_mutex_lock(&port->lock);
	struct tpam_operation *operation = port->first;
	if (operation)
		port_remove(port, operation);
	pthread_mutex_unlock(&port->lock);
	return operation;
}

/* ---- Wakers ---- */

static struct tpam_waker *waker_create(struct tpam_operation *operation)
{
	struct tpam_waker *waker = calloc(1, sizeof(*waker));

	if (!waker)
		return NULL;
	atomic_init(&waker->references, 1);
	waker->port = port_ref(operation->port);
	waker->operation = operation;
	return waker;
}

void waker_release(struct tpam_waker *waker)
{
	if (!waker || atomic_fetch_sub_explicit(&waker->references, 1, memory_order_acq_rel) != 1)
		return;
	port_unref(waker->port);
	free(waker);
}

void waker_wake(struct tpam_waker *waker)
{
	pthread_mutex_lock(&waker->port->lock);
	if (waker->operation)
		port_push(waker->port, waker->operation);
	pthread_mutex_unlock(&waker->port->lock);
}

bool operation_waits(const struct decision *decision)
{
	return decision->operation && decision->state != CALL_OFFLOADED;
}

struct tpam_waker *operation_park(struct decision *decision)
{
	struct tpam_operation *operation = decision->operation;

	if (!operation_waits(decision))
		return NULL;
	if (!operation->waker)
		operation->waker = waker_create(operation);
	if (!operation->waker)
		return NULL;
	atomic_fetch_add_explicit(&operation->waker->references, 1, memory_order_relaxed);
	return operation->waker;
}

bool operation_parked(const struct decision *decision)
{
	return operation_waits(decision) && decision->operation->waker;
}

void operation_unpark(struct decision *decision)
{
	struct tpam_operation *operation = decision->operation;

	if (!operation || decision->orphan || !operation->waker)
		return;
	pthread_mutex_lock(&operation->port->lock);
	operation->waker->operation = NULL;
	port_remove(operation->port, operation);
	pthread_mutex_unlock(&operation->port->lock);
	waker_release(operation->waker);
	operation->waker = NULL;
}

bool operation_offload(struct decision *decision)
{
	uint32_t flags = decision->call.instance->provider->flags;

	if (!decision->operation || (!(flags & TPAM_BLOCKING) && (flags & TPAM_CONCURRENT)))
		return false;
	decision->state = CALL_OFFLOADED;
	if (pool_submit(decision->operation->pool, decision))
		return true;
	decision->state = CALL_NONE;
	return false;
}

bool operation_take(struct tpam_operation *operation, bool *ret_begun)
{
	struct decision *decision = operation->decision;

	*ret_begun = true;
	if (pool_take_back(operation->pool, decision)) {
		*ret_begun = false;
		decision->state = CALL_PARKED;
		return true;
	}
	pthread_mutex_lock(&operation->port->lock);
	bool working = decision->state == CALL_OFFLOADED;
	if (working) {
		decision->orphan = true;
		operation->decision = NULL;
	} else {
		port_remove(operation->port, operation);
	}
	pthread_mutex_unlock(&operation->port->lock);
	if (!working)
		operation_unpark(decision);
	return !working;
}

void operation_destroy(struct tpam_operation *operation)
{
	if (!operation)
		return;
	decision_destroy(operation->decision);
	tpam_result_unref(operation->result);
	port_unref(operation->port);
	free(operation);
}
