/*
 * message.c - messages for people, and text from outside made harmless in them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "cli.h"

/* Bytes of text that a message repeats. */
#define QUOTE_LENGTH 80

/* Longer text is hardly the name of a file; shorter will do if it has neither '/' nor '.'. */
#define NAME_LENGTH     64
#define OPAQUE_LENGTH   20
#define SHOWN_OF_TOKENS 4

int fail(const char *format, ...)
{
	va_list arguments;

	fputs("tokenpam: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return EXIT_MISUSED;
}

int misuse(const struct verb *verb, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "tokenpam %s: ", verb->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	print_usage(stderr, verb);
	return EXIT_MISUSED;
}

int fail_memory(void)
{
	return fail("out of memory");
}

void print_usage(FILE *file, const struct verb *verb)
{
	fprintf(file, "usage: tokenpam %s [OPTION]...%s%s\n", verb->name,
		verb->operands[0] ? " " : "", verb->operands);
}

/* Characters of three bytes that reorder the text around them, or end a line (CVE-2021-42574). */
static bool is_reordering(const unsigned char *text)
{
	if (text[0] != 0xe2 || text[1] == '\0')
		return false;
	if (text[1] == 0x80)
		return text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae);
	return text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9;
}

/* Bytes at `text` that a terminal would obey: C0, DEL, C1 in UTF-8, and what reorders. 0 if there are none. */
static size_t control_length(const unsigned char *text)
{
	if (text[0] < 0x20 || text[0] == 0x7f)
		return 1;
	if (is_reordering(text))
		return 3;
	return text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0 ? 2 : 0;
}

static char *quote_bytes(char *to, const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte >= 0x20 && byte < 0x7f) {
			*to++ = text[i];
			continue;
		}
		*to++ = '\\';
		*to++ = 'x';
		*to++ = digits[byte >> 4];
		*to++ = digits[byte & 15];
	}
	return to;
}

static const char *quote_start(char buffer[QUOTE_SIZE], const char *text, size_t limit)
{
	size_t length = strnlen(text, limit + 1);
	bool cut = length > limit;

	char *to = buffer;
	*to++ = '"';
	to = quote_bytes(to, text, cut ? limit : length);
	strcpy(to, cut ? "...\"" : "\"");
	return buffer;
}

const char *quote(char buffer[QUOTE_SIZE], const char *text)
{
	return quote_start(buffer, text, QUOTE_LENGTH);
}

static bool may_be_token(const char *text)
{
	size_t length = strlen(text);
	const char *dot = strchr(text, '.');

	if (length > NAME_LENGTH || (dot && strchr(dot + 1, '.')))
		return true;
	return length > OPAQUE_LENGTH && !dot && !strchr(text, '/');
}

const char *quote_operand(char buffer[QUOTE_SIZE], const char *text)
{
	return quote_start(buffer, text, may_be_token(text) ? SHOWN_OF_TOKENS : QUOTE_LENGTH);
}

void print_text(FILE *file, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		size_t control = control_length(at);
		if (control == 0)
			fputc(*at++, file);
		for (; control > 0; control--)
			fprintf(file, "\\x%02x", (unsigned int)*at++);
	}
}
