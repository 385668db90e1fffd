/*
 * reader.c - the strict reader of one INI file: inih is the
 * tokenizer, and sees only lines that were checked here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reader.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "memory.h"

#define LINES_MAX    READER_VALUE_MAX
#define HEAD_SIZE    64
#define STAND_IN     '\x01' /* for ; in a value, which inih would cut; no file may hold it */
#define STAND_IN_MAX 24

/* What an indented line would continue. */
enum above { ABOVE_NOTHING, ABOVE_VALUE, ABOVE_REFUSED };

enum where { BEFORE_SECTIONS, IN_SECTION, IN_REFUSED_SECTION };

/* A key whose value may go on. */
struct pending {
	bool open;
	bool overlong;
	char key[HEAD_SIZE];
	struct buffer text;
	struct value_line *lines;
	size_t line_count;
	struct place key_at;
	struct place at;
	bool adds;
};

struct reader {
	const char *file;
	const char *next; /* byte that the next line begins with */
	const char *end;
	uint32_t number;
	const struct reader_sink *sink;
	struct tpam_report *report;
	enum above above;
	enum where where;
	bool crlf;     /* reported */
	bool disagree; /* reported */
	bool memory;   /* there is none */
	size_t headers;
	char section[STAND_IN_MAX]; /* what inih was given for the section's name */
	struct line line;
	bool handed; /* inih has `line` and has not called back yet */
	struct pending pending;
};

static struct pending no_entry(void)
{
	return (struct pending){.text = BUFFER(READER_VALUE_MAX)};
}

static void pending_finish(struct pending *pending)
{
	buffer_finish(&pending->text);
	free(pending->lines);
	*pending = no_entry();
}

/* The key that was being read is complete: the sink gets it. */
static void deliver(struct reader *reader)
{
	struct pending *pending = &reader->pending;
	const struct reader_entry entry = {
		.key = pending->key,
		.text = pending->text.data,
		.lines = pending->lines,
		.line_count = pending->line_count,
		.key_at = pending->key_at,
		.at = pending->at,
		.adds = pending->adds,
	};
	if (pending->open && !pending->overlong && reader->where != IN_REFUSED_SECTION &&
		!reader->sink->entry(reader->sink->data, &entry))
		reader->memory = true;
	pending_finish(pending);
}

static void append(struct reader *reader, const char *value, size_t length)
{
	struct buffer *text = &reader->pending.text;
	size_t start = text->length;
	if (length > text->max - text->length) {
		reader->pending.overlong = true;
		report_error(reader->report, line_place(&reader->line, reader->line.body),
			"got a value of more than %d bytes, expected a shorter one",
			READER_VALUE_MAX);
		return;
	}
	buffer_append(text, value, length);
	if (text->failed) {
		reader->memory = true;
		return;
	}
	for (char *p = text->data + start; (p = strchr(p, STAND_IN)) != NULL;)
		*p = ';';
}

static void begin_entry(struct reader *reader, const char *value)
{
	const struct line *line = &reader->line;
	struct pending *pending = &reader->pending;
	pending->open = true;
	memcpy(pending->key, line->head, line->head_length);
	pending->key[line->head_length] = '\0';
	pending->key_at = line->at;
	pending->at = line_place(line, line->body);
	pending->adds = line->adds;
	append(reader, value, line->body_length);
}

static void continue_entry(struct reader *reader, const char *value)
{
	const struct line *line = &reader->line;
	struct pending *pending = &reader->pending;
	if (pending->overlong)
		return;
	if (!array_reserve(
		    &pending->lines, pending->line_count, sizeof(*pending->lines), LINES_MAX)) {
		reader->memory = true;
		return;
	}
	struct place at = line_place(line, line->body);
	append(reader, " ", pending->text.length < READER_VALUE_MAX ? 1 : 0);
	pending->lines[pending->line_count++] = (struct value_line){
		.offset = pending->text.length,
		.line = at.line,
		.column = at.column,
	};
	append(reader, value, line->body_length);
}

/* inih found in the line what the check found; its settings are global, so a host may have changed them. */
static bool agrees(
	const struct reader *reader, const char *section, const char *key, const char *value)
{
	const struct line *line = &reader->line;
	size_t length = strlen(reader->pending.key);
	bool adds = reader->pending.adds;
	if (line->kind == LINE_KEY) {
		length = line->head_length;
		adds = line->adds;
	}
	return reader->handed && strcmp(section, reader->section) == 0 &&
	       strlen(key) == length + adds && strlen(value) == line->body_length;
}

/* inih calls for each key and each continuation line. */
static int receive(void *data, const char *section, const char *key, const char *value)
{
	struct reader *reader = data;
	if (!agrees(reader, section, key, value))
		return 0;
	reader->handed = false;
	if (reader->line.kind == LINE_KEY)
		begin_entry(reader, value);
	else
		continue_entry(reader, value);
	return !reader->memory;
}

