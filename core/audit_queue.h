/*
 * audit_queue.h - lines on their way to the one thread that writes them.
 *
 * All that is written is written by the thread, which is started by the first line. In a child of a fork there is none,
 * nor anything of what the parent had in its queue; the child's first line starts another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_QUEUE_H
#define CORE_AUDIT_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_BATCH       64 /* lines that are written at once */
#define AUDIT_BATCH_BYTES (512 * 1024)

/* What the thread is given. */
struct audit_batch {
	char *lines[AUDIT_BATCH]; /* its own */
	size_t count;
	uint64_t lost; /* before these, for want of room, of memory or of a thread */
	bool last;     /* the queue is empty behind them */
	bool ending;   /* and will not be filled for a while */
};

typedef void audit_write_fn(void *data, struct audit_batch *batch);

struct audit_queue {
	pthread_mutex_t lock;
	pthread_cond_t more; /* there is something to do for the thread */
	pthread_cond_t less; /* there is room, or the thread has ended */
	char **ring;         /* each owned */
	size_t capacity;
	size_t first;
	size_t count;
	size_t bytes; /* of all lines */
	size_t bytes_max;
	bool blocks;   /* who finds no room waits; else the line is lost */
	bool running;  /* there is a thread */
	bool idle;     /* and it waits */
	bool resting;  /* it is to end what it writes */
	bool stopping; /* and then itself */
	uint64_t lost; /* since the last that were written */
	pthread_t thread;
	audit_write_fn *write;
	void *data;
};

/* False without memory. */
bool audit_queue_init(struct audit_queue *queue, size_t capacity, size_t bytes, bool blocks,
	audit_write_fn *write, void *data);

/*
 * Takes the line over, and starts the thread if there is none; NULL: one that there was no memory for. False where the
 * line is lost, which the thread will be told.
 */
bool audit_queue_push(struct audit_queue *queue, char *line);

/* The thread writes what there is and ends it; nobody waits. */
void audit_queue_rest(struct audit_queue *queue);

/* Nothing is there that would have to be written. */
bool audit_queue_is_done(struct audit_queue *queue);

/* The same, and the thread ends; waits for that. What comes later starts another. */
void audit_queue_stop(struct audit_queue *queue);

/* When nobody has it any more. */
void audit_queue_finish(struct audit_queue *queue);

/* In the child of a fork: what was under way is the parent's, as is its thread. */
void audit_queue_renew(struct audit_queue *queue);

#endif
