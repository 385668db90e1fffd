/*
 * memory.h - growing arrays, bounded text buffers, wiping.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "secret.h"

/*
 * How many bytes an array of `count` elements of `size` bytes needs for one more; 0: it has room. Capacities are powers of
 * two and follow from the count, so none is stored. False beyond `max`.
 */
bool array_growth(size_t count, size_t size, size_t max, size_t *ret);

/*
 * Makes room for one more element in the array at *array, which holds `count`
 * of `size` bytes each. False without memory or beyond `max`; the array stays.
 */
bool array_reserve(void *array, size_t count, size_t size, size_t max);

/* Text that grows to a hard maximum. Init with one of the macros below; the first failure sticks in `failed`. */
struct buffer {
	char *data; /* NUL-terminated once anything was appended; NULL before */
	size_t length;
	size_t capacity;
	size_t max;
	bool failed; /* no memory, or beyond max */
	bool secret; /* its memory is that of secret.h */
};

#define BUFFER(maximum)        ((struct buffer){.max = (maximum)})
#define SECRET_BUFFER(maximum) ((struct buffer){.max = (maximum), .secret = true})

void buffer_append(struct buffer *buffer, const char *text, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_vformat(struct buffer *buffer, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

/*
 * The text, now the caller's, and an empty buffer; NULL if anything failed (an empty buffer gives ""). Of a secret one it
 * is to be freed with secret_free().
 */
char *buffer_take(struct buffer *buffer);
void buffer_finish(struct buffer *buffer); /* wipes and frees */

/* A NUL-terminated copy; NULL without memory. */
char *text_copy(const char *text, size_t length);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
