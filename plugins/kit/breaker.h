/*
 * breaker.h - leaves an upstream alone that fails again and again.
 *
 * Times are monotonic nanoseconds. It knows no thread: its owner calls it from one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_BREAKER_H
#define KIT_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

/* So many failures in a row open it. */
#define BREAKER_FAILURES 5

enum breaker_verdict {
	BREAKER_PASS,  /* go */
	BREAKER_PROBE, /* go, alone: what becomes of it decides */
	BREAKER_REFUSE
};

enum breaker_report {
	BREAKER_GOOD,
	BREAKER_BAD,
	BREAKER_NOTHING /* it was given up before it could say */
};

struct breaker {
	unsigned failures; /* in a row */
	unsigned openings; /* since it last worked */
	int64_t until;     /* open: when a probe may go */
	bool probing;
};

enum breaker_verdict breaker_ask(struct breaker *breaker, int64_t now);

/*
 * `probe`: it was admitted as one. `chance`: any number, for the length of the pause. True if this
 * has opened it.
 */
bool breaker_tell(struct breaker *breaker, enum breaker_report report, bool probe, int64_t now,
	uint32_t chance);

/* Nanoseconds until a probe may go; 0 if it is closed or one may go now. */
int64_t breaker_pause(const struct breaker *breaker, int64_t now);

/* Nothing is to be remembered. */
bool breaker_is_fresh(const struct breaker *breaker);

#endif
