/*
 * audit_queue.h - lines on their way to the one thread that writes them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_QUEUE_H
#define CORE_AUDIT_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_BATCH 64 /* lines that are written at once */

/* Writes lines, each without its end, after so many were lost; in the thread, one call at a time. */
typedef void audit_write_fn(void *data, char *const *lines, size_t count, uint64_t lost);

struct audit_queue {
	pthread_mutex_t lock;
	pthread_cond_t more; /* there is something to write, or nothing will come any more */
	pthread_cond_t less; /* there is room */
	char **ring;         /* each owned */
	size_t capacity;
	size_t first;
	size_t count;
	bool blocks; /* who finds no room waits; else the line is lost */
	bool running;
	bool stopping;
	uint64_t lost; /* since the last that were written */
	pthread_t thread;
	audit_write_fn *write;
	void *data;
};

/* False without memory. */
bool audit_queue_init(
	struct audit_queue *queue, size_t capacity, bool blocks, audit_write_fn *write, void *data);

/*
 * Takes the line over, and starts the thread if there is none. False where the line is lost: there is no room, or no
 * thread to be had.
 */
bool audit_queue_push(struct audit_queue *queue, char *line);

/* Waits until all is written, and ends the thread. */
void audit_queue_stop(struct audit_queue *queue);

/* Frees what audit_queue_stop() has left. */
void audit_queue_finish(struct audit_queue *queue);

/* In the child of a fork: what was under way is the parent's, as is its thread. */
void audit_queue_renew(struct audit_queue *queue);

#endif
