/*
 * moment.c - a time that is written as text (RFC 3339, which is what most mean by ISO 8601).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "claims.h"

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

bool tpam_moment_read(const char *text, int64_t *ret)
{
	int parts[PIECES], ahead = 0;

	for (int i = 0; i < PIECES; i++)
		if (!piece_read(&text, &pieces[i], &parts[i]))
			return false;
	if (!fraction_skip(&text) || !offset_read(&text, &ahead) || *text != '\0' ||
		!date_fits(parts[YEAR], parts[MONTH], parts[DATE]))
		return false;
	*ret = (days_before(parts[YEAR], parts[MONTH]) + parts[DATE] - 1) * DAY +
	       parts[HOUR] * 3600 + parts[MINUTE] * 60 + parts[SECOND] - ahead;
	return *ret >= 0 && *ret <= CLAIMS_TIME_MAX;
}

bool tpam_claims_time(const struct tpam_claims *claims, const char *name, int64_t *ret)
{
	const struct json_value *value = claims_get(claims, name);
	const char *text = value_text(value);

	return text ? tpam_moment_read(text, ret) : claims_time(value, ret);
}
