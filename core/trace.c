/*
 * trace.c - the record of each rule and requirement that was run, in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "text.h"
#include "trace.h"

#define RECORDS_MAX      16384
#define RECORDS_FIRST    4
#define RECORDS_EXPECTED 256
#define PARAMETERS_MAX   16

static bool grow(struct trace *trace, size_t capacity)
{
	if (trace->count >= RECORDS_MAX)
		return false;
	capacity = capacity < RECORDS_FIRST ? RECORDS_FIRST : capacity;
	struct trace_record *records = arena_take(trace->arena, capacity * sizeof(*records));
	if (!records)
		return false;
	if (trace->count)
		memcpy(records, trace->records, trace->count * sizeof(*records));
	trace->records = records;
	trace->capacity = capacity;
	return true;
}

bool trace_expect(struct trace *trace, size_t count)
{
	return grow(trace, count < RECORDS_EXPECTED ? count : RECORDS_EXPECTED);
}

struct trace_record *trace_add(struct trace *trace)
{
	if (trace->count == trace->capacity && !grow(trace, trace->capacity * 2))
		return NULL;
	struct trace_record *record = &trace->records[trace->count++];
	memset(record, 0, sizeof(*record));
	record->entry.size = sizeof(record->entry);
	record->arena = trace->arena;
	return record;
}

/* Cut before a character that would not fit, everything doubtful replaced by '?'. */
void trace_clean(char *text)
{
	size_t length = strnlen(text, TRACE_TEXT_MAX + 1);

	if (length > TRACE_TEXT_MAX) {
		length = TRACE_TEXT_MAX;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
		text[length] = '\0';
	}
	for (size_t at; (at = text_check(text, length, false)) < length;)
		text[at] = '?';
}

/* A clean copy. */
static char *clean(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text, strnlen(text, TRACE_TEXT_MAX + 1));

	if (copy)
		trace_clean(copy);
	return copy;
}

static bool replace(struct arena *arena, const char **member, const char *text)
{
	char *copy = text ? clean(arena, text) : NULL;

	if (text && !copy)
		return false;
	*member = copy;
	return true;
}

bool trace_expected(struct trace_record *record, const char *text)
{
	return replace(record->arena, &record->expected, text);
}

bool trace_got(struct trace_record *record, const char *text)
{
	return replace(record->arena, &record->got, text);
}

bool trace_note(struct trace_record *record, const char *text)
{
	if (record->notes.count >= TRACE_NOTES_MAX)
		return true;
	char *copy = clean(record->arena, text);
	return copy && arena_list_add(record->arena, &record->notes, copy, strlen(copy));
}

bool trace_note_kept(struct trace_record *record, const char *text)
{
	return record->notes.count >= TRACE_NOTES_MAX ||
	       arena_list_point(record->arena, &record->notes, text);
}

bool trace_parameter(
	struct trace_record *record, const char *scheme, const char *name, const char *value)
{
	struct arena *arena = record->arena;

	if (record->parameter_count >= PARAMETERS_MAX)
		return true;
	if (!arena_reserve(arena, &record->parameters, record->parameter_count,
		    sizeof(*record->parameters), PARAMETERS_MAX))
		return false;
	struct challenge_parameter parameter = {
		clean(arena, scheme), clean(arena, name), clean(arena, value)};
	if (!parameter.scheme || !parameter.name || !parameter.value)
		return false;
	record->parameters[record->parameter_count++] = parameter;
	return true;
}

static const char *const no_notes[] = {NULL};

void trace_settle(struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct trace_record *record = &trace->records[i];
		record->entry.action = action_text(record->jump, record->action);
		record->entry.expected = record->expected;
		record->entry.got = record->got;
		record->entry.notes =
			record->notes.items ? (const char *const *)record->notes.items : no_notes;
	}
}

void trace_forget(struct trace_record *record)
{
	record->expected = record->got = NULL;
	record->notes = (struct list){0};
	record->parameters = NULL;
	record->parameter_count = 0;
	record->retry_after = 0;
	record->entry.reason = TPAM_REASON_NONE;
}
