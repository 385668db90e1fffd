/*
 * suite_read.c - a test file: its sections, and the lines of recipes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "suite.h"

#define LINE_LIMIT      1000
#define RECIPE_LIMIT    1000
#define ATTEMPT_LIMIT   10000
#define NAME_LIMIT      128
#define PATH_ROOM       4096
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define KEY_CHARACTERS  "abcdefghijklmnopqrstuvwxyz_"

enum section { SECTION_NONE, SECTION_RECIPE, SECTION_TEST, SECTION_REFUSED };

struct reading {
	struct suite *suite;
	const char *line;
	unsigned number;
	enum section section;
};

static struct spot spot_of(const struct reading *reading, const char *at)
{
	return (struct spot){reading->number, (unsigned)(at - reading->line) + 1};
}

/* ---- Sections ---- */

static void refuse_section(struct reading *reading)
{
	static const char *const kinds[] = {"identity", "token", "test", NULL};
	char buffer[QUOTE_SIZE], kind[16];
	size_t length = strcspn(reading->line + 1, ":]");

	(void)snprintf(
		kind, sizeof(kind), "%.*s", (int)(length < 15 ? length : 15), reading->line + 1);
	const char *meant = nearest(kind, kinds);
	suite_complain(reading->suite, spot_of(reading, reading->line),
		"got section %s, expected [identity:NAME], [token:NAME] or [test]%s%s%s",
		quote_operand(buffer, reading->line), meant ? "; did you mean \"" : "",
		meant ? meant : "", meant ? "\"?" : "");
}

static void begin_recipe(
	struct reading *reading, enum recipe_kind kind, const char *name, size_t length)
{
	struct suite *suite = reading->suite;
	char *copy = suite_text(suite, name, length);
	char buffer[QUOTE_SIZE];
	struct spot at = spot_of(reading, name);

	if (length == 0 || length > NAME_LIMIT || strspn(copy, NAME_CHARACTERS) != length ||
		strcmp(copy, "nobody") == 0)
		suite_complain(suite, at,
			"got name %s, expected letters, digits, dot, underscore and hyphen, and "
			"not \"nobody\"",
			quote_operand(buffer, copy));
	else if (suite_recipe(suite, copy))
		suite_complain(suite, at, "got a second %s, expected one; the first is at line %u",
			quote_operand(buffer, copy), suite_recipe(suite, copy)->at.line);
	else if (suite->recipe_count >= RECIPE_LIMIT)
		suite_complain(suite, at, "got more than %d recipes, expected fewer", RECIPE_LIMIT);
	else {
		suite->recipes = suite_grow(
			suite, suite->recipes, suite->recipe_count, sizeof(*suite->recipes));
		suite->recipes[suite->recipe_count++] =
			(struct recipe){.name = copy, .kind = kind, .at = at};
		reading->section = SECTION_RECIPE;
	}
}

/* [identity:NAME], [token:NAME] or [test]; behind it a comment. */
static void read_section(struct reading *reading)
{
	static const struct {
		const char *head;
		enum recipe_kind kind;
	} heads[] = {{"[identity:", RECIPE_IDENTITY}, {"[token:", RECIPE_TOKEN}};
	const char *line = reading->line, *end = strchr(line, ']');
	struct words rest;

	reading->section = SECTION_REFUSED;
	if (!end || (end[1] && end[1] != ' ' && end[1] != '\t') ||
		!suite_split(
			reading->suite, line, (size_t)(end - line) + 1, reading->number, &rest) ||
		rest.count > 0) {
		refuse_section(reading);
		return;
	}
	if (end - line == 5 && strncmp(line, "[test", 5) == 0) {
		reading->section = SECTION_TEST;
		return;
	}
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t length = strlen(heads[i].head);
		if (strncmp(line, heads[i].head, length) != 0 || line + length > end)
			continue;
		begin_recipe(reading, heads[i].kind, line + length, (size_t)(end - line) - length);
		return;
	}
	refuse_section(reading);
}

/* ---- Lines ---- */

static bool is_refused(struct reading *reading, size_t length)
{
	const char *line = reading->line;

	if (length > LINE_LIMIT) {
		suite_complain(reading->suite, spot_of(reading, line + LINE_LIMIT),
			"got a line of %zu bytes, expected at most %d", length, LINE_LIMIT);
		return true;
	}
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[i];
		if ((byte >= 0x20 && byte != 0x7f) || byte == '\t')
			continue;
		suite_complain(reading->suite, spot_of(reading, line + i),
			"got control character \\x%02x, expected text", (unsigned)byte);
		return true;
	}
	return false;
}

static void read_line(struct reading *reading, size_t length)
{
	const char *line = reading->line;
	const char *first = line + strspn(line, " \t");

	if (is_refused(reading, length) || *first == '\0' || *first == ';' || *first == '#')
		return;
	if (first != line)
		suite_complain(reading->suite, spot_of(reading, first),
			"got an indented line, expected one that begins in the first column");
	else if (*line == '[')
		read_section(reading);
	else if (reading->section == SECTION_TEST && reading->suite->attempt_count >= ATTEMPT_LIMIT)
		suite_complain(reading->suite, spot_of(reading, line),
			"got more than %d tests, expected fewer", ATTEMPT_LIMIT);
	else if (reading->section == SECTION_TEST)
		suite_read_test(reading->suite, line, reading->number);
	else if (reading->section != SECTION_REFUSED)
		suite_read_key(
			reading->suite, reading->section == SECTION_NONE, line, reading->number);
}

static void read_lines(struct suite *suite, char *text, size_t length)
{
	struct reading reading = {.suite = suite, .section = SECTION_NONE};
	char *end = text + length;

	for (char *line = text; line < end && suite->errors < 100;) {
		char *feed = memchr(line, '\n', (size_t)(end - line));
		size_t size = (size_t)((feed ? feed : end) - line);
		line[size] = '\0';
		reading.line = line;
		reading.number++;
		read_line(&reading, size);
		line += size + 1;
	}
	if (suite->attempt_count == 0 && suite->errors == 0)
		suite_complain(suite, (struct spot){reading.number ? reading.number : 1, 1},
			"got no test, expected lines in a section [test]");
}

int suite_read(struct suite *suite, const char *path)
{
	struct input input;

	*suite = (struct suite){.path = path};
	int code = input_read(&input, path, "tests");
	if (code != EXIT_ACCEPTED)
		return code;
	read_lines(suite, input.bytes, input.length);
	input_finish(&input);
	return suite->errors ? EXIT_MISUSED : EXIT_ACCEPTED;
}

void suite_finish(struct suite *suite)
{
	for (size_t i = 0; i < suite->taken_count; i++)
		free(suite->taken[i]);
	free(suite->taken);
	*suite = (struct suite){0};
}
