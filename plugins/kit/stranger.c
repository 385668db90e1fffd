/*
 * stranger.c - a token that nobody ever issued, to see what an endpoint says of one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include <openssl/rand.h>

#include "stranger.h"

bool stranger_make(char ret[STRANGER_SIZE])
{
	unsigned char bytes[STRANGER_SIZE / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
	return true;
}
