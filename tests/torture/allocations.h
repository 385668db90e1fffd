/*
 * allocations.h - an allocator that fails when told to, and counts what lives.
 *
 * Linked into a program it takes the place of malloc() and its family for everything in the process. Allocations that
 * the dynamic linker or libcrypto makes for itself are let through and not counted among those that can fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_ALLOCATIONS_H
#define TESTS_TORTURE_ALLOCATIONS_H

#include <stdbool.h>

/* To be called when everything is loaded whose allocations are to be let through. */
void allocations_begin(void);

/* From now on the `nth` allocation fails (from 1), and with `all` every one after it, too. */
void allocations_arm(unsigned long nth, bool all);

/* No allocation fails any more. True if one did since allocations_arm(). */
bool allocations_disarm(void);

/* Blocks that were allocated and not freed yet; always 0 under the address sanitizer. */
long allocations_living(void);

/* Prints from where in which object the last failed allocation was asked for. */
void allocations_explain(void);

#endif
