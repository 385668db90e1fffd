/*
 * report.c - what is wrong with a configuration, collected in one pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "text.h"

/* More than anybody reads; one more finding says that there are others. */
#define FINDINGS_MAX 1000
#define FILES_MAX    4096
#define TEXT_LENGTH  4096
#define QUOTE_LENGTH 80

struct finding {
	struct tpam_diagnostic seen; /* what the caller of the library gets; owns its text */
	size_t file;                 /* order of first mention; SIZE_MAX: at the end */
	size_t sequence;
};

struct tpam_report {
	struct finding *findings;
	size_t count;
	char **files;
	size_t file_count;
	struct origins *origins;
	bool overflow; /* the last finding says so */
	bool failed;
};

struct tpam_report *report_create(void)
{
	return calloc(1, sizeof(struct tpam_report));
}

void tpam_report_destroy(struct tpam_report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->count; i++)
		free((char *)(uintptr_t)report->findings[i].seen.text);
	for (size_t i = 0; i < report->file_count; i++)
		free(report->files[i]);
	free(report->findings);
	free(report->files);
	free(report);
}

void report_gather(struct tpam_report *report, struct origins *origins)
{
	report->origins = origins;
}

struct origins *report_origins(const struct tpam_report *report)
{
	return report->origins;
}

/* Index of a file's name, kept once for all findings in it; NULL is 0, so names count from 1. */
static bool file_index(struct tpam_report *report, const char *file, size_t *ret)
{
	size_t index = 0;
	while (file && index < report->file_count && strcmp(report->files[index], file) != 0)
		index++;
	if (file && index == report->file_count) {
		if (!array_reserve(&report->files, index, sizeof(*report->files), FILES_MAX))
			return false;
		report->files[index] = text_copy(file, strlen(file));
		if (!report->files[index])
			return false;
		report->file_count++;
	}
	*ret = file ? index + 1 : 0;
	return true;
}

/* Takes over `text` if it returns true. */
static bool add_text(struct tpam_report *report, uint32_t severity, struct place at, char *text)
{
	size_t file;
	if (!text || !file_index(report, at.file, &file))
		return false;
	if (!array_reserve(
		    &report->findings, report->count, sizeof(*report->findings), FINDINGS_MAX + 1))
		return false;
	report->findings[report->count] = (struct finding){
		.seen =
			{
				.size = sizeof(struct tpam_diagnostic),
				.severity = severity,
				.line = file ? at.line : 0,
				.column = file ? at.column : 0,
				.file = file ? report->files[file - 1] : NULL,
				.text = text,
			},
		.file = file,
		.sequence = report->count,
	};
	report->count++;
	return true;
}

/* The findings are full: says so once, as an error if one of those left out is. */
static bool add_overflow(struct tpam_report *report, uint32_t severity)
{
	if (!report->overflow) {
		char *text = text_format(
			"there are more findings, these are the first %d", FINDINGS_MAX);
		if (!add_text(report, severity, NOWHERE, text)) {
			free(text);
			return false;
		}
		report->findings[report->count - 1].file = SIZE_MAX;
		report->overflow = true;
	}
	struct tpam_diagnostic *last = &report->findings[report->count - 1].seen;
	if (severity == TPAM_SEVERITY_ERROR)
		last->severity = severity;
	return true;
}

/* The length without a character that was cut in two. */
static size_t text_fit(const char *text, size_t length)
{
	size_t whole = text_check(text, length, true);

	return length - whole < 4 ? whole : length;
}

__attribute__((format(printf, 4, 0))) static void add(struct tpam_report *report, uint32_t severity,
	struct place at, const char *format, va_list list)
{
	if (report->count >= FINDINGS_MAX) {
		if (!add_overflow(report, severity))
			report->failed = true;
		return;
	}
	/* What is longer is cut: a finding that cannot be told in full is still one. */
	char whole[TEXT_LENGTH];
	int length = vsnprintf(whole, sizeof(whole), format, list);
	char *text = length < 0 ? NULL : text_copy(whole, text_fit(whole, strlen(whole)));
	if (!add_text(report, severity, at, text)) {
		free(text);
		report->failed = true;
	}
}

