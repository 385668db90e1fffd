/*
 * test_limits.c - an upstream that fails is left alone, and asked again; more than there is room
 * for is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "upstream.h"

static atomic_llong ahead;

/* The real time, since libcurl goes by it, and what the test adds to it. */
static int64_t moved_clock(void)
{
	return fake_clock(NULL) + atomic_load(&ahead);
}

static void test_breaker(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	long long before = upstream_count(http, "/status/500");

	for (int i = 0; i < 5; i++) {
		CHECK(ask(http, "/status/500", &failure, NULL) != TPAM_OK);
		CHECK(failure.status == 500);
	}
	/* Open: nobody asks, and the way it failed is still the reason. */
	CHECK(ask(http, "/ok", &failure, NULL) != TPAM_OK);
	CHECK(failure.outcome == TPAM_UNAVAILABLE);
	CHECK(failure.fault.reason == TPAM_REASON_UPSTREAM_ERROR);
	CHECK(failure.status == 0);
	CHECK(failure.retry_after >= 1 && failure.retry_after <= 3);
	CHECK_TEXT(failure.fault.got, "5 failures in a row, the last: HTTP 500");
	/* A probe that fails opens it again, for longer. */
	atomic_fetch_add(&ahead, INT64_C(3000000000));
	CHECK(ask(http, "/status/500", &failure, NULL) != TPAM_OK);
	CHECK(failure.status == 500);
	CHECK(ask(http, "/ok", &failure, NULL) != TPAM_OK);
	CHECK(failure.retry_after >= 3 && failure.retry_after <= 5);
	/* One that does not closes it. */
	atomic_fetch_add(&ahead, INT64_C(6000000000));
	CHECK(ask(http, "/ok", &failure, NULL) == TPAM_OK);
	CHECK(upstream_count(http, "/status/500") == before + 6);
	tpam_http_unref(http);
}

/* What is no failure of the upstream's own does not count. */
static void test_harmless(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;

	for (int i = 0; i < 10; i++)
		CHECK(ask(http, "/status/404", &failure, NULL) != TPAM_OK);
	for (int i = 0; i < 10; i++)
		CHECK(ask(http, "/bad-json", &failure, NULL) != TPAM_OK);
	CHECK(ask(http, "/ok", &failure, NULL) == TPAM_OK);
	tpam_http_unref(http);
}

/*
 * As many calls as wait for one upstream fail at once when it is given up, and not one after the
 * other.
 */
static void test_queue(const char *refuse)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;
	static struct tpam_call calls[200];
	char url[100];
	const struct tpam_http_request request = {.url = url, .configured = url};

	snprintf(url, sizeof(url), "http://127.0.0.1:%s/", refuse);
	for (int i = 0; i < 200; i++) {
		calls[i].async = true;
		(void)!tpam_http_fetch(
			http, &fake_host, NULL, &calls[i], "s", &request, &answer, &failure);
	}
	for (int i = 0; i < 200; i++) {
		CHECK(fake_fetch(&calls[i], http, "s", &request, &answer, &failure) != TPAM_OK);
		CHECK(failure.outcome == TPAM_UNAVAILABLE);
		CHECK(failure.fault.reason == TPAM_REASON_UPSTREAM_UNREACHABLE);
		fake_end(&calls[i]);
	}
	tpam_http_unref(http);
}

static void test_full(void)
{
	enum { MORE = 16400 };
	struct tpam_call *calls = calloc(MORE, sizeof(*calls));
	struct tpam_http *http = client(60000);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;
	char url[100];
	const struct tpam_http_request request = {.url = url_of(url, "/gate"), .configured = url};
	int busy = 0;

	for (int i = 0; i < MORE; i++) {
		calls[i].async = true;
		if (tpam_http_fetch(http, &fake_host, NULL, &calls[i], "s", &request, &answer,
			    &failure) == TPAM_PENDING)
			continue;
		CHECK(failure.fault.reason == TPAM_REASON_BUSY);
		busy++;
	}
	CHECK(busy == MORE - 16384);
	for (int i = 0; i < MORE; i++)
		fake_end(&calls[i]);
	free(calls);
	tpam_http_unref(http);
}

int main(int count, char **words)
{
	if (count < 3)
		return 2;
	upstream_port = words[1];
	http_hooks.clock = moved_clock;
	test_breaker();
	test_harmless();
	test_queue(words[2]);
	test_full();
	http_stop();
	return check_end();
}
