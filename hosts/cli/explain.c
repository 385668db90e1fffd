/*
 * explain.c - 'tokenpam explain': what an outcome or a reason means, and what to do about it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "options.h"
#include "output.h"

/* Above every number that the library gives, with room for those of a newer one. */
#define CODE_LIMIT 256

typedef const char *name_fn(int32_t code);

/* Adds the names of a table of codes to those before. */
static size_t add_names(const char *names[], size_t count, name_fn *name)
{
	for (int32_t i = 1; i < CODE_LIMIT; i++)
		if (name(i))
			names[count++] = name(i);
	return count;
}

static int print_codes(const char *title, name_fn *name, name_fn *meaning)
{
	struct table table = {0};

	colour_print(COLOUR_STRONG, title);
	putchar('\n');
	for (int32_t i = 1; i < CODE_LIMIT; i++)
		if (name(i))
			table_add(&table, meaning(i), "  %s", name(i));
	return print_table(&table);
}

static int print_all(void)
{
	int code = print_codes("outcomes", tpam_outcome_name, tpam_outcome_meaning);
	putchar('\n');
	return code == EXIT_ACCEPTED ? print_codes("reasons", tpam_reason_name, tpam_reason_meaning)
				     : code;
}

static void print_outcome(int32_t outcome)
{
	colour_print(COLOUR_STRONG, tpam_outcome_name(outcome));
	printf(" (outcome, HTTP status %d)\n  %s\n", tpam_outcome_status(outcome),
		tpam_outcome_meaning(outcome));
}

static void print_reason(int32_t reason)
{
	colour_print(COLOUR_STRONG, tpam_reason_name(reason));
	printf(" (reason)\n  %s\n  %s\n", tpam_reason_meaning(reason), tpam_reason_remedy(reason));
}

static int unknown(const struct options *options)
{
	const char *names[2 * CODE_LIMIT + 1] = {NULL};
	const char *code = options->operands[0];
	char buffer[QUOTE_SIZE];

	add_names(names, add_names(names, 0, tpam_outcome_name), tpam_reason_name);
	const char *meant = nearest(code, names);
	quote_operand(buffer, code);
	if (meant)
		return misuse(options->verb,
			"got %s, expected an outcome or a reason; did you mean \"%s\"?", buffer,
			meant);
	return misuse(options->verb, "got %s, expected an outcome or a reason", buffer);
}

static int run(const struct options *options)
{
	if (options->operand_count == 0)
		return print_all();
	int32_t outcome = tpam_outcome_by_name(options->operands[0]);
	int32_t reason = tpam_reason_by_name(options->operands[0]);
	if (outcome == 0 && reason == TPAM_REASON_NONE)
		return unknown(options);
	if (outcome != 0)
		print_outcome(outcome);
	if (reason != TPAM_REASON_NONE)
		print_reason(reason);
	return EXIT_ACCEPTED;
}

const struct verb verb_explain = {
	.name = "explain",
	.operands = "[CODE]",
	.summary = "say what an outcome or a reason means",
	.help = "Says what an outcome or a reason means, and what to do about it. A name\n"
		"that is both is explained as both. Without CODE it lists all of them.\n\n"
		"Exit status: 0 explained, 3 there is no such code.",
	.most = 1,
	.run = run,
};
