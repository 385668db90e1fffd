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

bool audit_queue_init(struct audit_queue *queue, size_t capacity, size_t bytes, bool blocks,
	audit_write_fn *write, void *data)
{
	*queue = (struct audit_queue){.capacity = capacity,
		.bytes_max = bytes,
		.blocks = blocks,
		.write = write,
		.data = data};
	queue->ring = calloc(capacity, sizeof(*queue->ring));
	if (!queue->ring)
		return false;
	locks_init(queue);
	return true;
}

static char *shift(struct audit_queue *queue)
{
	char *line = queue->ring[queue->first];

	queue->ring[queue->first] = NULL;
	queue->first = (queue->first + 1) % queue->capacity;
	queue->count--;
	queue->bytes -= strlen(line);
	return line;
}

void audit_queue_finish(struct audit_queue *queue)
{
	if (!queue->ring)
		return;
	while (queue->count > 0)
		free(shift(queue));
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->more);
	pthread_cond_destroy(&queue->less);
	free(queue->ring);
	queue->ring = NULL;
}

/* ---- The thread ---- */

static void take(struct audit_queue *queue, struct audit_batch *batch)
{
	size_t before = queue->bytes;

	batch->count = 0;
	while (queue->count > 0 && batch->count < AUDIT_BATCH &&
		before - queue->bytes < AUDIT_BATCH_BYTES)
		batch->lines[batch->count++] = shift(queue);
	batch->lost = queue->lost;
	queue->lost = 0;
	batch->last = queue->count == 0;
	batch->ending = batch->last && (queue->resting || queue->stopping);
	if (batch->ending)
		queue->resting = false;
}

static bool has_work(const struct audit_queue *queue)
{
	return queue->count > 0 || queue->lost > 0 || queue->resting;
}

static void *run(void *data)
{
	struct audit_queue *queue = data;
	struct audit_batch batch;

	pthread_mutex_lock(&queue->lock);
	while (has_work(queue) || !queue->stopping) {
		if (!has_work(queue)) {
			queue->idle = true;
			pthread_cond_wait(&queue->more, &queue->lock);
			queue->idle = false;
			continue;
		}
		take(queue, &batch);
		pthread_cond_broadcast(&queue->less);
		pthread_mutex_unlock(&queue->lock);
		queue->write(queue->data, &batch);
		pthread_mutex_lock(&queue->lock);
	}
	queue->running = false;
	pthread_cond_broadcast(&queue->less);
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* Signals are the host's business, and arrive in its threads; a closed pipe is an error here and no signal. */
static bool start(struct audit_queue *queue)
{
	sigset_t all, before;

	/* Whoever stops one looks afterwards whether another is needed. */
	if (queue->running || queue->stopping)
		return true;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	queue->running = pthread_create(&queue->thread, NULL, run, queue) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return queue->running;
}

static void wake(struct audit_queue *queue)
{
	if (queue->idle)
		pthread_cond_signal(&queue->more);
	queue->idle = false;
}

/* ---- Those who bring lines ---- */

static bool has_room(const struct audit_queue *queue, size_t length)
{
	return queue->count < queue->capacity &&
	       (queue->count == 0 || queue->bytes + length <= queue->bytes_max);
}

bool audit_queue_push(struct audit_queue *queue, char *line)
{
	size_t length = line ? strlen(line) : 0;

	pthread_mutex_lock(&queue->lock);
	bool taken = start(queue) && line;
	while (taken && queue->blocks && !has_room(queue, length)) {
		pthread_cond_wait(&queue->less, &queue->lock);
		taken = start(queue);
	}
	taken = taken && has_room(queue, length);
	if (taken) {
		queue->ring[(queue->first + queue->count) % queue->capacity] = line;
		queue->count++;
		queue->bytes += length;
	} else {
		queue->lost++;
	}
	wake(queue);
	pthread_mutex_unlock(&queue->lock);
	if (!taken)
		free(line);
	return taken;
}

void audit_queue_rest(struct audit_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->resting = queue->running;
	wake(queue);
	pthread_mutex_unlock(&queue->lock);
}

bool audit_queue_is_done(struct audit_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	bool done = !has_work(queue) && (queue->idle || !queue->running);
	pthread_mutex_unlock(&queue->lock);
	return done;
}

void audit_queue_stop(struct audit_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	bool running = queue->running;
	queue->resting = queue->stopping = running;
	wake(queue);
	pthread_mutex_unlock(&queue->lock);
	if (!running)
		return;
	(void)pthread_join(queue->thread, NULL);
	pthread_mutex_lock(&queue->lock);
	queue->stopping = false;
	if (queue->count > 0)
		(void)start(queue);
	pthread_cond_broadcast(&queue->less);
	pthread_mutex_unlock(&queue->lock);
}

/* The lock may be held by a thread that is not here, and a line may be half in the ring: both are left lying. */
void audit_queue_renew(struct audit_queue *queue)
{
	locks_init(queue);
	memset(queue->ring, 0, queue->capacity * sizeof(*queue->ring));
	queue->first = queue->count = queue->bytes = 0;
	queue->lost = 0;
	queue->running = queue->idle = queue->resting = queue->stopping = false;
}
