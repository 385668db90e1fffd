/*
 * write.c - a stack as libpam's file and as a section of the INI.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stacks.h"

#include <stdlib.h>

#include <tokenpam/tokenpam.h>

/* Control words in tokenpam's and libpam's spelling; the last is refused in substacks. */
static const struct {
	const char *ini;
	const char *pam;
} keywords[] = {
	{"required", "required"},
	{"requisite", "requisite"},
	{"sufficient", "sufficient"},
	{"optional", "optional"},
	{"binding", "[success=done new_authtok_reqd=done ignore=ignore default=bad]"},
	{"decisive", "[success=done new_authtok_reqd=done user_unknown=ignore cred_unavail=ignore "
		     "ignore=ignore default=die]"},
};

static const char *const verbs[] = {"ignore", "ok", "done", "bad", "die", "reset"};

static void write_control(FILE *file, const struct line *line, bool pam)
{
	if (line->keyword >= 0) {
		fputs(pam ? keywords[line->keyword].pam : keywords[line->keyword].ini, file);
		return;
	}
	for (size_t i = 0; i < line->pair_count; i++) {
		const struct pair *pair = &line->pairs[i];
		const char *name = "default";
		if (pair->outcome)
			name = pam ? outcome_pam_word(pair->outcome)
				   : tpam_outcome_name(pair->outcome);
		fprintf(file, "%c%s=", i ? ' ' : '[', name);
		if (pair->verb == VERB_JUMP)
			fprintf(file, "%d", (int)pair->jump);
		else
			fputs(verbs[pair->verb], file);
	}
	fputc(']', file);
}

static void write_pam_line(FILE *file, const struct line *line, size_t index, const char *folder)
{
	const struct target *target = &line->targets[index];
	fputs("auth ", file);
	if (line->kind != KIND_RULE) {
		fprintf(file, "%s %s/s%zu\n", line->kind == KIND_INCLUDE ? "include" : "substack",
			folder, target->number);
		return;
	}
	write_control(file, line, true);
	fprintf(file, " %s %zu\n", getenv("PAM_PROBE"), target->number);
}

void stack_write_pam(FILE *file, const struct stacks *stacks, size_t stack, const char *folder)
{
	for (size_t i = 0; i < stacks->list[stack].count; i++) {
		const struct line *line = &stacks->list[stack].lines[i];
		for (size_t target = 0; target < line->target_count; target++)
			write_pam_line(file, line, target, folder);
	}
}

void stack_write_ini(FILE *file, const struct stacks *stacks, size_t stack)
{
	if (stack == 0)
		fputs("[service:s]\n", file);
	else
		fprintf(file, "[stack:s%zu]\n", stack);
	for (size_t i = 0; i < stacks->list[stack].count; i++) {
		const struct line *line = &stacks->list[stack].lines[i];
		fputs("auth = ", file);
		if (line->kind == KIND_RULE)
			write_control(file, line, false);
		else
			fputs(line->kind == KIND_INCLUDE ? "include" : "substack", file);
		for (size_t target = 0; target < line->target_count; target++)
			fprintf(file, " %c%zu", line->kind == KIND_RULE ? 'p' : 's',
				line->targets[target].number);
		fputc('\n', file);
	}
}
