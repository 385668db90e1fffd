/*
 * test_kept.c - the table of answers that may be confirmed: its bounds, what it may not keep, what a 304 changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"
#include "http_client.h"
#include "http_kept.h"

static struct kept_table table;

static struct request request_of(unsigned number)
{
	struct request request = {.shared = true};

	memcpy(request.digest, &number, sizeof(number));
	return request;
}

static struct tpam_http_answer *answer_of(int32_t status, size_t body, const char *const *headers)
{
	struct tpam_http_answer *answer = answer_create(1 << 24);
	char *text = calloc(1, body + 1);

	memset(text, 'x', body);
	answer->status = status;
	buffer_append(&answer->body, text, body);
	for (; *headers; headers++)
		CHECK(answer_add_header(answer, *headers, strlen(*headers)));
	free(text);
	return answer;
}

static const char *const tagged[] = {"ETag: \"1\"", NULL};

static void learn(unsigned number, int32_t status, size_t body, int64_t now)
{
	struct request request = request_of(number);
	struct tpam_http_answer *answer = answer_of(status, body, tagged);

	kept_learn(&table, &request, answer, now);
	tpam_http_answer_unref(answer);
}

static bool knows(unsigned number, int64_t now)
{
	struct request request = request_of(number);
	struct tpam_http_answer *answer = kept_find(&table, &request, now);

	tpam_http_answer_unref(answer);
	return answer != NULL;
}

static void test_count(void)
{
	kept_init(&table);
	for (unsigned i = 0; i < 5000; i++) {
		learn(i, 200, 10, 0);
		CHECK(knows(0, 0)); /* who is used stays */
	}
	CHECK(table.count == 4096);
	CHECK(!knows(1, 0) && !knows(904, 0) && knows(905, 0) && knows(4999, 0));
	kept_finish(&table);
	CHECK(table.count == 0 && table.bytes == 0);
}

static void test_bytes(void)
{
	kept_init(&table);
	for (unsigned i = 0; i < 100; i++) {
		learn(i, 200, 500000, 0);
		CHECK(table.bytes <= 16 * 1024 * 1024);
	}
	CHECK(table.count >= 16 && table.count <= 32 && knows(99, 0) && !knows(0, 0));
	learn(100, 200, 1100000, 0); /* too large, so nothing has to go for it */
	CHECK(!knows(100, 0) && knows(99, 0));
	learn(99, 200, 1100000, 0); /* and what is over is over */
	CHECK(!knows(99, 0));
	kept_finish(&table);
	CHECK(table.count == 0 && table.bytes == 0);
}

static void test_time(void)
{
	kept_init(&table);
	learn(1, 200, 10, 0);
	learn(2, 200, 10, 0);
	CHECK(knows(1, 3599 * SECOND));
	CHECK(!knows(2, 3600 * SECOND) && table.count == 1);
	learn(3, 200, 10, 7199 * SECOND);
	CHECK(table.count == 1 && !knows(1, 7199 * SECOND));
	kept_finish(&table);
}

static void test_statuses(void)
{
	static const struct {
		int32_t status;
		bool stays;
	} rows[] = {
		{403, true}, {429, true}, {500, true}, {401, false}, {404, false}, {410, false}};

	kept_init(&table);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		learn(1, 200, 10, 0);
		learn(1, rows[i].status, 10, 0);
		CHECK(knows(1, 0) == rows[i].stays);
	}
	kept_finish(&table);
}

static const char *const kept_headers[] = {"ETag: \"1\"", "Content-Type: application/json",
	"Link: <a>; rel=\"next\"", "X-Scopes: old", "X-Two: 1", "X-Two: 2", NULL};
static const char *const said_headers[] = {
	"etag: \"1\"", "content-type: text/html", "x-scopes: new", "X-More: 3", NULL};

static void test_confirm(void)
{
	static const struct {
		const char *name;
		uint32_t index;
		const char *value;
	} rows[] = {{"Content-Type", 0, "application/json"}, {"Content-Type", 1, NULL},
		{"Link", 0, "<a>; rel=\"next\""}, {"X-Scopes", 0, "new"}, {"X-Scopes", 1, NULL},
		{"X-Two", 1, "2"}, {"X-More", 0, "3"}, {"ETag", 0, "\"1\""}, {"ETag", 1, NULL}};
	struct tpam_http_answer *kept = answer_of(200, 3, kept_headers);
	struct tpam_http_answer *said = answer_of(304, 0, said_headers);
	struct tpam_http_answer *answer = kept_confirm(kept, said);
	uint64_t length = 0;

	CHECK(tpam_http_status(answer) == 200);
	CHECK_TEXT(tpam_http_body(answer, &length), "xxx");
	CHECK(length == 3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_TEXT(tpam_http_header(answer, rows[i].name, rows[i].index), rows[i].value);
	tpam_http_answer_unref(answer);
	tpam_http_answer_unref(kept);
	tpam_http_answer_unref(said);
}

int main(void)
{
	test_count();
	test_bytes();
	test_time();
	test_statuses();
	test_confirm();
	return check_end();
}
