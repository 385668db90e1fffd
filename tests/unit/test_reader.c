/*
 * test_reader.c - what the strict reader hands on and what it refuses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ini.h>

#include "check.h"
#include "memory.h"
#include "reader.h"

/* What the sink was given, written out. */
static bool write_section(void *data, const char *kind, const char *name, struct place at)
{
	buffer_format(data, "[%s|%s]@%u\n", kind, name, at.line);
	return true;
}

static bool write_entry(void *data, const struct reader_entry *entry)
{
	buffer_format(data, "%s%s<%s>@%u:%u,%u:%u", entry->key, entry->adds ? "+=" : "=",
		entry->text, entry->key_at.line, entry->key_at.column, entry->at.line,
		entry->at.column);
	for (size_t i = 0; i < entry->line_count; i++)
		buffer_format(data, " +%zu@%u:%u", entry->lines[i].offset, entry->lines[i].line,
			entry->lines[i].column);
	buffer_text(data, "\n");
	return true;
}

static void check_bytes(const char *bytes, size_t length, const char *given, const char *findings)
{
	struct buffer out = BUFFER(1 << 20), lines = BUFFER(1 << 20);
	struct reader_sink sink = {.section = write_section, .entry = write_entry, .data = &out};
	struct tpam_report *report = report_create();
	CHECK(reader_parse("f", bytes, length, &sink, report) == TPAM_OK);
	report_finish(report);
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		buffer_format(&lines, "%s\n", line);
		tpam_free(line);
	}
	CHECK_TEXT(out.data ? out.data : "", given);
	if (findings)
		CHECK_TEXT(lines.data ? lines.data : "", findings);
	else
		CHECK(lines.length > 0);
	tpam_report_destroy(report);
	buffer_finish(&out);
	buffer_finish(&lines);
}

static void check(const char *text, const char *given, const char *findings)
{
	check_bytes(text, strlen(text), given, findings);
}

static void test_good(void)
{
	check("", "", "");
	check("\n\n; c\n# c\n  ; c\n", "", "");
	check("include = a", "include=<a>@1:1,1:11\n", "");
	check("[a]\n[b]", "[a|]@1\n[b|]@2\n", "");
	check("[a]\nk=v\nk += w", "[a|]@1\nk=<v>@2:1,2:3\nk+=<w>@3:1,3:6\n", "");
	check("[a:b c] ; comment\nk = v w ; comment ; c\n", "[a|b c]@1\nk=<v w>@2:1,2:5\n", "");
	check("[a]\nk = \"x ; y\" ; c\n", "[a|]@1\nk=<\"x ; y\">@2:1,2:5\n", "");
	check("[a]\nk = \"x # y \\\" ; z\"\n", "[a|]@1\nk=<\"x # y \\\" ; z\">@2:1,2:5\n", "");
	check("[a]\nk = a;b#c:d=e\n", "[a|]@1\nk=<a;b#c:d=e>@2:1,2:5\n", "");
	check("[a]\nk = \"\"\n", "[a|]@1\nk=<\"\">@2:1,2:5\n", "");
	check("[a]\nk\t=\tv\t\n", "[a|]@1\nk=<v>@2:1,2:5\n", "");
	check("[a]\nk = caf\xc3\xa9\n", "[a|]@1\nk=<caf\xc3\xa9>@2:1,2:5\n", "");
}

