/*
 * audit_line.c - one line of JSON, member by member.
 *
 * Written by hand into one buffer: building a tree of values for each decision would cost more than the decision does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define SECOND      INT64_C(1000000000)
#define MICROSECOND 1000
#define ESCAPE_SIZE 6

/* ---- Characters ---- */

/*
 * What is invisible, or turns the direction of what follows, would show people another line than the one that is there;
 * and U+2028 ends lines for some. The code of such a character of three bytes, 0 for others.
 */
static unsigned hidden(const unsigned char *at, size_t left)
{
	if (left < 3 || (at[0] != 0xE2 && at[0] != 0xEF))
		return 0;
	unsigned code = (at[0] & 0x0FU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);

	if ((code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
		(code >= 0x2060 && code <= 0x206F) || code == 0xFEFF)
		return code;
	return 0;
}

static void escape(struct buffer *buffer, unsigned code)
{
	char text[ESCAPE_SIZE + 1];

	(void)snprintf(text, sizeof(text), "\\u%04x", code & 0xFFFF);
	buffer_append(buffer, text, ESCAPE_SIZE);
}

/* Bytes that need nothing. */
static size_t plain(const char *text, size_t length)
{
	size_t clean = text_check(text, length, false), i = 0;

	while (i < clean && text[i] != '"' && text[i] != '\\' &&
		hidden((const unsigned char *)text + i, clean - i) == 0)
		i++;
	return i;
}

/* One that does; returns its bytes. What is no UTF-8 is replaced. */
static size_t odd(struct buffer *buffer, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;
	unsigned code = hidden(at, length);

	if (code != 0) {
		escape(buffer, code);
		return 3;
	}
	if (at[0] == '"' || at[0] == '\\') {
		buffer_append(buffer, at[0] == '"' ? "\\\"" : "\\\\", 2);
		return 1;
	}
	if (at[0] == 0xC2 && length > 1 && at[1] >= 0x80 && at[1] < 0xA0) {
		escape(buffer, at[1]);
		return 2;
	}
	escape(buffer, at[0] < 0x80 ? at[0] : 0xFFFD);
	return 1;
}

/* Where a run can end that has to be shorter: not within a character. */
static size_t shorter(const char *text, size_t length, size_t room)
{
	if (length <= room)
		return length;
	while (room > 0 && ((unsigned char)text[room] & 0xC0) == 0x80)
		room--;
	return room;
}

/* In quotes; false where something had to be left out for want of room. */
static bool string(struct buffer *buffer, const char *text, size_t max)
{
	size_t length = strlen(text), end = buffer->length + max - 1, i = 0;

	buffer_append(buffer, "\"", 1);
	while (i < length && !buffer->failed && buffer->length + ESCAPE_SIZE <= end) {
		size_t run = plain(text + i, length - i);
		size_t fits = shorter(text + i, run, end - buffer->length);
		buffer_append(buffer, text + i, fits);
		i += fits;
		if (fits < run)
			break;
		if (i < length && buffer->length + ESCAPE_SIZE <= end)
			i += odd(buffer, text + i, length - i);
	}
	buffer_append(buffer, "\"", 1);
	return i == length;
}

/* ---- Members ---- */

static void cut(struct audit_line *line, const char *name)
{
	if (line->cut_count < AUDIT_CUT_MAX)
		line->cut[line->cut_count++] = name;
}

static void key(struct buffer *buffer, const char *name)
{
	buffer_text(buffer, buffer->length > 1 ? ",\"" : "\"");
	buffer_text(buffer, name);
	buffer_text(buffer, "\":");
}

void audit_line_text(struct audit_line *line, const char *name, const char *text)
{
	if (!text)
		return;
	key(&line->buffer, name);
	if (!string(&line->buffer, text, AUDIT_TEXT_MAX))
		cut(line, name);
}

void audit_line_number(struct audit_line *line, const char *name, int64_t number)
{
	key(&line->buffer, name);
	buffer_format(&line->buffer, "%" PRId64, number);
}

void audit_line_bool(struct audit_line *line, const char *name, bool value)
{
	key(&line->buffer, name);
	buffer_text(&line->buffer, value ? "true" : "false");
}

/* Elements are there whole or not at all. */
void audit_line_list(struct audit_line *line, const char *name, const struct list *list)
{
	struct buffer *buffer = &line->buffer;

	if (list->count == 0)
		return;
	key(buffer, name);
	buffer_append(buffer, "[", 1);
	size_t end = buffer->length + AUDIT_LIST_MAX;
	for (size_t i = 0; i < list->count && !buffer->failed; i++) {
		size_t before = buffer->length;
		if (i > 0)
			buffer_append(buffer, ",", 1);
		if (!string(buffer, list->items[i], AUDIT_TEXT_MAX) || buffer->length > end) {
			cut(line, name);
			if (!buffer->failed)
				buffer->length = before;
			break;
		}
	}
	buffer_append(buffer, "]", 1);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What JSON lets stand in strings is escaped where a text would be; it means the same. */
static size_t copy_character(struct buffer *buffer, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;

	if (at[0] == '\\' && length > 1) {
		buffer_append(buffer, text, 2);
		return 2;
	}
	if (hidden(at, length) != 0 || at[0] == 0x7F ||
		(at[0] == 0xC2 && length > 1 && at[1] < 0xA0))
		return odd(buffer, text, length);
	buffer_append(buffer, text, 1);
	return 1;
}

void audit_line_json(struct audit_line *line, const char *name, const char *text)
{
	struct buffer *buffer = &line->buffer;
	size_t length = text ? strlen(text) : 0, before = buffer->length;
	bool quoted = false;

	if (!text)
		return;
	key(buffer, name);
	size_t end = buffer->length + AUDIT_CLAIMS_MAX;
	for (size_t i = 0; i < length && !buffer->failed && buffer->length <= end;) {
		size_t run = quoted ? plain(text + i, length - i) : is_blank(text[i]);
		if (run > 0) {
			buffer_append(buffer, text + i, quoted ? run : 0);
			i += run;
			continue;
		}
		if (text[i] == '"')
			quoted = !quoted;
		i += copy_character(buffer, text + i, length - i);
	}
	if (buffer->length <= end || buffer->failed)
		return;
	buffer->length = before;
	cut(line, name);
}

/* ---- Lines ---- */

static void put_time(struct audit_line *line, int64_t wall)
{
	time_t seconds = (time_t)(wall / SECOND);
	struct tm moment = {0};
	char text[64];

	(void)gmtime_r(&seconds, &moment);
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06" PRId64 "Z",
		moment.tm_year + 1900, moment.tm_mon + 1, moment.tm_mday, moment.tm_hour,
		moment.tm_min, moment.tm_sec, wall % SECOND / MICROSECOND);
	audit_line_text(line, "time", text);
}

void audit_line_begin(struct audit_line *line, int64_t wall, const char *event)
{
	line->buffer = BUFFER(AUDIT_LINE_MAX);
	line->cut_count = 0;
	buffer_append(&line->buffer, "{", 1);
	put_time(line, wall);
	audit_line_text(line, "event", event);
}

char *audit_line_end(struct audit_line *line)
{
	struct buffer *buffer = &line->buffer;

	if (line->cut_count > 0) {
		key(buffer, "cut");
		for (size_t i = 0; i < line->cut_count; i++) {
			buffer_append(buffer, i == 0 ? "[" : ",", 1);
			(void)string(buffer, line->cut[i], AUDIT_TEXT_MAX);
		}
		buffer_append(buffer, "]", 1);
	}
	buffer_append(buffer, "}", 1);
	return buffer_take(buffer);
}

void audit_line_finish(struct audit_line *line)
{
	buffer_finish(&line->buffer);
}
