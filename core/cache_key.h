/*
 * cache_key.h - what a verdict was about: parts of memory that are somebody else's, and a hash of them.
 *
 * The hash only says where to look: two keys are equal if all their bytes are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CACHE_KEY_H
#define CORE_CACHE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_KEY_PARTS 96 /* more than there are inputs and tags together */

struct cache_part {
	const void *bytes; /* NULL: the input is not there, which is another thing than empty */
	uint32_t length;
};

struct cache_key {
	uint32_t owner[2]; /* the instance, and what else is known by a number */
	size_t count;
	size_t size;    /* bytes when written */
	uint64_t hash;  /* never 0; of cache_key_hash() */
	uint64_t first; /* of the first part, where that is known; else 0 */
	struct cache_part parts[CACHE_KEY_PARTS];
};

/* What makes hashes unforeseeable. */
struct cache_secret {
	uint64_t words[4];
};

bool cache_secret_make(struct cache_secret *ret);

void cache_key_begin(struct cache_key *key, uint32_t owner, uint32_t other);

/* False if it holds no more. */
bool cache_key_add(struct cache_key *key, const void *bytes, size_t length);
void cache_key_hash(struct cache_key *key, const struct cache_secret *secret);

/* What cache_key_hash() makes of the first part, never 0: many keys may begin with one credential. */
uint64_t cache_part_hash(const struct cache_secret *secret, const void *bytes, size_t length);

/* Writes key->size bytes, and whether what was written is this key. */
void cache_key_write(const struct cache_key *key, char *ret);
bool cache_key_equals(const struct cache_key *key, const char *written, size_t size);

#endif
