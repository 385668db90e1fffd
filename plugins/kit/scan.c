/*
 * scan.c - finds one text in a JSON object that nobody has verified yet, building nothing.
 *
 * It decides only who is to look at a token. What it misreads is refused by the strict parser after the signature.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document_text.h"
#include "jws.h"

#define TEXT_MAX   2048 /* of an issuer, in bytes */
#define DIGITS_MAX 15

struct scan {
	const char *at;
	const char *end;
};

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) && *scan->at)
		scan->at++;
}

static bool take(struct scan *scan, char wanted)
{
	skip_blanks(scan);
	if (scan->at >= scan->end || *scan->at != wanted)
		return false;
	scan->at++;
	return true;
}

/* The raw inside of a string; false if it does not end. */
static bool take_string(struct scan *scan, const char **ret, size_t *ret_length)
{
	if (!take(scan, '"'))
		return false;
	*ret = scan->at;
	for (; scan->at < scan->end; scan->at++) {
		if (*scan->at == '"') {
			*ret_length = (size_t)(scan->at++ - *ret);
			return true;
		}
		if (*scan->at == '\\' && ++scan->at >= scan->end)
			return false;
	}
	return false;
}

/* Steps over any value; nesting is bounded. */
static bool skip_value(struct scan *scan)
{
	const char *text;
	size_t length;
	unsigned depth = 0;

	do {
		skip_blanks(scan);
		if (scan->at >= scan->end)
			return false;
		char c = *scan->at;
		if (c == '"') {
			if (!take_string(scan, &text, &length))
				return false;
			continue;
		}
		if (c == '{' || c == '[') {
			if (++depth >= JWS_DEPTH_MAX)
				return false;
		} else if (c == '}' || c == ']') {
			if (depth == 0)
				return false;
			depth--;
		} else if (depth == 0) { /* a number or a word */
			size_t rest = (size_t)(scan->end - scan->at), run = 0;
			while (run < rest && !strchr(",}] \t\r\n", scan->at[run]))
				run++;
			if (run == 0)
				return false;
			scan->at += run;
			continue;
		}
		scan->at++;
	} while (depth > 0);
	return true;
}

/* A raw string as text, by what reads strings everywhere; NULL if it is none, or errno is ENOMEM. */
static char *unescape(const char *raw, size_t length)
{
	size_t size;

	errno = 0;
	if (length > TEXT_MAX)
		return NULL;
	char *text = malloc(length + 1);
	if (!text) {
		errno = ENOMEM;
		return NULL;
	}
	memcpy(text, raw, length);
	text[length] = '"';
	/* What was a NUL in it was refused, so that the text is what it seems. */
	if (document_unescape(text, text + length + 1, &size) == text + length + 1)
		return text;
	free(text);
	return NULL;
}

static bool is_name(const char *raw, size_t length, const char *name)
{
	if (!memchr(raw, '\\', length))
		return length == strlen(name) && memcmp(raw, name, length) == 0;
	char *text = unescape(raw, length);
	bool same = text && strcmp(text, name) == 0;
	free(text);
	return same;
}

/* Comes to a halt before the value of a member of the object; false if there is none. */
static bool find(struct scan *scan, const char *name)
{
	const char *raw;
	size_t size;

	while (take_string(scan, &raw, &size) && take(scan, ':')) {
		if (is_name(raw, size, name))
			return true;
		if (errno == ENOMEM || !skip_value(scan) || !take(scan, ','))
			break;
	}
	return false;
}

char *scan_member(const char *json, size_t length, const char *name, bool *ret_object)
{
	struct scan scan = {json, json + length};
	const char *raw;
	size_t size;

	errno = 0;
	*ret_object = false;
	if (memchr(json, '\0', length) || !take(&scan, '{'))
		return NULL;
	*ret_object = true;
	return find(&scan, name) && take_string(&scan, &raw, &size) ? unescape(raw, size) : NULL;
}

bool scan_number(const char *json, size_t length, const char *name, int64_t *ret)
{
	struct scan scan = {json, json + length};
	int64_t number = 0;

	if (memchr(json, '\0', length) || !take(&scan, '{') || !find(&scan, name))
		return false;
	skip_blanks(&scan);
	const char *begin = scan.at;
	for (; scan.at < scan.end && *scan.at >= '0' && *scan.at <= '9'; scan.at++) {
		if (scan.at - begin == DIGITS_MAX)
			return false;
		number = number * 10 + (*scan.at - '0');
	}
	if (scan.at == begin)
		return false;
	*ret = number;
	return true;
}
