/*
 * generate.h - random tokens.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include <stddef.h>
#include <stdint.h>

#include "input.h"

/*
 * Makes a random token and writes it to a new file that only its owner can read. EXIT_ACCEPTED with the token in
 * `token`, or EXIT_MISUSED after a message.
 */
int generate_token(struct input *token, const char *path);

/* Bytes as base64url without padding (RFC 4648), and a NUL. Returns the length, (8 * length + 5) / 6. */
size_t generate_text(char *text, const uint8_t *bytes, size_t length);

#endif