void report_error(struct tpam_report *report, struct place at, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	add(report, TPAM_SEVERITY_ERROR, at, format, list);
	va_end(list);
}

void report_warning(struct tpam_report *report, struct place at, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	add(report, TPAM_SEVERITY_WARNING, at, format, list);
	va_end(list);
}

void report_strict(
	struct tpam_report *report, bool development, struct place at, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	add(report, development ? TPAM_SEVERITY_WARNING : TPAM_SEVERITY_ERROR, at, format, list);
	va_end(list);
}

bool report_failed(const struct tpam_report *report)
{
	return report->failed;
}

bool report_has_errors(const struct tpam_report *report)
{
	return tpam_report_errors(report) > 0;
}

static int compare_places(const struct finding *a, const struct finding *b)
{
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->seen.line != b->seen.line)
		return a->seen.line < b->seen.line ? -1 : 1;
	if (a->seen.column != b->seen.column)
		return a->seen.column < b->seen.column ? -1 : 1;
	return 0;
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = compare_places(a, b);
	if (order != 0)
		return order;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* True if an earlier finding at the same place, among those kept, says the same. */
static bool is_repetition(
	const struct finding *findings, size_t kept, const struct finding *finding)
{
	for (size_t i = kept; i-- > 0 && compare_places(&findings[i], finding) == 0;) {
		if (findings[i].seen.severity == finding->seen.severity &&
			strcmp(findings[i].seen.text, finding->seen.text) == 0)
			return true;
	}
	return false;
}

void report_finish(struct tpam_report *report)
{
	if (report->count)
		qsort(report->findings, report->count, sizeof(*report->findings), compare_findings);
	size_t kept = 0;
	for (size_t i = 0; i < report->count; i++) {
		struct finding *finding = &report->findings[i];
		if (is_repetition(report->findings, kept, finding))
			free((char *)(uintptr_t)finding->seen.text);
		else
			report->findings[kept++] = *finding;
	}
	report->count = kept;
}

const char *report_quote(char buffer[REPORT_QUOTE_SIZE], const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t shown = length;
	if (shown > QUOTE_LENGTH) {
		shown = QUOTE_LENGTH;
		while (shown > QUOTE_LENGTH - 4 && ((unsigned char)text[shown] & 0xC0) == 0x80)
			shown--;
	}
	char *out = buffer;
	*out++ = '"';
	for (size_t i = 0; i < shown;) {
		size_t good = text_check(text + i, shown - i, false);
		memcpy(out, text + i, good);
		out += good;
		i += good;
		if (i == shown)
			break;
		unsigned char byte = (unsigned char)text[i++];
		memcpy(out, "\\x", 2);
		out[2] = digits[byte >> 4];
		out[3] = digits[byte & 15];
		out += 4;
	}
	strcpy(out, shown < length ? "...\"" : "\"");
	return buffer;
}

TPAM_API size_t tpam_report_count(const struct tpam_report *report)
{
	return report ? report->count : 0;
}

TPAM_API size_t tpam_report_errors(const struct tpam_report *report)
{
	size_t errors = 0;
	for (size_t i = 0; report && i < report->count; i++)
		errors += report->findings[i].seen.severity == TPAM_SEVERITY_ERROR;
	return errors;
}

TPAM_API const struct tpam_diagnostic *tpam_report_get(
	const struct tpam_report *report, size_t index)
{
	return index < tpam_report_count(report) ? &report->findings[index].seen : NULL;
}

TPAM_API char *tpam_report_line(const struct tpam_report *report, size_t index)
{
	const struct tpam_diagnostic *finding = tpam_report_get(report, index);
	if (!finding)
		return NULL;
	const char *warning = finding->severity == TPAM_SEVERITY_WARNING ? "warning: " : "";
	if (!finding->file)
		return text_format("%s%s", warning, finding->text);
	return text_format("%s:%u:%u: %s%s", finding->file, finding->line, finding->column, warning,
		finding->text);
}
