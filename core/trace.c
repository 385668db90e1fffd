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

#define RECORDS_MAX    16384
#define PARAMETERS_MAX 16

struct trace_record *trace_add(struct trace *trace)
{
	if (!array_reserve(&trace->records, trace->count, sizeof(*trace->records), RECORDS_MAX))
		return NULL;
	struct trace_record *record = &trace->records[trace->count++];
	*record = (struct trace_record){.entry.size = sizeof(record->entry)};
	return record;
}

/* A clean copy: cut before a character that would not fit, everything doubtful replaced by '?'. */
static char *clean(const char *text)
{
	size_t length = strnlen(text, TRACE_TEXT_MAX + 1);

	if (length > TRACE_TEXT_MAX) {
		length = TRACE_TEXT_MAX;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	char *copy = text_copy(text, length);
	if (!copy)
		return NULL;
	for (size_t at; (at = text_check(copy, length, false)) < length;)
		copy[at] = '?';
	return copy;
}

static bool replace(char **member, const char *text)
{
	char *copy = text ? clean(text) : NULL;

	if (text && !copy)
		return false;
	free(*member);
	*member = copy;
	return true;
}

bool trace_expected(struct trace_record *record, const char *text)
{
	return replace(&record->expected, text);
}

bool trace_got(struct trace_record *record, const char *text)
{
	return replace(&record->got, text);
}

bool trace_note(struct trace_record *record, const char *text)
{
	if (record->notes.count >= TRACE_NOTES_MAX)
		return true;
	char *copy = clean(text);
	bool done = copy && list_add(&record->notes, copy, strlen(copy));
	free(copy);
	return done;
}

bool trace_parameter(
	struct trace_record *record, const char *scheme, const char *name, const char *value)
{
	if (record->parameter_count >= PARAMETERS_MAX)
		return true;
	if (!array_reserve(&record->parameters, record->parameter_count,
		    sizeof(*record->parameters), PARAMETERS_MAX))
		return false;
	struct challenge_parameter parameter = {clean(scheme), clean(name), clean(value)};
	if (!parameter.scheme || !parameter.name || !parameter.value) {
		free(parameter.scheme);
		free(parameter.name);
		free(parameter.value);
		return false;
	}
	record->parameters[record->parameter_count++] = parameter;
	return true;
}

static const char *const no_notes[] = {NULL};

void trace_settle(struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct trace_record *record = &trace->records[i];
		record->entry.action = record->action;
		record->entry.expected = record->expected;
		record->entry.got = record->got;
		record->entry.notes =
			record->notes.items ? (const char *const *)record->notes.items : no_notes;
	}
}

void trace_forget(struct trace_record *record)
{
	free(record->expected);
	free(record->got);
	list_finish(&record->notes);
	for (size_t i = 0; i < record->parameter_count; i++) {
		free(record->parameters[i].scheme);
		free(record->parameters[i].name);
		free(record->parameters[i].value);
	}
	free(record->parameters);
	record->expected = record->got = NULL;
	record->parameters = NULL;
	record->parameter_count = 0;
	record->retry_after = 0;
	record->entry.reason = TPAM_REASON_NONE;
}

void trace_finish(struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		trace_forget(&trace->records[i]);
	free(trace->records);
	*trace = (struct trace){0};
}
