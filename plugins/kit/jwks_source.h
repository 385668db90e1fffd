/*
 * jwks_source.h - a place where keys are published, and what is known of it.
 *
 * All instances of the process that name the same place share one source. One lock guards all
 * sources; it is held for a few lines, no callback, waker or log runs under it (cache_flush() of the
 * host table does, which promises to do next to nothing), and the lock of the HTTP engine may be taken
 * under it. Around a fork it is held, so that the child finds it free.
 *
 * Times are monotonic nanoseconds by http_clock(), unless they say "wall".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_JWKS_SOURCE_H
#define KIT_JWKS_SOURCE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include <tokenpam/jwks.h>

#include "http_client.h"
#include "keys.h"
#include "list.h"

#define JWKS_NEWS 512

/* One who waits in a call for a fetch to end. */
struct jwks_waiter {
	TAILQ_ENTRY(jwks_waiter) link;
	struct source *source; /* NULL: it is in no list */
	const struct tpam_host *host;
	struct tpam_waker *waker;
	uint64_t wanted;  /* the fetch whose end it wants to see */
	uint64_t arrived; /* the last fetch that had begun when it first searched */
	bool searching;
};
TAILQ_HEAD(jwks_waiters, jwks_waiter);
TAILQ_HEAD(jwks_users, tpam_jwks);

struct source {
	TAILQ_ENTRY(source) link;
	unsigned char digest[HTTP_DIGEST]; /* of all that tells sources apart */
	uint64_t id;                       /* never given twice */
	unsigned references;               /* users and the job */

	/* What it is. */
	char *issuer;
	char *jwks_uri; /* NULL: as the metadata says */
	char *metadata_url;
	struct list algorithms;
	uint32_t key_flags;

	/* By the user that came last. */
	struct tpam_http *http;
	int64_t refresh, cooldown, stale; /* nanoseconds */
	char *file;                       /* of the last good set; NULL: none is kept */

	/* What is known. `version` changes with `keys`, and is not 0 where there are any. */
	struct tpam_keys *keys;
	atomic_ullong version;
	_Atomic int64_t quiet_until; /* who has this version need not take the lock before */
	_Atomic int64_t used;        /* when a call last wanted keys */
	unsigned char content[HTTP_DIGEST];
	char *etag;
	char *found_uri;                /* where the keys were found */
	struct tpam_metadata *metadata; /* that said so; NULL: none did */
	int64_t fetched; /* when the fetch began that `keys` came from, or was confirmed by */
	int64_t fetched_wall;
	int64_t refresh_at, fresh_until, stale_until;

	/* Keys of an earlier run of the process, for as long as there are no others. */
	struct tpam_keys *saved;
	int64_t saved_wall;

	/* The fetch that is under way, and how the last one ended. */
	struct job *job;
	unsigned job_forks; /* of the process that it runs in */
	uint64_t begun, ended;
	bool failed;
	struct tpam_http_failure failure;
	unsigned failures; /* in a row */
	int64_t retry_at;
	int64_t search_at; /* when an unknown key may cause the next fetch */

	struct jwks_users users;
	struct jwks_waiters waiters;
	bool save_failed;
	char news[JWKS_NEWS]; /* for the log, by the next call */
	int32_t news_level;
	char event[JWKS_NEWS]; /* for the audit, likewise */
	int32_t event_outcome;
};

struct tpam_jwks {
	TAILQ_ENTRY(tpam_jwks) link;
	const struct tpam_host *host;
	struct tpam_instance *instance;
	struct source *source;
};

#define JWKS_SWAP(a, b)                                                                            \
	do {                                                                                       \
		__typeof__(a) kept = (a);                                                          \
		(a) = (b);                                                                         \
		(b) = kept;                                                                        \
	} while (0)

/* ---- Under no lock --------------------------------------------------------------------------- */

void jwks_lock(void);
void jwks_unlock(void);

/*
 * Finds or makes the source that `fresh` describes, which is taken over in any case, and adds the user.
 * What a user may choose anew (client, times, file) is then as in `fresh`.
 */
void source_attach(struct tpam_jwks *user, struct source *fresh);
void source_detach(struct tpam_jwks *user);

/* A source that nobody knows yet; NULL without memory. */
struct source *source_create(void);
void source_destroy(struct source *source);

/* The keys of a version, for as long as this thread asks for no others; NULL: take the lock. */
const struct tpam_keys *view_find(const struct source *source, uint64_t version);
/* Remembers keys, which are given over, as those of a version. NULL without memory. */
const struct tpam_keys *view_put(
	const struct source *source, uint64_t version, struct tpam_keys *keys);

/*
 * The last good set, of an earlier run perhaps (jwks_file.c). In open(): the file that a source has in
 * a folder, "" for none, to be freed; NULL without memory. Reads it, if it is there and would do, into
 * `saved` of a fresh source.
 */
char *saved_name(const char *folder, const struct source *source);
int saved_read(struct source *source, const struct tpam_host *host, struct tpam_instance *instance);
/*
 * Writes it whole or not at all; `jwks` NULL: what is there is as good as new. False with errno.
 */
bool saved_write(const char *file, const char *jwks, size_t length);

/* ---- Under the lock -------------------------------------------------------------------------- */

/* Begins a fetch unless one is under way. What cannot even begin ends as one that failed. */
void source_fetch(struct source *source);

/* Lets those who have the keys know by what time they are to take the lock again. */
void source_publish(struct source *source, int64_t now);

/* A fetch is under way, in this process. */
bool source_busy(const struct source *source);

/* When the source wants to be fetched without being asked; INT64_MAX: never. */
int64_t source_due(const struct source *source, int64_t now);

/* Something has ended: those who wait in their threads look again. */
void jwks_ended(void);

/* Waits until something ends, or until `deadline`; false if it has passed. */
bool jwks_wait_here(int64_t deadline);

/* Everybody who waits for the source looks again. Gives up the lock meanwhile. */
void source_wake(struct source *source);

/* ---- The job (jwks_job.c), under the lock ---------------------------------------------------- */

/* Starts fetching. False, with `failure`, if that cannot be. */
bool job_start(struct source *source, struct tpam_http_failure *failure);

/* What a fetch came to. */
struct fetched {
	int64_t began, began_wall;
	struct tpam_http_failure failure; /* where keys is NULL and `same` false */
	bool same;                        /* the upstream says that nothing has changed */
	struct tpam_keys *keys;
	unsigned char content[HTTP_DIGEST];
	char *etag;
	char *uri;
	struct tpam_metadata *metadata;
	int64_t lifetime; /* seconds, -1: it did not say */
	int save_error;   /* errno; 0: the set was kept, or is not to be */
};

/* Under no lock: the job is over; what is of use in `fetched` is taken out of it. */
void source_settle(struct source *source, struct fetched *fetched);

/* Under no lock: gives up the job's hold on the source. */
void source_release(struct source *source);

#endif
