/*
 * timers.c - operations by their deadline, the earliest first: a binary heap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "timers.h"

#include <stdlib.h>

#include "memory.h"
#include "operation.h"

#define TIMERS_MAX ((size_t)1 << 24)

static void put(struct timers *timers, size_t at, struct tpam_operation *operation)
{
	timers->heap[at] = operation;
	operation->timer = at;
}

static void rise(struct timers *timers, size_t at, struct tpam_operation *operation)
{
	for (; at > 0 && timers->heap[(at - 1) / 2]->deadline > operation->deadline;
		at = (at - 1) / 2)
		put(timers, at, timers->heap[(at - 1) / 2]);
	put(timers, at, operation);
}

static void sink(struct timers *timers, size_t at, struct tpam_operation *operation)
{
	for (size_t child; (child = 2 * at + 1) < timers->count; at = child) {
		if (child + 1 < timers->count &&
			timers->heap[child + 1]->deadline < timers->heap[child]->deadline)
			child++;
		if (timers->heap[child]->deadline >= operation->deadline)
			break;
		put(timers, at, timers->heap[child]);
	}
	put(timers, at, operation);
}

bool timers_add(struct timers *timers, struct tpam_operation *operation)
{
	if (!array_reserve(&timers->heap, timers->count, sizeof(*timers->heap), TIMERS_MAX))
		return false;
	timers->count++;
	rise(timers, timers->count - 1, operation);
	return true;
}

void timers_remove(struct timers *timers, struct tpam_operation *operation)
{
	size_t at = operation->timer;

	if (at == TIMERS_NONE)
		return;
	operation->timer = TIMERS_NONE;
	struct tpam_operation *last = timers->heap[--timers->count];
	if (last == operation)
		return;
	if (at > 0 && timers->heap[(at - 1) / 2]->deadline > last->deadline)
		rise(timers, at, last);
	else
		sink(timers, at, last);
}

struct tpam_operation *timers_first(const struct timers *timers)
{
	return timers->count > 0 ? timers->heap[0] : NULL;
}

void timers_finish(struct timers *timers)
{
	free(timers->heap);
	*timers = (struct timers){0};
}
