/*
 * test_read.c - files of audits are read line by line, strictly: what is no record is told with its place, and passed over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_read.h"

#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "cli.h"

#define TIME  "\"time\":\"2026-11-26T12:00:00.000001Z\""
#define START "{" TIME ",\"event\":\"reload\""

/* Lines that are none, and how it is said. */
static const struct {
	const char *line, *problem;
} bad[] = {
	{"", "got an empty line"},
	{"nothing", "got what is no JSON"},
	{"[1]", "got no object"},
	{"{}", "got no time"},
	{"{" TIME "}", "got no event"},
	{"{\"time\":\"yesterday\",\"event\":\"reload\"}", "got no time"},
	{"{\"time\":\"2026-11-26T12:00:00.000001\",\"event\":\"reload\"}", "got no time"},
	{"{\"time\":\"2026-11-26T12:00:00.000001Z \",\"event\":\"reload\"}", "got no time"},
	{"{\"time\":1,\"event\":\"reload\"}", "got something else for \"time\", expected text"},
	{"{" TIME ",\"event\":\"decision\"}", "got no outcome"},
	{"{" TIME ",\"event\":\"authorization\"}", "got no outcome"},
	{START, "got what is no JSON"},
	{START "}x", "got what is no JSON"},
	{START "}" START "}", "got what is no JSON"},
	{START ",\"event\":\"reload\"}", "got what is no JSON (duplicate object key"},
	{START ",\"tool\":\"\\u0000\"}", "got what is no JSON"},
	{START ",\"tool\":\"\xff\"}", "got what is no JSON"},
	{START ",\"tool\":\"a\tb\"}", "got what is no JSON"},
	{START ",\"tool\":null}", "got something else for \"tool\", expected text"},
	{START ",\"status\":\"200\"}", "got something else for \"status\", expected an integer"},
	{START ",\"count\":1.5}", "got something else for \"count\", expected an integer"},
	{START ",\"seq\":9999999999999999999}", "got what is no JSON"},
	{START ",\"granted\":\"read\"}",
		"got something else for \"granted\", expected a list of texts"},
	{START ",\"granted\":[\"read\",1]}", "got something else for \"granted\""},
	{START ",\"claims\":[]}", "got something else for \"claims\", expected an object"},
	{START ",\"email_verified\":1}",
		"got something else for \"email_verified\", expected true or false"},
};

#define BAD (sizeof(bad) / sizeof(bad[0]))

/* Good lines between bad ones are all found, at their places. */
static void test_bad(void)
{
	char path[PATH_MAX], *files[] = {path};
	struct audit_reader reader;
	struct audit_record record;

	(void)strcpy(path, sandbox_path("bad"));
	FILE *file = fopen(path, "w");
	for (size_t i = 0; file && i < BAD; i++)
		(void)fprintf(file, "%s\n%s,\"count\":%zu}\n", bad[i].line, START, i);
	CHECK(file && fclose(file) == 0);
	CHECK(audit_read_begin(&reader, files, 1) == EXIT_ACCEPTED);
	for (size_t i = 0; i < BAD; i++) {
		CHECK(audit_read_next(&reader, &record) == AUDIT_BAD);
		CHECK(strncmp(reader.problem, bad[i].problem, strlen(bad[i].problem)) == 0);
		CHECK(record.line == 2 * i + 1 && strcmp(record.file, path) == 0);
		CHECK_TEXT(record.text, bad[i].line);
		CHECK(!record.object && !record.event && record.count == AUDIT_NUMBER_NO);
		CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD);
		CHECK(record.line == 2 * i + 2 && record.count == (int64_t)i);
	}
	CHECK(audit_read_next(&reader, &record) == AUDIT_END);
	CHECK(audit_read_next(&reader, &record) == AUDIT_END);
	audit_read_end(&reader);
}

static void test_whole(void)
{
	char path[PATH_MAX], *files[] = {path};
	struct audit_reader reader;
	struct audit_record record;

	(void)strcpy(path, sandbox_path("whole"));
	sandbox_write("whole",
		"{" TIME
		",\"event\":\"decision\",\"request_id\":\"r1\",\"service\":\"notes\",\"tool\":"
		"\"list\",\"outcome\":\"success\",\"status\":200,\"id\":\"corp:alice\",\"granted\":"
		"["
		"\"read\",\"write\"],\"email_verified\":true,\"claims\":{\"a\":[null,1.5]},"
		"\"text\":"
		"\"\\n\",\"later\":{\"unknown\":[]},\"seq\":0}\n");
	CHECK(audit_read_begin(&reader, files, 1) == EXIT_ACCEPTED);
	CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD);
	CHECK_TEXT(record.event, "decision");
	CHECK_TEXT(record.request_id, "r1");
	CHECK_TEXT(record.service, "notes");
	CHECK_TEXT(record.tool, "list");
	CHECK_TEXT(record.id, "corp:alice");
	CHECK_TEXT(record.what, "\n");
	CHECK(record.status == 200 && record.seq == 0 && record.count == AUDIT_NUMBER_NO);
	CHECK(audit_list_has(record.granted, "write") && !audit_list_has(record.granted, "wri"));
	CHECK(!record.needed && !audit_list_has(record.needed, "write"));
	CHECK(json_is_true(record.email_verified) && json_object_size(record.claims) == 1);
	CHECK(json_is_object(json_object_get(record.object, "later")));
	CHECK(!record.subject && !record.cut);
	audit_read_end(&reader);
}

