/*
 * forks.h - what a child of fork() must do before it can go on with what its parent had.
 *
 * Other threads are not there in a child, but what they were in the middle of is: locks held, tables half written. Who
 * has such things says here how they are made anew.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_FORKS_H
#define CORE_FORKS_H

#include <stdbool.h>

/* A member of whatever is to be made anew. */
struct forks_watch {
	void (*renew)(void *data); /* in the child, before fork() returns there, alone */
	void *data;
	struct forks_watch *next;
	struct forks_watch *previous;
};

/* False if the process cannot be told of forks. */
bool forks_begin(struct forks_watch *watch, void (*renew)(void *data), void *data);
void forks_end(struct forks_watch *watch);

/* How many forks lie between this process and the first; what a thread made before is not its own afterwards. */
unsigned forks_count(void);

#endif
