/*
 * test_waiting.c - who waits for what: shared transfers, cancelling, deadlines, several steps, the
 * background.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "upstream.h"

#define MANY 1000

static int fetch_gate(struct tpam_call *call, struct tpam_http *http, const char *step,
	const char *share, const struct tpam_http_answer **ret, struct tpam_http_failure *failure)
{
	char url[100];
	const struct tpam_http_request request = {
		.url = url_of(url, "/gate"), .configured = url, .share = share};

	return tpam_http_fetch(http, &fake_host, NULL, call, step, &request, ret, failure);
}

/* A thousand calls, one request; the end of some of them is not the end of it. */
static void test_share(void)
{
	static struct tpam_call calls[MANY];
	struct tpam_http *http = client(0), *equal = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer, *first = NULL;
	long long before = upstream_count(http, "/gate");

	for (int i = 0; i < MANY; i++) {
		calls[i].async = true;
		CHECK(fetch_gate(&calls[i], i % 2 ? http : equal, "s", "k", &answer, &failure) ==
			TPAM_PENDING);
	}
	wait_at_gate(http, 1);
	for (int i = 0; i < MANY; i += 10)
		fake_end(&calls[i]);
	/* A call that is run again for another reason is parked again. */
	CHECK(fetch_gate(&calls[1], http, "s", "k", &answer, &failure) == TPAM_PENDING);
	open_gate(http);
	for (int i = 0; i < MANY; i++) {
		if (i % 10 == 0)
			continue;
		fake_sleep(&calls[i]);
		CHECK(fetch_gate(&calls[i], i % 2 ? http : equal, "s", "k", &answer, &failure) ==
			TPAM_OK);
		if (!first)
			first = answer;
		CHECK(answer == first);
	}
	for (int i = 0; i < MANY; i++)
		fake_end(&calls[i]);
	CHECK(upstream_count(http, "/gate") == before + 1);
	tpam_http_unref(equal);
	tpam_http_unref(http);
}

/* Another key, or none, is another request. */
static void test_apart(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;
	static const char *const keys[] = {"a", "b", NULL, NULL};
	struct tpam_call calls[4] = {
		{.async = true}, {.async = true}, {.async = true}, {.async = true}};

	for (int i = 0; i < 4; i++)
		CHECK(fetch_gate(&calls[i], http, "s", keys[i], &answer, &failure) == TPAM_PENDING);
	wait_at_gate(http, 4);
	open_gate(http);
	for (int i = 0; i < 4; i++) {
		fake_sleep(&calls[i]);
		CHECK(fetch_gate(&calls[i], http, "s", keys[i], &answer, &failure) == TPAM_OK);
		fake_end(&calls[i]);
	}
	tpam_http_unref(http);
}

/* Whose deadline passes leaves; those who share the transfer go on. */
static void test_deadline(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;
	struct tpam_call patient = {.async = true};
	struct tpam_call hurried = {.deadline = fake_clock(NULL) + 50 * 1000000};

	CHECK(fetch_gate(&patient, http, "s", "k", &answer, &failure) == TPAM_PENDING);
	CHECK(fetch_gate(&hurried, http, "s", "k", &answer, &failure) != TPAM_OK);
	CHECK(failure.fault.reason == TPAM_REASON_DEADLINE);
	CHECK(failure.outcome == TPAM_UNAVAILABLE);
	/* What it came to is what every other run hears. */
	CHECK(fetch_gate(&hurried, http, "s", "k", &answer, &failure) != TPAM_OK);
	fake_end(&hurried);
	wait_at_gate(http, 1);
	open_gate(http);
	fake_sleep(&patient);
	CHECK(fetch_gate(&patient, http, "s", "k", &answer, &failure) == TPAM_OK);
	fake_end(&patient);
	tpam_http_unref(http);
}

/* Steps of one call run side by side, and each keeps its own answer. */
static void test_steps(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *one, *two;
	struct tpam_call call = {.async = true};

	CHECK(fetch_gate(&call, http, "one", NULL, &one, &failure) == TPAM_PENDING);
	CHECK(fetch_gate(&call, http, "two", NULL, &two, &failure) == TPAM_PENDING);
	wait_at_gate(http, 2);
	open_gate(http);
	while (fetch_gate(&call, http, "one", NULL, &one, &failure) == TPAM_PENDING ||
		fetch_gate(&call, http, "two", NULL, &two, &failure) == TPAM_PENDING)
		fake_sleep(&call);
	CHECK(fetch_gate(&call, http, "one", NULL, &one, &failure) == TPAM_OK);
	CHECK(one != two);
	fake_end(&call);
	tpam_http_unref(http);
}

#define HERD 40

/* The last one at the gate, which opens for all of them at once; the others are done before. */
static void herd_requests(struct tpam_http_request *requests, char (*urls)[100])
{
	static const char *const paths[] = {"/ok", "/status/404", "/gate"};

	for (size_t i = 0; i < HERD; i++) {
		const char *url = url_of(urls[i], i == HERD - 1 ? paths[2] : paths[i % 2]);
		requests[i] = (struct tpam_http_request){.url = url, .configured = url};
	}
	requests[2].url = "ftp://localhost/";
}

