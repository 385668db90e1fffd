/*
 * siphash.c - SipHash (Aumasson and Bernstein).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "siphash.h"

#include <string.h>

static uint64_t rotate(uint64_t value, unsigned bits)
{
	return value << bits | value >> (64 - bits);
}

static void rounds(uint64_t v[4], unsigned count)
{
	while (count-- > 0) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

static void begin(uint64_t v[4], const uint64_t key[2])
{
	v[0] = key[0] ^ 0x736f6d6570736575;
	v[1] = key[1] ^ 0x646f72616e646f6d;
	v[2] = key[0] ^ 0x6c7967656e657261;
	v[3] = key[1] ^ 0x7465646279746573;
}

static void absorb(uint64_t v[4], uint64_t word, unsigned count)
{
	v[3] ^= word;
	rounds(v, count);
	v[0] ^= word;
}

static uint64_t fold(const uint64_t v[4])
{
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t length)
{
	uint64_t v[4];

	begin(v, key);
	for (size_t i = 0; i <= length; i += 8) {
		size_t take = length - i < 8 ? length - i : 8;
		uint64_t word = 0;
		memcpy(&word, (const char *)bytes + i, take);
		if (take < 8)
			word |= (uint64_t)(length & 0xFF) << 56;
		absorb(v, word, 1);
	}
	v[2] ^= 0xFF;
	rounds(v, 3);
	return fold(v);
}

void siphash_number(uint64_t ret[2], const uint64_t key[2], uint64_t number)
{
	uint64_t v[4];

	begin(v, key);
	v[1] ^= 0xEE;
	absorb(v, number, 2);
	absorb(v, UINT64_C(8) << 56, 2);
	v[2] ^= 0xEE;
	rounds(v, 4);
	ret[0] = fold(v);
	v[1] ^= 0xDD;
	rounds(v, 4);
	ret[1] = fold(v);
}
