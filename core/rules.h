/*
 * rules.h - what flattening knows while it is at it; between program.c and rulenames.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "program.h"
#include "words.h"

struct flattening {
	struct program program;
	const struct program_names *names;
	struct tpam_report *report;
	enum tpam_group group;
	const struct section
		*chain[PROGRAM_DEPTH_MAX]; /* the stacks that are being read, outermost first */
	size_t depth;
	size_t stacks;  /* how often a stack was read */
	unsigned level; /* of the rules that are being read */
	bool refused;   /* something was reported */
	bool uncertain; /* rules are missing, so jumps cannot be judged */
};

/* Reports what is wrong, format and arguments as printf() has them. */
#define REFUSE(flattening, at, ...)                                                                \
	((flattening)->refused = true, report_error((flattening)->report, (at), __VA_ARGS__))

/* The provider that a word of a rule means, if it serves the group; NULL after a refusal. */
struct tpam_instance *rules_provider(struct flattening *flattening, const struct word *word);

/*
 * The stack that a word of a rule means, if it has rules of the group, is not being read already and is not
 * too deep: the setting with its rules. NULL after a refusal.
 */
const struct setting *rules_stack(
	struct flattening *flattening, const struct word *word, const struct section **ret_stack);

#endif
