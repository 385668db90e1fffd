/*
 * http_transfer.h - one request on its way, with its libcurl handle.
 *
 * Begun and ended by the engine's thread alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_TRANSFER_H
#define KIT_HTTP_TRANSFER_H

#include <sys/queue.h>

#include <curl/curl.h>

#include "http_answer.h"
#include "http_request.h"

struct upstream;
struct waiter;

/* What libcurl does not know of. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_ADDRESS,
	TROUBLE_HEADERS,
	TROUBLE_CUT, /* the connection ended among the headers */
	TROUBLE_BODY,
	TROUBLE_MEMORY,
	TROUBLE_LEFT /* it came to its address when nobody waited any more */
};

struct transfer {
	/* The engine's, under its lock. */
	TAILQ_HEAD(waiters, waiter) waiters;
	TAILQ_ENTRY(transfer) sharing;
	TAILQ_ENTRY(transfer) dropping;
	bool offered; /* others may join */
	bool dropped; /* nobody waits any more */
	bool over;    /* those who wait are being told */

	/* The thread's. */
	TAILQ_ENTRY(transfer) link; /* coming, waiting at an upstream, pausing or running */
	struct tpam_http *http;
	struct request *request;
	struct upstream *upstream;
	int64_t deadline; /* all is over by then */
	int64_t wanted;   /* the caller's own deadline, where it is sooner; else INT64_MAX */
	int64_t resume;   /* pausing: until then */
	unsigned retries;
	bool probe;
	bool connecting; /* it has no connection yet */
	bool resolving;  /* it keeps a thread of the resolver busy */
	bool left;       /* nobody waits for it, but it is still resolving */

	struct tpam_http_answer *known; /* that is to be confirmed; NULL: none */
	struct curl_slist condition;    /* the header that asks for it, before the request's */
	bool whole;                     /* not confirmed, but anew */

	CURL *easy;
	struct tpam_http_answer *answer;
	size_t header_bytes;
	bool headers_ended;
	uint64_t body_bytes;
	enum trouble trouble;
	const char *oddity; /* of the address that was refused */
	int64_t began;
};

TAILQ_HEAD(transfers, transfer);

/* Takes the request over on success. NULL without memory. */
struct transfer *transfer_create(struct tpam_http *http, struct request *request);
void transfer_destroy(struct transfer *transfer);

/* Makes the libcurl handle. False without memory. */
bool transfer_begin(struct transfer *transfer, int64_t now);

/*
 * Takes the handle apart; what it said stays until transfer_forget(). True if there is an answer
 * for the caller; else `failure`.
 */
bool transfer_end(struct transfer *transfer, CURLcode code, struct tpam_http_failure *failure);

/*
 * No connection was made, or the request may be repeated and the upstream said that it was busy, or
 * nothing.
 */
bool transfer_may_retry(
	const struct transfer *transfer, CURLcode code, const struct tpam_http_failure *failure);
void transfer_forget(struct transfer *transfer);

/* What the code of libcurl means (http_cause.c). */
void failure_of_code(
	struct tpam_http_failure *failure, const struct transfer *transfer, CURLcode code);

/* ---- Confirmation (http_confirm.c) ---- */

/* Before it begins: what is known may be confirmed instead of given again. Takes `known` over. */
void transfer_know(struct transfer *transfer, struct tpam_http_answer *known);

/* All headers, one in front of the request's where something is to be confirmed; NULL without memory. */
struct curl_slist *transfer_headers(struct transfer *transfer);

/* Judges a whole answer; one that is confirmed comes in the place of what confirms it. */
bool transfer_judge(struct transfer *transfer, struct tpam_http_failure *failure);

/* What was said confirms what is known, but lacks what the request wants anew: it must be asked again. */
bool transfer_must_ask_again(const struct transfer *transfer);

#endif
