/*
 * audit_rows_judge.c - what is wrong with rows, once all records that there are were read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_rows.h"

#include <stdlib.h>
#include <string.h>

#define NUMBERS_SIZE 64

/* "record 5", "records 5 to 7" */
static const char *numbers(char buffer[NUMBERS_SIZE], uint64_t first, uint64_t last)
{
	if (first == last)
		(void)snprintf(buffer, NUMBERS_SIZE, "record %llu", (unsigned long long)first);
	else
		(void)snprintf(buffer, NUMBERS_SIZE, "records %llu to %llu",
			(unsigned long long)first, (unsigned long long)last);
	return buffer;
}

static int compare_stands(const struct stand *one, const struct stand *other)
{
	if (one->file_index != other->file_index)
		return one->file_index < other->file_index ? -1 : 1;
	return (one->line > other->line) - (one->line < other->line);
}

static int compare_runs(const void *left, const void *right)
{
	const struct run *one = left, *other = right;

	if (one->first != other->first)
		return one->first < other->first ? -1 : 1;
	return compare_stands(&one->begin, &other->begin);
}

static int compare_claims(const void *left, const void *right)
{
	const struct claim *one = left, *other = right;
	int order = strcmp(one->writer, other->writer);

	if (order != 0)
		return order;
	if (one->number != other->number)
		return one->number < other->number ? -1 : 1;
	return compare_stands(&one->at, &other->at);
}

static int compare_findings(const void *left, const void *right)
{
	return compare_stands(
		&((const struct finding *)left)->at, &((const struct finding *)right)->at);
}

/* ---- One row ---- */

struct judging {
	struct rows *rows;
	struct writer *writer;
	const struct run *before; /* NULL: none */
	uint64_t next;            /* the number that is looked for */
};

/* Records that are nowhere. Of those at the beginning nobody knows whether they are in a file that is not here. */
static void miss(struct judging *judging, const struct stand *at, uint64_t from, uint64_t to)
{
	char buffer[NUMBERS_SIZE];

	if (from > to)
		return;
	if (from == 0)
		judging->writer->absent = to + 1;
	else
		rows_find(judging->rows, at,
			"missing: %s of writer %s, which would stand before this",
			numbers(buffer, from, to), judging->writer->name);
}

