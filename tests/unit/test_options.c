/*
 * test_options.c - values of every type, as right and as wrong as people write them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "memory.h"
#include "options.h"
#include "url.h"

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct tpam_option types[] = {
	[TPAM_TYPE_TEXT] = {.size = 48, .type = TPAM_TYPE_TEXT, .name = "text", .help = "A text."},
	[TPAM_TYPE_BOOL] = {.size = 48,
		.type = TPAM_TYPE_BOOL,
		.name = "bool",
		.help = "A switch."},
	[TPAM_TYPE_NUMBER] = {.size = 48,
		.type = TPAM_TYPE_NUMBER,
		.name = "number",
		.help = "A number."},
	[TPAM_TYPE_DURATION] = {.size = 48,
		.type = TPAM_TYPE_DURATION,
		.name = "duration",
		.help = "A time."},
	[TPAM_TYPE_SIZE] = {.size = 48, .type = TPAM_TYPE_SIZE, .name = "size", .help = "A size."},
	[TPAM_TYPE_ENUM] = {.size = 48,
		.type = TPAM_TYPE_ENUM,
		.name = "enum",
		.values = colours,
		.help = "A word."},
	[TPAM_TYPE_PATH] = {.size = 48, .type = TPAM_TYPE_PATH, .name = "path", .help = "A file."},
	[TPAM_TYPE_URL] = {.size = 48, .type = TPAM_TYPE_URL, .name = "url", .help = "An address."},
};

/* `number` is -1 where the word is refused. */
static const struct {
	uint32_t type;
	const char *text;
	int64_t number;
} numbers[] = {
	{TPAM_TYPE_BOOL, "on", 1},
	{TPAM_TYPE_BOOL, "yes", 1},
	{TPAM_TYPE_BOOL, "true", 1},
	{TPAM_TYPE_BOOL, "off", 0},
	{TPAM_TYPE_BOOL, "no", 0},
	{TPAM_TYPE_BOOL, "false", 0},
	{TPAM_TYPE_BOOL, "On", -1},
	{TPAM_TYPE_BOOL, "1", -1},
	{TPAM_TYPE_BOOL, "", -1},
	{TPAM_TYPE_NUMBER, "0", 0},
	{TPAM_TYPE_NUMBER, "9223372036854775807", INT64_MAX},
	{TPAM_TYPE_NUMBER, "9223372036854775808", -1},
	{TPAM_TYPE_NUMBER, "99999999999999999999999", -1},
	{TPAM_TYPE_NUMBER, "-1", -1},
	{TPAM_TYPE_NUMBER, "+1", -1},
	{TPAM_TYPE_NUMBER, "1.5", -1},
	{TPAM_TYPE_NUMBER, "0x10", -1},
	{TPAM_TYPE_NUMBER, "", -1},
	{TPAM_TYPE_NUMBER, "1 ", -1},
	{TPAM_TYPE_DURATION, "250ms", 250},
	{TPAM_TYPE_DURATION, "30s", 30000},
	{TPAM_TYPE_DURATION, "5m", 300000},
	{TPAM_TYPE_DURATION, "2h", 7200000},
	{TPAM_TYPE_DURATION, "7d", 604800000},
	{TPAM_TYPE_DURATION, "0s", 0},
	{TPAM_TYPE_DURATION, "30", -1},
	{TPAM_TYPE_DURATION, "s", -1},
	{TPAM_TYPE_DURATION, "30 s", -1},
	{TPAM_TYPE_DURATION, "1h30m", -1},
	{TPAM_TYPE_DURATION, "5min", -1},
	{TPAM_TYPE_DURATION, "106751991167d", 106751991167 * INT64_C(86400000)},
	{TPAM_TYPE_DURATION, "106751991168d", -1},
	{TPAM_TYPE_SIZE, "100B", 100},
	{TPAM_TYPE_SIZE, "16KiB", 16384},
	{TPAM_TYPE_SIZE, "1MiB", 1048576},
	{TPAM_TYPE_SIZE, "1MB", -1},
	{TPAM_TYPE_SIZE, "16", -1},
	{TPAM_TYPE_SIZE, "16kib", -1},
	{TPAM_TYPE_SIZE, "8796093022208MiB", -1},
	{TPAM_TYPE_ENUM, "red", 0},
	{TPAM_TYPE_ENUM, "blue", 2},
	{TPAM_TYPE_ENUM, "Blue", -1},
	{TPAM_TYPE_ENUM, "re", -1},
};

