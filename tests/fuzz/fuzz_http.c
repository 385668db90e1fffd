/*
 * fuzz_http.c - libFuzzer target: any bytes as what an upstream answers: a line with the status, header lines, an empty
 * line, the body.
 *
 * What is let through is what was asked for, what is refused has an outcome and a reason that an upstream can cause, and
 * no text that could be shown holds what a terminal obeys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "freshness.h"
#include "http_answer.h"
#include "http_failure.h"
#include "json.h"
#include "text.h"

#define BODY_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static size_t line_length(const char *text, size_t size)
{
	const char *end = memchr(text, '\n', size);

	return end ? (size_t)(end - text) : size;
}

/* Takes the input apart; NULL if a limit was met. */
static struct tpam_http_answer *read_answer(const char *text, size_t size)
{
	struct tpam_http_answer *answer = answer_create(BODY_MAX);
	size_t length = line_length(text, size);
	bool fine = true;

	for (size_t i = 0; i < length && i < 3 && text[i] >= '0' && text[i] <= '9'; i++)
		answer->status = answer->status * 10 + (text[i] - '0');
	while (fine && length < size) {
		text += length + 1;
		size -= length + 1;
		length = line_length(text, size);
		if (length == 0 || (length == 1 && text[0] == '\r'))
			break;
		fine = answer_add_header(answer, text, length);
	}
	if (fine && length < size)
		buffer_append(&answer->body, text + length + 1, size - length - 1);
	if (fine && !answer->body.failed)
		return answer;
	tpam_http_answer_unref(answer);
	return NULL;
}

static void check_text(const char *text)
{
	require(text_check(text, strlen(text), true) == strlen(text));
}

static void check_headers(const struct tpam_http_answer *answer)
{
	static const char *const names[] = {"Content-Type", "Cache-Control", "Age", "Expires",
		"Date", "ETag", "Retry-After", "Location"};
	const char *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (uint32_t index = 0; (value = tpam_http_header(answer, names[i], index));
			index++)
			check_text(value);
	int64_t fresh = freshness_of(answer);
	require(fresh >= -1 && fresh <= FRESHNESS_MOST);
	int64_t retry = retry_after_read(tpam_http_header(answer, "Retry-After", 0), 1700000000);
	require(retry >= -1 && retry <= 3600);
}

static void check_failure(const struct tpam_http_failure *failure)
{
	require(failure->outcome == TPAM_UNAVAILABLE || failure->outcome == TPAM_RATE_LIMITED ||
		failure->outcome == TPAM_ERROR);
	require(failure->fault.reason >= TPAM_REASON_UPSTREAM_UNREACHABLE &&
		failure->fault.reason <= TPAM_REASON_UPSTREAM_RATE_LIMIT);
	check_text(failure->fault.expected);
	check_text(failure->fault.got);
}

static void check_judged(const struct tpam_http_answer *answer, uint32_t flags)
{
	struct request request = {.flags = flags, .statuses = {304, 0}};
	struct tpam_http_failure failure;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);

	if (!answer_judge(answer, &request, &failure)) {
		check_failure(&failure);
		return;
	}
	require(answer->status == 200 || answer->status == 304);
	if (answer->status == 304 || !(flags & TPAM_HTTP_JSON))
		return;
	json_t *object = json_object_read(body, (size_t)length, 16);
	require(object != NULL);
	json_decref(object);
}

/* What a question about a token would come to. */
static void check_claims(const struct tpam_http_answer *answer)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	bool active = false;
	const char *body = tpam_http_body(answer, &length);

	int code = tpam_claims_from_json(&claims, body, (size_t)length, &fault);
	require((code == TPAM_OK) == (claims != NULL));
	require(code != TPAM_E_CONFIG || fault.reason == TPAM_REASON_UPSTREAM_MALFORMED);
	if (claims && tpam_claims_bool(claims, "active", &active) && active)
		require(tpam_claims_true(claims, "active"));
	tpam_claims_destroy(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpam_http_answer *answer = read_answer((const char *)data, size);

	if (!answer)
		return 0;
	check_headers(answer);
	check_judged(answer, TPAM_HTTP_JSON);
	check_judged(answer, TPAM_HTTP_JSON | TPAM_HTTP_OURS);
	check_judged(answer, 0);
	check_claims(answer);
	tpam_http_answer_unref(answer);
	return 0;
}
