/*
 * freshness.c - how long an answer may be used (RFC 9111, sections 4.2 and 5.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#include "freshness.h"

#define HEADERS_LOOKED_AT 16

/* Digits, perhaps in quotes; -1 if it is anything else. */
static int64_t seconds_read(const char *text, size_t length)
{
	int64_t seconds = 0;

	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		text++;
		length -= 2;
	}
	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		if (seconds < FRESHNESS_MOST)
			seconds = seconds * 10 + (text[i] - '0');
	}
	return seconds < FRESHNESS_MOST ? seconds : FRESHNESS_MOST;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* One directive, blanks around it removed. Of several times the shortest counts. */
static void directive_read(const char *text, size_t length, int64_t *seconds)
{
	const char *equals = memchr(text, '=', length);
	size_t name = equals ? (size_t)(equals - text) : length;
	int64_t found = -1;

	if (is_word(text, name, "no-store") || is_word(text, name, "no-cache"))
		found = 0;
	else if (equals && is_word(text, name, "max-age"))
		/* What cannot be read is as good as over (RFC 9111, section 4.2.1). */
		found = seconds_read(equals + 1, length - name - 1), found = found < 0 ? 0 : found;
	if (found >= 0 && (*seconds < 0 || found < *seconds))
		*seconds = found;
}

static void directives_read(const char *value, int64_t *seconds)
{
	while (*value) {
		size_t length = strcspn(value, ",");
		const char *next = value + length + (value[length] == ',');
		while (length > 0 && strchr(" \t", *value)) {
			value++;
			length--;
		}
		while (length > 0 && strchr(" \t", value[length - 1]))
			length--;
		directive_read(value, length, seconds);
		value = next;
	}
}

/* What it has used up on its way. */
static int64_t age_of(const struct tpam_http_answer *answer)
{
	const char *age = tpam_http_header(answer, "Age", 0);
	int64_t seconds = age ? seconds_read(age, strlen(age)) : 0;

	return seconds > 0 ? seconds : 0;
}

/* Expires against its own Date, so that no clock of ours is in it. */
static int64_t expires_of(const struct tpam_http_answer *answer)
{
	const char *expires = tpam_http_header(answer, "Expires", 0);
	const char *date = tpam_http_header(answer, "Date", 0);
	time_t begin = date ? curl_getdate(date, NULL) : -1;

	if (!expires || begin == -1)
		return -1;
	time_t end = curl_getdate(expires, NULL);
	return end > begin ? (int64_t)end - (int64_t)begin : 0;
}

int64_t freshness_of(const struct tpam_http_answer *answer)
{
	const char *value;
	int64_t seconds = -1;

	for (uint32_t i = 0; i < HEADERS_LOOKED_AT; i++) {
		if (!(value = tpam_http_header(answer, "Cache-Control", i)))
			break;
		directives_read(value, &seconds);
	}
	if (seconds < 0)
		seconds = expires_of(answer);
	if (seconds < 0)
		return -1;
	int64_t age = age_of(answer);
	seconds = seconds < FRESHNESS_MOST ? seconds : FRESHNESS_MOST;
	return seconds > age ? seconds - age : 0;
}
