/*
 * moment.c - says times in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "moment.h"

static const struct {
	int64_t seconds;
	const char *name;
} units[] = {
	{31557600, "years"},
	{86400, "days"},
	{3600, "h"},
	{60, "min"},
};

const char *span_text(char buffer[SPAN_SIZE], int64_t seconds)
{
	size_t i = 0;

	/* Two of a unit at least, so that little is cut and no unit is in the singular. */
	while (i < sizeof(units) / sizeof(units[0]) && seconds / units[i].seconds < 2)
		i++;
	if (i < sizeof(units) / sizeof(units[0]))
		(void)snprintf(buffer, SPAN_SIZE, "%lld %s",
			(long long)(seconds / units[i].seconds), units[i].name);
	else
		(void)snprintf(buffer, SPAN_SIZE, "%lld s", (long long)seconds);
	return buffer;
}

/* The words around a span, for times that have passed and times that come; one %s each. */
struct words {
	const char *claim;
	const char *passed[2];
	const char *coming[2];
};

static const struct words all[] = {
	{"exp", {"expired ", " ago"}, {"valid for ", ""}},
	{"nbf", {"began ", " ago"}, {"not valid yet, begins in ", ""}},
	{"iat", {"", " ago"}, {"in the future, in ", ""}},
	{"auth_time", {"", " ago"}, {"in the future, in ", ""}},
};

const char *moment_text(char buffer[MOMENT_SIZE], const char *claim, int64_t time, int64_t now)
{
	char span[SPAN_SIZE];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(all[i].claim, claim) != 0)
			continue;
		/* A token is expired in the very second that exp names. */
		const char *const *words = time <= now ? all[i].passed : all[i].coming;
		span_text(span, time <= now ? now - time : time - now);
		(void)snprintf(buffer, MOMENT_SIZE, "%s%s%s", words[0], span, words[1]);
		return buffer;
	}
	return NULL;
}
