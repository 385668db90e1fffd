/*
 * test_line.c - nothing from outside can end a string or a line, hide in it, or make it larger than a line may be.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_line.h"

#include "lines.h"

#define ROUNDS 20000

static unsigned long state = 1;

static unsigned roll(unsigned below)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(state >> 33) % below;
}

/* What somebody would try. */
static const char *const odd[] = {"\"", "\\", "\n", "\r", "\t", "\b", "\x01", "\x1b[2J", "\x7f",
	"\xC2\x85", "\xC2\x9B", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE2\x81\xA6",
	"\xE2\x80\x8B", "\xEF\xBB\xBF", "\xC2", "\xE2\x80", "\xF0\x9F\x98", "\x80", "\xFF",
	"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\x98\x80", "\xC3\xBC", "\xC2\xA0",
	"\",\"outcome\":\"success", "\"}\n{\"event\":\"decision", "\\u0022", "\\\"", "a", "plain ",
	"\xE2\x82\xAC"};

#define ODD (sizeof(odd) / sizeof(odd[0]))

/* Nothing but what a terminal shows as it stands. */
static bool is_harmless(const char *text)
{
	static const char *const harm[] = {"\x7f", "\xC2\x80", "\xC2\x85", "\xC2\x9B",
		"\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8B",
		"\xEF\xBB\xBF", NULL};

	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20)
			return false;
	for (size_t i = 0; harm[i]; i++)
		if (strstr(text, harm[i]))
			return false;
	return true;
}

static bool is_valid(const char *text)
{
	static const char *const broken[] = {"\xFF", "\xC0", "\xED\xA0", "\xF4\x90", NULL};
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0; broken[i]; i++)
		if (strstr(text, broken[i]))
			return false;
	while (*at) {
		size_t follow = *at < 0x80 ? 0 : *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : 1;
		if (*at >= 0x80 && *at < 0xC2)
			return false;
		while (follow-- > 0)
			if ((*++at & 0xC0) != 0x80)
				return false;
		at++;
	}
	return true;
}

static void test_text(const char *text)
{
	struct audit_line line;
	struct lines lines = {0};

	audit_line_begin(&line, 0, "decision");
	audit_line_text(&line, "first", text);
	audit_line_text(&line, "second", "2");
	char *made = audit_line_end(&line);
	CHECK(made != NULL && is_harmless(made));
	if (made && lines_add(&lines, made, strlen(made))) {
		CHECK(lines.list[0].document.values[0].length == 4);
		CHECK_TEXT(line_text(&lines.list[0], "event"), "decision");
		CHECK_TEXT(line_text(&lines.list[0], "second"), "2");
		if (is_valid(text))
			CHECK_TEXT(line_text(&lines.list[0], "first"), text);
	}
	lines_finish(&lines);
	free(made);
}

static void test_texts(void)
{
	for (size_t i = 0; i < ODD; i++)
		test_text(odd[i]);
	for (unsigned i = 0; i < ROUNDS; i++) {
		char text[512] = "";
		for (unsigned k = roll(16); k > 0; k--)
			(void)strcat(text, odd[roll(ODD)]);
		test_text(text);
	}
	test_text("");
}

/* Strings of JSON may hold what would be escaped elsewhere. */
static void test_json(void)
{
	static const char claims[] = "{ \"a\" :\t[ 1 , 2.50 ,\n\"x \\\" \\\\ y\" ] ,\r\n"
				     "\"\xC2\x85\":\"\xE2\x80\xA8\x7f \\n\\u0085\", \"b\":{} }";
	struct audit_line line;

	audit_line_begin(&line, 1000, "decision");
	audit_line_json(&line, "claims", claims);
	audit_line_json(&line, "none", NULL);
	char *made = audit_line_end(&line);
	CHECK_TEXT(made, "{\"time\":\"1970-01-01T00:00:00.000001Z\",\"event\":\"decision\","
			 "\"claims\":{\"a\":[1,2.50,\"x \\\" \\\\ y\"],"
			 "\"\\u0085\":\"\\u2028\\u007f \\n\\u0085\",\"b\":{}}}");
	free(made);
}

static void test_members(void)
{
	char one[] = "a", two[] = "b\"", *items[] = {one, two, NULL};
	struct list list = {items, 2}, none = {0};
	struct audit_line line;

	audit_line_begin(&line, INT64_C(1767225599999999999), "x");
	audit_line_text(&line, "t", NULL);
	audit_line_number(&line, "n", -1);
	audit_line_bool(&line, "yes", true);
	audit_line_bool(&line, "no", false);
	audit_line_list(&line, "l", &list);
	audit_line_list(&line, "m", &none);
	char *made = audit_line_end(&line);
	CHECK_TEXT(made, "{\"time\":\"2025-12-31T23:59:59.999999Z\",\"event\":\"x\",\"n\":-1,"
			 "\"yes\":true,\"no\":false,\"l\":[\"a\",\"b\\\"\"]}");
	free(made);
}