static void check_handed(struct reader *reader)
{
	if (!reader->handed || reader->memory)
		return;
	reader->handed = false;
	if (!reader->disagree)
		report_error(reader->report, reader->line.at,
			"got another reading of this line from inih, expected its defaults in this "
			"process");
	reader->disagree = true;
}

static void begin_section(struct reader *reader)
{
	const struct line *line = &reader->line;
	reader->where = IN_SECTION;
	snprintf(reader->section, sizeof(reader->section), "%zu", ++reader->headers);
	char *kind = text_copy(line->head, line->head_length);
	char *name = text_copy(line->body, line->body_length);
	if (!kind || !name || !reader->sink->section(reader->sink->data, kind, name, line->at))
		reader->memory = true;
	free(kind);
	free(name);
}

/* What the line means for the lines below it. True if inih is to have it. */
static bool admit(struct reader *reader)
{
	const struct line *line = &reader->line;
	enum above above = reader->above;
	switch (line->kind) {
	case LINE_COMMENT:
		return false;
	case LINE_BLANK:
		reader->above = ABOVE_NOTHING;
		return false;
	case LINE_HEADER:
		deliver(reader);
		reader->above = ABOVE_NOTHING;
		if (line->refused)
			reader->where = IN_REFUSED_SECTION;
		else
			begin_section(reader);
		return !line->refused;
	case LINE_KEY:
		deliver(reader);
		reader->above = line->refused ? ABOVE_REFUSED : ABOVE_VALUE;
		return !line->refused;
	default:
		if (line->refused)
			reader->above = ABOVE_REFUSED;
		return !line->refused && above == ABOVE_VALUE;
	}
}

/* Reads the next line into reader->line; false at the end of the file. */
static bool take_line(struct reader *reader)
{
	if (reader->next == reader->end)
		return false;
	size_t left = (size_t)(reader->end - reader->next);
	const char *newline = memchr(reader->next, '\n', left);
	const char *text = reader->next;
	size_t length = newline ? (size_t)(newline - text) : left;
	reader->next = newline ? newline + 1 : reader->end;

	struct place at = {.file = reader->file, .line = ++reader->number, .column = 1};
	if (length && text[length - 1] == '\r') {
		length--;
		if (!reader->crlf)
			report_error(reader->report, at,
				"got a line that ends with CR LF, expected LF alone");
		reader->crlf = true;
	}
	line_read(&reader->line, text, length, at, reader->above != ABOVE_NOTHING, reader->report);
	return true;
}

/* The line as inih gets it: nothing in it but what was checked, and no longer than the line itself. */
static void write_line(const struct reader *reader, char *out, size_t size)
{
	const struct line *line = &reader->line;
	int length = 0;
	if (line->kind == LINE_HEADER)
		snprintf(out, size, "[%s]", reader->section);
	else if (line->kind == LINE_KEY)
		length = snprintf(out, size, "%.*s%s", (int)line->head_length, line->head,
			line->adds ? "+=" : "=");
	else
		length = snprintf(out, size, " ");
	if (length == 0)
		return;
	memcpy(out + length, line->body, line->body_length);
	out[(size_t)length + line->body_length] = '\0';
	for (char *p = out; (p = strchr(p, ';')) != NULL;)
		*p = STAND_IN;
}

/* inih asks for the next line. */
static char *next_line(char *out, int size, void *data)
{
	struct reader *reader = data;
	check_handed(reader);
	while (!reader->memory && !reader->disagree && take_line(reader)) {
		bool admitted = admit(reader);
		if (!admitted || reader->memory)
			continue;
		reader->handed = reader->line.kind != LINE_HEADER;
		if (size > READER_LINE_MAX) {
			write_line(reader, out, (size_t)size);
			return out;
		}
		reader->handed = true;
		break;
	}
	/* inih gives its line back as it is, and a secret may have stood in it. */
	explicit_bzero(out, (size_t)size);
	return NULL;
}

static void skip_mark(struct reader *reader)
{
	static const char mark[] = "\xEF\xBB\xBF";
	if ((size_t)(reader->end - reader->next) < strlen(mark) ||
		memcmp(reader->next, mark, strlen(mark)) != 0)
		return;
	reader->next += strlen(mark);
	report_error(reader->report, (struct place){.file = reader->file, .line = 1, .column = 1},
		"got a byte order mark, expected UTF-8 without one");
}

int reader_parse(const char *file, const char *bytes, size_t length, const struct reader_sink *sink,
	struct tpam_report *report)
{
	struct reader reader = {
		.file = file,
		.next = bytes,
		.end = bytes + length,
		.sink = sink,
		.report = report,
		.pending = no_entry(),
	};
	skip_mark(&reader);
	int code = ini_parse_stream(next_line, &reader, receive, &reader);
	check_handed(&reader);
	if (!reader.memory)
		deliver(&reader);
	pending_finish(&reader.pending);
	bool memory = reader.memory || code == -2 || report_failed(report);
	return memory ? TPAM_E_MEMORY : TPAM_OK;
}
