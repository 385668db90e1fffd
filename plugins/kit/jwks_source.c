/*
 * jwks_source.c - the places where keys are published, and who shares them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "http_engine.h"
#include "http_hooks.h"
#include "jwks_source.h"
#include "memory.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static TAILQ_HEAD(, source) sources = TAILQ_HEAD_INITIALIZER(sources);
static uint64_t last_id;

static void cond_prepare(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&ended, &attributes);
	pthread_condattr_destroy(&attributes);
}

/* Whoever waited was left in the parent. */
static void after_fork(void)
{
	cond_prepare();
	pthread_mutex_unlock(&lock);
}

static int64_t tick(int64_t now);

static void prepare(void)
{
	cond_prepare();
	pthread_atfork(jwks_lock, jwks_unlock, after_fork);
	http_tick = tick;
}

void jwks_lock(void)
{
	pthread_mutex_lock(&lock);
}

void jwks_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

/* ---- Sources and their users ---- */

struct source *source_create(void)
{
	struct source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	atomic_init(&source->version, 0);
	atomic_init(&source->quiet_until, 0);
	atomic_init(&source->used, INT64_MIN / 2);
	TAILQ_INIT(&source->users);
	TAILQ_INIT(&source->waiters);
	return source;
}

void source_destroy(struct source *source)
{
	if (!source)
		return;
	free(source->issuer);
	free(source->jwks_uri);
	free(source->metadata_url);
	list_finish(&source->algorithms);
	tpam_http_unref(source->http);
	free(source->file);
	tpam_keys_unref(source->keys);
	tpam_keys_unref(source->saved);
	free(source->etag);
	free(source->found_uri);
	tpam_metadata_destroy(source->metadata);
	free(source);
}

static struct source *find(const unsigned char digest[HTTP_DIGEST])
{
	struct source *source;

	TAILQ_FOREACH(source, &sources, link)
	if (memcmp(source->digest, digest, HTTP_DIGEST) == 0)
		return source;
	return NULL;
}

/* What an operator may choose anew for a place that is known. */
static void choose_anew(struct source *source, struct source *fresh)
{
	JWKS_SWAP(source->http, fresh->http);
	JWKS_SWAP(source->file, fresh->file);
	source->refresh = fresh->refresh;
	source->cooldown = fresh->cooldown;
	source->stale = fresh->stale;
}

void source_attach(struct tpam_jwks *user, struct source *fresh)
{
	pthread_once(&once, prepare);
	jwks_lock();
	struct source *source = find(fresh->digest);
	if (source) {
		choose_anew(source, fresh);
	} else {
		source = fresh;
		source->id = ++last_id;
		TAILQ_INSERT_TAIL(&sources, source, link);
		fresh = NULL;
	}
	source->references++;
	user->source = source;
	TAILQ_INSERT_TAIL(&source->users, user, link);
	jwks_unlock();
	source_destroy(fresh);
}

void source_release(struct source *source)
{
	jwks_lock();
	bool last = --source->references == 0;
	if (last)
		TAILQ_REMOVE(&sources, source, link);
	jwks_ended();
	jwks_unlock();
	if (last)
		source_destroy(source);
}

void source_detach(struct tpam_jwks *user)
{
	jwks_lock();
	TAILQ_REMOVE(&user->source->users, user, link);
	jwks_unlock();
	source_release(user->source);
}

/* ---- Waiting, and time ---- */

void jwks_ended(void)
{
	pthread_cond_broadcast(&ended);
}

bool jwks_wait_here(int64_t deadline)
{
	struct timespec until;
	int64_t left = deadline - http_clock();

	if (deadline == INT64_MAX)
		return pthread_cond_wait(&ended, &lock) == 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	left = left > 0 ? left + until.tv_nsec : until.tv_nsec;
	until.tv_sec += (time_t)(left / SECOND);
	until.tv_nsec = (long)(left % SECOND);
	return pthread_cond_timedwait(&ended, &lock, &until) != ETIMEDOUT;
}

/* In the engine's thread: begins what is due, and says when to be asked again. */
static int64_t tick(int64_t now)
{
	struct source *source;
	int64_t next = INT64_MAX;

	jwks_lock();
	TAILQ_FOREACH(source, &sources, link)
	{
		if (source_due(source, now) <= now)
			source_fetch(source);
		int64_t due = source_due(source, now);
		next = due < next ? due : next;
	}
	jwks_unlock();
	return next;
}
