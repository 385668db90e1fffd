/*
 * timers.h - operations by their deadline, the earliest first: a binary heap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>

struct tpam_operation;

#define TIMERS_NONE ((size_t)-1)

struct timers {
	struct tpam_operation **heap;
	size_t count;
};

/* False without memory. The operation's `timer` keeps its place. */
bool timers_add(struct timers *timers, struct tpam_operation *operation);
void timers_remove(struct timers *timers, struct tpam_operation *operation);

/* The one whose deadline comes first; NULL. */
struct tpam_operation *timers_first(const struct timers *timers);
void timers_finish(struct timers *timers);

#endif
