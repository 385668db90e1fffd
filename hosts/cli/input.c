/*
 * input.c - reads a token, or header lines, without leaving copies behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "input.h"

static const char *label(char buffer[QUOTE_SIZE], const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : quote(buffer, path);
}

/* A path that does not exist may be a token that somebody typed. */
static int open_input(const char *path, const char *what)
{
	char buffer[QUOTE_SIZE];

	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		return fd;
	bool named = errno != ENOENT && errno != ENAMETOOLONG && errno != ENOTDIR;
	fail("%s: %s; expected a file that holds %s, or \"-\"",
		named ? quote(buffer, path) : quote_operand(buffer, path), strerror(errno), what);
	return -1;
}

static int read_all(struct input *input, int fd, const char *path)
{
	char buffer[QUOTE_SIZE];

	while (input->length <= INPUT_LIMIT) {
		ssize_t got =
			read(fd, input->bytes + input->length, INPUT_LIMIT + 1 - input->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail("%s: %s", label(buffer, path), strerror(errno));
		if (got == 0) {
			input->bytes[input->length] = '\0';
			return EXIT_ACCEPTED;
		}
		input->length += (size_t)got;
	}
	return fail("%s: got more than %zu bytes, expected at most as many", label(buffer, path),
		INPUT_LIMIT);
}

void input_protect(void)
{
	static const struct rlimit no_core = {0, 0};

	/* If the limit cannot be set, so be it. */
	(void)setrlimit(RLIMIT_CORE, &no_core);
}

int input_reserve(struct input *input)
{
	*input = (struct input){0};
	input_protect();
	/* The whole limit at once, for growing would leave copies; untouched pages cost nothing. */
	input->bytes = malloc(INPUT_LIMIT + 2);
	return input->bytes ? EXIT_ACCEPTED : fail_memory();
}

/* Its group may read it, as where a secret is mounted for a service. */
static int check_private(int fd, const char *path)
{
	char buffer[QUOTE_SIZE];
	struct stat status;

	if (fstat(fd, &status) != 0)
		return fail("%s: %s", label(buffer, path), strerror(errno));
	if (!S_ISREG(status.st_mode) || (status.st_mode & 0027) == 0)
		return EXIT_ACCEPTED;
	return fail("%s: got mode %04o, expected a file that others can neither read nor write",
		label(buffer, path), (unsigned int)(status.st_mode & 07777));
}

static int read_path(struct input *input, const char *path, const char *what, bool is_private)
{
	*input = (struct input){0};
	int fd = open_input(path, what);
	if (fd < 0)
		return EXIT_MISUSED;
	int code = is_private ? check_private(fd, path) : EXIT_ACCEPTED;
	if (code == EXIT_ACCEPTED)
		code = input_reserve(input);
	if (code == EXIT_ACCEPTED)
		code = read_all(input, fd, path);
	if (fd != STDIN_FILENO)
		close(fd);
	if (code != EXIT_ACCEPTED)
		input_finish(input);
	return code;
}

int input_read(struct input *input, const char *path, const char *what)
{
	return read_path(input, path, what, false);
}

int input_private(struct input *input, const char *path, const char *what)
{
	return read_path(input, path, what, true);
}

static size_t length_without_end(const struct input *input)
{
	size_t length = input->length;

	while (length > 0 && (input->bytes[length - 1] == '\n' || input->bytes[length - 1] == '\r'))
		length--;
	return length;
}

static int check_token(const struct input *input, const char *path)
{
	char buffer[QUOTE_SIZE];

	if (input->length == 0)
		return fail("%s: got nothing, expected a token on one line", label(buffer, path));
	for (size_t i = 0; i < input->length; i++) {
		unsigned char byte = (unsigned char)input->bytes[i];
		if (byte == '\n' || byte == '\r')
			return fail("%s: got several lines, expected a token on one line",
				label(buffer, path));
		if (byte < 0x20 || byte == 0x7f)
			return fail("%s: got control character \\x%02x at byte %zu, expected a "
				    "token on one "
				    "line",
				label(buffer, path), (unsigned int)byte, i + 1);
	}
	return EXIT_ACCEPTED;
}

int input_token(struct input *input, const char *path)
{
	int code = input_read(input, path, "the token");
	if (code != EXIT_ACCEPTED)
		return code;
	input->length = length_without_end(input);
	input->bytes[input->length] = '\0';
	code = check_token(input, path);
	if (code != EXIT_ACCEPTED)
		input_finish(input);
	return code;
}

void input_finish(struct input *input)
{
	if (input->bytes)
		explicit_bzero(input->bytes, INPUT_LIMIT + 2);
	free(input->bytes);
	*input = (struct input){0};
}
