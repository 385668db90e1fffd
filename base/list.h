/*
 * list.h - a short list of texts, each owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define LIST_MAX 4096

struct list {
	char **items; /* NULL-terminated once anything was added; NULL before */
	size_t count;
};

/* Appends a copy. False without memory or beyond LIST_MAX. */
bool list_add(struct list *list, const char *text, size_t length);

/* Appends what is not in it yet. */
bool list_add_new(struct list *list, const char *text, size_t length);
bool list_has(const struct list *list, const char *text);
bool list_find(const struct list *list, const char *text, size_t length);

/* Element `index`, NULL beyond the last. */
const char *list_get(const struct list *list, size_t index);

bool list_copy(struct list *list, const struct list *other);
void list_finish(struct list *list);

#endif
