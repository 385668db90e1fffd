/*
 * secret.h - memory for secrets: out of core dumps, locked as far as the process may, wiped when it is given back.
 *
 * One run of addresses a library and process, of which pages are opened when they are needed; any thread may use it. What
 * it has no room for is not there: nothing falls back to ordinary memory. A child of fork() has all of it, also out of
 * dumps, but not locked, since no child inherits locks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#define SECRETS_MAX ((size_t)64 << 20) /* bytes in all, with 16 of each piece's own */

/* Zeroed, aligned for anything, to be given back with secret_free(). NULL without memory, or beyond SECRETS_MAX. */
void *secret_take(size_t size);

/* A NUL-terminated copy; NULL without memory. */
char *secret_copy(const char *text, size_t length);

/* Puts such a copy in the place of *text, which is wiped and freed. False without memory; the text stays. */
bool secret_move(char **text);

/*
 * Wipes so that the compiler cannot leave it out, then gives back: memory from here, the whole piece, or else `length` bytes
 * of malloc(). NULL is fine; errno is kept.
 */
void secret_free(void *memory, size_t length);

/* True for memory from here. */
bool secret_is(const void *memory);

#endif
