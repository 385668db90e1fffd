/*
 * test_dns.c - a name that hangs in DNS harms those who ask for it, and nobody else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/wait.h>
#include <unistd.h>

#include "names.h"
#include "upstream.h"

#define MANY   200
#define NAMES  10
#define EACH   4  /* lookups of one upstream at once */
#define ALL    64 /* of all */
#define ROUNDS 5
#define GUARD  60 /* seconds; what hangs for so long hangs for ever */

static struct tpam_call calls[MANY];
static struct tpam_http *patient; /* what it asks for does not end by itself within this test */

static struct tpam_http *plain_client(int64_t timeout)
{
	struct tpam_http *http = NULL;
	struct tpam_fault fault;
	const struct tpam_http_options options = {
		.connect_timeout = timeout, .timeout = timeout, .flags = TPAM_HTTP_PLAIN};

	CHECK(tpam_http_create(&http, &options, &fault) == TPAM_OK);
	return http;
}

static int fetch(struct tpam_call *call, struct tpam_http *http, const char *url,
	struct tpam_http_failure *failure)
{
	const struct tpam_http_answer *answer;
	const struct tpam_http_request request = {.url = url, .configured = url};

	return tpam_http_fetch(http, &fake_host, NULL, call, "s", &request, &answer, failure);
}

/* Other names for each round: what a breaker remembers is no other test's business. */
static const char *hanging_url(char *ret, const char *scheme, int number)
{
	snprintf(ret, 100, "%s://name%u-%d.hang.test:%s/ok", scheme, names_round(), number,
		upstream_port);
	return ret;
}

static void begin_many(struct tpam_http *http, const char *scheme, int names)
{
	struct tpam_http_failure failure;
	char url[100];

	for (int i = 0; i < MANY; i++) {
		calls[i] = (struct tpam_call){.async = true};
		int code = fetch(&calls[i], http, hanging_url(url, scheme, i % names), &failure);
		CHECK(code == TPAM_PENDING || http != patient);
	}
}

static void cancel_many(void)
{
	for (int i = 0; i < MANY; i++)
		fake_end(&calls[i]);
}

/* To its end, in a call of its own. */
static int fetch_one(struct tpam_http *http, const char *url, struct tpam_http_failure *failure)
{
	struct tpam_call call = {.async = true};
	int code;

	while ((code = fetch(&call, http, url, failure)) == TPAM_PENDING)
		fake_sleep(&call);
	fake_end(&call);
	return code;
}

static void check_fine(void)
{
	struct tpam_http_failure failure;
	static int number;
	char url[100];
	unsigned before = names_asked();

	snprintf(url, sizeof(url), "http://name%d.fine.test:%s/ok", number++, upstream_port);
	CHECK(fetch_one(patient, url, &failure) == TPAM_OK);
	CHECK(names_asked() == before + 1);
}

/* At the end of a process nobody waits for a name. */
static void test_exit(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)alarm(GUARD);
		struct tpam_http_failure failure;
		struct tpam_call call = {.async = true};
		char url[100];
		if (fetch(&call, patient, hanging_url(url, "http", 0), &failure) != TPAM_PENDING)
			_exit(1);
		names_await(1);
		exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Others are answered; those who leave are gone, and their lookups are not followed by new ones. */
static void test_apart(const char *scheme, unsigned each)
{
	for (int i = 0; i < ROUNDS; i++) {
		begin_many(patient, scheme, NAMES);
		names_await(NAMES * each);
		check_fine();
		cancel_many();
		check_fine();
		CHECK(names_hanging() == NAMES * each);
	}
	CHECK(names_let_go() == NAMES * each);
	check_fine();
}

/* So many names that hang that there is no room for others: then it is bounded all the same. */
static void test_bound(void)
{
	struct tpam_http_failure failure;
	struct tpam_call call = {.async = true};
	char url[100];

	begin_many(patient, "http", MANY);
	names_await(ALL);
	snprintf(url, sizeof(url), "http://late.fine.test:%s/ok", upstream_port);
	CHECK(fetch(&call, patient, url, &failure) == TPAM_PENDING);
	CHECK(names_hanging() == ALL);
	cancel_many();
	CHECK(names_let_go() == ALL);
	fake_sleep(&call);
	CHECK(fetch(&call, patient, url, &failure) == TPAM_OK);
	fake_end(&call);
}

/* Each ends by its own time, asked for or not. */
static void test_time(void)
{
	struct tpam_http *hasty = plain_client(300);
	struct tpam_http_failure failure;
	char url[100];

	begin_many(hasty, "http", NAMES);
	for (int i = 0; i < MANY; i++) {
		int code;
		while ((code = fetch(&calls[i], hasty, hanging_url(url, "http", i % NAMES),
				&failure)) == TPAM_PENDING)
			fake_sleep(&calls[i]);
		CHECK(code != TPAM_OK);
		CHECK(failure.outcome == TPAM_UNAVAILABLE);
		CHECK(failure.fault.reason == TPAM_REASON_UPSTREAM_TIMEOUT);
	}
	cancel_many();
	check_fine();
	/* One more, since the upstream is tried again before it is left alone. */
	CHECK(names_let_go() <= NAMES * (EACH + 1));
	tpam_http_unref(hasty);
}

/* The caller's own deadline, too, and a call that waits in its thread as well. */
static void test_deadline(void)
{
	struct tpam_http_failure failure;
	struct tpam_call call = {.deadline = fake_clock(NULL) + 50 * 1000000};
	char url[100];

	CHECK(fetch(&call, patient, hanging_url(url, "http", 0), &failure) != TPAM_OK);
	CHECK(failure.outcome == TPAM_UNAVAILABLE);
	CHECK(failure.fault.reason == TPAM_REASON_DEADLINE);
	fake_end(&call);
	/* Parked, so that the engine has to end it. */
	call = (struct tpam_call){.async = true, .deadline = fake_clock(NULL) + 50 * 1000000};
	while (fetch(&call, patient, hanging_url(url, "http", 0), &failure) == TPAM_PENDING)
		fake_sleep(&call);
	CHECK(failure.fault.reason == TPAM_REASON_DEADLINE);
	fake_end(&call);
	check_fine();
	CHECK(names_let_go() <= EACH);
}

int main(int count, char **words)
{
	upstream_port = count > 1 ? words[1] : "1";
	patient = plain_client(GUARD * 1000);
	(void)alarm(GUARD);
	test_exit();
	test_apart("http", EACH);
	test_apart("https", 1);
	test_deadline();
	test_time();
	test_bound();
	tpam_http_unref(patient);
	http_stop();
	return check_end();
}