/* ---- What is too large ---- */

static char *many(const char *piece, size_t times)
{
	size_t length = strlen(piece);
	char *text = malloc(length * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * length, piece, length);
	text[length * times] = '\0';
	return text;
}

/* A text is cut between characters and escapes, whatever it is made of. */
static void test_cut_text(void)
{
	for (size_t i = 0; i < ODD; i++) {
		char *text = many(odd[i], 3000);
		struct audit_line line;
		struct lines lines = {0};
		audit_line_begin(&line, 0, "decision");
		audit_line_text(&line, "long", text);
		char *made = audit_line_end(&line);
		CHECK(made && strlen(made) < AUDIT_TEXT_MAX + 100 && is_harmless(made));
		if (made && lines_add(&lines, made, strlen(made)))
			CHECK_TEXT(line_list(&lines.list[0], "cut"), "long");
		const char *is = lines.count ? line_text(&lines.list[0], "long") : NULL;
		CHECK(is && strlen(is) > AUDIT_TEXT_MAX / 8);
		if (is_valid(odd[i]))
			CHECK(is && strncmp(is, text, strlen(is)) == 0);
		lines_finish(&lines);
		free(made);
		free(text);
	}
}

/* The longest text that is whole. */
static void test_cut_edge(void)
{
	for (size_t length = AUDIT_TEXT_MAX - 10; length < AUDIT_TEXT_MAX + 2; length++) {
		char *text = many("x", length);
		struct audit_line line;
		audit_line_begin(&line, 0, "decision");
		audit_line_text(&line, "t", text);
		char *made = audit_line_end(&line);
		bool whole = strstr(made, "\"cut\"") == NULL;
		CHECK(whole == (strstr(made, text) != NULL));
		CHECK(whole || length > AUDIT_TEXT_MAX - 10);
		CHECK(!whole || length <= AUDIT_TEXT_MAX - 2);
		free(made);
		free(text);
	}
}

static void test_cut_list(void)
{
	char *items[4097];
	struct list list = {items, 4096};
	struct audit_line line;
	struct lines lines = {0};

	for (size_t i = 0; i < 4096; i++)
		items[i] = many("\"", i % 50 + 1);
	items[4096] = NULL;
	audit_line_begin(&line, 0, "decision");
	audit_line_list(&line, "groups", &list);
	audit_line_list(&line, "roles", &list);
	char *made = audit_line_end(&line);
	CHECK(made && strlen(made) < 2 * AUDIT_LIST_MAX + 200);
	if (made && lines_add(&lines, made, strlen(made)))
		CHECK_TEXT(line_list(&lines.list[0], "cut"), "groups roles");
	const struct json_value *groups = line_get(&lines.list[0], "groups");
	CHECK(groups && groups->length > 100);
	lines_finish(&lines);
	free(made);
	for (size_t i = 0; i < 4096; i++)
		free(items[i]);
}

/* All that a record may have at once, each as large as it can be. */
static void test_cut_all(void)
{
	static const char *const texts[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
		"l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v"};
	static const char *const names[] = {"l1", "l2", "l3", "l4", "l5", "l6", "l7"};
	char *long_text = many("\"", 100000), *claims = malloc(70000);
	char short_text[] = "x", *items[] = {long_text, short_text, NULL};
	struct list list = {items, 2};
	struct audit_line line;
	struct lines lines = {0};

	(void)sprintf(claims, "{\"a\":\"%065000d\"}", 0);
	audit_line_begin(&line, 0, "decision");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		audit_line_text(&line, texts[i], long_text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		audit_line_list(&line, names[i], &list);
	audit_line_json(&line, "claims", claims);
	char *made = audit_line_end(&line);
	CHECK(made && strlen(made) < AUDIT_LINE_MAX);
	if (made && lines_add(&lines, made, strlen(made))) {
		CHECK(!line_get(&lines.list[0], "claims"));
		CHECK(strstr(line_list(&lines.list[0], "cut"), "claims") != NULL);
	}
	lines_finish(&lines);
	free(made);
	free(claims);
	free(long_text);
}

int main(void)
{
	test_texts();
	test_json();
	test_members();
	test_cut_text();
	test_cut_edge();
	test_cut_list();
	test_cut_all();
	return check_end();
}
