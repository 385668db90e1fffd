/*
 * test_words.c - splitting values: quotes, brackets, places.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "check.h"
#include "memory.h"
#include "words.h"

static const struct {
	const char *text;
	bool brackets;
	const char *
		expected; /* words with | between and a Q behind quoted ones; or the finding's column and text */
} cases[] = {
	{"", false, ""},
	{"a", false, "a|"},
	{"  a\tb  c ", false, "a|b|c|"},
	{"\"a b\" c", false, "a bQ|c|"},
	{"\"\"", false, "Q|"},
	{"a\"b c\"d", false, "ab cdQ|"},
	{"\"a\\\"b\\\\c\"", false, "a\"b\\cQ|"},
	{"a\\b", false, "a\\b|"},
	{"\";\" \"#\"", false, ";Q|#Q|"},
	{"[a=b c] d", false, "[a=b|c]|d|"},
	{"[a=b c] d", true, "[a=b c]|d|"},
	{"x [a=b c]", true, "x|[a=b c]|"},
	{"x[a b]", true, "x[a|b]|"},
	{"\"[a\" b]", true, "[aQ|b]|"},
	{"a \"b", false, "3: got an open quote, expected another one after it"},
	{"a \"b\\", false, "5: got a backslash in quotes, expected \\\\ or \\\""},
	{"\"a\\n\"", false, "3: got a backslash in quotes, expected \\\\ or \\\""},
	{"a [b", true, "3: got an open \"[\", expected a \"]\" after it"},
	{"[b]c", true, "4: got text right after \"]\", expected a blank"},
};

static void check_case(size_t index)
{
	char text[64];
	snprintf(text, sizeof(text), "%s", cases[index].text);
	struct value value = {.text = text, .at = {.file = "f", .line = 1, .column = 1}};
	struct tpam_report *report = report_create();
	struct buffer out = BUFFER(1000);
	struct words words;
	int code = words_split(&words, &value, cases[index].brackets, report);
	if (code == TPAM_OK) {
		for (size_t i = 0; i < words.count; i++)
			buffer_format(
				&out, "%s%s|", words.list[i].text, words.list[i].quoted ? "Q" : "");
		words_finish(&words);
	} else {
		const struct tpam_diagnostic *finding = tpam_report_get(report, 0);
		CHECK(code == TPAM_E_CONFIG && finding);
		buffer_format(&out, "%u: %s", finding->column, finding->text);
	}
	CHECK_TEXT(out.data ? out.data : "", cases[index].expected);
	buffer_finish(&out);
	tpam_report_destroy(report);
}

/* Words of continuation lines are where they stand. */
static void test_places(void)
{
	char text[] = "aa bb cc dd";
	struct value_line lines[] = {{3, 7, 5}, {9, 9, 2}};
	struct value value = {.text = text,
		.lines = lines,
		.line_count = 2,
		.at = {.file = "f", .line = 5, .column = 10}};
	struct tpam_report *report = report_create();
	struct words words = {0};
	CHECK(words_split(&words, &value, false, report) == TPAM_OK && words.count == 4);
	static const uint32_t places[4][2] = {{5, 10}, {7, 5}, {7, 8}, {9, 2}};
	for (size_t i = 0; i < words.count; i++) {
		CHECK(words.list[i].at.line == places[i][0]);
		CHECK(words.list[i].at.column == places[i][1]);
	}
	words_finish(&words);
	tpam_report_destroy(report);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_case(i);
	test_places();
	return check_end();
}
