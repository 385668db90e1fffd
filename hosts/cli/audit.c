/*
 * audit.c - 'tokenpam audit': what files of an audit say as a whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "audit.h"
#include "audit_read.h"

static const struct {
	const char *name;
	int (*run)(const struct options *options, char *const files[], size_t count);
} actions[] = {
	{"verify", audit_verify},
	{"unused", audit_unused},
};

#define ACTION_COUNT (sizeof(actions) / sizeof(actions[0]))

static int run(const struct options *options)
{
	char buffer[QUOTE_SIZE];

	for (size_t i = 0; i < ACTION_COUNT; i++)
		if (strcmp(options->operands[0], actions[i].name) == 0)
			return actions[i].run(
				options, options->operands + 1, options->operand_count - 1);
	return misuse(options->verb, "got %s, expected \"verify\" or \"unused\"",
		quote_operand(buffer, options->operands[0]));
}

const struct verb verb_audit = {
	.name = "audit",
	.operands = "verify | unused FILE...",
	.summary = "look whether somebody changed an audit, or for unused scopes",
	.help = "verify tells which records of an audit with chain = on were changed, removed,\n"
		"put elsewhere, repeated or made up, and what cannot be known. The key is the\n"
		"configuration's chain_key, or those of --key-file.\n\n"
		"unused lists scopes that were granted to somebody and never needed in that\n"
		"time; with a configuration it knows which scopes imply others, and which\n"
		"grants gave what nobody needed.\n\n"
		"FILE is a file of the audit, or - for standard input; several are one audit\n"
		"that was rotated, in any order. zcat reads what was compressed.\n\n"
		"Exit status: 0 all records are there as they were written, all scopes were\n"
		"needed; 1 something is wrong, or unused; 2 nothing is, as far as can be\n"
		"known; 3 misused.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_AUDIT,
	.least = 2,
	.most = AUDIT_FILES_MAX + 1,
	.run = run,
};
