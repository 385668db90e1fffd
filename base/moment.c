/*
 * moment.c - a time that is written as text (RFC 3339, which is what most mean by ISO 8601).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

/* A part of the text: what stands before it, its digits, and between what it lies. */
struct piece {
	const char *before; /* one of these characters; NULL: nothing */
	int digits;
	int least, most;
};

enum { YEAR, MONTH, DATE, HOUR, MINUTE, SECOND, PIECES };

static const struct piece pieces[PIECES] = {
	[YEAR] = {NULL, 4, 1970, 9999},
	[MONTH] = {"-", 2, 1, 12},
	[DATE] = {"-", 2, 1, 31},
	[HOUR] = {"Tt ", 2, 0, 23},
	[MINUTE] = {":", 2, 0, 59},
	[SECOND] = {":", 2, 0, 60},
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool piece_read(const char **text, const struct piece *piece, int *ret)
{
	const char *at = *text;
	int number = 0;

	if (piece->before && (*at == '\0' || !strchr(piece->before, *at++)))
		return false;
	for (int i = 0; i < piece->digits; i++) {
		if (!is_digit(at[i]))
			return false;
		number = number * 10 + at[i] - '0';
	}
	*text = at + piece->digits;
	*ret = number;
	return number >= piece->least && number <= piece->most;
}

/* Fractions are cut. */
static bool fraction_skip(const char **text)
{
	if (**text != '.' && **text != ',')
		return true;
	const char *first = ++*text;
	while (is_digit(**text))
		++*text;
	return *text > first;
}

/* Seconds that the clock is ahead of UTC; without them nobody knows which time it is. */
static bool offset_read(const char **text, int *ret)
{
	static const struct piece hours = {"+-", 2, 0, 23}, minutes = {":", 2, 0, 59};
	bool behind = **text == '-';
	int hour = 0, minute = 0;

	*ret = 0;
	if (**text == 'Z' || **text == 'z') {
		++*text;
		return true;
	}
	if (!piece_read(text, &hours, &hour) || !piece_read(text, &minutes, &minute))
		return false;
	*ret = (hour * 60 + minute) * 60;
	if (behind)
		*ret = -*ret;
	return true;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970. */
static int64_t days_before(int year, int month)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	int last = year - 1;
	int leaps = (last / 4 - last / 100 + last / 400) - 477;

	return (int64_t)(year - 1970) * 365 + leaps + before[month - 1] +
	       (month > 2 && is_leap(year));
}

static bool date_fits(int year, int month, int date)
{
	int next_year = month == 12 ? year + 1 : year, next = month == 12 ? 1 : month + 1;

	return date <= days_before(next_year, next) - days_before(year, month);
}

/* The first of the pieces, the date among them. */
static bool pieces_read(const char **text, int parts[PIECES], int count)
{
	for (int i = 0; i < count; i++)
		if (!piece_read(text, &pieces[i], &parts[i]))
			return false;
	return date_fits(parts[YEAR], parts[MONTH], parts[DATE]);
}

bool moment_read(const char *text, int64_t *ret)
{
	int parts[PIECES], ahead = 0;

	if (!pieces_read(&text, parts, PIECES) || !fraction_skip(&text) ||
		!offset_read(&text, &ahead) || *text != '\0')
		return false;
	*ret = (days_before(parts[YEAR], parts[MONTH]) + parts[DATE] - 1) * DAY +
	       parts[HOUR] * 3600 + parts[MINUTE] * 60 + parts[SECOND] - ahead;
	return true;
}

bool moment_read_day(const char *text, int64_t *ret)
{
	int parts[PIECES];

	if (!pieces_read(&text, parts, HOUR) || *text != '\0')
		return false;
	*ret = (days_before(parts[YEAR], parts[MONTH]) + parts[DATE] - 1) * DAY;
	return true;
}

const char *moment_text(char buffer[MOMENT_TEXT_SIZE], int64_t seconds)
{
	struct tm moment = {0};
	time_t time = (time_t)seconds;

	(void)gmtime_r(&time, &moment);
	(void)snprintf(buffer, MOMENT_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ",
		moment.tm_year + 1900, moment.tm_mon + 1, moment.tm_mday, moment.tm_hour,
		moment.tm_min, moment.tm_sec);
	return buffer;
}
