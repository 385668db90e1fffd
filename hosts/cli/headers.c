/*
 * headers.c - headers of the request, from the command line and from a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "input.h"
#include "verify.h"

#define NAME_LIMIT 128

/* They hold credentials, and the command line is no place for those. */
static const char *const secret_headers[] = {"Authorization", "Proxy-Authorization", "Cookie"};

static bool is_secret(const char *name)
{
	for (size_t i = 0; i < sizeof(secret_headers) / sizeof(secret_headers[0]); i++)
		if (strcasecmp(name, secret_headers[i]) == 0)
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The name of "Name: value" in `name`, and the value; NULL if the line is no header. */
static const char *split(const char *line, char name[NAME_LIMIT])
{
	size_t length = strcspn(line, ":");

	if (length == 0 || length >= NAME_LIMIT || line[length] != ':')
		return NULL;
	memcpy(name, line, length);
	name[length] = '\0';
	const char *value = line + length + 1;
	while (is_blank(*value))
		value++;
	return value;
}

/* Nothing but a name is repeated: the value may be a secret. */
static int add(struct tpam_request *request, const char *name, const char *value, const char *where)
{
	char buffer[QUOTE_SIZE];

	int code = tpam_request_add_header(request, name, value);
	if (code == TPAM_OK)
		return EXIT_ACCEPTED;
	if (code == TPAM_E_ARGUMENT)
		return fail("%s: got header %s, expected a name and a value as in HTTP", where,
			quote_operand(buffer, name));
	return fail("%s: header %s: %s", where, quote_operand(buffer, name), tpam_code_text(code));
}

static int add_argument(
	struct tpam_request *request, const char *line, const struct options *options)
{
	char name[NAME_LIMIT];

	const char *value = split(line, name);
	if (!value)
		return misuse(
			options->verb, "--header: got no name and ':', expected 'Name: value'");
	if (is_secret(name))
		return misuse(options->verb,
			"--header: got %s, which other users would see on the command line; use "
			"TOKENFILE or "
			"--header-file FILE",
			name);
	return add(request, name, value, "--header");
}

static int add_line(struct tpam_request *request, char *line, size_t length, size_t number)
{
	char name[NAME_LIMIT], where[48];

	while (length > 0 && (is_blank(line[length - 1]) || line[length - 1] == '\r'))
		length--;
	line[length] = '\0';
	if (length == 0)
		return EXIT_ACCEPTED;
	snprintf(where, sizeof(where), "--header-file: line %zu", number);
	const char *value = strlen(line) == length ? split(line, name) : NULL;
	if (!value)
		return fail("%s: got no header, expected 'Name: value'", where);
	return add(request, name, value, where);
}

static int add_file(struct tpam_request *request, const char *path)
{
	struct input input;

	int code = input_read(&input, path, "headers");
	if (code != EXIT_ACCEPTED)
		return code;
	char *line = input.bytes, *end = input.bytes + input.length;
	for (size_t number = 1; line < end && code == EXIT_ACCEPTED; number++) {
		char *newline = memchr(line, '\n', (size_t)(end - line));
		char *stop = newline ? newline : end;
		code = add_line(request, line, (size_t)(stop - line), number);
		line = stop + 1;
	}
	input_finish(&input);
	return code;
}

int headers_add(struct tpam_request *request, const struct options *options)
{
	for (size_t i = 0; i < options->headers.count; i++) {
		int code = add_argument(request, options->headers.list[i], options);
		if (code != EXIT_ACCEPTED)
			return code;
	}
	return options->header_file ? add_file(request, options->header_file) : EXIT_ACCEPTED;
}
