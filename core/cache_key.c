/*
 * cache_key.c - what a verdict was about.
 *
 * The hash multiplies 64 by 64 bits and folds the product, as wyhash does, with a secret of the cache. It is no MAC and
 * need not be one: who could steer it would make their own verdicts meet in one place, and cost themselves time. A digest
 * that could stand for the credential costs ten times as much for a token of 900 bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cache_key.h"

#include <string.h>
#include <sys/random.h>

#define ABSENT UINT32_MAX

__extension__ typedef unsigned __int128 wide;

bool cache_secret_make(struct cache_secret *ret)
{
	return getrandom(ret, sizeof(*ret), 0) == (ssize_t)sizeof(*ret);
}

void cache_key_begin(struct cache_key *key, uint32_t owner, uint32_t other)
{
	key->owner[0] = owner;
	key->owner[1] = other;
	key->count = 0;
	key->size = sizeof(key->owner);
	key->hash = key->first = 0;
}

bool cache_key_add(struct cache_key *key, const void *bytes, size_t length)
{
	if (key->count >= CACHE_KEY_PARTS || length >= ABSENT)
		return false;
	key->parts[key->count++] = (struct cache_part){bytes, bytes ? (uint32_t)length : 0};
	key->size += sizeof(uint32_t) + (bytes ? length : 0);
	return true;
}

static uint32_t length_word(const struct cache_part *part)
{
	return part->bytes ? part->length : ABSENT;
}

/* ---- The hash ---- */

static uint64_t fold(uint64_t one, uint64_t other)
{
	wide product = (wide)one * other;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Two lanes, so that one multiplication need not wait for the other. */
static void hash_bytes(
	uint64_t lanes[2], const struct cache_secret *secret, const char *bytes, size_t length)
{
	const uint64_t *key = secret->words;
	char last[32] = {0};

	for (; length >= 32; bytes += 32, length -= 32) {
		lanes[0] = fold(word_at(bytes) ^ key[0], word_at(bytes + 8) ^ lanes[0]);
		lanes[1] = fold(word_at(bytes + 16) ^ key[1], word_at(bytes + 24) ^ lanes[1]);
	}
	if (length == 0)
		return;
	memcpy(last, bytes, length);
	lanes[0] = fold(word_at(last) ^ key[0], word_at(last + 8) ^ lanes[0]);
	lanes[1] = fold(word_at(last + 16) ^ key[1], word_at(last + 24) ^ lanes[1]);
	explicit_bzero(last, sizeof(last));
}

uint64_t cache_part_hash(const struct cache_secret *secret, const void *bytes, size_t length)
{
	uint64_t lanes[2] = {secret->words[2], secret->words[3]};

	hash_bytes(lanes, secret, bytes, length);
	return fold(lanes[0] ^ secret->words[1], lanes[1] ^ length) | 1;
}

void cache_key_hash(struct cache_key *key, const struct cache_secret *secret)
{
	const uint64_t *words = secret->words;
	uint64_t sum = fold(key->owner[0] ^ words[0], key->owner[1] ^ words[1]);

	for (size_t i = 0; i < key->count; i++) {
		const struct cache_part *part = &key->parts[i];
		uint64_t hash = i == 0 && key->first
					? key->first
					: cache_part_hash(secret, part->bytes, part->length);
		sum = fold(sum ^ words[2], hash ^ length_word(part) ^ words[3]);
	}
	key->hash = fold(sum ^ words[0], key->size ^ words[1]) | 1;
}

/* ---- As it is kept ---- */

void cache_key_write(const struct cache_key *key, char *ret)
{
	memcpy(ret, key->owner, sizeof(key->owner));
	ret += sizeof(key->owner);
	for (size_t i = 0; i < key->count; i++) {
		const struct cache_part *part = &key->parts[i];
		uint32_t length = length_word(part);
		memcpy(ret, &length, sizeof(length));
		ret += sizeof(length);
		if (part->length)
			memcpy(ret, part->bytes, part->length);
		ret += part->length;
	}
}

/*
 * Not in constant time: only who knows the secret of the hash could compare more than one byte without knowing the whole
 * credential.
 */
bool cache_key_equals(const struct cache_key *key, const char *written, size_t size)
{
	if (size != key->size || memcmp(written, key->owner, sizeof(key->owner)) != 0)
		return false;
	written += sizeof(key->owner);
	for (size_t i = 0; i < key->count; i++) {
		const struct cache_part *part = &key->parts[i];
		uint32_t length = length_word(part);
		/* Sizes are equal, and so were all lengths before: what is read is there. */
		if (memcmp(written, &length, sizeof(length)) != 0)
			return false;
		written += sizeof(length);
		if (part->length && memcmp(written, part->bytes, part->length) != 0)
			return false;
		written += part->length;
	}
	return true;
}
