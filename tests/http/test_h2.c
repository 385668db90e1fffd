/*
 * test_h2.c - HTTP/2: many streams on one connection, its limits kept to, and what an upstream that breaks it off comes
 * to.
 *
 *	test_h2 PLAIN H2 FEW HTTP1 CA
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "upstream.h"

#define MANY  100
#define FEW   10
#define TURNS 20

static struct tpam_http *control;
static char *ca;

static void read_ca(const char *path)
{
	FILE *file = fopen(path, "r");

	ca = calloc(1, 65536);
	CHECK(file && ca && fread(ca, 1, 65535, file) > 0);
	if (file)
		fclose(file);
}

static struct tpam_http *secure_client(int64_t timeout)
{
	struct tpam_http *http = NULL;
	struct tpam_fault fault;
	const struct tpam_http_options options = {.ca = ca, .timeout = timeout};

	CHECK(tpam_http_create(&http, &options, &fault) == TPAM_OK);
	return http;
}

static int fetch(struct tpam_call *call, struct tpam_http *http, const char *port, const char *path,
	uint32_t flags, const struct tpam_http_answer **ret, struct tpam_http_failure *failure)
{
	char url[100];
	const struct tpam_http_request request = {
		.url = url, .configured = url, .flags = TPAM_HTTP_JSON | flags};

	snprintf(url, sizeof(url), "https://127.0.0.1:%s%s", port, path);
	return tpam_http_fetch(http, &fake_host, NULL, call, "s", &request, ret, failure);
}

/* One fetch to its end. */
static int fetch_one(struct tpam_http *http, const char *port, const char *path, uint32_t flags,
	struct tpam_http_failure *failure)
{
	const struct tpam_http_answer *answer;
	struct tpam_call call = {.async = true};
	int code;

	while ((code = fetch(&call, http, port, path, flags, &answer, failure)) == TPAM_PENDING)
		fake_sleep(&call);
	fake_end(&call);
	return code;
}

static void begin_many(struct tpam_call *calls, struct tpam_http *http, const char *port)
{
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;

	for (int i = 0; i < MANY; i++) {
		calls[i] = (struct tpam_call){.async = true};
		CHECK(fetch(&calls[i], http, port, "/gate", 0, &answer, &failure) == TPAM_PENDING);
	}
}

/* Those that were not ended before. */
static void end_many(struct tpam_call *calls, struct tpam_http *http, const char *port)
{
	struct tpam_http_failure failure;
	const struct tpam_http_answer *answer;

	for (int i = 0; i < MANY; i++) {
		int code;
		if (calls[i].count == 0)
			continue;
		while ((code = fetch(&calls[i], http, port, "/gate", 0, &answer, &failure)) ==
			TPAM_PENDING)
			fake_sleep(&calls[i]);
		CHECK(code == TPAM_OK);
		fake_end(&calls[i]);
	}
}

/* All at once, and all of them on one connection. */
static void test_streams(const char *port)
{
	static struct tpam_call calls[MANY];
	struct tpam_http *http = secure_client(30000);
	struct tpam_http_failure failure;
	long long before = upstream_count(control, "connections");

	begin_many(calls, http, port);
	wait_at_gate(control, MANY);
	CHECK(upstream_count(control, "connections") == before + 1);
	CHECK(upstream_count(control, "most streams of 250") == MANY);
	open_gate(control);
	end_many(calls, http, port);
	/* That some leave is nothing to the others. libcurl tells so with the next request. */
	begin_many(calls, http, port);
	wait_at_gate(control, MANY);
	for (int i = 0; i < MANY; i += 2)
		fake_end(&calls[i]);
	CHECK(fetch_one(http, port, "/ok", 0, &failure) == TPAM_OK);
	wait_at_gate(control, MANY / 2);
	open_gate(control);
	end_many(calls, http, port);
	CHECK(upstream_count(control, "connections") == before + 1);
	CHECK(upstream_count(control, "not h2") == 0);
	tpam_http_unref(http);
}

/* Ten a connection, as the upstream says, and never one more. */
static void test_few(const char *port)
{
	static struct tpam_call calls[MANY];
	struct tpam_http *http = secure_client(30000);

	begin_many(calls, http, port);
	wait_at_gate(control, MANY);
	CHECK(upstream_count(control, "most streams of 10") == FEW);
	CHECK(upstream_count(control, "late") == 0);
	open_gate(control);
	end_many(calls, http, port);
	tpam_http_unref(http);
}

