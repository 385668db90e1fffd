/*
 * arena.c - memory that is taken in pieces and given back at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "sanitized.h"

#define ALIGNMENT  16
#define CHUNK_SIZE 4096
#define ARENA_MAX  ((size_t)256 << 20)

/* The address sanitizer sees the ends of what malloc() gave, so under it each piece is a chunk. */
#ifdef SANITIZED
#define WHOLE_PIECES 1
#endif

struct arena_chunk {
	struct arena_chunk *older;
	_Alignas(ALIGNMENT) char memory[];
};

void arena_init(struct arena *arena, void *memory, size_t size)
{
	*arena = (struct arena){.next = memory, .left = size};
#ifdef WHOLE_PIECES
	arena->left = 0;
#endif
}

void arena_finish(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunks, *older;

	for (; chunk; chunk = older) {
		older = chunk->older;
		free(chunk);
	}
	*arena = (struct arena){0};
}

static struct arena_chunk *chunk_add(struct arena *arena, size_t size)
{
	if (size > ARENA_MAX - arena->total)
		return NULL;
	struct arena_chunk *chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->older = arena->chunks;
	arena->chunks = chunk;
	arena->total += size;
	return chunk;
}

/* What is large gets a chunk of its own, so that the one in use is not given up for it. */
static void *take_more(struct arena *arena, size_t size)
{
#ifdef WHOLE_PIECES
	bool alone = true;
#else
	bool alone = size > CHUNK_SIZE / 4;
#endif
	struct arena_chunk *chunk = chunk_add(arena, alone ? size : CHUNK_SIZE);

	if (!chunk)
		return NULL;
	if (alone)
		return chunk->memory;
	arena->next = chunk->memory + size;
	arena->left = CHUNK_SIZE - size;
	return chunk->memory;
}

void *arena_take(struct arena *arena, size_t size)
{
	if (size > ARENA_MAX)
		return NULL;
#ifdef WHOLE_PIECES
	return take_more(arena, size);
#endif
	/* Nothing is something, too: NULL would mean that there is no memory. */
	size = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
	if (size > arena->left)
		return take_more(arena, size);
	void *memory = arena->next;
	arena->next += size;
	arena->left -= size;
	return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = length < ARENA_MAX ? arena_take(arena, length + 1) : NULL;

	if (!copy)
		return NULL;
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	int length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	char *text = length >= 0 ? arena_take(arena, (size_t)length + 1) : NULL;
	if (!text)
		return NULL;
	va_start(list, format);
	(void)vsnprintf(text, (size_t)length + 1, format, list);
	va_end(list);
	return text;
}

bool arena_reserve(struct arena *arena, void *array, size_t count, size_t size, size_t max)
{
	size_t bytes;

	if (!array_growth(count, size, max, &bytes))
		return false;
	if (bytes == 0)
		return true;

	/* The caller's pointer has a type of its own, so it is copied and not dereferenced. */
	void *old;
	memcpy(&old, array, sizeof(old));
	void *grown = arena_take(arena, bytes);
	if (!grown)
		return false;
	if (count)
		memcpy(grown, old, count * size);
	memcpy(array, &grown, sizeof(grown));
	return true;
}

bool arena_list_point(struct arena *arena, struct list *list, const char *text)
{
	/* The terminator is an element, too, from the first text on. */
	size_t stored = list->count > 0 ? list->count + 1 : 0;

	if (!arena_reserve(arena, &list->items, stored, sizeof(*list->items), LIST_MAX + 1))
		return false;
	list->items[list->count++] = (char *)(uintptr_t)text;
	list->items[list->count] = NULL;
	return true;
}

bool arena_list_add(struct arena *arena, struct list *list, const char *text, size_t length)
{
	char *copy = arena_copy(arena, text, length);

	return copy && arena_list_point(arena, list, copy);
}

bool arena_list_add_new(struct arena *arena, struct list *list, const char *text, size_t length)
{
	return list_find(list, text, length) || arena_list_add(arena, list, text, length);
}

bool arena_list_copy(struct arena *arena, struct list *list, const struct list *other)
{
	for (size_t i = 0; i < other->count; i++)
		if (!arena_list_add_new(arena, list, other->items[i], strlen(other->items[i])))
			return false;
	return true;
}

bool arena_list_intersect(struct arena *arena, struct list *list, const struct list *other)
{
	struct list both = {0};

	for (size_t i = 0; i < list->count; i++)
		if (list_has(other, list->items[i]) &&
			!arena_list_point(arena, &both, list->items[i]))
			return false;
	*list = both;
	return true;
}
