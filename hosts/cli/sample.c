/*
 * sample.c - a name that a pattern means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

bool sample_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *from = text;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static char *fill(const char *pattern, const char *filler)
{
	char *text = NULL;
	size_t size = 0;

	FILE *file = open_memstream(&text, &size);
	if (!file)
		exit(fail_memory());
	for (; *pattern; pattern++) {
		if (*pattern == '*')
			fputs(filler, file);
		else
			fputc(*pattern == '?' ? *filler : *pattern, file);
	}
	if (fclose(file) != 0)
		exit(fail_memory());
	return text;
}

/* A pattern that matches another one's text means all that the other one means. */
static bool is_anothers(const char *text, const char *pattern, json_t *others)
{
	const char *other;
	json_t *value;

	json_object_foreach(others, other, value)
	{
		if (sample_matches(other, text) && !sample_matches(other, pattern))
			return true;
	}
	return false;
}

char *sample_of(const char *pattern, json_t *others)
{
	static const char *const fillers[] = {"any", "x", "other", "0", "~"};
	char *text = fill(pattern, fillers[0]);

	for (size_t i = 1;
		i < sizeof(fillers) / sizeof(fillers[0]) && is_anothers(text, pattern, others);
		i++) {
		free(text);
		text = fill(pattern, fillers[i]);
	}
	return text;
}
