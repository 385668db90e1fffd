/*
 * fuzz_reader.c - libFuzzer target: any bytes as an INI file, its values split into words.
 *
 * Beyond not crashing: what comes out of the reader is clean, and no value begins inside of a line that was too long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "text.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct check {
	struct tpam_report *report;
	const char *bytes;
	size_t length;
};

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* The line that a place is in, which must be one that the grammar allows. */
static void check_place(const struct check *check, struct place at)
{
	const char *line = check->bytes, *end = check->bytes + check->length;
	for (uint32_t number = 1; number < at.line; number++) {
		line = memchr(line, '\n', (size_t)(end - line));
		require(line != NULL);
		line++;
	}
	const char *newline = memchr(line, '\n', (size_t)(end - line));
	size_t length = (size_t)((newline ? newline : end) - line);
	require(at.column >= 1 && at.column <= length + 1);
	require(length <= READER_LINE_MAX + 4); /* a byte order mark and a CR are reported apart */
}

static void check_text(const char *text)
{
	size_t length = strlen(text);
	require(text_check(text, length, true) == length);
}

static bool on_section(void *data, const char *kind, const char *name, struct place at)
{
	require(text_is_key(kind, strlen(kind)));
	require(!strchr(name, ']') && strlen(name) <= READER_NAME_MAX);
	check_text(name);
	check_place(data, at);
	return true;
}

static void check_words(const struct check *check, struct value *value, bool brackets)
{
	struct words words;
	if (words_split(&words, value, brackets, check->report) != TPAM_OK)
		return;
	for (size_t i = 0; i < words.count; i++) {
		check_text(words.list[i].text);
		check_place(check, words.list[i].at);
	}
	words_finish(&words);
}

static bool on_entry(void *data, const struct reader_entry *entry)
{
	const struct check *check = data;
	require(text_is_key(entry->key, strlen(entry->key)));
	require(entry->text[0] != '\0' && strlen(entry->text) <= READER_VALUE_MAX);
	check_text(entry->text);
	check_place(check, entry->key_at);
	check_place(check, entry->at);

	char *text = strdup(entry->text);
	struct value_line *lines = calloc(entry->line_count + 1, sizeof(*lines));
	if (text && lines) {
		if (entry->line_count)
			memcpy(lines, entry->lines, entry->line_count * sizeof(*lines));
		struct value value = {.text = text,
			.lines = lines,
			.line_count = entry->line_count,
			.at = entry->at};
		check_words(check, &value, false);
		check_words(check, &value, true);
	}
	free(lines);
	free(text);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct check check = {
		.report = report_create(), .bytes = (const char *)data, .length = size};
	const struct reader_sink sink = {.section = on_section, .entry = on_entry, .data = &check};
	if (!check.report)
		return 0;
	reader_parse("fuzz.ini", check.bytes, size, &sink, check.report);
	report_finish(check.report);
	for (size_t i = 0; i < tpam_report_count(check.report); i++) {
		char *line = tpam_report_line(check.report, i);
		if (line)
			check_text(line);
		tpam_free(line);
	}
	tpam_report_destroy(check.report);
	return 0;
}
