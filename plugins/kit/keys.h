/*
 * keys.h - a set of keys, and which of them a token means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_KEYS_H
#define KIT_KEYS_H

#include <stdatomic.h>

#include "key.h"

#define KEYS_MAX       64
#define KEYS_SIZE_MAX  (256 * 1024)
#define KEYS_DEPTH_MAX 16

struct tpam_keys {
	atomic_uint references;
	struct key *list;
	size_t count;
	size_t skipped;
};

/*
 * The one key for an algorithm and a name (NULL: the token names none). NULL with `fault`: unknown_key, or wrong_algorithm
 * where the name is known and the algorithm is not its.
 */
const struct key *keys_choose(
	const struct tpam_keys *keys, const char *alg, const char *kid, struct tpam_fault *fault);

/* A set with room for keys; keys_add() takes the key over. NULL and false without memory. */
struct tpam_keys *keys_create(void);
bool keys_add(struct tpam_keys *keys, struct key *key);

#endif
