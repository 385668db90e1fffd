/*
 * audit_scopes.h - which scopes an audit says were granted, to whom, and whether they were needed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_AUDIT_SCOPES_H
#define CLI_AUDIT_SCOPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_read.h"

#define SCOPES_MAX       ((size_t)1 << 20) /* pairs of somebody and a scope */
#define SCOPES_TIME_SIZE 28

/* One scope of somebody. */
struct granted {
	char *who;      /* "corp:alice", or what stands there in its place */
	char *provider; /* NULL: unknown */
	char *scope;
	uint64_t times;
	uint64_t needed;
	char first[SCOPES_TIME_SIZE], last[SCOPES_TIME_SIZE]; /* when it was granted */
};

struct scopes {
	struct granted *list;
	size_t count, room;
	json_t *index;         /* of the list, by who and scope */
	const json_t *implies; /* pairs of texts; NULL: unknown */
	uint64_t records;      /* that say what was granted */
	uint64_t wants;        /* that say what was needed */
	uint64_t unclear;      /* in which a scope that nobody had was needed and not missing */
	char first[SCOPES_TIME_SIZE], last[SCOPES_TIME_SIZE];
	bool failed; /* there is no memory, or no room */
};

/* True if it worked. To be finished in any case. */
bool scopes_begin(struct scopes *scopes, const json_t *implies);
void scopes_add(struct scopes *scopes, const struct audit_record *record);

/* By who and scope; nothing is added any more. */
void scopes_sort(struct scopes *scopes);
void scopes_finish(struct scopes *scopes);

#endif
