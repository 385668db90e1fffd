/*
 * result.h - what was decided; built once, then never changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_RESULT_H
#define CORE_RESULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "arena.h"
#include "identity.h"
#include "list.h"
#include "trace.h"

#define RESULT_GROUPS 3    /* auth, account, session */
#define RESULT_ROOM   2816 /* what a usual result needs, so that it is one block */

struct service;

/* A reference to a generation, and where it is counted. */
struct pin {
	struct generation *generation;
	unsigned stripe;
};

struct tpam_result {
	atomic_uint references;
	struct pin pin; /* of the generation: names and places of the trace belong to it */

	const struct service *service; /* of the generation; NULL: there is none of the name */

	int32_t outcome;
	int32_t reason;
	const struct trace_record *decisive; /* NULL: none decided */
	const char *expected;                /* where no record has them */
	const char *got;
	const char *request_id;
	struct list challenges;
	int64_t retry_after;

	struct tpam_result *who; /* whose identity this is; NULL: its own */

	bool hypothetical; /* of no request: it lets nobody in */
	bool bare;         /* nothing was presented, as far as somebody had to know */
	bool open;         /* and what was asked for is open to everybody */
	bool unenforced;   /* a refusal that is let pass */
	bool nobody;       /* and of whom nobody is recognised: who it is stands in for that */
	bool identified;
	struct identity identity;
	const char *id;     /* "provider:subject" */
	const char *tenant; /* that the request asks for; NULL: none */
	struct list missing_scopes;

	int32_t groups[RESULT_GROUPS]; /* by group_index(); 0: not run */
	struct trace trace;

	struct arena arena; /* all that the members above point to, but the generation's */
	_Alignas(16) char room[RESULT_ROOM];
};

/* 0, 1, 2 for auth, account, session. */
size_t group_index(enum tpam_group group);
const char *group_name(enum tpam_group group);

/* One reference, which takes the pin, also in failure; NULL without memory. */
struct tpam_result *result_create(struct pin pin);

#endif
