/*
 * input.h - secrets from a file or standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stddef.h>

#define INPUT_LIMIT ((size_t)1 << 20)

/* The content of a file, followed by a NUL that `length` does not count. Wiped by input_finish(). */
struct input {
	char *bytes;
	size_t length;
};

/*
 * Reads the whole of `path`, "-" being standard input, at most INPUT_LIMIT bytes; `what` it should hold is for the
 * message. EXIT_ACCEPTED, or EXIT_MISUSED after a message, which does not repeat a path that may be a token.
 * input_private() refuses a file that others can read; input_token() wants one line of text and drops its end.
 */
int input_read(struct input *input, const char *path, const char *what);
int input_private(struct input *input, const char *path, const char *what);
int input_token(struct input *input, const char *path);

/* Room for INPUT_LIMIT bytes, and no core file from here on. EXIT_ACCEPTED, or EXIT_MISUSED after a message. */
int input_reserve(struct input *input);

/* No core file from here on: what is in memory must not end in one. */
void input_protect(void);

void input_finish(struct input *input);

#endif
