/*
 * http_waiter.h - one who waits for a transfer: made, waiting, leaving.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_WAITER_H
#define KIT_HTTP_WAITER_H

#include "http_engine.h"

/* In memory that is zero. False where it could not be woken. */
bool waiter_init(struct waiter *waiter, const struct tpam_host *host);

/* Leaves, and gives back what it holds but its memory; of the parent's engine nothing is touched. */
void waiter_finish(struct waiter *waiter);

/* Makes it wait for a request. A code other than TPAM_OK is what became of it. */
int waiter_submit(struct waiter *waiter, struct tpam_http *http,
	const struct tpam_http_request *from, int64_t deadline, struct tpam_http_failure *failure);

/* It is over, by this code. */
void waiter_give_up(struct waiter *waiter, int code);

/* Its time is over, or its engine the parent's. The code. */
int waiter_out_of_time(struct waiter *waiter);

/* In this thread, until it is done or the deadline has passed. */
void waiter_wait_here(struct waiter *waiter, int64_t deadline);

#endif
