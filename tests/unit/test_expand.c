/*
 * test_expand.c - references to the environment, to files and to credentials.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/stat.h>
#include <unistd.h>

#include <tokenpam/codes.h>

#include "check.h"
#include "expand.h"
#include "memory.h"

static char folder[] = "/tmp/tokenpam-expand-XXXXXX";

/* `expected`: the text, or "! " and the beginning of the finding. */
static const struct {
	const char *text;
	const char *expected;
} cases[] = {
	{"", ""},
	{"plain", "plain"},
	{"$", "$"},
	{"$$", "$$"},
	{"$x{}", "$x{}"},
	{"$${env:A}", "${env:A}"},
	{"$$${env:A}", "$${env:A}"},
	{"${env:A}", "alpha"},
	{"x${env:A}y${env:A}$${", "xalphayalpha${"},
	{"$x${env:A}", "$xalpha"},
	{"${env:REFERENCE}", "${env:A}"},
	{"${file:line}", "one line"},
	{"${file:./line}", "one line"},
	{"${file:two}", "! got control characters or broken UTF-8 behind \"${file:two}\", expected "
			"one line"},
	{"${file:empty}", "! got nothing behind \"${file:empty}\", expected a value"},
	{"${file:newline}", "! got nothing behind \"${file:newline}\", expected a value"},
	{"${file:none}", "! got \"${file:none}\", expected a file that can be read: No such"},
	{"${file:.}", "! got \"${file:.}\", which is not a regular file, expected a file of at "
		      "most 64 KiB"},
	{"${file:}", "! got \"${file:}\", expected a name after the colon"},
	{"${env:EMPTY}", "! got nothing behind \"${env:EMPTY}\", expected a value"},
	{"${env:NONE}", "! got \"${env:NONE}\", expected a variable that is set"},
	{"${env:BAD}", "! got control characters or broken UTF-8 behind \"${env:BAD}\""},
	{"${env}", "! got \"${env}\", expected ${env:NAME}, ${file:PATH}, ${cred:NAME}, or $${"},
	{"${evn:A}",
		"! got \"${evn:A}\", expected ${env:NAME}, ${file:PATH}, ${cred:NAME}, or $${"},
	{"${}", "! got \"${}\", expected ${env:NAME}"},
	{"${env:A", "! got a secret in clear, expected a \"}\" after \"${\""},
	{"${cred:token}", "one line"},
	{"${cred:none}", "! got \"${cred:none}\", expected a file"},
	{"${cred:../token}",
		"! got \"${cred:../token}\", expected the name of a credential, without"},
	{"${cred:..}", "! got \"${cred:..}\", expected the name of a credential, without"},
};

static void check_text(const char *text, bool secret, bool development, const char *expected)
{
	struct place at = {.file = "f", .line = 1, .column = 1};
	struct tpam_report *report = report_create();
	char *got = NULL;
	int code = expand_text(&got, text, at, secret, development, report);
	if (code == TPAM_OK) {
		CHECK_TEXT(got, expected);
		secret_free(got, strlen(got));
	} else {
		const struct tpam_diagnostic *finding = tpam_report_get(report, 0);
		CHECK(code == TPAM_E_CONFIG && finding && got == NULL);
		CHECK(strncmp(expected, "! ", 2) == 0);
		if (strncmp(finding->text, expected + 2, strlen(expected + 2)) != 0)
			CHECK_TEXT(finding->text, expected + 2);
	}
	CHECK((code == TPAM_OK) == !report_has_errors(report));
	tpam_report_destroy(report);
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(name, mode) == 0);
}

static void test_modes(void)
{
	write_file("readable", "x", 0644);
	write_file("group", "x", 0640);
	write_file("writable", "x", 0660);
	check_text("${file:readable}", false, false, "x");
	check_text("${file:readable}", true, true, "x");
	check_text("${file:readable}", true, false,
		"! got \"${file:readable}\", which is readable by");
	check_text("${file:group}", true, false, "x");
	check_text("${file:writable}", false, true, "x");
	check_text("${file:writable}", false, false,
		"! got \"${file:writable}\", which is writable by");
	unlink("readable");
	unlink("group");
	unlink("writable");
}

static void test_sizes(void)
{
	struct buffer large = BUFFER(100000);
	while (large.length < 65536)
		buffer_text(&large, "x");
	write_file("large", large.data, 0600);
	check_text("${file:large}", true, false, large.data);
	check_text("x${file:large}", false, false, "! got too much text behind \"${file:large}\"");
	check_text("${file:large}x", false, false, "! got too much text before \"x\"");
	check_text("x${file:large}", true, false, "! got too much text behind a secret in clear");
	check_text("${file:large}x", true, false, "! got too much text before a secret in clear");
	buffer_text(&large, "x");
	write_file("large", large.data, 0600);
	check_text("${file:large}", true, false,
		"! got \"${file:large}\", which is too large, expected a file of at most");
	unlink("large");
	buffer_finish(&large);
}

int main(void)
{
	umask(022);
	if (!mkdtemp(folder) || chdir(folder) != 0) {
		perror(folder);
		return EXIT_FAILURE;
	}
	setenv("A", "alpha", 1);
	setenv("EMPTY", "", 1);
	setenv("BAD", "a\nb", 1);
	setenv("REFERENCE", "${env:A}", 1);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	unsetenv("NONE");
	write_file("line", "one line\n", 0600);
	write_file("token", "one line", 0600);
	write_file("two", "one\ntwo\n", 0600);
	write_file("empty", "", 0600);
	write_file("newline", "\n", 0600);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_text(cases[i].text, true, false, cases[i].expected);
	check_text("${env:A", false, false, "! got \"${env:A\", expected a \"}\" after \"${\"");
	CHECK(expand_has_reference("a${b") && !expand_has_reference("a$${b}") &&
		!expand_has_reference("$"));
	test_modes();
	test_sizes();
	unsetenv("CREDENTIALS_DIRECTORY");
	check_text("${cred:token}", true, false,
		"! got \"${cred:token}\", expected CREDENTIALS_DIRECTORY to be set");
	static const char *const made[] = {"line", "token", "two", "empty", "newline"};
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(made[i]);
	CHECK(chdir("/") == 0 && rmdir(folder) == 0);
	return check_end();
}
