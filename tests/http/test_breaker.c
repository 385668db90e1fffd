/*
 * test_breaker.c - when an upstream is left alone, and for how long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "breaker.h"
#include "check.h"

#define SECOND INT64_C(1000000000)

static void fail(struct breaker *breaker, int times, int64_t now)
{
	for (int i = 0; i < times; i++)
		(void)breaker_tell(breaker, BREAKER_BAD, false, now, 0);
}

static void test_opens(void)
{
	struct breaker breaker = {0};

	fail(&breaker, BREAKER_FAILURES - 1, 0);
	CHECK(breaker_ask(&breaker, 0) == BREAKER_PASS);
	CHECK(!breaker_tell(&breaker, BREAKER_GOOD, false, 0, 0));
	CHECK(breaker_is_fresh(&breaker));
	fail(&breaker, BREAKER_FAILURES - 1, 0);
	CHECK(!breaker_tell(&breaker, BREAKER_NOTHING, false, 0, 0));
	CHECK(breaker_ask(&breaker, 0) == BREAKER_PASS);
	CHECK(breaker_tell(&breaker, BREAKER_BAD, false, 0, 0));
	CHECK(breaker_ask(&breaker, 0) == BREAKER_REFUSE);
	/* Once. */
	CHECK(!breaker_tell(&breaker, BREAKER_BAD, false, SECOND, 0));
	CHECK(breaker_pause(&breaker, 0) == SECOND / 2 * 3);
}

static void test_probes(void)
{
	struct breaker breaker = {0};

	fail(&breaker, BREAKER_FAILURES, 0);
	CHECK(breaker_ask(&breaker, 2 * SECOND) == BREAKER_PROBE);
	CHECK(breaker_ask(&breaker, 2 * SECOND) == BREAKER_REFUSE);
	/* One that was given up leaves its place to the next. */
	CHECK(!breaker_tell(&breaker, BREAKER_NOTHING, true, 2 * SECOND, 0));
	CHECK(breaker_ask(&breaker, 2 * SECOND) == BREAKER_PROBE);
	CHECK(breaker_tell(&breaker, BREAKER_BAD, true, 2 * SECOND, 0));
	CHECK(breaker_pause(&breaker, 2 * SECOND) == 3 * SECOND);
	CHECK(breaker_ask(&breaker, 5 * SECOND) == BREAKER_PROBE);
	CHECK(!breaker_tell(&breaker, BREAKER_GOOD, true, 5 * SECOND, 0));
	CHECK(breaker_ask(&breaker, 5 * SECOND) == BREAKER_PASS);
	CHECK(breaker_is_fresh(&breaker));
}

/* Pauses double up to a minute, and chance moves them by a quarter at most. */
static void test_pauses(void)
{
	struct breaker breaker = {0};
	int64_t now = 0, before = 0;

	fail(&breaker, BREAKER_FAILURES, now);
	for (int i = 0; i < 100; i++) {
		int64_t pause = breaker_pause(&breaker, now);
		CHECK(pause >= before && pause > 0 && pause <= 75 * SECOND);
		before = pause;
		now = breaker.until;
		CHECK(breaker_ask(&breaker, now) == BREAKER_PROBE);
		CHECK(breaker_tell(&breaker, BREAKER_BAD, true, now, 0));
	}
	CHECK(before == 45 * SECOND);
	CHECK(breaker_ask(&breaker, breaker.until) == BREAKER_PROBE);
	CHECK(breaker_tell(&breaker, BREAKER_BAD, true, 0, 1023));
	CHECK(breaker.until > 74 * SECOND && breaker.until <= 75 * SECOND);
}

int main(void)
{
	test_opens();
	test_probes();
	test_pauses();
	return check_end();
}
