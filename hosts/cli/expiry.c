/*
 * expiry.c - reads a point in time, or a duration from now.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "expiry.h"

/* 10000-01-01T00:00:00Z, which has no such form any more. */
#define TOO_LATE INT64_C(253402300800)

#define MOST_DIGITS 10

static const struct {
	char unit;
	int64_t seconds;
} units[] = {
	{'s', 1},
	{'m', 60},
	{'h', 3600},
	{'d', 86400},
};

bool duration_parse(const char *text, int64_t *ret_seconds)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > MOST_DIGITS || !text[digits] || text[digits + 1])
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == text[digits]) {
			*ret_seconds = strtoll(text, NULL, 10) * units[i].seconds;
			return true;
		}
	return false;
}

/* The pattern's digits stand for any digit. */
static bool has_form(const char *text, const char *pattern)
{
	for (; *pattern; text++, pattern++) {
		bool digit = *text >= '0' && *text <= '9';
		if (*pattern == '0' ? !digit : *text != *pattern)
			return false;
	}
	return *text == '\0';
}

static int number(const char *text, size_t length)
{
	int value = 0;

	for (size_t i = 0; i < length; i++)
		value = 10 * value + (text[i] - '0');
	return value;
}

/* A day that the calendar does not have comes back as another one. */
static bool parse_time(const char *text, int64_t *ret_seconds)
{
	if (!has_form(text, "0000-00-00T00:00:00Z"))
		return false;
	struct tm parts = {.tm_year = number(text, 4) - 1900,
		.tm_mon = number(text + 5, 2) - 1,
		.tm_mday = number(text + 8, 2),
		.tm_hour = number(text + 11, 2),
		.tm_min = number(text + 14, 2),
		.tm_sec = number(text + 17, 2)};
	struct tm given = parts;
	time_t seconds = timegm(&parts);
	if (parts.tm_mon != given.tm_mon || parts.tm_mday != given.tm_mday ||
		parts.tm_hour != given.tm_hour || parts.tm_min != given.tm_min ||
		parts.tm_sec != given.tm_sec)
		return false;
	*ret_seconds = seconds;
	return seconds >= 0;
}

bool expiry_parse(const char *text, int64_t now, int64_t *ret_seconds)
{
	int64_t seconds;

	if (duration_parse(text, &seconds)) {
		if (seconds >= TOO_LATE - now)
			return false;
		*ret_seconds = now + seconds;
		return true;
	}
	return parse_time(text, ret_seconds);
}