static void test_continuations(void)
{
	check("[a]\nk = v\n  w ; c\n\tx;y\n", "[a|]@1\nk=<v w x;y>@2:1,2:5 +2@3:3 +4@4:2\n", "");
	check("[a]\nk = v\n; c\n   ; c\n   # c\n  w\n", "[a|]@1\nk=<v w>@2:1,2:5 +2@6:3\n", "");
	check("[a]\nk = v\n  \"l = w\"\n", "[a|]@1\nk=<v \"l = w\">@2:1,2:5 +2@3:3\n", "");
	check("[a]\nk = v\n\n  w\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	check("[a]\nk = v\n  [b]\nl = w\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	check("[a]\nk = v\n  l = w\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	check("[a]\nk = v\n  l+=w\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	check("[a]\nk = v\n  l=w\n  x\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	check("[a]\n  k = v\n", "[a|]@1\n", NULL);
	check("  k\n", "", NULL);
}

/* What follows a refused line neither goes to the key above it nor to the section above it. */
static void test_refused(void)
{
	check("[a]\nk = v\nX = w\n  more\nl = w\n", "[a|]@1\nk=<v>@2:1,2:5\nl=<w>@5:1,5:5\n",
		"f:3:1: got key \"X\", expected a lower-case letter and at most 39 lower-case "
		"letters, digits and _; did you mean \"x\"?\n");
	check("[a]\nk = v\n[b\nk = w\n", "[a|]@1\nk=<v>@2:1,2:5\n",
		"f:3:1: got \"[\" without \"]\", expected [kind] or [kind:name]\n");
	check("[B]\nk = w\n[a]\n", "[a|]@3\n", NULL);
	check("\xef\xbb\xbf[a]\n", "[a|]@1\n",
		"f:1:1: got a byte order mark, expected UTF-8 without one\n");
	check("[a]\r\nk = v\r\n", "[a|]@1\nk=<v>@2:1,2:5\n",
		"f:1:1: got a line that ends with CR LF, expected LF alone\n");
	check_bytes("[a]\nk = v\0w\nl = x\n", 18, "[a|]@1\nl=<x>@3:1,3:5\n",
		"f:2:6: got a NUL byte (\\x00), expected text in UTF-8\n");
}

/* Lines of 199 bytes pass whole; those of 200 are refused whole, so that no end of theirs is a line. */
static void test_long_lines(void)
{
	char text[1000], given[1000];
	const char *rule = "auth = required permit";
	snprintf(text, sizeof(text), "[a]\nk = %0195d\n", 7);
	snprintf(given, sizeof(given), "[a|]@1\nk=<%0195d>@2:1,2:5\n", 7);
	check(text, given, "");
	snprintf(text, sizeof(text), "[a]\nk=%0197d\n", 7);
	snprintf(given, sizeof(given), "[a|]@1\nk=<%0197d>@2:1,2:3\n", 7);
	check(text, given, "");
	snprintf(text, sizeof(text), "[a]\nk = %0196d\n", 7);
	check(text, "[a|]@1\n", NULL);
	snprintf(text, sizeof(text), "[a]\nk = %0195d%s\n", 7, rule);
	check(text, "[a|]@1\n", NULL);
	snprintf(text, sizeof(text), "[a]\n;%*s%s\n", 198, "", rule);
	check(text, "[a|]@1\n", NULL);
	snprintf(text, sizeof(text), "[a]\nk = v\n %*s%s\n", 198, "", rule);
	check(text, "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
}

static void test_long_names(void)
{
	char text[1000], given[1000], name[181];
	memset(name, 'x', 180);
	name[180] = '\0';
	snprintf(text, sizeof(text), "[tool:%s1]\nk = 1\n[tool:%s2]\nk = 2\n", name, name);
	snprintf(given, sizeof(given), "[tool|%s1]@1\nk=<1>@2:1,2:5\n[tool|%s2]@3\nk=<2>@4:1,4:5\n",
		name, name);
	check(text, given, "");
}

static void test_long_value(void)
{
	struct buffer text = BUFFER(1 << 20);
	buffer_text(&text, "[a]\nk = v\n");
	for (unsigned i = 0; i < 400; i++)
		buffer_format(&text, " %0190d\n", 7);
	buffer_text(&text, "l = w\n");
	check(text.data, "[a|]@1\nl=<w>@403:1,403:5\n", NULL);
	buffer_finish(&text);
}

/* inih's settings belong to the whole process; under others than the default nothing is misread. */
static void test_settings(void)
{
	ini_allow_multiline = false;
	check("[a]\nk = v\n  w\n", "[a|]@1\nk=<v>@2:1,2:5\n", NULL);
	ini_allow_multiline = true;
	ini_max_line = 100;
	check("[a]\nk = v\n", "[a|]@1\n", NULL);
	ini_max_line = 200;
	static char prefixes[] = "x", usual[] = ";";
	ini_inline_comment_prefixes = prefixes;
	check("[a]\nk = v x w\n", "[a|]@1\n", NULL);
	ini_inline_comment_prefixes = usual;
	check("[a]\nk = v x w\n", "[a|]@1\nk=<v x w>@2:1,2:5\n", "");
}

int main(void)
{
	test_good();
	test_continuations();
	test_refused();
	test_long_lines();
	test_long_names();
	test_long_value();
	test_settings();
	return check_end();
}
