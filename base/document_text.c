/*
 * document_text.c - the strings of a JSON document: UTF-8 and escapes (RFC 8259, section 7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "document_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_tail(const char *at, const char *end, size_t count)
{
	if ((size_t)(end - at) < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (((unsigned char)at[i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Length of the well-formed sequence of more than one byte that begins here (RFC 3629); 0 if there is none. */
static size_t sequence(const char *at, const char *end)
{
	unsigned first = (unsigned char)at[0];
	unsigned second = end - at > 1 ? (unsigned char)at[1] : 0;

	if (first >= 0xC2 && first <= 0xDF)
		return is_tail(at + 1, end, 1) ? 2 : 0;
	if (first >= 0xE0 && first <= 0xEF) {
		/* Overlong forms and surrogates. */
		if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F))
			return 0;
		return is_tail(at + 1, end, 2) ? 3 : 0;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
			return 0;
		return is_tail(at + 1, end, 3) ? 4 : 0;
	}
	return 0;
}

/* Four hexadecimal digits; -1 if they are not. */
static int32_t hex(const char *at, const char *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* The character of an escape \u, `*at` behind the u; 0 if it is none that a text may hold. */
static uint32_t character(const char **at, const char *end)
{
	int32_t high = hex(*at, end);

	if (high <= 0 || (high >= 0xDC00 && high <= 0xDFFF))
		return 0;
	*at += 4;
	if (high < 0xD800 || high > 0xDBFF)
		return (uint32_t)high;
	if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return 0;
	int32_t low = hex(*at + 2, end);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*at += 6;
	return 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
}

static char *put_utf8(char *out, uint32_t character)
{
	if (character < 0x80) {
		*out++ = (char)character;
	} else if (character < 0x800) {
		*out++ = (char)(0xC0 | character >> 6);
		*out++ = (char)(0x80 | (character & 63));
	} else if (character < 0x10000) {
		*out++ = (char)(0xE0 | character >> 12);
		*out++ = (char)(0x80 | (character >> 6 & 63));
		*out++ = (char)(0x80 | (character & 63));
	} else {
		*out++ = (char)(0xF0 | character >> 18);
		*out++ = (char)(0x80 | (character >> 12 & 63));
		*out++ = (char)(0x80 | (character >> 6 & 63));
		*out++ = (char)(0x80 | (character & 63));
	}
	return out;
}

/* Writes what an escape means, which is never longer; `*at` behind the backslash. NULL if it means nothing. */
static char *put_escape(char *out, const char **at, const char *end)
{
	static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

	if (*at >= end)
		return NULL;
	char c = *(*at)++;
	const char *found = c ? strchr(plain, c) : NULL;
	if (found) {
		*out++ = meant[found - plain];
		return out;
	}
	uint32_t meaning = c == 'u' ? character(at, end) : 0;
	return meaning ? put_utf8(out, meaning) : NULL;
}

char *document_unescape(char *text, const char *end, size_t *ret_length)
{
	const char *at = text;
	char *out = text;

	/* Most of a string is what it is, in its place. */
	while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
		*at != '\\')
		at++;
	out += at - text;
	while (at < end && *at != '"') {
		unsigned char c = (unsigned char)*at;
		if (c == '\\') {
			at++;
			if (!(out = put_escape(out, &at, end)))
				return NULL;
			continue;
		}
		size_t length = c < 0x20 ? 0 : c < 0x80 ? 1 : sequence(at, end);
		if (length == 0)
			return NULL;
		memmove(out, at, length);
		out += length;
		at += length;
	}
	if (at >= end)
		return NULL;
	*out = '\0';
	*ret_length = (size_t)(out - text);
	return text + (at - text) + 1;
}
