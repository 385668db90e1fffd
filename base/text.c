/*
 * text.c - questions about text: is it UTF-8, a name, a number; what did the writer mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "text.h"

#include <string.h>

#define KEY_LENGTH   40
#define NAME_LENGTH  128
#define SCOPE_LENGTH 256

/* Names that are compared for suggestions are short; longer ones have no near neighbour worth the work. */
#define NEAREST_MAX 64

/* Of two patterns the shorter one, to see whether they meet. */
#define MEET_MAX 512

/*
 * Table 3-7 of the Unicode standard: which second byte may follow a first one. The shape leaves no room for overlong
 * forms, surrogates and what lies beyond U+10FFFF. 0xC2 begins at 0xA0, which leaves out the C1 controls, too.
 */
static const struct {
	unsigned char first, last; /* of the first byte */
	unsigned char low, high;   /* of the second byte */
	unsigned char length;
} sequences[] = {
	{0xC2, 0xC2, 0xA0, 0xBF, 2},
	{0xC3, 0xDF, 0x80, 0xBF, 2},
	{0xE0, 0xE0, 0xA0, 0xBF, 3},
	{0xE1, 0xEC, 0x80, 0xBF, 3},
	{0xED, 0xED, 0x80, 0x9F, 3},
	{0xEE, 0xEF, 0x80, 0xBF, 3},
	{0xF0, 0xF0, 0x90, 0xBF, 4},
	{0xF1, 0xF3, 0x80, 0xBF, 4},
	{0xF4, 0xF4, 0x80, 0x8F, 4},
};

/* Length of the multi-byte character at `at`, 0 if it is none. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		if (*at < sequences[i].first || *at > sequences[i].last)
			continue;
		size_t length = sequences[i].length;
		if (left < length || at[1] < sequences[i].low || at[1] > sequences[i].high)
			return 0;
		for (size_t k = 2; k < length; k++) {
			if ((at[k] & 0xC0) != 0x80)
				return 0;
		}
		return length;
	}
	return 0;
}

size_t text_check(const char *text, size_t length, bool tab)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t i = 0;
	while (i < length) {
		size_t step = 1;
		if (bytes[i] >= 0x80)
			step = sequence_length(bytes + i, length - i);
		else if ((bytes[i] < 0x20 && !(tab && bytes[i] == '\t')) || bytes[i] == 0x7F)
			step = 0;
		if (step == 0)
			return i;
		i += step;
	}
	return length;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

static bool is_key_byte(char c)
{
	return is_lower(c) || is_digit(c) || c == '_';
}

static bool is_name_byte(char c)
{
	return is_alnum(c) || c == '.' || c == '_' || c == '-';
}

static bool is_token_byte(char c)
{
	return is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_scope_byte(char c)
{
	return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

static bool consists_of(const char *text, size_t length, size_t max, bool (*allowed)(char))
{
	if (length == 0 || length > max)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!allowed(text[i]))
			return false;
	}
	return true;
}

bool text_is_key(const char *text, size_t length)
{
	return consists_of(text, length, KEY_LENGTH, is_key_byte) && is_lower(text[0]);
}

bool text_is_name(const char *text, size_t length)
{
	return consists_of(text, length, NAME_LENGTH, is_name_byte);
}

bool text_is_token(const char *text, size_t length)
{
	return consists_of(text, length, SIZE_MAX, is_token_byte);
}

bool text_is_scope(const char *text, size_t length)
{
	return consists_of(text, length, SCOPE_LENGTH, is_scope_byte);
}

/* On a mismatch only the last `*` needs to take one byte more: an earlier one could do no better. */
bool text_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (*pattern && (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static void reach(bool *place, bool from)
{
	*place = *place || from;
}

/*
 * What some text can have come to in both patterns: here[j], when it has come to `at` in the one, is how far it may
 * have come in the other; there[] is the same for one byte of the pattern more.
 */
static void meet_row(const char *at, const char *other, bool *here, bool *there)
{
	bool star = *at == '*';

	for (size_t j = 0;; j++) {
		bool end = !other[j], other_star = other[j] == '*';
		if (here[j] && *at && (star || other_star))
			there[j] = true;
		if (!end && (star || other_star))
			reach(&here[j + 1], here[j]);
		if (!end && *at && !star && !other_star &&
			(*at == other[j] || *at == '?' || other[j] == '?'))
			reach(&there[j + 1], here[j]);
		if (end)
			break;
	}
}

bool text_globs_meet(const char *pattern, const char *other)
{
	bool rows[2][MEET_MAX + 1] = {{true}};
	bool *here = rows[0], *there = rows[1];

	if (strlen(other) > MEET_MAX) {
		const char *longer = other;
		other = pattern;
		pattern = longer;
	}
	size_t length = strlen(other);
	if (length > MEET_MAX)
		return true;
	for (;; pattern++) {
		bool *past = here;
		memset(there, 0, length + 1);
		meet_row(pattern, other, here, there);
		if (!*pattern)
			return here[length];
		here = there;
		there = past;
	}
}

size_t text_glob_literals(const char *pattern, bool *ret_glob)
{
	size_t literals = 0;
	bool glob = false;
	for (; *pattern; pattern++) {
		if (*pattern == '*' || *pattern == '?')
			glob = true;
		else
			literals++;
	}
	*ret_glob = glob;
	return literals;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: inserting, deleting, replacing a byte and swapping two neighbours cost one each. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][NEAREST_MAX + 1];
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3], *twice_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], twice_above[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *text, const char *const *candidates)
{
	size_t length = strlen(text);
	if (length > NEAREST_MAX)
		return NULL;
	size_t best = least(length / 3, 3) + 1;
	const char *nearest = NULL;
	for (; *candidates; candidates++) {
		size_t other = strlen(*candidates);
		if (other > NEAREST_MAX)
			continue;
		size_t distance = edit_distance(text, length, *candidates, other);
		if (distance < best) {
			best = distance;
			nearest = *candidates;
		}
	}
	return nearest;
}
