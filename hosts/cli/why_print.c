/*
 * why_print.c - a decision of the audit, and what its reason means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <stdlib.h>

#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "output.h"
#include "why.h"

/* ---- Order ---- */

static int by_time(const void *one, const void *other)
{
	const json_t *a = *(json_t *const *)one, *b = *(json_t *const *)other;

	return strcmp(text_member(json_object_get(a, "record"), "time"),
		text_member(json_object_get(b, "record"), "time"));
}

void why_sort(json_t *decisions)
{
	size_t count = json_array_size(decisions);
	json_t **list = calloc(count + 1, sizeof(*list));

	if (!list)
		exit(fail_memory());
	for (size_t i = 0; i < count; i++)
		list[i] = json_incref(json_array_get(decisions, i));
	qsort(list, count, sizeof(*list), by_time);
	json_array_clear(decisions);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(decisions, list[i]);
	free(list);
}

/* ---- For people ---- */

/* What a record may have, and what it is called here. */
static const struct {
	const char *label, *member;
} rows[] = {
	{"when", "time"},
	{"service", "service"},
	{"tool", "tool"},
	{"tenant", "requested_tenant"},
	{"client", "address"},
	{"who", "id"},
	{"expected", "expected"},
	{"got", "got"},
	{"missing", "missing"},
	{"granted", "granted"},
	{"rule", "rule"},
	{"provider", "provider"},
};

static void print_row(const char *label, const char *text)
{
	printf("  %-10s  ", label);
	print_text(stdout, text);
	putchar('\n');
}

static bool is_enforced(const json_t *record)
{
	return !json_is_false(json_object_get(record, "enforced"));
}

static void print_verdict(const json_t *record)
{
	const char *outcome = text_member(record, "outcome");
	int32_t number = tpam_outcome_by_name(outcome);
	bool accepted = number == TPAM_SUCCESS || number == TPAM_EXPIRING;

	if (!is_enforced(record))
		colour_print(COLOUR_DOUBT, "let pass by audit_only");
	else if (accepted)
		colour_print(COLOUR_GOOD, "accepted");
	else if (number == TPAM_UNAVAILABLE || number == TPAM_RATE_LIMITED)
		colour_print(COLOUR_DOUBT, "could not find out");
	else
		colour_print(COLOUR_BAD, "refused");
	if (number != TPAM_SUCCESS) {
		fputs(": ", stdout);
		print_text(stdout, outcome);
	}
	putchar('\n');
}

/* One that this program does not know is of a newer one. */
static void print_reason(const json_t *record)
{
	const char *name = text_member(record, "reason");
	int32_t reason = name ? tpam_reason_by_name(name) : TPAM_REASON_NONE;

	if (!name) {
		print_row("reason", "is not in the record");
		return;
	}
	printf("  %-10s  ", "reason");
	print_text(stdout, name);
	if (reason != TPAM_REASON_NONE)
		printf(": %s", tpam_reason_meaning(reason));
	putchar('\n');
	if (reason != TPAM_REASON_NONE)
		print_row("remedy", tpam_reason_remedy(reason));
}

static void print_place(const json_t *decision)
{
	printf("  %-10s  ", "record");
	print_text(stdout, text_member(decision, "file"));
	printf(":%lld\n", (long long)json_integer_value(json_object_get(decision, "line")));
}

static void print_one(const json_t *decision)
{
	const json_t *record = json_object_get(decision, "record");

	print_verdict(record);
	print_reason(record);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *value = json_object_get(record, rows[i].member);
		char *text = value ? plain_text(value) : NULL;
		if (value && !text)
			exit(fail_memory());
		if (text && *text)
			print_row(rows[i].label, text);
		free(text);
	}
	print_place(decision);
}

void why_print(const json_t *decisions)
{
	json_t *decision;
	size_t i;

	json_array_foreach(decisions, i, decision)
	{
		if (i > 0)
			putchar('\n');
		print_one(decision);
	}
}

/* ---- For programs ---- */

static void add_meaning(json_t *decision)
{
	const json_t *record = json_object_get(decision, "record");
	const char *name = text_member(record, "reason");
	int32_t reason = name ? tpam_reason_by_name(name) : TPAM_REASON_NONE;

	json_object_set_new(decision, "meaning",
		reason ? json_string(tpam_reason_meaning(reason)) : json_null());
	json_object_set_new(
		decision, "remedy", reason ? json_string(tpam_reason_remedy(reason)) : json_null());
}

int why_print_json(const char *id, json_t *decisions)
{
	json_t *decision;
	size_t i;

	json_array_foreach(decisions, i, decision)
	{
		add_meaning(decision);
	}
	json_t *all = json_pack("{s:s, s:O}", "request_id", id, "decisions", decisions);
	int code = print_json(all);
	json_decref(all);
	return code;
}
