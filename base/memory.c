/*
 * memory.c - growing arrays, bounded text buffers, wiping.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_FIRST  4
#define BUFFER_FIRST 64

static bool is_power_of_two(size_t number)
{
	return number && (number & (number - 1)) == 0;
}

bool array_growth(size_t count, size_t size, size_t max, size_t *ret)
{
	*ret = 0;
	if (count >= max)
		return false;
	if (count && (count < ARRAY_FIRST || !is_power_of_two(count)))
		return true;
	size_t capacity = count ? count * 2 : ARRAY_FIRST;
	if (capacity < count || capacity > SIZE_MAX / size)
		return false;
	*ret = capacity * size;
	return true;
}

bool array_reserve(void *array, size_t count, size_t size, size_t max)
{
	size_t bytes;

	if (!array_growth(count, size, max, &bytes))
		return false;
	if (bytes == 0)
		return true;

	/* The caller's pointer has a type of its own, so it is copied and not dereferenced. */
	void *old;
	memcpy(&old, array, sizeof(old));
	void *grown = realloc(old, bytes);
	if (!grown)
		return false;
	memcpy(array, &grown, sizeof(grown));
	return true;
}

/* Not by realloc(), which leaves the old bytes behind. */
static bool buffer_grow(struct buffer *buffer, size_t capacity)
{
	char *grown = buffer->secret ? secret_take(capacity) : malloc(capacity);
	if (!grown)
		return false;
	if (buffer->data)
		memcpy(grown, buffer->data, buffer->length + 1);
	secret_free(buffer->data, buffer->capacity);
	buffer->data = grown;
	buffer->capacity = capacity;
	return true;
}

static struct buffer emptied(const struct buffer *buffer)
{
	return (struct buffer){.max = buffer->max, .secret = buffer->secret};
}

static bool buffer_reserve(struct buffer *buffer, size_t length)
{
	if (buffer->failed || length > buffer->max - buffer->length)
		return false;
	size_t needed = buffer->length + length + 1;
	if (needed <= buffer->capacity)
		return true;
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST;
	while (capacity < needed && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	return buffer_grow(buffer, capacity < needed ? needed : capacity);
}

void buffer_append(struct buffer *buffer, const char *text, size_t length)
{
	if (!buffer_reserve(buffer, length)) {
		buffer->failed = true;
		return;
	}
	if (length)
		memcpy(buffer->data + buffer->length, text, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void buffer_vformat(struct buffer *buffer, const char *format, va_list list)
{
	va_list again;
	va_copy(again, list);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0 || !buffer_reserve(buffer, (size_t)length)) {
		buffer->failed = true;
		return;
	}
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, list);
	buffer->length += (size_t)length;
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	buffer_vformat(buffer, format, list);
	va_end(list);
}

char *buffer_take(struct buffer *buffer)
{
	buffer_append(buffer, "", 0);
	char *text = NULL;
	if (buffer->failed) {
		buffer_finish(buffer);
	} else {
		text = buffer->data;
		*buffer = emptied(buffer);
	}
	return text;
}

void buffer_finish(struct buffer *buffer)
{
	secret_free(buffer->data, buffer->capacity);
	*buffer = emptied(buffer);
}

char *text_copy(const char *text, size_t length)
{
	if (length == SIZE_MAX)
		return NULL;
	char *copy = malloc(length + 1);
	if (!copy)
		return NULL;
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *text_format(const char *format, ...)
{
	struct buffer buffer = BUFFER(SIZE_MAX / 4);
	va_list list;
	va_start(list, format);
	buffer_vformat(&buffer, format, list);
	va_end(list);
	return buffer_take(&buffer);
}
