/*
 * stripe.h - which of a few copies of something a thread uses, so that threads do not write to the same memory.
 *
 * Threads share a stripe where there are more of them than stripes: what is striped is right for any number, and merely
 * faster for few.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_STRIPE_H
#define CORE_STRIPE_H

#define STRIPES 16

/* Two lines: processors fetch them in pairs. */
#define STRIPE_ALIGNMENT 128

/* The calling thread's, below STRIPES. */
unsigned stripe_mine(void);

#endif
