/*
 * generate.c - makes a random token and writes it to a new file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "cli.h"
#include "generate.h"
#include "newfile.h"

/* The prefix lets scanners of repositories and logs find tokens that got lost. */
#define PREFIX       "tp_"
#define RANDOM_BYTES 32
#define TOKEN_LENGTH (sizeof(PREFIX) - 1 + (RANDOM_BYTES * 8 + 5) / 6)

size_t generate_text(char *text, const uint8_t *bytes, size_t length)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned int held = 0;
	char *to = text;

	for (size_t i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (held += 8; held >= 6; held -= 6)
			*to++ = alphabet[bits >> (held - 6) & 63];
	}
	if (held > 0)
		*to++ = alphabet[bits << (6 - held) & 63];
	*to = '\0';
	return (size_t)(to - text);
}

static bool fill(char *token)
{
	uint8_t bytes[RANDOM_BYTES];

	/* So few bytes come whole or not at all. */
	bool done = getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes);
	if (done) {
		memcpy(token, PREFIX, sizeof(PREFIX) - 1);
		generate_text(token + sizeof(PREFIX) - 1, bytes, sizeof(bytes));
	}
	explicit_bzero(bytes, sizeof(bytes));
	return done;
}

int generate_token(struct input *token, const char *path)
{
	int code = input_reserve(token);
	if (code != EXIT_ACCEPTED)
		return code;
	if (!fill(token->bytes))
		code = fail("random bytes: %s", strerror(errno));
	token->length = TOKEN_LENGTH;
	if (code == EXIT_ACCEPTED)
		code = newfile_write(path, NEWFILE_PRIVATE, token->bytes);
	if (code != EXIT_ACCEPTED)
		input_finish(token);
	return code;
}
