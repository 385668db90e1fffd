/*
 * tree.c - a trace as a tree: groups, rules, substacks, and below each rule what it said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "output.h"
#include "verify.h"

/* Substacks deeper than this are drawn as if they were this deep. */
#define DEEPEST 16

static const struct {
	const char *name;
	enum tpam_group group;
} groups[] = {
	{"auth", TPAM_AUTH},
	{"account", TPAM_ACCOUNT},
	{"session", TPAM_SESSION},
};

static uint32_t depth(const struct tpam_trace_entry *entry)
{
	return entry->level < DEEPEST ? entry->level : DEEPEST;
}

static bool same_group(const struct tpam_trace_entry *a, const struct tpam_trace_entry *b)
{
	return strcmp(a->group ? a->group : "", b->group ? b->group : "") == 0;
}

/* True if something at `level` follows before the tree goes above it. */
static bool goes_on(const struct tpam_result *result, size_t index, uint32_t level)
{
	const struct tpam_trace_entry *own = tpam_result_trace(result, index), *next;

	while ((next = tpam_result_trace(result, ++index)) && same_group(own, next)) {
		if (depth(next) == level)
			return true;
		if (depth(next) < level)
			return false;
	}
	return false;
}

/* The lines from above; with `branch` the last of them leads to the entry. */
static void print_branches(const struct tpam_result *result, size_t index, bool branch)
{
	uint32_t own = depth(tpam_result_trace(result, index));

	fputs("  ", stdout);
	for (uint32_t level = 0; level <= own; level++) {
		bool more = goes_on(result, index, level);
		if (level == own && branch)
			fputs(more ? "|- " : "`- ", stdout);
		else
			fputs(more ? "|  " : "   ", stdout);
	}
}

static enum colour outcome_colour(int32_t outcome)
{
	switch (outcome) {
	case TPAM_SUCCESS:
	case TPAM_EXPIRING:
		return COLOUR_GOOD;
	case TPAM_IGNORE:
	case TPAM_FOREIGN:
	case TPAM_NO_CREDENTIAL:
		return COLOUR_FAINT;
	case TPAM_UNAVAILABLE:
	case TPAM_RATE_LIMITED:
		return COLOUR_DOUBT;
	default:
		return COLOUR_BAD;
	}
}

static void print_outcome(int32_t outcome)
{
	const char *name = tpam_outcome_name(outcome);

	colour_print(outcome_colour(outcome), name ? name : "?");
}

static void print_note(
	const struct tpam_result *result, size_t index, const char *label, const char *text)
{
	if (!text)
		return;
	print_branches(result, index, false);
	printf("%s ", label);
	print_text(stdout, text);
	putchar('\n');
}

/* Where the rule stands and how long it took; a requirement takes no time worth telling. */
static void print_place(const struct tpam_trace_entry *entry)
{
	char text[512];
	const char *at = entry->at ? entry->at : "?";

	if (entry->plugin)
		snprintf(text, sizeof(text), "[%s, %.3f ms]", at, (double)entry->duration / 1e6);
	else
		snprintf(text, sizeof(text), "[%s]", at);
	fputs("  ", stdout);
	colour_print(COLOUR_FAINT, text);
}

static void print_entry(const struct tpam_result *result, size_t index)
{
	const struct tpam_trace_entry *entry = tpam_result_trace(result, index);
	const char *reason = tpam_reason_name(entry->reason);

	print_branches(result, index, true);
	print_text(stdout, entry->rule ? entry->rule : "?");
	if (entry->provider) {
		putchar(' ');
		colour_print(COLOUR_STRONG, entry->provider);
	}
	if (entry->plugin) {
		fputs(" (", stdout);
		print_text(stdout, entry->plugin);
		putchar(')');
	}
	fputs(": ", stdout);
	print_outcome(entry->outcome);
	if (entry->action)
		printf(" -> %s", entry->action);
	if (reason && entry->reason != TPAM_REASON_ACCEPTED)
		printf(", %s", reason);
	print_place(entry);
	putchar('\n');
	print_note(result, index, "expected", entry->expected);
	print_note(result, index, "got", entry->got);
	for (size_t i = 0; entry->notes && entry->notes[i]; i++)
		print_note(result, index, "note", entry->notes[i]);
}

static void print_group(const struct tpam_result *result, const char *name)
{
	fputs("  ", stdout);
	print_text(stdout, name ? name : "?");
	for (size_t i = 0; name && i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (strcmp(groups[i].name, name) != 0)
			continue;
		int32_t outcome = tpam_result_group_outcome(result, groups[i].group);
		if (outcome == 0)
			continue;
		fputs(": ", stdout);
		print_outcome(outcome);
	}
	putchar('\n');
}

void tree_print(const struct tpam_result *result)
{
	const struct tpam_trace_entry *entry, *before = NULL;

	puts(tpam_result_trace(result, 0) ? "trace" : "trace: no rule was run");
	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++) {
		if (!before || !same_group(entry, before))
			print_group(result, entry->group);
		print_entry(result, i);
		before = entry;
	}
}