static void test_numbers(void)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int64_t number = -1;
		bool fine = option_number(&number, &types[numbers[i].type], numbers[i].text);
		if (fine != (numbers[i].number >= 0) || number != numbers[i].number)
			fprintf(stderr, "%s as %s:\n", numbers[i].text,
				types[numbers[i].type].name);
		CHECK(fine == (numbers[i].number >= 0));
		CHECK(number == numbers[i].number);
	}
}

static const struct {
	const char *url;
	enum url_fault fault;
} urls[] = {
	{"https://a.example", URL_FINE},
	{"https://a.example/x/y?z=1&w=%20", URL_FINE},
	{"HTTPS://A.example", URL_FINE},
	{"https://a.example:8443/", URL_FINE},
	{"https://[2001:db8::1]:8443/", URL_FINE},
	{"http://127.0.0.1:8080/x", URL_FINE},
	{"http://127.255.0.3", URL_FINE},
	{"http://localhost:1/", URL_FINE},
	{"http://[::1]/", URL_FINE},
	{"http://a.example/", URL_PLAIN},
	{"http://127.0.0.1.a.example/", URL_PLAIN},
	{"http://localhost.a.example/", URL_PLAIN},
	{"http://127.1/", URL_PLAIN},
	{"http://2130706433/", URL_PLAIN},
	{"http://0x7f000001/", URL_PLAIN},
	{"http://0.0.0.0/", URL_PLAIN},
	{"http://[::]/", URL_PLAIN},
	{"http://[::ffff:127.0.0.1]/", URL_PLAIN},
	{"http://128.0.0.1/", URL_PLAIN},
	{"ftp://a.example/", URL_SCHEME},
	{"a.example", URL_SCHEME},
	{"https:/a.example", URL_SCHEME},
	{"https:a.example", URL_SCHEME},
	{" https://a.example", URL_SCHEME},
	{"", URL_SCHEME},
	{"https://", URL_NO_HOST},
	{"https:///x", URL_NO_HOST},
	{"https://?x", URL_NO_HOST},
	{"https://:443/", URL_NO_HOST},
	{"https://[]/", URL_NO_HOST},
	{"https://user@a.example/", URL_USERINFO},
	{"https://user:pass@a.example/", URL_USERINFO},
	{"http://127.0.0.1@a.example/", URL_USERINFO},
	{"http://127.0.0.1:80@a.example/", URL_USERINFO},
	{"https://a.example/x#y", URL_FRAGMENT},
	{"https://a.example#", URL_FRAGMENT},
	{"https://a.example/x y", URL_BYTES},
	{"https://a.example/\xC3\xBC", URL_BYTES},
	{"https://a.example\\@b.example/", URL_BYTES},
	{"https://a.example/%2", URL_BYTES},
	{"https://a.example/%zz", URL_BYTES},
	{"https://a.example/[x]", URL_BYTES},
	{"https://a..example/", URL_HOST},
	{"https://.example/", URL_HOST},
	{"https://-a.example/", URL_HOST},
	{"https://a%2eexample/", URL_HOST},
	{"https://[::1", URL_HOST},
	{"https://[::1]x/", URL_HOST},
	{"https://[1.2.3.4]/", URL_HOST},
	{"https://::1/", URL_NO_HOST},
	{"https://a.example:/", URL_PORT},
	{"https://a.example:0/", URL_PORT},
	{"https://a.example:65536/", URL_PORT},
	{"https://a.example:+80/", URL_PORT},
	{"https://a.example:80:80/", URL_PORT},
};

static void test_urls(void)
{
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		enum url_fault fault = url_judge(urls[i].url);
		if (fault != urls[i].fault)
			fprintf(stderr, "%s:\n", urls[i].url);
		CHECK_TEXT(url_fault_text(fault), url_fault_text(urls[i].fault));
	}
	char url[URL_MAX + 2] = "https://a.example/";
	memset(url + strlen(url), 'x', sizeof(url) - 1 - strlen(url));
	CHECK(url_judge(url) == URL_TOO_LONG);
	url[URL_MAX] = '\0';
	CHECK(url_judge(url) == URL_FINE);
}

