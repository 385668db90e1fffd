/*
 * http_answer.c - what an upstream said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "http_answer.h"
#include "text.h"

#define RETRY_AFTER_MOST 3600

struct tpam_http_answer *answer_create(uint64_t body_max)
{
	struct tpam_http_answer *answer = calloc(1, sizeof(*answer));

	if (!answer)
		return NULL;
	atomic_init(&answer->refs, 1);
	answer->retry_after = -1;
	answer->body = BUFFER((size_t)body_max);
	answer->headers = BUFFER(HTTP_HEADERS_MAX);
	return answer;
}

void answer_clear(struct tpam_http_answer *answer)
{
	answer->status = 0;
	answer->retry_after = -1;
	buffer_finish(&answer->body);
	buffer_finish(&answer->headers);
}

bool answer_add_header(struct tpam_http_answer *answer, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	const char *end = line + length;

	if (!colon || !text_is_token(line, (size_t)(colon - line)))
		return true;
	const char *value = colon + 1;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && strchr(" \t\r\n", end[-1]))
		end--;
	size_t size = (size_t)(end - value);
	if (text_check(value, size, true) != size)
		return true;
	buffer_append(&answer->headers, line, (size_t)(colon - line));
	buffer_append(&answer->headers, "", 1);
	buffer_append(&answer->headers, value, size);
	buffer_append(&answer->headers, "", 1);
	return !answer->headers.failed;
}

struct tpam_http_answer *tpam_http_answer_ref(struct tpam_http_answer *answer)
{
	if (answer)
		atomic_fetch_add_explicit(&answer->refs, 1, memory_order_relaxed);
	return answer;
}

void tpam_http_answer_unref(struct tpam_http_answer *answer)
{
	if (!answer || atomic_fetch_sub_explicit(&answer->refs, 1, memory_order_acq_rel) != 1)
		return;
	answer_clear(answer);
	free(answer);
}

int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	return answer->status;
}

const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	*ret_length = answer->body.length;
	return answer->body.data ? answer->body.data : "";
}

const char *tpam_http_header(
	const struct tpam_http_answer *answer, const char *name, uint32_t index)
{
	const char *at = answer->headers.data;
	const char *end = at ? at + answer->headers.length : NULL;

	while (at < end) {
		const char *value = at + strlen(at) + 1;
		if (strcasecmp(at, name) == 0 && index-- == 0)
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}

int64_t tpam_http_retry_after(const struct tpam_http_answer *answer)
{
	return answer->retry_after;
}

int64_t retry_after_read(const char *value, int64_t wall)
{
	int64_t seconds = 0;

	if (!value || !value[0])
		return -1;
	if (value[strspn(value, "0123456789")] == '\0') {
		for (const char *at = value; *at && seconds <= RETRY_AFTER_MOST; at++)
			seconds = seconds * 10 + (*at - '0');
	} else {
		time_t date = curl_getdate(value, NULL);
		if (date == -1)
			return -1;
		seconds = (int64_t)date > wall ? (int64_t)date - wall : 0;
	}
	return seconds < RETRY_AFTER_MOST ? seconds : RETRY_AFTER_MOST;
}
