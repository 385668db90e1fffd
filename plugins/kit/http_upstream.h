/*
 * http_upstream.h - what is known of each upstream: its queue, its breaker.
 *
 * An upstream is an origin and how it is talked to. The engine's thread alone uses the table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_UPSTREAM_H
#define KIT_HTTP_UPSTREAM_H

#include "breaker.h"
#include "http_transfer.h"

#define UPSTREAMS_MAX    1024
#define UPSTREAM_BUCKETS 256

struct upstream {
	TAILQ_ENTRY(upstream) bucket;
	TAILQ_ENTRY(upstream) busy; /* while something waits */
	unsigned char digest[HTTP_DIGEST];
	struct breaker breaker;
	struct tpam_http_failure last; /* what opened the breaker */
	int64_t held;                  /* it said to ask again then */
	struct transfers waiting;
	unsigned waits;
	unsigned runs;
	unsigned connects; /* of those, how many have no connection yet */
	unsigned deaf;     /* lookups in a row that outlived who asked, and so their threads */
};

TAILQ_HEAD(upstream_list, upstream);

struct upstream_table {
	struct upstream_list buckets[UPSTREAM_BUCKETS];
	struct upstream_list busy;
	unsigned count;
};

void upstream_table_init(struct upstream_table *table);
void upstream_table_finish(struct upstream_table *table);

/* Found or made; NULL without memory, or where all that there is room for are in use. */
struct upstream *upstream_get(
	struct upstream_table *table, const unsigned char digest[HTTP_DIGEST], int64_t now);

void upstream_wait(struct upstream_table *table, struct transfer *transfer);
void upstream_unwait(struct upstream_table *table, struct transfer *transfer);

/*
 * May the transfer go, as far as breaker and Retry-After are concerned? Marks a probe. Else
 * `failure`.
 */
bool upstream_admits(struct upstream *upstream, struct transfer *transfer, int64_t now,
	struct tpam_http_failure *failure);

/*
 * What became of it: `failure` NULL for an answer, or for nothing at all (`report`). True if the
 * breaker opened.
 */
bool upstream_learn(struct upstream *upstream, const struct transfer *transfer,
	enum breaker_report report, const struct tpam_http_failure *failure, int64_t now);

#endif
