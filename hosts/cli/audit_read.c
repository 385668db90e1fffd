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

#define TIME_FORM "dddd-dd-ddTdd:dd:dd.ddddddZ"

/* ---- What a record may have ---- */

enum kind { TEXT, NUMBER, BOOLEAN, TEXTS, OBJECT };

static const char *const kind_names[] = {
	[TEXT] = "text",
	[NUMBER] = "an integer",
	[BOOLEAN] = "true or false",
	[TEXTS] = "a list of texts",
	[OBJECT] = "an object",
};

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
};

#define MEMBER(name, kind)                                                                         \
	{                                                                                          \
#name, kind, offsetof(struct audit_record, name)                                   \
	}
#define MEMBER_AS(name, kind, field)                                                               \
	{                                                                                          \
		name, kind, offsetof(struct audit_record, field)                                   \
	}

static const struct member members[] = {
	MEMBER(time, TEXT),
	MEMBER(event, TEXT),
	MEMBER(outcome, TEXT),
	MEMBER(request_id, TEXT),
	MEMBER(service, TEXT),
	MEMBER(tool, TEXT),
	MEMBER(requested_tenant, TEXT),
	MEMBER(address, TEXT),
	MEMBER(reason, TEXT),
	MEMBER(provider, TEXT),
	MEMBER(rule, TEXT),
	MEMBER(expected, TEXT),
	MEMBER(got, TEXT),
	MEMBER(id, TEXT),
	MEMBER(issuer, TEXT),
	MEMBER(subject, TEXT),
	MEMBER(username, TEXT),
	MEMBER(email, TEXT),
	MEMBER(client, TEXT),
	MEMBER(tenant, TEXT),
	MEMBER(cached, TEXT),
	MEMBER(credential, TEXT),
	MEMBER_AS("text", TEXT, what),
	MEMBER(sink, TEXT),
	MEMBER(writer, TEXT),
	MEMBER(tags, TEXTS),
	MEMBER(roles, TEXTS),
	MEMBER(groups, TEXTS),
	MEMBER(token_scopes, TEXTS),
	MEMBER(granted, TEXTS),
	MEMBER(needed, TEXTS),
	MEMBER(missing, TEXTS),
	MEMBER(cut, TEXTS),
	MEMBER(claims, OBJECT),
	MEMBER(email_verified, BOOLEAN),
	MEMBER(status, NUMBER),
	MEMBER(auth_time, NUMBER),
	MEMBER(identities, NUMBER),
	MEMBER(latency_us, NUMBER),
	MEMBER(count, NUMBER),
	MEMBER(seq, NUMBER),
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static bool is_list_of_texts(const json_t *value)
{
	json_t *element;
	size_t i;

	json_array_foreach(value, i, element)
	{
		if (!json_is_string(element))
			return false;
	}
	return json_is_array(value);
}

static bool is_of_kind(const json_t *value, enum kind kind)
{
	switch (kind) {
	case TEXT:
		return json_is_string(value);
	case NUMBER:
		return json_is_integer(value);
	case BOOLEAN:
		return json_is_boolean(value);
	case TEXTS:
		return is_list_of_texts(value);
	case OBJECT:
		break;
	}
	return json_is_object(value);
}

static void store(struct audit_record *record, const struct member *member, const json_t *value)
{
	void *at = (char *)record + member->offset;

	if (member->kind == NUMBER)
		*(int64_t *)at = value ? (int64_t)json_integer_value(value) : AUDIT_NUMBER_NO;
	else if (member->kind == TEXT)
		*(const char **)at = json_string_value(value);
	else
		*(const json_t **)at = value;
}

/* Takes all that the object said out of the record, as if there were none. */
static void forget(struct audit_record *record)
{
	record->object = NULL;
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		store(record, &members[i], NULL);
}

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

static bool is_time(const char *text)
{
	const char *form = TIME_FORM;

	for (; *form && *text; form++, text++)
		if (*form == 'd' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	return *form == *text;
}

/* A decision without an outcome would be taken for one that was refused, or for none. */
static bool needs_outcome(const char *event)
{
	return strcmp(event, "decision") == 0 || strcmp(event, "authorization") == 0;
}

static enum audit_step take(struct audit_reader *reader, struct audit_record *ret)
{
	ret->object = reader->object;
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		const json_t *value = json_object_get(reader->object, members[i].name);
		if (value && !is_of_kind(value, members[i].kind))
			return bad(reader, "got something else for \"%s\", expected %s",
				members[i].name, kind_names[members[i].kind]);
		store(ret, &members[i], value);
	}
	if (!ret->time || !is_time(ret->time))
		return bad(reader, "got no time, expected a record with one");
	if (!ret->event)
		return bad(reader, "got no event, expected a record with one");
	if (!ret->outcome && needs_outcome(ret->event))
		return bad(reader, "got no outcome, expected a decision with one");
	return AUDIT_RECORD;
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
	return take(reader, ret);
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
	forget(ret);
	enum audit_step step = read_record(reader, ret);
	if (step == AUDIT_BAD)
		forget(ret);
	return step;
}

void audit_read_end(struct audit_reader *reader)
{
	close_file(reader);
	json_decref(reader->object);
	free(reader->text);
	*reader = (struct audit_reader){0};
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