/* The first claim to be that record, or one behind it. */
static size_t first_claim(const struct rows *rows, const char *writer, uint64_t number)
{
	struct claim sought = {.number = number};
	size_t low = 0, high = rows->claim_count;

	memcpy(sought.writer, writer, sizeof(sought.writer));
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_claims(&rows->claims[middle], &sought) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Numbers up to `to`: those of which there is a record that nobody wrote were changed, the others are missing. Returns the
 * first that is behind the last which was changed. Without a place nothing is missing, and the first gap is the end.
 */
static uint64_t explain(struct judging *judging, const struct stand *at, uint64_t from, uint64_t to)
{
	struct rows *rows = judging->rows;
	size_t i = first_claim(rows, judging->writer->name, from);

	for (; i < rows->claim_count; i++) {
		struct claim *claim = &rows->claims[i];
		if (strcmp(claim->writer, judging->writer->name) != 0 || claim->number > to ||
			(!at && claim->number > from))
			break;
		if (claim->number < from)
			continue;
		if (claim->number > from)
			miss(judging, at, from, claim->number - 1);
		claim->known = true;
		from = claim->number + 1;
	}
	return from;
}

static void judge_joint(struct judging *judging, const struct run *run)
{
	char zeros[ROWS_MAC_SIZE];

	(void)snprintf(zeros, sizeof(zeros), "%0*d", ROWS_MAC_SIZE - 1, 0);
	if (strcmp(run->before, judging->before ? judging->before->mac : zeros) != 0)
		rows_find(judging->rows, &run->begin,
			"unlinked: record %llu of writer %s follows another one than is there",
			(unsigned long long)run->first, judging->writer->name);
	if (judging->before && judging->before->ended)
		rows_find(judging->rows, &run->begin,
			"unlinked: record %llu of writer %s stands behind the end of its row",
			(unsigned long long)run->first, judging->writer->name);
}

static void judge_order(struct judging *judging, const struct run *run)
{
	const struct run *before = judging->before;
	struct rows *rows = judging->rows;

	if (!before)
		return;
	if (before->end.file_index != run->begin.file_index)
		rows->follows[before->end.file_index * rows->file_count + run->begin.file_index] =
			true;
	else if (before->end.line > run->begin.line)
		rows_find(rows, &run->begin,
			"misplaced: record %llu of writer %s stands before record %llu, line %zu",
			(unsigned long long)run->first, judging->writer->name,
			(unsigned long long)before->last, before->end.line);
}

static void judge_run(struct judging *judging, const struct run *run)
{
	char buffer[NUMBERS_SIZE];

	if (run->first < judging->next) {
		rows_find(judging->rows, &run->begin, "repeated: %s of writer %s, once more",
			numbers(buffer, run->first,
				run->last < judging->next ? run->last : judging->next - 1),
			judging->writer->name);
		if (run->last < judging->next)
			return;
	} else {
		uint64_t from = judging->next;
		if (run->first > from)
			from = explain(judging, &run->begin, from, run->first - 1);
		if (run->first > from)
			miss(judging, &run->begin, from, run->first - 1);
		if (run->first == judging->next)
			judge_joint(judging, run);
		judge_order(judging, run);
	}
	judging->before = run;
	judging->next = run->last + 1;
}

static void judge_writer(struct rows *rows, struct writer *writer)
{
	struct judging judging = {rows, writer, NULL, 0};

	if (writer->count == 0)
		return;
	qsort(writer->runs, writer->count, sizeof(*writer->runs), compare_runs);
	for (size_t i = 0; i < writer->count; i++)
		judge_run(&judging, &writer->runs[i]);
	writer->last = judging.next - 1;
	writer->open = !judging.before->ended;
	/* What stands where the next would, and is not it. */
	if (writer->open)
		(void)explain(&judging, NULL, judging.next, UINT64_MAX);
}

/* ---- Between rows ---- */

static void judge_claims(struct rows *rows)
{
	for (size_t i = 0; i < rows->claim_count; i++) {
		const struct claim *claim = &rows->claims[i];
		if (claim->writer[0] == '\0')
			rows_find(rows, &claim->at,
				"forged: a record that was not written with the key");
		else
			rows_find(rows, &claim->at,
				claim->known ? "changed: record %llu of writer %s is not what was "
					       "written"
					     : "forged: record %llu of writer %s was not written "
					       "with the key",
				(unsigned long long)claim->number, claim->writer);
	}
}

/* Nothing is on one side of it, among the files that are left. */
static bool is_outermost(const struct rows *rows, const bool *gone, size_t file, bool first)
{
	for (size_t i = 0; i < rows->file_count; i++)
		if (!gone[i] && rows->follows[first ? i * rows->file_count + file
						    : file * rows->file_count + i])
			return false;
	return true;
}

/* Files are rotated whole, so there is an order of them in which each row is. */
static void judge_files(struct rows *rows)
{
	bool *gone = calloc(rows->file_count + 1, sizeof(*gone));
	bool found = true;

	if (!gone)
		rows->failed = true;
	while (gone && found) {
		found = false;
		for (size_t i = 0; i < rows->file_count; i++)
			if (!gone[i] && (is_outermost(rows, gone, i, true) ||
						is_outermost(rows, gone, i, false)))
				gone[i] = found = true;
	}
	for (size_t i = 0; gone && i < rows->file_count; i++)
		if (!gone[i])
			rows_find(rows, &(struct stand){rows->files[i], i, 0},
				"misplaced: has records both before and behind those of another "
				"file");
	free(gone);
}

void rows_judge(struct rows *rows)
{
	if (rows->claim_count > 0)
		qsort(rows->claims, rows->claim_count, sizeof(*rows->claims), compare_claims);
	for (size_t i = 0; i < rows->count; i++)
		judge_writer(rows, &rows->list[i]);
	judge_claims(rows);
	judge_files(rows);
	if (rows->finding_count > 0)
		qsort(rows->findings, rows->finding_count, sizeof(*rows->findings),
			compare_findings);
}
