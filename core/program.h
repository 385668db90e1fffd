/*
 * program.h - the rules of one group of one service, flattened: what the dispatcher runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control.h"
#include "report.h"
#include "settings.h"

struct tpam_instance;

#define PROGRAM_DEPTH_MAX 16   /* of includes and substacks */
#define PROGRAM_RULES_MAX 4096 /* of one program */

/* A rule, or, with no instance, the beginning of a substack, whose rules have level `level` + 1. */
struct rule {
	struct tpam_instance *instance;
	unsigned level;
	struct control control;
	char *written; /* the control as written: "required", "[success=ok default=die]", "substack sso" */
	char *at_text;     /* "file:line" */
	struct place at;   /* of the rule's control */
	struct place word; /* of the provider's name */
};

struct program {
	struct rule *rules;
	size_t count;
};

/*
 * How the names in rules are resolved: NULL where there is no such provider or no such stack. A name for
 * which there is NULL although it is among the candidates was refused elsewhere: what uses it does not load,
 * and nothing more is said.
 */
struct program_names {
	struct tpam_instance *(*provider)(void *data, const char *name);
	struct section *(*stack)(void *data, const char *name);
	const char *const *(*candidates)(
		void *data, bool stacks); /* all names, NULL-terminated, for suggestions */
	void *data;
};

/*
 * Flattens the rules that `settings` hold for one key ("auth", "account", "session"), several settings one
 * after the other (a service that inherits the hub's before its own). Reports everything that is wrong:
 * unknown words and names, include loops, stacks without rules of the group, `decisive` in a substack, a jump
 * past the end of its level, a provider that does not serve the group, depth and number of rules. TPAM_OK,
 * TPAM_E_CONFIG or TPAM_E_MEMORY; `ret` is to be finished after TPAM_OK.
 */
int program_build(struct program *ret, struct setting *const *settings, size_t count,
	enum tpam_group group, const struct program_names *names, struct tpam_report *report);
void program_finish(struct program *program);

/*
 * Only reports what is wrong with rules that no program
 * contains; their jumps may lead into rules around them.
 */
int program_check(struct setting *setting, enum tpam_group group, const struct program_names *names,
	struct tpam_report *report);

/*
 * Warns of rules that can never run, whatever the providers
 * answer, and of a program that can never accept (lint_program.c).
 */
void program_lint(const struct program *program, enum tpam_group group, struct tpam_report *report);

#endif
