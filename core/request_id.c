/*
 * request_id.c - names for requests that have none.
 *
 * SipHash-2-4 with 128 bits of output, of a counter, under a key that each thread draws for itself, and anew after a fork:
 * asking the system each time costs half a microsecond. Who does not know the key can neither foresee an id nor tell two
 * of one thread from two of any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "request_id.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "forks.h"

struct source {
	uint64_t key[2];
	uint64_t counter; /* 0: there is no key yet */
	unsigned forks;
};

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

static void absorb(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	rounds(v, 2);
	v[0] ^= word;
}

static void siphash(uint64_t ret[2], const uint64_t key[2], uint64_t word)
{
	uint64_t v[4] = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d ^ 0xEE,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};

	absorb(v, word);
	absorb(v, UINT64_C(8) << 56);
	v[2] ^= 0xEE;
	rounds(v, 4);
	ret[0] = v[0] ^ v[1] ^ v[2] ^ v[3];
	v[1] ^= 0xDD;
	rounds(v, 4);
	ret[1] = v[0] ^ v[1] ^ v[2] ^ v[3];
}

static bool source_ready(struct source *source)
{
	unsigned forks = forks_count();

	if (source->counter != 0 && source->forks == forks)
		return true;
	source->counter = 0;
	if (getrandom(source->key, sizeof(source->key), 0) != (ssize_t)sizeof(source->key))
		return false;
	source->forks = forks;
	return true;
}

/* Eight digits at once: a half byte in each byte, to which '0' is added, and where it is above 9 what lies before 'a'. */
static void hexadecimal(char *ret, uint32_t number)
{
	uint64_t digits = number;

	digits = (digits | digits << 16) & UINT64_C(0x0000FFFF0000FFFF);
	digits = (digits | digits << 8) & UINT64_C(0x00FF00FF00FF00FF);
	digits = (digits | digits << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	uint64_t above =
		(digits + UINT64_C(0x0606060606060606)) >> 4 & UINT64_C(0x0101010101010101);
	digits += UINT64_C(0x3030303030303030) + above * ('a' - '0' - 10);
	memcpy(ret, &digits, sizeof(digits));
}

bool request_id_make(char ret[REQUEST_ID_SIZE])
{
	static _Thread_local struct source source;
	uint64_t words[2];

	if (!source_ready(&source))
		return false;
	siphash(words, source.key, ++source.counter);
	for (unsigned i = 0; i < 4; i++)
		hexadecimal(ret + 8 * i, (uint32_t)(words[i / 2] >> (i % 2 * 32)));
	ret[32] = '\0';
	return true;
}
