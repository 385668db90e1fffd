/*
 * list.c - a short list of texts, each owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "memory.h"

static bool find(const struct list *list, const char *text, size_t length)
{
	for (size_t i = 0; i < list->count; i++)
		if (strlen(list->items[i]) == length && memcmp(list->items[i], text, length) == 0)
			return true;
	return false;
}

bool list_add(struct list *list, const char *text, size_t length)
{
	/* The terminator is an element, too, from the first text on. */
	size_t stored = list->count > 0 ? list->count + 1 : 0;

	if (!array_reserve(&list->items, stored, sizeof(*list->items), LIST_MAX + 1))
		return false;
	char *copy = text_copy(text, length);
	if (!copy)
		return false;
	list->items[list->count++] = copy;
	list->items[list->count] = NULL;
	return true;
}

bool list_add_new(struct list *list, const char *text, size_t length)
{
	return find(list, text, length) || list_add(list, text, length);
}

bool list_has(const struct list *list, const char *text)
{
	return find(list, text, strlen(text));
}

const char *list_get(const struct list *list, size_t index)
{
	return index < list->count ? list->items[index] : NULL;
}

void list_intersect(struct list *list, const struct list *other)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list_has(other, list->items[i]))
			list->items[kept++] = list->items[i];
		else
			free(list->items[i]);
	}
	if (list->items)
		list->items[kept] = NULL;
	list->count = kept;
}

bool list_copy(struct list *list, const struct list *other)
{
	for (size_t i = 0; i < other->count; i++)
		if (!list_add_new(list, other->items[i], strlen(other->items[i])))
			return false;
	return true;
}

void list_finish(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct list){0};
}