/* ---- Ends and lengths ---- */

static void write_bytes(const char *name, size_t length, const char *end)
{
	FILE *file = fopen(sandbox_path(name), "w");
	size_t left = length - strlen(START ",\"text\":\"\"}");

	CHECK(file && fputs(START ",\"text\":\"", file) >= 0);
	while (file && left-- > 0)
		(void)putc('x', file);
	CHECK(file && fprintf(file, "\"}%s", end) >= 2 && fclose(file) == 0);
}

static void test_ends(void)
{
	static const char *const names[] = {"empty", "longest", "longer", "torn", "empty"};
	char paths[5][PATH_MAX], *files[5];
	struct audit_reader reader;
	struct audit_record record;

	sandbox_write("empty", "");
	write_bytes("longest", AUDIT_LINE_SIZE, "\n");
	write_bytes("longer", AUDIT_LINE_SIZE + 1, "\n" START "}\n");
	write_bytes("torn", 1000, "");
	for (size_t i = 0; i < 5; i++) {
		(void)strcpy(paths[i], sandbox_path(names[i]));
		files[i] = paths[i];
	}
	CHECK(audit_read_begin(&reader, files, 5) == EXIT_ACCEPTED);
	CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD);
	CHECK(record.file == paths[1] && record.length == AUDIT_LINE_SIZE);
	CHECK(audit_read_next(&reader, &record) == AUDIT_BAD);
	CHECK(record.file == paths[2] && record.line == 1 && record.length == AUDIT_LINE_SIZE);
	CHECK(strstr(reader.problem, "expected at most 262144") != NULL);
	CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD && record.line == 2);
	CHECK(audit_read_next(&reader, &record) == AUDIT_BAD);
	CHECK(record.file == paths[3] && record.line == 1);
	CHECK(strstr(reader.problem, "does not end") != NULL);
	CHECK(audit_read_next(&reader, &record) == AUDIT_END);
	audit_read_end(&reader);
}

/* ---- Files that are none ---- */

static void test_unreadable(void)
{
	char gone[PATH_MAX], folder[PATH_MAX], packed[PATH_MAX];
	char *const files[] = {gone, folder, packed};
	char dash[] = "-", *dashes[] = {dash, dash};
	struct audit_reader reader;
	struct audit_record record;

	(void)strcpy(gone, sandbox_path("gone"));
	(void)strcpy(folder, sandbox_path("."));
	(void)strcpy(packed, sandbox_path("packed"));
	sandbox_write("packed", "\x1f\x8b\x08");
	for (size_t i = 0; i < 3; i++) {
		CHECK(audit_read_begin(&reader, files + i, 1) == EXIT_ACCEPTED);
		CHECK(audit_read_next(&reader, &record) == AUDIT_FAILED);
		audit_read_end(&reader);
	}
	CHECK(audit_read_begin(&reader, dashes, 2) == EXIT_MISUSED);
	audit_read_end(&reader);
	CHECK(audit_read_begin(&reader, dashes, AUDIT_FILES_MAX + 1) == EXIT_MISUSED);
	audit_read_end(&reader);
}

static void test_standard_input(void)
{
	char path[PATH_MAX], dash[] = "-", *files[] = {path, dash};
	struct audit_reader reader;
	struct audit_record record;

	(void)strcpy(path, sandbox_path("one"));
	sandbox_write("one", START "}\n");
	sandbox_write("two", START ",\"count\":2}\n");
	CHECK(freopen(sandbox_path("two"), "r", stdin) != NULL);
	CHECK(audit_read_begin(&reader, files, 2) == EXIT_ACCEPTED);
	CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD && record.file == path);
	CHECK(audit_read_next(&reader, &record) == AUDIT_RECORD && record.count == 2);
	CHECK(record.line == 1 && strcmp(record.file, "-") == 0);
	CHECK(audit_read_next(&reader, &record) == AUDIT_END);
	audit_read_end(&reader);
}

int main(void)
{
	sandbox_begin();
	test_bad();
	test_whole();
	test_ends();
	test_unreadable();
	test_standard_input();
	sandbox_end();
	return check_end();
}
