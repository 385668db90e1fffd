/*
 * json_reserve.h - keeps jansson's parser alive when memory runs out while it reads.
 *
 * jansson 2.14 ignores that the buffer of a token could not grow: bytes of a text are then lost, and a lost
 * closing quote makes it read beyond its end. So while a document is read, an allocation that could be such a
 * growth is served from a reserve if all else fails, and the reader says afterwards that memory ran out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_JSON_RESERVE_H
#define BASE_JSON_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

struct json_reserve {
	char *memory;
	size_t size;
	size_t used;
	bool secret; /* what is read is put into memory for secrets, the reserve too */
	bool failed; /* an allocation has failed */
	struct json_reserve *outer;
};

/*
 * Puts the hooks in, once. Called when an engine is opened, so that it does not first happen while other
 * threads are inside jansson.
 */
void json_reserve_install(void);

/* Begins reading a document of `length` bytes in this thread. False without memory for the reserve. */
bool json_reserve_begin(struct json_reserve *reserve, size_t length, bool secret);

/* Stops serving; what was read must be given back before json_reserve_end() if `failed`. */
void json_reserve_end(struct json_reserve *reserve);

#endif
