/*
 * list.c - a short list of texts, each owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "memory.h"

bool list_find(const struct list *list, const char *text, size_t length)
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
	return list_find(list, text, length) || list_add(list, text, length);
}

bool list_has(const struct list *list, const char *text)
{
	return list_find(list, text, strlen(text));
}

const char *list_get(const struct list *list, size_t index)
{
	return index < list->count ? list->items[index] : NULL;
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