/* One after the other: the connection is used again. */
static void test_again(const char *port, const char *counted)
{
	struct tpam_http *http = secure_client(0);
	struct tpam_http_failure failure;

	CHECK(fetch_one(http, port, "/ok", 0, &failure) == TPAM_OK);
	long long before = counted ? upstream_count(control, counted) : 0;
	for (int i = 0; i < TURNS; i++)
		CHECK(fetch_one(http, port, "/ok", 0, &failure) == TPAM_OK);
	if (counted)
		CHECK(upstream_count(control, counted) == before);
	tpam_http_unref(http);
}

#define IDEMPOTENT TPAM_HTTP_IDEMPOTENT

static const struct row {
	const char *path;
	uint32_t flags;
	int32_t reason; /* 0: an answer; else of an outcome that is unavailable */
	const char *expected;
	int asked; /* how often the upstream is, 0: not compared */
} rows[] = {
	{"/ok", 0, 0, NULL, 1},
	{"/large", 0, 0, NULL, 1},
	{"/headers/60", 0, 0, NULL, 1},
	/* What the upstream did not look at is sent again, whatever it is. */
	{"/refused-once", 0, 0, NULL, 2},
	{"/refused", 0, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 0},
	{"/goaway-after", 0, 0, NULL, 1},
	/* What it may have looked at only if it may be sent twice. */
	{"/goaway-once/a", IDEMPOTENT, 0, NULL, 2},
	{"/goaway-once/b", 0, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 1},
	{"/gone/a", IDEMPOTENT, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 0},
	{"/gone/b", 0, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 1},
	{"/reset", IDEMPOTENT, TPAM_REASON_UPSTREAM_ERROR, "an answer", 1},
	{"/calm", IDEMPOTENT, TPAM_REASON_UPSTREAM_ERROR, "an answer", 1},
	{"/half-reset", IDEMPOTENT, TPAM_REASON_UPSTREAM_ERROR, "an answer", 1},
	{"/half-refused", IDEMPOTENT, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 1},
	{"/goaway-half", IDEMPOTENT, TPAM_REASON_UPSTREAM_ERROR, "a whole answer", 1},
	{"/headers/70", 0, TPAM_REASON_UPSTREAM_MALFORMED, "headers of at most 64 KiB", 1},
	{"/headers/90", 0, TPAM_REASON_UPSTREAM_MALFORMED, "headers of at most 64 KiB", 1},
	{"/headers/110", 0, TPAM_REASON_UPSTREAM_MALFORMED, "headers of at most 64 KiB", 1},
	/* Here libcurl gives up by itself, and says nothing of headers. */
	{"/headers/200", 0, TPAM_REASON_UPSTREAM_UNREACHABLE, "an answer", 0},
	{"/oversize", 0, TPAM_REASON_UPSTREAM_MALFORMED, "an answer within its limit", 1},
};

static void test_row(
	struct tpam_http *http, struct tpam_http *next, const char *port, const struct row *row)
{
	struct tpam_http_failure failure = {0};
	unsigned before = check_failed;
	long long asked = upstream_count(control, row->path);
	int code = fetch_one(http, port, row->path, row->flags, &failure);

	if (row->reason == 0) {
		CHECK(code == TPAM_OK);
	} else {
		CHECK(code != TPAM_OK);
		CHECK(failure.outcome == TPAM_UNAVAILABLE);
		CHECK(failure.fault.reason == row->reason);
		CHECK_TEXT(failure.fault.expected, row->expected);
	}
	if (row->asked)
		CHECK(upstream_count(control, row->path) == asked + row->asked);
	if (check_failed > before)
		fprintf(stderr, "%s: code %d, reason %d, expected \"%s\", got \"%s\", asked %lld\n",
			row->path, code, failure.fault.reason, failure.fault.expected,
			failure.fault.got, upstream_count(control, row->path) - asked);
	/* Whatever that was, the next one is answered. */
	CHECK(fetch_one(next, port, "/ok", 0, &failure) == TPAM_OK);
}

static void test_rows(const char *port)
{
	static const struct row hang = {
		"/hang", IDEMPOTENT, TPAM_REASON_UPSTREAM_TIMEOUT, "an answer in time", 0};
	struct tpam_http *http = secure_client(30000), *hasty = secure_client(300);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_row(http, http, port, &rows[i]);
	test_row(hasty, http, port, &hang);
	tpam_http_unref(hasty);
	tpam_http_unref(http);
}

int main(int count, char **words)
{
	if (count < 6)
		return 2;
	upstream_port = words[1];
	read_ca(words[5]);
	control = client(0);
	test_streams(words[2]);
	test_few(words[3]);
	test_again(words[2], "connections");
	test_again(words[4], NULL);
	test_rows(words[2]);
	tpam_http_unref(control);
	http_stop();
	free(ca);
	return check_end();
}
