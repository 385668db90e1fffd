/*
 * pool.c - a few threads for providers that block, or that must not be called twice at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "decision.h"
#include "operation.h"

#define THREADS_MOST 64

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job has come, or has become possible, or the end */
	pthread_t threads[THREADS_MOST];
	unsigned threads_max;
	unsigned started;
	unsigned idle;
	bool ending;
	/* What the workers call now; of the pool and not of the instances, so that a child begins with none. */
	const struct tpam_instance *called[THREADS_MOST];
	void (*chore)(void *data); /* NULL: none waits */
	void *chore_data;
	struct decision *first; /* jobs that wait */
	struct decision **last;
};

struct pool *pool_create(unsigned threads_max)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pool->threads_max = threads_max < THREADS_MOST ? threads_max : THREADS_MOST;
	pool->last = &pool->first;
	return pool;
}

static struct tpam_instance *instance_of(const struct decision *decision)
{
	return decision->call.instance;
}

static bool one_at_a_time(const struct tpam_instance *instance)
{
	return !(instance->provider->flags & TPAM_CONCURRENT);
}

static bool is_called(const struct pool *pool, const struct tpam_instance *instance)
{
	for (size_t i = 0; i < THREADS_MOST; i++)
		if (pool->called[i] == instance)
			return true;
	return false;
}

/* Replaces one entry: NULL by an instance when its call begins, the other way when it ends. */
static void mark(
	struct pool *pool, const struct tpam_instance *from, const struct tpam_instance *to)
{
	for (size_t i = 0; i < THREADS_MOST; i++) {
		if (pool->called[i] != from)
			continue;
		pool->called[i] = to;
		return;
	}
}

static void unlink_job(struct pool *pool, struct decision **link)
{
	struct decision *decision = *link;

	*link = decision->next_job;
	if (!*link)
		pool->last = link;
	decision->next_job = NULL;
}

/* The first job that may run now: of an instance that takes turns only one runs. */
static struct decision *take_job(struct pool *pool)
{
	for (struct decision **link = &pool->first; *link; link = &(*link)->next_job) {
		struct decision *decision = *link;
		struct tpam_instance *instance = instance_of(decision);
		if (one_at_a_time(instance) && is_called(pool, instance))
			continue;
		mark(pool, NULL, instance);
		unlink_job(pool, link);
		return decision;
	}
	return NULL;
}

/* Back to its loop, or to nobody if the loop has given it up. */
static void hand_back(struct decision *decision, int32_t answer)
{
	struct port *port = port_ref(decision->port);

	pthread_mutex_lock(&port->lock);
	bool orphan = decision->orphan;
	if (!orphan) {
		decision->answer = answer;
		decision->state = CALL_ANSWERED;
		port_push(port, decision->operation);
	}
	pthread_mutex_unlock(&port->lock);
	if (orphan)
		decision_destroy(decision);
	port_unref(port);
}

static void run_job(struct pool *pool, struct decision *decision)
{
	struct tpam_instance *instance = instance_of(decision);
	/* The instance must not end with the decision before it is marked free. */
	struct pin pin = pin_again(decision->own);

	pthread_mutex_unlock(&pool->lock);
	hand_back(decision, call_provider(&decision->call));
	pthread_mutex_lock(&pool->lock);
	mark(pool, instance, NULL);
	if (pool->first)
		pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	generation_unref(pin);
	pthread_mutex_lock(&pool->lock);
}

static void run_chore(struct pool *pool)
{
	void (*chore)(void *data) = pool->chore;
	void *data = pool->chore_data;

	pool->chore = NULL;
	pthread_mutex_unlock(&pool->lock);
	chore(data);
	pthread_mutex_lock(&pool->lock);
}

static void *worker(void *data)
{
	struct pool *pool = data;

	pthread_mutex_lock(&pool->lock);
	while (!pool->ending) {
		if (pool->chore) {
			run_chore(pool);
			continue;
		}
		struct decision *decision = take_job(pool);
		if (decision) {
			run_job(pool, decision);
			continue;
		}
		pool->idle++;
		pthread_cond_wait(&pool->work, &pool->lock);
		pool->idle--;
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Signals are the host's: no worker takes one. */
static bool start_thread(struct pool *pool)
{
	sigset_t all, before;

	(void)sigfillset(&all);
	if (pthread_sigmask(SIG_BLOCK, &all, &before) != 0)
		return false;
	bool started = pthread_create(&pool->threads[pool->started], NULL, worker, pool) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	pool->started += started;
	return started;
}

/* True if there is a worker who will come to what is put in now. */
static bool has_worker(struct pool *pool)
{
	if (pool->idle == 0 && pool->started < pool->threads_max)
		(void)start_thread(pool);
	return pool->started > 0;
}

bool pool_chore(struct pool *pool, void (*run)(void *data), void *data)
{
	if (!pool)
		return false;
	pthread_mutex_lock(&pool->lock);
	bool able = has_worker(pool);
	if (able) {
		pool->chore = run;
		pool->chore_data = data;
		pthread_cond_signal(&pool->work);
	}
	pthread_mutex_unlock(&pool->lock);
	return able;
}

bool pool_submit(struct pool *pool, struct decision *decision)
{
	if (!pool)
		return false;
	pthread_mutex_lock(&pool->lock);
	bool able = has_worker(pool);
	if (able) {
		decision->next_job = NULL;
		*pool->last = decision;
		pool->last = &decision->next_job;
		pthread_cond_signal(&pool->work);
	}
	pthread_mutex_unlock(&pool->lock);
	return able;
}

bool pool_take_back(struct pool *pool, struct decision *decision)
{
	bool found = false;

	if (!pool)
		return false;
	pthread_mutex_lock(&pool->lock);
	for (struct decision **link = &pool->first; *link && !found;) {
		found = *link == decision;
		if (found)
			unlink_job(pool, link);
		else
			link = &(*link)->next_job;
	}
	pthread_mutex_unlock(&pool->lock);
	return found;
}

void pool_destroy(struct pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->started; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
