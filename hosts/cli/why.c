/*
 * why.c - 'tokenpam why': what the audit says of a request, and what to do about it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "audit_files.h"
#include "audit_read.h"
#include "options.h"
#include "output.h"
#include "why.h"

/* Clients may choose the name of a request, and give it to many. */
#define DECISIONS_MAX 1000

/* What was read. */
struct search {
	const char *id;
	json_t *found;    /* objects with "file", "line" and "record" */
	uint64_t records; /* decisions */
	uint64_t named;   /* those that say which request they are of */
	uint64_t lost;
	uint64_t bad;
	uint64_t more; /* found, beyond what is told */
	char first[TIME_SIZE], last[TIME_SIZE];
};

static void note_time(struct search *search, const char *time)
{
	if (!search->first[0] || strcmp(time, search->first) < 0)
		(void)snprintf(search->first, sizeof(search->first), "%.19sZ", time);
	if (strcmp(time, search->last) > 0)
		(void)snprintf(search->last, sizeof(search->last), "%.19sZ", time);
}

static int take(void *data, const struct audit_record *record)
{
	struct search *search = data;

	note_time(search, record->time);
	if (strcmp(record->event, "lost") == 0 && record->count > 0)
		search->lost += (uint64_t)record->count;
	if (!audit_is_decision(record))
		return EXIT_ACCEPTED;
	search->records++;
	search->named += record->request_id != NULL;
	if (!record->request_id || strcmp(record->request_id, search->id) != 0)
		return EXIT_ACCEPTED;
	if (json_array_size(search->found) == DECISIONS_MAX) {
		search->more++;
		return EXIT_ACCEPTED;
	}
	json_array_append_new(
		search->found, json_pack("{s:s, s:I, s:O}", "file", record->file, "line",
				       (json_int_t)record->line, "record", record->object));
	return EXIT_ACCEPTED;
}

/* ---- Not found ---- */

static void print_sorry(const struct search *search, const struct audit_files *files)
{
	char buffer[QUOTE_SIZE];

	printf("no decision about %s", quote(buffer, search->id));
	if (search->records == 0)
		puts(": there are no decisions in the audit");
	else
		printf(" among %llu from %s to %s\n", (unsigned long long)search->records,
			search->first, search->last);
	if (search->named < search->records)
		printf("%llu of them do not say of which request they are: fields = has no "
		       "request_id\n",
			(unsigned long long)(search->records - search->named));
	if (search->lost > 0)
		printf("%llu records were lost when they should have been written\n",
			(unsigned long long)search->lost);
	if (search->bad > 0)
		printf("%llu lines are no records and were passed over\n",
			(unsigned long long)search->bad);
	if (files->compressed > 0)
		printf("%zu compressed files were passed over: zcat FILE | tokenpam why %s -\n",
			files->compressed, "REQUEST-ID");
}

/* ---- The verb ---- */

static int tell(const struct search *search, const struct audit_files *files, bool json)
{
	bool found = json_array_size(search->found) > 0;
	int code = EXIT_ACCEPTED;

	if (json)
		code = why_print_json(search->id, search->found);
	else if (found)
		why_print(search->found);
	else
		print_sorry(search, files);
	if (search->more > 0)
		(void)fail("%llu more decisions have that name, beyond %d",
			(unsigned long long)search->more, DECISIONS_MAX);
	return code == EXIT_ACCEPTED && !found ? EXIT_REFUSED : code;
}

static int run(const struct options *options)
{
	struct search search = {.id = options->operands[0], .found = json_array()};
	struct audit_files files = {0};
	char **list = options->operands + 1;
	size_t count = options->operand_count - 1;
	int code = EXIT_ACCEPTED;

	if (count == 0) {
		code = audit_files_find(&files, options);
		list = files.list;
		count = files.count;
	}
	if (code == EXIT_ACCEPTED)
		code = audit_read_all(list, count, take, &search, &search.bad);
	if (code == EXIT_ACCEPTED) {
		why_sort(search.found);
		code = tell(&search, &files, options->json);
	}
	audit_files_finish(&files);
	json_decref(search.found);
	return code;
}

const struct verb verb_why = {
	.name = "why",
	.operands = "REQUEST-ID [FILE...]",
	.summary = "say why a request was refused, from the audit",
	.help = "Tells what was decided about the request of that name, which a client that was\n"
		"refused was told: by which rule, what it expected and what came instead, and\n"
		"how that is mended.\n\n"
		"FILE is a file of the audit, or - for standard input; zcat reads what was\n"
		"compressed. Without FILE they are those that the configuration's [audit]\n"
		"writes, and what these were renamed to.\n\n"
		"Exit status: 0 told, 1 the audit has no such request, 3 misused.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_JSON,
	.least = 1,
	.most = AUDIT_FILES_MAX + 1,
	.run = run,
};
