/*
 * test_guard.c - rates: what may pass when, what is known, what is given back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "check.h"
#include "guard.h"

#define SECOND INT64_C(1000000000)

struct row {
	const char *text;
	uint32_t count; /* 0: no rate */
	int64_t period;
};

static const struct row rows[] = {
	{"1/s", 1, SECOND},
	{"20/s", 20, SECOND},
	{"100/m", 100, 60 * SECOND},
	{"1000000/h", 1000000, 3600 * SECOND},
	{"1000001/h", 0, 0},
	{"99999999/s", 0, 0},
	{"0/s", 0, 0},
	{"/s", 0, 0},
	{"5", 0, 0},
	{"5/", 0, 0},
	{"5/d", 0, 0},
	{"5/ss", 0, 0},
	{" 5/s", 0, 0},
	{"-5/s", 0, 0},
	{"5 /s", 0, 0},
	{"", 0, 0},
};

static void test_rates(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rate rate = {0};
		CHECK(rate_read(&rate, rows[i].text) == (rows[i].count != 0));
		CHECK(rate.count == rows[i].count && rate.period == rows[i].period);
	}
}

static int64_t ask(struct guard *guard, const char *client, unsigned credential, int64_t now)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "token-%u", credential);
	return guard_ask(guard, client, text, (size_t)length, now);
}

static const struct rate none, two = {2, SECOND}, three = {3, SECOND};

static void test_client(void)
{
	struct guard *guard = guard_create(&two, &none);
	int64_t now = 5;
	CHECK(ask(guard, "a", 1, now) == 0);
	CHECK(ask(guard, "a", 2, now) == 0);
	CHECK(ask(guard, "a", 3, now) == SECOND / 2);
	CHECK(ask(guard, "a", 3, now + SECOND / 2 - 1) == 1);
	CHECK(ask(guard, "b", 4, now) == 0); /* another client */
	CHECK(ask(guard, NULL, 5, now) == 0);
	now += SECOND / 2;
	CHECK(ask(guard, "a", 3, now) == 0);
	CHECK(ask(guard, "a", 6, now) == SECOND / 2);
	now += 100 * SECOND; /* a bucket holds no more than one period */
	CHECK(ask(guard, "a", 7, now) == 0 && ask(guard, "a", 8, now) == 0);
	CHECK(ask(guard, "a", 9, now) > 0);
	guard_destroy(guard);
}

static void test_upstream(void)
{
	struct guard *guard = guard_create(&two, &three);
	CHECK(ask(guard, "a", 1, 0) == 0 && ask(guard, "a", 2, 0) == 0 &&
		ask(guard, "b", 3, 0) == 0);
	CHECK(ask(guard, "c", 4, 0) > 0 && ask(guard, "c", 4, 0) <= SECOND / 3);
	CHECK(ask(guard, "a", 5, SECOND / 3) > 0); /* all have one again, the client has not */
	CHECK(ask(guard, "c", 4, SECOND / 3) == 0);
	guard_destroy(guard);
}

static void test_known(void)
{
	struct guard *guard = guard_create(&none, &two);
	CHECK(ask(guard, "a", 1, 0) == 0 && ask(guard, "a", 2, 0) == 0);
	guard_accepted(guard, "token-1", 7);
	for (unsigned i = 0; i < 1000; i++)
		CHECK(ask(guard, "a", 1, 0) == 0);
	CHECK(ask(guard, "a", 2, 0) > 0 && ask(guard, "a", 3, 0) > 0);
	CHECK(ask(guard, "a", 3, SECOND / 2) == 0); /* what is known has cost nothing */
	guard_destroy(guard);
}

static void test_refund(void)
{
	struct guard *guard = guard_create(&two, &two);
	for (unsigned i = 0; i < 1000; i++) {
		CHECK(ask(guard, "a", i, 0) == 0);
		guard_refund(guard, "a");
	}
	guard_destroy(guard);
}

int main(void)
{
	test_rates();
	test_client();
	test_upstream();
	test_known();
	test_refund();
	guard_destroy(NULL);
	return check_end();
}