static void check_herd(const struct tpam_http_result *results)
{
	for (size_t i = 0; i < HERD; i++) {
		CHECK(!results[i].answer != !results[i].failure);
		CHECK(!results[i].answer == (i == 2 || (i % 2 == 1 && i < HERD - 1)));
	}
	CHECK(results[2].failure->fault.reason == TPAM_REASON_MISCONFIGURED);
	CHECK(results[1].failure->fault.reason == TPAM_REASON_UPSTREAM_ERROR);
}

static bool is_awake(struct tpam_call *call)
{
	pthread_mutex_lock(&call->waker->lock);
	bool awake = call->waker->awake;
	pthread_mutex_unlock(&call->waker->lock);
	return awake;
}

/* Many fetches of a call wake it once. */
static void test_herd(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_request requests[HERD];
	struct tpam_http_result results[HERD];
	struct tpam_call call = {.async = true};
	char urls[HERD][100];

	herd_requests(requests, urls);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, HERD, results) ==
		TPAM_PENDING);
	wait_at_gate(http, 1);
	/* Run again for another reason. */
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, HERD, results) ==
		TPAM_PENDING);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, 1, results) ==
		TPAM_E_ARGUMENT);
	CHECK(!is_awake(&call));
	open_gate(http);
	fake_sleep(&call);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, HERD, results) ==
		TPAM_OK);
	check_herd(results);
	fake_end(&call);
	tpam_http_unref(http);
}

/* The same where the call waits by itself; its deadline ends all that is left. */
static void test_herd_here(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_request requests[HERD];
	struct tpam_http_result results[HERD];
	struct tpam_call call = {.deadline = fake_clock(NULL) + 100 * 1000000};
	char urls[HERD][100];

	herd_requests(requests, urls);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, HERD, results) ==
		TPAM_OK);
	CHECK(!results[HERD - 1].answer &&
		results[HERD - 1].failure->fault.reason == TPAM_REASON_DEADLINE);
	fake_end(&call);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "none", requests, 0, results) ==
		TPAM_OK);
	CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "more", requests, 129, results) ==
		TPAM_E_ARGUMENT);
	fake_end(&call);
	tpam_http_unref(http);
}

/* A call that ends leaves all of them; so does one that was never run again. */
static void test_herd_left(void)
{
	struct tpam_http *http = client(0);
	struct tpam_http_request requests[HERD];
	struct tpam_http_result results[HERD];
	struct tpam_call call = {0};
	char urls[HERD][100];

	herd_requests(requests, urls);
	for (int i = 0; i < 100; i++) {
		call.async = true;
		CHECK(tpam_http_fetch_all(http, &fake_host, NULL, &call, "s", requests, HERD,
			      results) == TPAM_PENDING);
		fake_end(&call);
	}
	open_gate(http);
	tpam_http_unref(http);
}

/* All who wait leave: the request is given up, and its place is free. */
static void test_cancel(void)
{
	static struct tpam_call calls[MANY];
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;

	for (int i = 0; i < MANY; i++) {
		calls[i].async = true;
		CHECK(fetch_gate(&calls[i], http, "s", i % 3 ? NULL : "k", &answer, &failure) ==
			TPAM_PENDING);
	}
	for (int i = 0; i < MANY; i++)
		fake_end(&calls[i]);
	CHECK(ask(http, "/ok", &failure, NULL) == TPAM_OK);
	open_gate(http);
	tpam_http_unref(http);
}

struct told {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	unsigned count, good;
};

static void on_done(
	void *data, struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	struct told *told = data;

	pthread_mutex_lock(&told->lock);
	told->count++;
	if (answer && !failure && tpam_http_status(answer) == 200)
		told->good++;
	pthread_cond_signal(&told->cond);
	pthread_mutex_unlock(&told->lock);
}

static void test_background(void)
{
	struct told told = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};
	struct tpam_http *http = client(0);
	struct tpam_http_failure failure;
	char url[100];
	struct tpam_http_request request = {.url = url_of(url, "/ok"), .configured = url};

	CHECK(tpam_http_start(http, &request, on_done, &told, &failure) == TPAM_OK);
	request.url = url_of(url, "/status/500");
	CHECK(tpam_http_start(http, &request, on_done, &told, &failure) == TPAM_OK);
	request.url = "ftp://localhost/";
	CHECK(tpam_http_start(http, &request, on_done, &told, &failure) == TPAM_E_CONFIG);
	CHECK(failure.fault.reason == TPAM_REASON_MISCONFIGURED);
	pthread_mutex_lock(&told.lock);
	while (told.count < 2)
		pthread_cond_wait(&told.cond, &told.lock);
	pthread_mutex_unlock(&told.lock);
	CHECK(told.count == 2 && told.good == 1);
	tpam_http_unref(http);
}

static void *ask_often(void *data)
{
	struct tpam_http_failure failure;

	for (int i = 0; i < 50; i++)
		if (ask(data, "/ok", &failure, NULL) != TPAM_OK)
			return data;
	return NULL;
}

static void test_threads(void)
{
	struct tpam_http *http = client(0);
	pthread_t threads[8];

	for (size_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, ask_often, http);
	for (size_t i = 0; i < 8; i++) {
		void *failed;
		pthread_join(threads[i], &failed);
		CHECK(!failed);
	}
	tpam_http_unref(http);
}

int main(int count, char **words)
{
	upstream_port = count > 1 ? words[1] : "1";
	test_share();
	test_apart();
	test_deadline();
	test_steps();
	test_herd();
	test_herd_here();
	test_herd_left();
	test_cancel();
	test_background();
	test_threads();
	http_stop();
	return check_end();
}
