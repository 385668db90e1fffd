/*
 * arena.h - memory that is taken in pieces and given back at once.
 *
 * For what lives as long as one thing: nothing is freed alone, and what replaces something leaves it lying. Never for
 * secrets, since nothing is wiped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"

struct arena_chunk;

struct arena {
	char *next; /* free bytes of the chunk that is being used */
	size_t left;
	struct arena_chunk *chunks;
	size_t total; /* bytes of all chunks */
};

/* Uses `memory`, which the caller keeps, before it asks for any of its own. */
void arena_init(struct arena *arena, void *memory, size_t size);
void arena_finish(struct arena *arena);

/* Not cleared; aligned for anything. NULL without memory, or beyond 256 MiB in all. */
void *arena_take(struct arena *arena, size_t size);

/* A NUL-terminated copy; NULL without memory. */
char *arena_copy(struct arena *arena, const char *text, size_t length);
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As array_reserve(); the old array is left lying. */
bool arena_reserve(struct arena *arena, void *array, size_t count, size_t size, size_t max);

/* Appends the text itself, which has to live as long as the arena. */
bool arena_list_point(struct arena *arena, struct list *list, const char *text);

/* As the functions of list.h, for lists whose memory is an arena's: such are never finished. */
bool arena_list_add(struct arena *arena, struct list *list, const char *text, size_t length);
bool arena_list_add_new(struct arena *arena, struct list *list, const char *text, size_t length);
bool arena_list_copy(struct arena *arena, struct list *list, const struct list *other);

/* Keeps what is in `other`, too. The old array is left as it was, since another list may have it. */
bool arena_list_intersect(struct arena *arena, struct list *list, const struct list *other);

#endif
