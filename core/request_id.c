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
#include "siphash.h"

struct source {
	uint64_t key[2];
	uint64_t counter; /* 0: there is no key yet */
	unsigned forks;
};

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
	siphash_number(words, source.key, ++source.counter);
	for (unsigned i = 0; i < 4; i++)
		hexadecimal(ret + 8 * i, (uint32_t)(words[i / 2] >> (i % 2 * 32)));
	ret[32] = '\0';
	return true;
}
