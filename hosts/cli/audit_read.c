/*
 * audit_read.c - the records of an audit, one after the other out of its files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit_read.h"
#include "cli.h"

/* ---- Lines that are records ---- */

static enum audit_step bad(struct audit_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static enum audit_step bad(struct audit_reader *reader, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reader->problem, sizeof(reader->problem), format, arguments);
	va_end(arguments);
	return AUDIT_BAD;
}

static enum audit_step parse(struct audit_reader *reader, struct audit_record *ret)
{
	json_error_t error;

	if (ret->length == 0)
		return bad(reader, "got an empty line, expected a record");
	reader->object = json_loadb(ret->text, ret->length, JSON_REJECT_DUPLICATES, &error);
	if (!reader->object)
		return bad(reader, "got what is no JSON (%s), expected a record", error.text);
	if (!json_is_object(reader->object))
		return bad(reader, "got no object, expected a record");
	return audit_record_take(ret, reader->object, reader->problem) ? AUDIT_RECORD : AUDIT_BAD;
}

/* ---- Files ---- */

static int fail_file(const char *name, const char *problem)
{
	char buffer[QUOTE_SIZE];

	if (strcmp(name, "-") == 0)
		return fail("standard input: %s", problem);
	return fail("%s: %s", quote(buffer, name), problem);
}

static void close_file(struct audit_reader *reader)
{
	if (reader->file && reader->file != stdin)
		(void)fclose(reader->file);
	reader->file = NULL;
}

/* What gzip made is no line, and says so by its first bytes. */
static bool is_compressed(FILE *file)
{
	int first = getc(file);

	return first != EOF && ungetc(first, file) == 0x1f;
}

static enum audit_step open_file(struct audit_reader *reader)
{
	if (reader->next == reader->file_count)
		return AUDIT_END;
	reader->name = reader->files[reader->next++];
	reader->line = 0;
	reader->file = strcmp(reader->name, "-") == 0 ? stdin : fopen(reader->name, "re");
	if (!reader->file) {
		(void)fail_file(reader->name, strerror(errno));
		return AUDIT_FAILED;
	}
	if (is_compressed(reader->file)) {
		(void)fail_file(reader->name, "got a compressed file, expected lines of JSON; zcat "
					      "FILE | tokenpam ... - reads it");
		return AUDIT_FAILED;
	}
	return AUDIT_RECORD;
}

/* One line without its end; AUDIT_END at the end of the file. What is too long is passed over. */
static enum audit_step read_line(struct audit_reader *reader, struct audit_record *ret)
{
	size_t length = 0;
	int byte;

	while ((byte = getc_unlocked(reader->file)) != EOF && byte != '\n') {
		if (length < AUDIT_LINE_SIZE)
			reader->text[length] = (char)byte;
		length++;
	}
	if (ferror(reader->file)) {
		(void)fail_file(reader->name, strerror(errno));
		return AUDIT_FAILED;
	}
	if (byte == EOF && length == 0)
		return AUDIT_END;
	ret->file = reader->name;
	ret->file_index = reader->next - 1;
	ret->line = ++reader->line;
	ret->length = length < AUDIT_LINE_SIZE ? length : AUDIT_LINE_SIZE;
	ret->text = reader->text;
	reader->text[ret->length] = '\0';
	if (length > AUDIT_LINE_SIZE)
		return bad(reader, "got a line of %zu bytes, expected at most %zu", length,
			AUDIT_LINE_SIZE);
	if (byte == EOF)
		return bad(reader, "got a line that does not end, expected a whole one");
	return AUDIT_RECORD;
}

/* ---- Readers ---- */

int audit_read_begin(struct audit_reader *reader, char *const files[], size_t count)
{
	bool seen = false;

	*reader = (struct audit_reader){.files = files, .file_count = count};
	if (count > AUDIT_FILES_MAX)
		return fail("got %zu files, expected at most %d", count, AUDIT_FILES_MAX);
	for (size_t i = 0; i < count; i++) {
		bool standard = strcmp(files[i], "-") == 0;
		if (standard && seen)
			return fail("got standard input twice, expected it once");
		seen |= standard;
	}
	reader->text = malloc(AUDIT_LINE_SIZE + 1);
	return reader->text ? EXIT_ACCEPTED : fail_memory();
}

static enum audit_step read_record(struct audit_reader *reader, struct audit_record *ret)
{
	enum audit_step step = reader->file ? AUDIT_RECORD : open_file(reader);

	while (step == AUDIT_RECORD) {
		step = read_line(reader, ret);
		if (step != AUDIT_END)
			return step == AUDIT_RECORD ? parse(reader, ret) : step;
		close_file(reader);
		step = open_file(reader);
	}
	return step;
}

enum audit_step audit_read_next(struct audit_reader *reader, struct audit_record *ret)
{
	json_decref(reader->object);
	reader->object = NULL;
	*ret = (struct audit_record){0};
	audit_record_forget(ret);
	enum audit_step step = read_record(reader, ret);
	if (step == AUDIT_BAD)
		audit_record_forget(ret);
	return step;
}

void audit_read_end(struct audit_reader *reader)
{
	close_file(reader);
	json_decref(reader->object);
	free(reader->text);
	*reader = (struct audit_reader){0};
}

int audit_read_all(
	char *const files[], size_t count, audit_visit_fn *visit, void *data, uint64_t *ret_bad)
{
	struct audit_reader reader;
	struct audit_record record;
	enum audit_step step = AUDIT_RECORD;
	char buffer[QUOTE_SIZE];

	int code = audit_read_begin(&reader, files, count);
	while (code == EXIT_ACCEPTED && step != AUDIT_END) {
		step = audit_read_next(&reader, &record);
		if (step == AUDIT_RECORD)
			code = visit(data, &record);
		else if (step == AUDIT_FAILED)
			code = EXIT_MISUSED;
		else if (step == AUDIT_BAD && (*ret_bad)++ == 0)
			(void)fail("%s:%zu: %s", quote(buffer, record.file), record.line,
				reader.problem);
	}
	audit_read_end(&reader);
	return code;
}

bool audit_list_has(const json_t *list, const char *text)
{
	json_t *element;
	size_t i;

	json_array_foreach(list, i, element)
	{
		const char *word = json_string_value(element);
		if (word && strcmp(word, text) == 0)
			return true;
	}
	return false;
}
