/*
 * pattern.c - whether one pattern of text_glob() covers another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "pattern.h"

#include <string.h>

/* Runs of wildcards have one spelling: "*?*" is "?*". False if the pattern is too long. */
static bool spell(char ret[PATTERN_MAX + 1], const char *pattern)
{
	bool star = false;

	if (strlen(pattern) > PATTERN_MAX)
		return false;
	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			star = true;
			continue;
		}
		if (star && *pattern != '?') {
			*ret++ = '*';
			star = false;
		}
		*ret++ = *pattern;
	}
	if (star)
		*ret++ = '*';
	*ret = '\0';
	return true;
}

/* What stands in `narrow` for one byte, or for any number of them, is like a byte that `broad` does not name. */
static bool takes(char broad, char narrow)
{
	return broad == '?' ? narrow != '*' : broad == narrow;
}

/* As text_glob(). */
static bool covers(const char *broad, const char *narrow)
{
	const char *star = NULL, *resume = NULL;

	while (*narrow) {
		if (*broad == '*') {
			star = ++broad;
			resume = narrow;
		} else if (*broad && takes(*broad, *narrow)) {
			broad++;
			narrow++;
		} else if (star) {
			broad = star;
			narrow = ++resume;
		} else {
			return false;
		}
	}
	while (*broad == '*')
		broad++;
	return *broad == '\0';
}

bool pattern_covers(const char *broad, const char *narrow)
{
	char spelt[2][PATTERN_MAX + 1];

	return spell(spelt[0], broad) && spell(spelt[1], narrow) && covers(spelt[0], spelt[1]);
}