#define MANY   (TPAM_OPTION_LIST)
#define WHOLE  (TPAM_OPTION_REPEATABLE)
#define SECRET (TPAM_OPTION_SECRET)

/*
 * A value as written, and its items with '|' between, or "! " and the finding. In production unless `development`.
 */
static const struct {
	uint32_t type;
	uint32_t flags;
	const char *text; /* NULL: the key is not there */
	const char *expected;
	bool development;
} values[] = {
	{TPAM_TYPE_TEXT, 0, "a", "a", false},
	{TPAM_TYPE_TEXT, 0, "\"a b\"", "a b", false},
	{TPAM_TYPE_TEXT, 0, "a b", "! 1:12: got 2 words for text, expected one (quote it)", false},
	{TPAM_TYPE_TEXT, 0, "", "! 1:1: got no value for text, expected a word", false},
	{TPAM_TYPE_TEXT, 0, "\"\"", "! 1:10: got nothing for text, expected a word", false},
	{TPAM_TYPE_TEXT, 0, "$${x", "${x", false},
	{TPAM_TYPE_TEXT, 0, "x${env:OPTION}y", "xa b; cy", false},
	{TPAM_TYPE_TEXT, 0, "${env:NOPE}",
		"! 1:10: got \"${env:NOPE}\", expected a variable that is set", false},
	{TPAM_TYPE_TEXT, MANY, "a \"b c\" ${env:OPTION}", "a|b c|a b; c", false},
	{TPAM_TYPE_TEXT, WHOLE, "a \"b\"  -> c", "a \"b\"  -> c", false},
	{TPAM_TYPE_TEXT, WHOLE, "\"a b\"", "a b", false},
	{TPAM_TYPE_TEXT, 0, NULL, "", false},
	{TPAM_TYPE_TEXT, TPAM_OPTION_REQUIRED, NULL,
		"! 1:1: got no key \"text\", expected one: A text.", false},
	{TPAM_TYPE_TEXT, TPAM_OPTION_DEPRECATED, "a", "a", false},
	{TPAM_TYPE_TEXT, SECRET, "abc",
		"! 1:10: got a secret in clear for text, expected a reference such as ${file:PATH}",
		false},
	{TPAM_TYPE_TEXT, SECRET, "abc", "abc", true},
	{TPAM_TYPE_TEXT, SECRET, "${env:OPTION}", "a b; c", false},
	{TPAM_TYPE_NUMBER, SECRET, "${env:OPTION}",
		"! 1:10: got a value of number that does not do, expected a whole number, not "
		"negative",
		false},
	{TPAM_TYPE_NUMBER, 0, "${env:OPTION}",
		"! 1:10: got what stands behind \"${env:OPTION}\" for number, expected a whole "
		"number, not negative",
		false},
	{TPAM_TYPE_NUMBER, 0, "5x",
		"! 1:10: got \"5x\" for number, expected a whole number, not negative", false},
	{TPAM_TYPE_NUMBER, MANY, "1 x 3 y",
		"! 1:12: got \"x\" for number, expected a whole number, not negative", false},
	{TPAM_TYPE_DURATION, 0, "30",
		"! 1:10: got \"30\" for duration, expected a duration such as 250ms, 30s, 5m, 2h "
		"or 7d",
		false},
	{TPAM_TYPE_ENUM, 0, "gren",
		"! 1:10: got \"gren\" for enum, expected one of red, green, blue; did you mean "
		"\"green\"?",
		false},
	{TPAM_TYPE_ENUM, 0, "magenta",
		"! 1:10: got \"magenta\" for enum, expected one of red, green, blue", false},
	{TPAM_TYPE_PATH, 0, "x/y", "/dir/x/y", false},
	{TPAM_TYPE_PATH, 0, "/x/y", "/x/y", false},
	{TPAM_TYPE_PATH, MANY, "a b", "/dir/a|/dir/b", false},
	{TPAM_TYPE_URL, 0, "https://a.example/", "https://a.example/", false},
	{TPAM_TYPE_URL, 0, "http://a.example/",
		"! 1:10: got an http:// URL, over which anybody may read and change what is sent "
		"for url, "
		"expected an https:// URL (http:// only to a loopback address)",
		false},
	{TPAM_TYPE_URL, 0, "http://a.example/", "http://a.example/", true},
	{TPAM_TYPE_URL, 0, "https://u:p@a.example/",
		"! 1:10: got a URL with user information (@) for url, expected an https:// URL "
		"(http:// only to "
		"a loopback address)",
		true},
};

