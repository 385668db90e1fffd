/*
 * fastmcp_dotenv.c - a file of NAME=VALUE, as shells and python-dotenv both read it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <string.h>

#include "fastmcp_import.h"

struct reading {
	char *at;
	char *end;
	unsigned int line;
};

/* The text between quotes, which may go on over lines; its end becomes NUL. NULL: there is no other quote. */
static char *take_quoted(struct reading *reading)
{
	char quote_sign = *reading->at, *start = ++reading->at, *to = start;

	for (; reading->at < reading->end && *reading->at != quote_sign; reading->at++) {
		if (*reading->at == '\n')
			reading->line++;
		bool escaped = quote_sign == '"' && *reading->at == '\\' &&
			       reading->at + 1 < reading->end &&
			       strchr("\\\"$`n", reading->at[1]) != NULL;
		if (escaped)
			reading->at++;
		*to++ = (char)(escaped && *reading->at == 'n' ? '\n' : *reading->at);
	}
	if (reading->at == reading->end)
		return NULL;
	reading->at++;
	*to = '\0';
	return start;
}

/* To the end of the line, or to a comment. */
static char *take_bare(struct reading *reading)
{
	char *start = reading->at, *stop = start;

	for (; reading->at < reading->end && *reading->at != '\n'; reading->at++) {
		if (*reading->at == '#' && reading->at > start &&
			isblank((unsigned char)reading->at[-1]))
			break;
		if (!isspace((unsigned char)*reading->at))
			stop = reading->at + 1;
	}
	while (reading->at < reading->end && *reading->at != '\n')
		reading->at++;
	*stop = '\0';
	return start;
}

static bool rest_is_empty(struct reading *reading)
{
	while (reading->at < reading->end && *reading->at != '\n' &&
		isspace((unsigned char)*reading->at))
		reading->at++;
	if (reading->at < reading->end && *reading->at == '#')
		while (reading->at < reading->end && *reading->at != '\n')
			reading->at++;
	return reading->at == reading->end || *reading->at == '\n';
}

/* One assignment; `reading` is behind blanks, and no line is empty. False: what it is, is not known. */
static bool take_line(
	struct import *import, const struct names *names, struct reading *reading, const char *at)
{
	if (strncmp(reading->at, "export ", 7) == 0)
		reading->at += 7;
	char *name = reading->at;
	size_t length =
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	if (length == 0 || name[length] != '=' || length >= FASTMCP_NAME_SIZE)
		return false;
	name[length] = '\0';
	reading->at += length + 1;
	char sign = *reading->at;
	bool quoted = sign == '"' || sign == '\'';
	char *value = quoted ? take_quoted(reading) : take_bare(reading);
	if (!value || (quoted && !rest_is_empty(reading)))
		return false;
	/* The byte behind a bare value may be the line feed that take_bare() made its end. */
	import_variable(import, names, at, name, value, sign == '\'');
	return true;
}

void import_read_lines(struct import *import, const char *file, char *text, size_t length)
{
	struct reading reading = {text, text + length, 1};
	struct names names;
	bool fine = strlen(text) == length;

	if (!fine)
		fastmcp_say(import->errors, file, "got a NUL, expected text");
	names_fill(&names);
	while (fine && reading.at < reading.end) {
		while (reading.at < reading.end && isblank((unsigned char)*reading.at))
			reading.at++;
		json_t *at = json_sprintf("%s:%u", file, reading.line);
		if (reading.at < reading.end && !strchr("#\r\n", *reading.at))
			fine = take_line(import, &names, &reading, json_string_value(at));
		else
			while (reading.at < reading.end && *reading.at != '\n')
				reading.at++;
		if (!fine)
			fastmcp_say(import->errors, at ? json_string_value(at) : file,
				"got a line that is no NAME=VALUE, in quotes or without");
		json_decref(at);
		reading.at++;
		reading.line++;
	}
	import_sort(import);
}
