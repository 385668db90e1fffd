/*
 * breaker.c - leaves an upstream alone that fails again and again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "breaker.h"

#define SECOND      INT64_C(1000000000)
#define PAUSE_FIRST (2 * SECOND)
#define PAUSE_MOST  (60 * SECOND)

/* Between three and five quarters, so that those who failed together do not come back together. */
static int64_t jittered(int64_t pause, uint32_t chance)
{
	return pause / 4 * 3 + pause / 2 / 1024 * (int64_t)(chance % 1024);
}

static void open_it(struct breaker *breaker, int64_t now, uint32_t chance)
{
	int64_t pause = PAUSE_FIRST;

	for (unsigned i = 0; i < breaker->openings && pause < PAUSE_MOST; i++)
		pause *= 2;
	breaker->until = now + jittered(pause < PAUSE_MOST ? pause : PAUSE_MOST, chance);
	breaker->openings++;
	breaker->probing = false;
}

enum breaker_verdict breaker_ask(struct breaker *breaker, int64_t now)
{
	if (breaker->openings == 0)
		return BREAKER_PASS;
	if (breaker->probing || now < breaker->until)
		return BREAKER_REFUSE;
	breaker->probing = true;
	return BREAKER_PROBE;
}

bool breaker_tell(struct breaker *breaker, enum breaker_report report, bool probe, int64_t now,
	uint32_t chance)
{
	if (report == BREAKER_GOOD) {
		*breaker = (struct breaker){0};
		return false;
	}
	if (report == BREAKER_NOTHING) {
		if (probe)
			breaker->probing = false;
		return false;
	}
	/* Stragglers from before it opened say nothing new. */
	if (breaker->openings > 0 && !probe)
		return false;
	if (breaker->failures < BREAKER_FAILURES)
		breaker->failures++;
	if (breaker->failures < BREAKER_FAILURES)
		return false;
	open_it(breaker, now, chance);
	return true;
}

int64_t breaker_pause(const struct breaker *breaker, int64_t now)
{
	return breaker->openings > 0 && breaker->until > now ? breaker->until - now : 0;
}

bool breaker_is_fresh(const struct breaker *breaker)
{
	return breaker->failures == 0 && breaker->openings == 0;
}
