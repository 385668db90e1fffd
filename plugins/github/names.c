/*
 * names.c - a list of texts, each of them once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "names.h"

#include <stdlib.h>
#include <string.h>

static bool has(const struct names *names, const char *text, size_t length)
{
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->items[i]) == length && memcmp(names->items[i], text, length) == 0)
			return true;
	return false;
}

bool names_has(const struct names *names, const char *text)
{
	return has(names, text, strlen(text));
}

static bool grow(struct names *names)
{
	size_t room = names->room ? 2 * names->room : 16;
	char **items = room <= NAMES_MAX ? realloc(names->items, room * sizeof(*items)) : NULL;

	if (!items)
		return false;
	names->items = items;
	names->room = room;
	return true;
}

/* Takes the text over. */
static bool put(struct names *names, char *text)
{
	if (!text)
		return false;
	bool there = names_has(names, text);
	if (there || (names->count == names->room && !grow(names))) {
		free(text);
		return there;
	}
	names->items[names->count++] = text;
	return true;
}

bool names_add(struct names *names, const char *text, size_t length)
{
	return put(names, strndup(text, length));
}

bool names_add_small(struct names *names, const char *text)
{
	char *small = strdup(text);

	for (char *at = small; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return put(names, small);
}

void names_finish(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}
