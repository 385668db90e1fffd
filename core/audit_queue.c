/*
 * audit_queue.c - lines on their way to the one thread that writes them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_queue.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void locks_init(struct audit_queue *queue)
{
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->more, NULL);
	pthread_cond_init(&queue->less, NULL);
}

bool audit_queue_init(
	struct audit_queue *queue, size_t capacity, bool blocks, audit_write_fn *write, void *data)
{
	*queue = (struct audit_queue){
		.capacity = capacity, .blocks = blocks, .write = write, .data = data};
	queue->ring = calloc(capacity, sizeof(*queue->ring));
	if (!queue->ring)
		return false;
	locks_init(queue);
	return true;
}

void audit_queue_finish(struct audit_queue *queue)
{
	if (!queue->ring)
		return;
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->more);
	pthread_cond_destroy(&queue->less);
	free(queue->ring);
}

/* ---- The thread ---- */

static size_t take(struct audit_queue *queue, char *lines[AUDIT_BATCH], uint64_t *ret_lost)
{
	size_t count = queue->count < AUDIT_BATCH ? queue->count : AUDIT_BATCH;

	for (size_t i = 0; i < count; i++) {
		lines[i] = queue->ring[queue->first];
		queue->first = (queue->first + 1) % queue->capacity;
	}
	queue->count -= count;
	*ret_lost = queue->lost;
	queue->lost = 0;
	return count;
}

static void *run(void *data)
{
	struct audit_queue *queue = data;
	char *lines[AUDIT_BATCH];
	uint64_t lost;

	pthread_mutex_lock(&queue->lock);
	while (queue->count > 0 || queue->lost > 0 || !queue->stopping) {
		if (queue->count == 0 && queue->lost == 0) {
			pthread_cond_wait(&queue->more, &queue->lock);
			continue;
		}
		size_t count = take(queue, lines, &lost);
		pthread_cond_broadcast(&queue->less);
		pthread_mutex_unlock(&queue->lock);
		queue->write(queue->data, lines, count, lost);
		for (size_t i = 0; i < count; i++)
			free(lines[i]);
		pthread_mutex_lock(&queue->lock);
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* Signals are the host's business, and arrive in its threads. */
static bool start(struct audit_queue *queue)
{
	sigset_t all, before;

	if (queue->running)
		return true;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	queue->running = pthread_create(&queue->thread, NULL, run, queue) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return queue->running;
}

/* ---- Those who bring lines ---- */

bool audit_queue_push(struct audit_queue *queue, char *line)
{
	pthread_mutex_lock(&queue->lock);
	bool taken = start(queue);
	while (taken && queue->blocks && queue->count == queue->capacity)
		pthread_cond_wait(&queue->less, &queue->lock);
	taken = taken && queue->count < queue->capacity;
	if (taken) {
		queue->ring[(queue->first + queue->count) % queue->capacity] = line;
		queue->count++;
	} else {
		queue->lost++;
	}
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
	if (!taken)
		free(line);
	return taken;
}

void audit_queue_stop(struct audit_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	bool running = queue->running;
	queue->stopping = true;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
	if (running)
		(void)pthread_join(queue->thread, NULL);
	queue->running = queue->stopping = false;
}

/* The lock may be held by a thread that is not here, and a line may be half in the ring: both are left lying. */
void audit_queue_renew(struct audit_queue *queue)
{
	locks_init(queue);
	queue->first = queue->count = 0;
	queue->lost = 0;
	queue->running = false;
}
