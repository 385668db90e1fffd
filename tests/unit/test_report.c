/*
 * test_report.c - findings: order, repetitions, limits, quoting; the log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"
#include "hooks.h"
#include "report.h"

static struct place at(const char *file, unsigned line, unsigned column)
{
	return (struct place){.file = file, .line = line, .column = column};
}

static void check_line(const struct tpam_report *report, size_t index, const char *expected)
{
	char *line = tpam_report_line(report, index);
	CHECK_TEXT(line, expected);
	tpam_free(line);
}

static void test_order(void)
{
	struct tpam_report *report = report_create();
	char name[] = "b.ini";
	report_error(report, at(name, 3, 1), "got %s", "x");
	report_warning(report, at("a.ini", 1, 1), "w");
	report_error(report, at("b.ini", 2, 9), "late");
	report_error(report, at("b.ini", 2, 1), "first");
	report_error(report, at("b.ini", 2, 1), "second");
	report_error(report, at("b.ini", 2, 1), "first");
	report_strict(report, true, at("a.ini", 1, 1), "lenient");
	report_strict(report, false, at("a.ini", 1, 1), "strict");
	name[0] = 'z';
	report_finish(report);
	CHECK(tpam_report_count(report) == 7);
	CHECK(tpam_report_errors(report) == 5);
	CHECK(report_has_errors(report) && !report_failed(report));
	check_line(report, 0, "b.ini:2:1: first");
	check_line(report, 1, "b.ini:2:1: second");
	check_line(report, 2, "b.ini:2:9: late");
	check_line(report, 3, "b.ini:3:1: got x");
	check_line(report, 4, "a.ini:1:1: warning: w");
	check_line(report, 5, "a.ini:1:1: warning: lenient");
	check_line(report, 6, "a.ini:1:1: strict");
	check_line(report, 7, NULL);
	const struct tpam_diagnostic *finding = tpam_report_get(report, 4);
	CHECK(finding->size == sizeof(*finding) && finding->severity == TPAM_SEVERITY_WARNING);
	CHECK(finding->line == 1 && finding->column == 1);
	CHECK_TEXT(finding->file, "a.ini");
	CHECK(tpam_report_get(report, 7) == NULL);
	tpam_report_destroy(report);
}

static void test_nowhere(void)
{
	struct tpam_report *report = report_create();
	report_error(report, NOWHERE, "no file");
	report_warning(report, NOWHERE, "no folder");
	report_finish(report);
	check_line(report, 0, "no file");
	check_line(report, 1, "warning: no folder");
	CHECK(tpam_report_get(report, 0)->file == NULL && tpam_report_get(report, 0)->line == 0);
	tpam_report_destroy(report);
	CHECK(tpam_report_count(NULL) == 0 && tpam_report_errors(NULL) == 0);
	CHECK(tpam_report_get(NULL, 0) == NULL && tpam_report_line(NULL, 0) == NULL);
	tpam_report_destroy(NULL);
}

/* What does not fit is counted as one more finding, and an error among it is an error. */
static void test_overflow(void)
{
	struct tpam_report *report = report_create();
	for (unsigned i = 0; i < 1000; i++)
		report_warning(report, at("a.ini", i + 1, 1), "w");
	CHECK(!report_has_errors(report));
	report_warning(report, at("a.ini", 1, 1), "left out");
	CHECK(tpam_report_count(report) == 1001 && !report_has_errors(report));
	report_error(report, at("a.ini", 1, 1), "left out");
	CHECK(tpam_report_count(report) == 1001 && tpam_report_errors(report) == 1);
	report_finish(report);
	check_line(report, 1000, "there are more findings, these are the first 1000");
	tpam_report_destroy(report);
}

static const struct {
	const char *text;
	size_t length;
	const char *quoted;
} quotes[] = {
	{"", 0, "\"\""},
	{"plain", 5, "\"plain\""},
	{"a\0b\n\t\x7f", 6, "\"a\\x00b\\x0a\\x09\\x7f\""},
	{"\xc3\xa9\xff", 3, "\"\xc3\xa9\\xff\""},
	{"\xc2\x85", 2, "\"\\xc2\\x85\""},
	{"\x1b[31m", 5, "\"\\x1b[31m\""},
	{"\xe2\x82", 2, "\"\\xe2\\x82\""},
};

static void test_quotes(void)
{
	char buffer[REPORT_QUOTE_SIZE], text[200];
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		CHECK_TEXT(
			report_quote(buffer, quotes[i].text, quotes[i].length), quotes[i].quoted);
	memset(text, '\x01', sizeof(text));
	report_quote(buffer, text, sizeof(text));
	CHECK(strlen(buffer) == 80 * 4 + 5);
	memset(text, 'a', sizeof(text));
	report_quote(buffer, text, 80);
	CHECK(strlen(buffer) == 82);
	report_quote(buffer, text, 81);
	CHECK(strlen(buffer) == 85 && strcmp(buffer + 81, "...\"") == 0);
	/* A character across the cut is left out whole. */
	memcpy(text + 79, "\xc3\xa9", 2);
	report_quote(buffer, text, sizeof(text));
	CHECK(strlen(buffer) == 84 && strcmp(buffer + 79, "a...\"") == 0);
}

static void keep_line(void *data, int level, const char *text)
{
	CHECK(level == TPAM_LOG_NOTICE && strlen(text) <= 1024);
	snprintf(data, 2000, "%s", text);
}

static void test_log(void)
{
	char kept[2000] = "", text[3000];
	struct hooks hooks = {.log = keep_line, .log_data = kept};
	hooks_log(&hooks, TPAM_LOG_NOTICE, "a%sb", "\n\x1b\xff\xc2\x85\xc3\xa9");
	CHECK_TEXT(kept, "a?????\xc3\xa9"
			 "b");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	memcpy(text + 1023, "\xc3\xa9", 2);
	hooks_log(&hooks, TPAM_LOG_NOTICE, "%s", text);
	CHECK(strlen(kept) == 1024 && kept[1023] == '?');
	hooks.log = NULL;
	hooks_log(&hooks, TPAM_LOG_NOTICE, "nobody hears");
	CHECK(hooks_wall(&hooks) > 1000000000000000000);
	int64_t earlier = hooks_monotonic(&hooks);
	CHECK(hooks_monotonic(&hooks) >= earlier);
}

int main(void)
{
	test_log();
	test_order();
	test_nowhere();
	test_overflow();
	test_quotes();
	return check_end();
}
