/*
 * nearest.c - what somebody who mistyped a word probably meant.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "cli.h"

/* Longer words are not looked at. */
#define WORD_LENGTH 48

/* Changes beyond which two words have nothing to do with each other. */
#define FAR 3

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][WORD_LENGTH + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		above[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *free_row = before;
		before = above;
		above = row;
		row = free_row;
	}
	return above[b_length];
}

const char *nearest(const char *text, const char *const *candidates)
{
	size_t length = strlen(text);
	size_t best = least(FAR, (length + 2) / 3) + 1;
	const char *found = NULL;

	if (length == 0 || length > WORD_LENGTH)
		return NULL;
	for (; *candidates; candidates++) {
		size_t other = strlen(*candidates);
		if (other > WORD_LENGTH)
			continue;
		size_t far = distance(text, length, *candidates, other);
		if (far < best) {
			best = far;
			found = *candidates;
		}
	}
	return found;
}
