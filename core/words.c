/*
 * words.c - splits a value into words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "reader.h"

/* A word and the blank behind it take two bytes. */
#define WORDS_MAX (READER_VALUE_MAX / 2 + 1)

struct splitting {
	const struct value *value;
	const char *next;
	struct tpam_report *report;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_word(char c)
{
	return c == '\0' || is_blank(c);
}

static struct place place_of(const struct splitting *splitting, const char *byte)
{
	return value_place(splitting->value, (size_t)(byte - splitting->value->text));
}

static int refuse(const struct splitting *splitting, const char *byte, const char *text)
{
	report_error(splitting->report, place_of(splitting, byte), "%s", text);
	return TPAM_E_CONFIG;
}

static int take_brackets(struct splitting *splitting, struct buffer *text)
{
	const char *open = splitting->next;
	const char *close = strchr(open, ']');
	if (!close)
		return refuse(splitting, open, "got an open \"[\", expected a \"]\" after it");
	if (!ends_word(close[1]))
		return refuse(splitting, close + 1, "got text right after \"]\", expected a blank");
	buffer_append(text, open, (size_t)(close - open) + 1);
	splitting->next = close + 1;
	return TPAM_OK;
}

/* From one quote to the other. */
static int take_quotes(struct splitting *splitting, struct buffer *text)
{
	const char *open = splitting->next, *p = open + 1;
	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '"' && p[1] != '\\')
			return refuse(
				splitting, p, "got a backslash in quotes, expected \\\\ or \\\"");
		if (*p == '\\')
			p++;
		buffer_append(text, p, 1);
	}
	if (!*p)
		return refuse(splitting, open, "got an open quote, expected another one after it");
	splitting->next = p + 1;
	return TPAM_OK;
}

static int take_plain(struct splitting *splitting, struct buffer *text, bool *ret_quoted)
{
	int code = TPAM_OK;
	while (code == TPAM_OK && !ends_word(*splitting->next)) {
		if (*splitting->next == '"') {
			*ret_quoted = true;
			code = take_quotes(splitting, text);
		} else {
			buffer_append(text, splitting->next++, 1);
		}
	}
	return code;
}

static int take_word(struct words *words, struct splitting *splitting, bool brackets)
{
	struct word word = {.at = place_of(splitting, splitting->next)};
	struct buffer text = BUFFER(READER_VALUE_MAX);
	int code;
	if (brackets && *splitting->next == '[')
		code = take_brackets(splitting, &text);
	else
		code = take_plain(splitting, &text, &word.quoted);
	if (code != TPAM_OK) {
		buffer_finish(&text);
		return code;
	}
	word.text = buffer_take(&text);
	if (!word.text)
		return TPAM_E_MEMORY;
	if (!array_reserve(&words->list, words->count, sizeof(word), WORDS_MAX)) {
		secret_free(word.text, strlen(word.text));
		return TPAM_E_MEMORY;
	}
	words->list[words->count++] = word;
	return TPAM_OK;
}

int words_split(
	struct words *ret, const struct value *value, bool brackets, struct tpam_report *report)
{
	struct words words = {.list = NULL};
	struct splitting splitting = {.value = value, .next = value->text, .report = report};
	int code = TPAM_OK;
	while (code == TPAM_OK) {
		while (is_blank(*splitting.next))
			splitting.next++;
		if (!*splitting.next)
			break;
		code = take_word(&words, &splitting, brackets);
	}
	if (code == TPAM_OK)
		*ret = words;
	else
		words_finish(&words);
	return code;
}

void words_finish(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		secret_free(words->list[i].text, strlen(words->list[i].text));
	free(words->list);
	*words = (struct words){.list = NULL};
}
