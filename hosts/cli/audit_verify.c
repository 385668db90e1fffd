/*
 * audit_verify.c - 'tokenpam audit verify': which records of an audit are not what was written, or not there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "audit_read.h"
#include "audit_rows.h"
#include "engine.h"
#include "input.h"
#include "output.h"

/* ---- Keys ---- */

struct audit_keys {
	struct tpam_audit_key **list;
	size_t count;
};

static void keys_finish(struct audit_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++)
		tpam_audit_key_destroy(keys->list[i]);
	free(keys->list);
}

/* As a reference of a configuration is read: without one end of line. */
static int add_file(struct audit_keys *keys, const char *path)
{
	struct input input = {0};
	char buffer[QUOTE_SIZE];

	int code = input_private(&input, path, "the key");
	if (code != EXIT_ACCEPTED)
		return code;
	size_t length = input.length;
	if (length > 0 && input.bytes[length - 1] == '\n')
		length--;
	int made = tpam_audit_key_create(&keys->list[keys->count], input.bytes, length);
	input_finish(&input);
	if (made == TPAM_E_ARGUMENT)
		return fail("%s: got a key of %zu bytes, expected at least 16", quote(buffer, path),
			length);
	if (made != TPAM_OK)
		return fail_memory();
	keys->count++;
	return EXIT_ACCEPTED;
}

static int add_configured(struct audit_keys *keys, const struct options *options)
{
	struct tpam_engine *engine = NULL;

	int code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	int made = tpam_audit_key_of(&keys->list[keys->count], engine);
	tpam_engine_close(engine);
	if (made == TPAM_E_UNSET)
		return fail("the configuration has no chain_key: expected [audit] with chain = on, "
			    "or --key-file FILE");
	if (made != TPAM_OK)
		return fail_memory();
	keys->count++;
	return EXIT_ACCEPTED;
}

static int keys_read(struct audit_keys *keys, const struct options *options)
{
	const struct many *files = &options->key_files;
	bool configured = files->count == 0 || options->config || options->environment;
	int code = EXIT_ACCEPTED;

	keys->list = calloc(files->count + 1, sizeof(struct tpam_audit_key *));
	if (!keys->list)
		return fail_memory();
	for (size_t i = 0; i < files->count && code == EXIT_ACCEPTED; i++)
		code = add_file(keys, files->list[i]);
	return configured && code == EXIT_ACCEPTED ? add_configured(keys, options) : code;
}

/* ---- Records ---- */

/* EXIT_ACCEPTED if one of the keys wrote it, EXIT_REFUSED if none did. */
static int check(const struct audit_keys *keys, const struct audit_record *record)
{
	for (size_t i = 0; i < keys->count; i++) {
		int code = tpam_audit_check(keys->list[i], record->text, record->length);
		if (code == TPAM_OK)
			return EXIT_ACCEPTED;
		if (code == TPAM_E_MEMORY)
			return fail_memory();
	}
	return EXIT_REFUSED;
}

static int take(struct rows *rows, const struct audit_keys *keys, const struct audit_record *record)
{
	int code = check(keys, record);

	if (code == EXIT_ACCEPTED)
		rows_add_genuine(rows, record);
	else if (code == EXIT_REFUSED && json_object_get(record->object, "mac"))
		rows_add_claim(rows, record);
	else if (code == EXIT_REFUSED)
		rows_add_stranger(rows, record, "unsigned: got a record of no row");
	return code == EXIT_MISUSED ? code : EXIT_ACCEPTED;
}

static int read_all(
	struct rows *rows, const struct audit_keys *keys, char *const files[], size_t count)
{
	struct audit_reader reader;
	struct audit_record record;
	enum audit_step step = AUDIT_RECORD;

	int code = audit_read_begin(&reader, files, count);
	while (code == EXIT_ACCEPTED && step != AUDIT_END) {
		step = audit_read_next(&reader, &record);
		if (step == AUDIT_RECORD)
			code = take(rows, keys, &record);
		else if (step == AUDIT_BAD)
			rows_add_stranger(rows, &record, "unreadable: %s", reader.problem);
		else if (step == AUDIT_FAILED)
			code = EXIT_MISUSED;
	}
	audit_read_end(&reader);
	return code;
}

/* ---- What is told ---- */

static void print_finding(const struct finding *finding)
{
	print_text(stdout, finding->at.file);
	if (finding->at.line > 0)
		printf(":%zu", finding->at.line);
	if (finding->lines > 1)
		printf("-%zu", finding->at.line + finding->lines - 1);
	fputs(": ", stdout);
	print_text(stdout, finding->text);
	putchar('\n');
}

/* What nobody can know of a row; false if there is nothing. */
static bool print_unknown(const struct writer *writer)
{
	if (writer->absent > 0)
		printf("writer %s: the first %llu records are not in these files\n", writer->name,
			(unsigned long long)writer->absent);
	if (writer->open)
		printf("writer %s: has no end: nobody can know whether anything stood behind "
		       "record "
		       "%llu\n",
			writer->name, (unsigned long long)writer->last);
	return writer->absent > 0 || writer->open;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static int print_sum(const struct rows *rows, size_t unknown)
{
	printf("%llu record%s of %zu writer%s: ", (unsigned long long)rows->genuine,
		rows->genuine == 1 ? "" : "s", rows->count, plural(rows->count));
	if (rows->wrong > 0) {
		printf("%zu thing%s wrong\n", rows->wrong, rows->wrong == 1 ? " is" : "s are");
		return EXIT_REFUSED;
	}
	puts(unknown > 0 || rows->genuine == 0 ? "nothing is wrong, as far as can be known"
					       : "all are there as they were written");
	return unknown > 0 || rows->genuine == 0 ? EXIT_UNKNOWN : EXIT_ACCEPTED;
}

static int print_all(const struct rows *rows)
{
	size_t unknown = 0;

	for (size_t i = 0; i < rows->finding_count; i++)
		print_finding(&rows->findings[i]);
	if (rows->finding_count == FINDINGS_MAX)
		puts("and more");
	for (size_t i = 0; i < rows->count; i++)
		unknown += print_unknown(&rows->list[i]);
	if (rows->genuine == 0 && rows->claim_count > 0)
		puts("no record was written with this key: is it the right one?");
	return print_sum(rows, unknown);
}

int audit_verify(const struct options *options, char *const files[], size_t count)
{
	struct audit_keys keys = {0};
	struct rows rows = {0};

	int code = keys_read(&keys, options);
	if (code == EXIT_ACCEPTED)
		code = rows_begin(&rows, files, count);
	if (code == EXIT_ACCEPTED)
		code = read_all(&rows, &keys, files, count);
	if (code == EXIT_ACCEPTED && rows.overflown)
		code = fail("got more than %zu pieces of rows, expected fewer: name fewer files",
			ROWS_MAX);
	if (code == EXIT_ACCEPTED)
		rows_judge(&rows);
	if (code == EXIT_ACCEPTED)
		code = rows.failed ? fail_memory() : print_all(&rows);
	rows_finish(&rows);
	keys_finish(&keys);
	return code;
}
