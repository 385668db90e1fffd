/*
 * audit_rows.c - rows of records as they are read: runs, records that nobody wrote, findings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit_rows.h"
#include "cli.h"
#include "output.h"

/* Room for one more element of a list. */
static bool grow(void *list, size_t *room, size_t count, size_t size)
{
	void *old, *grown;

	if (count < *room)
		return true;
	memcpy(&old, list, sizeof(old));
	grown = reallocarray(old, *room ? 2 * *room : 16, size);
	if (!grown)
		return false;
	memcpy(list, &grown, sizeof(grown));
	*room = *room ? 2 * *room : 16;
	return true;
}

int rows_begin(struct rows *rows, char *const files[], size_t count)
{
	*rows = (struct rows){.files = files, .file_count = count};
	rows->follows = calloc(count * count + 1, sizeof(*rows->follows));
	return rows->follows ? EXIT_ACCEPTED : fail_memory();
}

void rows_finish(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->list[i].runs);
	free(rows->list);
	free(rows->claims);
	free(rows->findings);
	free(rows->follows);
	*rows = (struct rows){0};
}

/* ---- Findings ---- */

static void find(struct rows *rows, const struct stand *at, bool wrong, const char *format,
	va_list arguments) __attribute__((format(printf, 4, 0)));

static void find(struct rows *rows, const struct stand *at, bool wrong, const char *format,
	va_list arguments)
{
	rows->wrong += wrong;
	if (rows->finding_count == FINDINGS_MAX)
		return;
	if (!grow(&rows->findings, &rows->finding_room, rows->finding_count,
		    sizeof(*rows->findings))) {
		rows->failed = true;
		return;
	}
	struct finding *finding = &rows->findings[rows->finding_count++];
	*finding = (struct finding){.at = *at, .lines = 1, .wrong = wrong};
	(void)vsnprintf(finding->text, sizeof(finding->text), format, arguments);
}

void rows_find(struct rows *rows, const struct stand *at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	find(rows, at, true, format, arguments);
	va_end(arguments);
}

static void note(struct rows *rows, const struct stand *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void note(struct rows *rows, const struct stand *at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	find(rows, at, false, format, arguments);
	va_end(arguments);
}

static struct stand stand_of(const struct audit_record *record)
{
	return (struct stand){record->file, record->file_index, record->line};
}

/* Lines of the same kind, one behind the other, are one finding. */
void rows_add_stranger(
	struct rows *rows, const struct audit_record *record, const char *format, ...)
{
	struct finding *last =
		rows->finding_count > 0 ? &rows->findings[rows->finding_count - 1] : NULL;
	const struct stand at = stand_of(record);
	char text[FINDING_LENGTH];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (last && last->at.file == at.file && last->at.line + last->lines == at.line &&
		strcmp(last->text, text) == 0)
		last->lines++;
	else
		rows_find(rows, &at, "%s", text);
}

/* ---- Rows and their runs ---- */

/* Where a writer's row is, or would be. */
static size_t position(const struct rows *rows, const char *writer)
{
	size_t low = 0, high = rows->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(rows->list[middle].name, writer) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct writer *writer_of(struct rows *rows, const char *writer)
{
	size_t at = position(rows, writer);

	if (at < rows->count && strcmp(rows->list[at].name, writer) == 0)
		return &rows->list[at];
	if (!grow(&rows->list, &rows->room, rows->count, sizeof(*rows->list)))
		return NULL;
	memmove(&rows->list[at + 1], &rows->list[at], (rows->count - at) * sizeof(*rows->list));
	rows->count++;
	rows->list[at] = (struct writer){0};
	(void)snprintf(rows->list[at].name, WRITER_SIZE, "%s", writer);
	return &rows->list[at];
}

static void copy_mac(char ret[ROWS_MAC_SIZE], const struct audit_record *record, const char *name)
{
	const char *mac = text_member(record->object, name);

	(void)snprintf(ret, ROWS_MAC_SIZE, "%s", mac ? mac : "");
}

static bool goes_on(const struct run *run, const struct audit_record *record, const char *before)
{
	return run->end.file_index == record->file_index && !run->ended &&
	       run->last + 1 == (uint64_t)record->seq && strcmp(run->mac, before) == 0;
}

static struct run *run_of(
	struct rows *rows, struct writer *writer, const struct audit_record *record)
{
	struct run *last = writer->count > 0 ? &writer->runs[writer->count - 1] : NULL;
	char before[ROWS_MAC_SIZE];

	copy_mac(before, record, "prev");
	if (last && goes_on(last, record, before))
		return last;
	if (rows->run_count == ROWS_MAX) {
		rows->overflown = true;
		return NULL;
	}
	if (!grow(&writer->runs, &writer->room, writer->count, sizeof(*writer->runs))) {
		rows->failed = true;
		return NULL;
	}
	rows->run_count++;
	struct run *run = &writer->runs[writer->count++];
	*run = (struct run){.first = (uint64_t)record->seq, .begin = stand_of(record)};
	memcpy(run->before, before, sizeof(before));
	return run;
}

static void tell_lost(struct rows *rows, const struct audit_record *record)
{
	const struct stand at = stand_of(record);
	long long count = (long long)record->count;

	if (record->sink)
		note(rows, &at, "says that %lld records were lost to %s", count, record->sink);
	else
		note(rows, &at, "says that %lld records were lost", count);
}

void rows_add_genuine(struct rows *rows, const struct audit_record *record)
{
	if (!record->writer || record->seq < 0) {
		rows_add_stranger(rows, record, "unsigned: got a record of no row");
		return;
	}
	struct writer *writer = writer_of(rows, record->writer);
	struct run *run = writer ? run_of(rows, writer, record) : NULL;

	if (!writer)
		rows->failed = true;
	if (!run)
		return;
	rows->genuine++;
	run->last = (uint64_t)record->seq;
	run->end = stand_of(record);
	run->ended = strcmp(record->event, "checkpoint") == 0;
	copy_mac(run->mac, record, "mac");
	if (strcmp(record->event, "lost") == 0)
		tell_lost(rows, record);
}

void rows_add_claim(struct rows *rows, const struct audit_record *record)
{
	const char *writer = record->writer;
	bool possible = writer && strlen(writer) == WRITER_SIZE - 1 && record->seq >= 0;

	if (rows->claim_count == FINDINGS_MAX) {
		rows->wrong++;
		return;
	}
	if (!grow(&rows->claims, &rows->claim_room, rows->claim_count, sizeof(*rows->claims))) {
		rows->failed = true;
		return;
	}
	struct claim *claim = &rows->claims[rows->claim_count++];
	*claim = (struct claim){.at = stand_of(record)};
	if (!possible)
		return;
	(void)snprintf(claim->writer, sizeof(claim->writer), "%s", writer);
	claim->number = (uint64_t)record->seq;
}
