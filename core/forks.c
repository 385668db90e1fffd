/*
 * forks.c - what a child of fork() must do before it can go on with what its parent had.
 *
 * The list's lock is held while a fork happens, so the child finds the list whole. The library is never unloaded, so the
 * handlers stay valid.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "forks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct forks_watch *first;
static bool installed;
static atomic_uint forks;

static void before(void)
{
	pthread_mutex_lock(&list_lock);
}

static void in_parent(void)
{
	pthread_mutex_unlock(&list_lock);
}

static void in_child(void)
{
	pthread_mutex_unlock(&list_lock);
	atomic_fetch_add_explicit(&forks, 1, memory_order_relaxed);
	for (struct forks_watch *watch = first; watch; watch = watch->next)
		watch->renew(watch->data);
}

static void install(void)
{
	installed = pthread_atfork(before, in_parent, in_child) == 0;
}

bool forks_begin(struct forks_watch *watch, void (*renew)(void *data), void *data)
{
	*watch = (struct forks_watch){.renew = renew, .data = data};
	if (pthread_once(&once, install) != 0 || !installed)
		return false;
	pthread_mutex_lock(&list_lock);
	watch->next = first;
	if (first)
		first->previous = watch;
	first = watch;
	pthread_mutex_unlock(&list_lock);
	return true;
}

void forks_end(struct forks_watch *watch)
{
	if (!watch->renew)
		return;
	pthread_mutex_lock(&list_lock);
	if (watch->next)
		watch->next->previous = watch->previous;
	if (watch->previous)
		watch->previous->next = watch->next;
	else if (first == watch)
		first = watch->next;
	pthread_mutex_unlock(&list_lock);
	watch->renew = NULL;
}

unsigned forks_count(void)
{
	return atomic_load_explicit(&forks, memory_order_relaxed);
}