static char *items_join(const struct option_value *value)
{
	struct buffer buffer = BUFFER(4096);
	for (size_t i = 0; i < value->count; i++) {
		buffer_text(&buffer, i ? "|" : "");
		buffer_text(&buffer, value->items[i].text);
	}
	return buffer_take(&buffer);
}

/* The first error as "! LINE:COLUMN: TEXT". */
static char *error_text(const struct tpam_report *report)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		const struct tpam_diagnostic *found = tpam_report_get(report, i);
		if (found->severity == TPAM_SEVERITY_ERROR)
			return text_format("! %u:%u: %s", found->line, found->column, found->text);
	}
	return NULL;
}

static void read_one(size_t index)
{
	struct tpam_option option = types[values[index].type];
	option.flags = values[index].flags;
	struct value written = {.at = {"/dir/t.ini", 1, 10}, .key = {"/dir/t.ini", 1, 1}};
	struct setting setting = {.values = &written, .count = 1};
	struct section section = {.at = {"/dir/t.ini", 1, 1}};
	struct tpam_report *report = report_create();
	struct option_context context = {values[index].development, report};
	struct option_value value;
	bool there = values[index].text != NULL;
	written.text = there ? text_copy(values[index].text, strlen(values[index].text)) : NULL;
	int code = option_read(&value, &option, there ? &setting : NULL, &section, &context);
	char *got = code == TPAM_OK ? items_join(&value) : error_text(report);
	CHECK_TEXT(got, values[index].expected);
	CHECK((code == TPAM_OK) == (tpam_report_errors(report) == 0));
	free(got);
	secret_free(written.text, there ? strlen(written.text) : 0);
	option_finish(&value);
	tpam_report_destroy(report);
}

static void test_values(void)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		read_one(i);
}

static void test_fallback(void)
{
	struct tpam_option option = types[TPAM_TYPE_DURATION];
	struct section section = {.at = {"/dir/t.ini", 1, 1}};
	struct tpam_report *report = report_create();
	struct option_context context = {false, report};
	struct option_value value;
	option.fallback = "5m";
	CHECK(option_read(&value, &option, NULL, &section, &context) == TPAM_OK);
	CHECK(value.fallback && value.count == 1 && value.items[0].number == 300000);
	option_finish(&value);
	option = types[TPAM_TYPE_TEXT];
	option.fallback = "${env:OPTION}";
	CHECK(option_read(&value, &option, NULL, &section, &context) == TPAM_OK);
	CHECK_TEXT(value.items[0].text, "${env:OPTION}");
	option_finish(&value);
	tpam_report_destroy(report);
}

/* A scalar that a later file adds to has two values, which is one too many. */
static void test_second_value(void)
{
	struct value written[] = {
		{.text = (char[]){"a"}, .at = {"t.ini", 1, 10}, .key = {"t.ini", 1, 1}},
		{.text = (char[]){"b"},
			.at = {"t.ini", 2, 10},
			.key = {"t.ini", 2, 1},
			.layer = 1,
			.adds = true}};
	struct setting setting = {.key = (char[]){"text"}, .values = written, .count = 2};
	struct section section = {.at = {"t.ini", 1, 1}};
	struct tpam_report *report = report_create();
	struct option_context context = {false, report};
	struct option_value value;
	struct tpam_option option = types[TPAM_TYPE_TEXT];
	CHECK(option_read(&value, &option, &setting, &section, &context) == TPAM_E_CONFIG);
	option_finish(&value);
	char *text = error_text(report);
	CHECK_TEXT(text,
		"! 2:1: got a second value for text, expected one (write = to replace the first)");
	free(text);
	option.flags = TPAM_OPTION_REPEATABLE;
	CHECK(option_read(&value, &option, &setting, &section, &context) == TPAM_OK &&
		value.count == 2);
	option_finish(&value);
	tpam_report_destroy(report);
}

int main(void)
{
	setenv("OPTION", "a b; c", 1);
	unsetenv("NOPE");
	test_numbers();
	test_urls();
	test_values();
	test_fallback();
	test_second_value();
	return check_end();
}
