/*
 * refresh.h - when somebody looks whether the files behind a configuration have changed, and what comes of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_REFRESH_H
#define CORE_REFRESH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "hooks.h"
#include "origins.h"

struct refresh {
	atomic_int_fast64_t next;  /* monotonic, when the next look is due; INT64_MAX: never */
	atomic_int_fast64_t every; /* nanoseconds; 0: never */

	/* Of whoever looks or loads, one at a time: */
	struct origins origins; /* of what runs, or, if `failed`, of what did not load */
	bool failed;
	bool again;      /* nobody knows what the files were: one attempt, whatever they are */
	bool no_memory;  /* so ended the last attempt, which is told once */
	unsigned moving; /* looks in a row that found something in the middle of a change */
};

/* True for one caller, once a look is due. Any number of threads. */
bool refresh_due(struct refresh *refresh, const struct hooks *hooks);

/* Looks. True if the configuration is to be loaded again; *ret_why: because of that file, or NULL. */
bool refresh_look(struct refresh *refresh, const struct hooks *hooks, const char **ret_why);

/* What was loaded came from `origins`, which are taken over, and is looked at every so many nanoseconds. */
void refresh_loaded(
	struct refresh *refresh, struct origins *origins, int64_t every, const struct hooks *hooks);

/* What refresh_look() said is to be loaded did not load. True if that is worth a line of the log. */
bool refresh_failed(struct refresh *refresh, struct origins *origins, bool no_memory);

/* In the child of a fork, where somebody was in the middle of it: all is looked at as if for the first time. */
void refresh_abandon(struct refresh *refresh);
void refresh_finish(struct refresh *refresh);

#endif
