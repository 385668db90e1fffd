/*
 * program.c - flattens rules, includes and substacks into a program, and refuses what does not hold together.
 *
 * A provider that was refused leaves a rule behind that does nothing, so that jumps are judged by what was
 * meant and every mistake is found in one pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "dispatch.h"
#include "memory.h"
#include "rules.h"

static void rule_finish(struct rule *rule)
{
	free(rule->written);
	free(rule->at_text);
}

void program_finish(struct program *program)
{
	for (size_t i = 0; i < program->count; i++)
		rule_finish(&program->rules[i]);
	free(program->rules);
	*program = (struct program){.rules = NULL};
}

/* Takes over rule->written, also when it fails. */
static int append(struct flattening *flattening, struct rule *rule)
{
	struct program *program = &flattening->program;
	int code = TPAM_E_MEMORY;
	rule->level = flattening->level;
	rule->at_text = text_format("%s:%u", rule->at.file ? rule->at.file : "", rule->at.line);
	if (program->count == PROGRAM_RULES_MAX) {
		REFUSE(flattening, rule->word, "got more than %d rules, expected at most so many",
			PROGRAM_RULES_MAX);
		code = TPAM_E_LIMIT;
	} else if (rule->written && rule->at_text &&
		   array_reserve(
			   &program->rules, program->count, sizeof(*rule), PROGRAM_RULES_MAX)) {
		program->rules[program->count++] = *rule;
		return TPAM_OK;
	}
	rule_finish(rule);
	return code;
}

static int read_setting(struct flattening *flattening, const struct setting *setting);

/* A rule as it is written, without the names. */
struct line {
	enum control_kind kind;
	struct control control;
	const struct word *first;
};

/* The rules of a stack, at the level that is set. */
static int read_stack(
	struct flattening *flattening, const struct line *line, const struct word *name)
{
	const struct section *stack = NULL;
	const struct setting *setting = rules_stack(flattening, name, &stack);
	if (!setting) {
		flattening->uncertain |= line->kind == CONTROL_INCLUDE;
		return TPAM_OK;
	}
	/* Rules alone are no bound: stacks that include each other many times over and go wrong add none. */
	if (++flattening->stacks > PROGRAM_RULES_MAX) {
		REFUSE(flattening, name->at,
			"got more than %d includes and substacks, expected at most so many",
			PROGRAM_RULES_MAX);
		return TPAM_E_LIMIT;
	}
	flattening->chain[flattening->depth++] = stack;
	int code = read_setting(flattening, setting);
	flattening->depth--;
	return code;
}

static int add_substack(
	struct flattening *flattening, const struct line *line, const struct word *name)
{
	struct rule marker = {.at = line->first->at, .word = name->at};
	marker.written = text_format("substack %s", name->text);
	int code = append(flattening, &marker);
	if (code != TPAM_OK)
		return code;
	flattening->level++;
	code = read_stack(flattening, line, name);
	flattening->level--;
	return code;
}

static int add_provider(
	struct flattening *flattening, const struct line *line, const struct word *name)
{
	struct rule rule = {.control = line->control, .at = line->first->at, .word = name->at};
	rule.instance = rules_provider(flattening, name);
	rule.written = text_copy(line->first->text, strlen(line->first->text));
	return append(flattening, &rule);
}

typedef int add_fn(struct flattening *flattening, const struct line *line, const struct word *name);

static add_fn *const adders[] = {
	[CONTROL_ACTIONS] = add_provider,
	[CONTROL_INCLUDE] = read_stack,
	[CONTROL_SUBSTACK] = add_substack,
};

static void check_line(struct flattening *flattening, const struct line *line, size_t names)
{
	const struct word *first = line->first;
	char buffer[REPORT_QUOTE_SIZE];
	if (names == 0)
		REFUSE(flattening, first->at,
			"got control %s alone, expected the name of a %s after it",
			report_quote(buffer, first->text, strlen(first->text)),
			line->kind == CONTROL_ACTIONS ? "provider" : "stack");
	if (line->control.decisive && flattening->level > 0)
		REFUSE(flattening, first->at,
			"got \"decisive\" in a substack, expected it outside of any: a refusal "
			"would end the "
			"substack alone, and a laxer rule after it would run");
}

/*
 * Nobody knows what the control was meant to be; names that
 * are neither a stack's nor a provider's are wrong anyway.
 */
static void check_names(struct flattening *flattening, const struct words *words)
{
	const struct program_names *names = flattening->names;
	flattening->refused = flattening->uncertain = true;
	for (size_t i = 1; i < words->count; i++) {
		if (!names->stack(names->data, words->list[i].text))
			rules_provider(flattening, &words->list[i]);
	}
}

static int read_line(struct flattening *flattening, const struct words *words)
{
	struct line line = {.first = &words->list[0]};
	int code = control_parse(&line.kind, &line.control, line.first, flattening->report);
	if (code == TPAM_E_CONFIG) {
		check_names(flattening, words);
		return TPAM_OK;
	}
	if (code == TPAM_OK)
		check_line(flattening, &line, words->count - 1);
	for (size_t i = 1; i < words->count && code == TPAM_OK; i++)
		code = adders[line.kind](flattening, &line, &words->list[i]);
	return code;
}

static int read_value(struct flattening *flattening, const struct value *value)
{
	struct words words = {.list = NULL};
	int code = words_split(&words, value, true, flattening->report);
	if (code != TPAM_OK) {
		flattening->refused = flattening->uncertain = true;
		return code == TPAM_E_CONFIG ? TPAM_OK : code;
	}
	if (words.count > 0)
		code = read_line(flattening, &words);
	else
		REFUSE(flattening, value->at,
			"got an empty rule, expected a control and the name of a provider");
	words_finish(&words);
	return code;
}

static int read_setting(struct flattening *flattening, const struct setting *setting)
{
	int code = TPAM_OK;
	for (size_t i = 0; i < setting->count && code == TPAM_OK; i++)
		code = read_value(flattening, &setting->values[i]);
	return code;
}

/* How many rules follow at the level of rule `index`, a substack being one. */
static int32_t rules_left(const struct program *program, size_t index)
{
	int32_t left = 0;
	unsigned level = program->rules[index].level;
	size_t end = dispatch_end(program, index);
	for (size_t i = index + 1; i < end; i++)
		left += program->rules[i].level == level;
	return left;
}

/* A jump past the end is only known for one when all rules are there. */
static void check_jump(struct flattening *flattening, size_t index)
{
	const struct rule *rule = &flattening->program.rules[index];
	int32_t longest = 0;
	for (size_t i = 1; i < TPAM_OUTCOME_LIMIT; i++) {
		if (rule->control.actions[i] > longest)
			longest = rule->control.actions[i];
	}
	int32_t left = longest > 0 ? rules_left(&flattening->program, index) : 0;
	if (longest > left)
		REFUSE(flattening, rule->at,
			"got jump %d, expected at most %d, as many rules as follow at its level",
			longest, left);
}

/* Flattens; without `whole` it may be a piece of a program, so jumps may lead out of it. */
static int flatten(
	struct flattening *flattening, struct setting *const *settings, size_t count, bool whole)
{
	struct program *program = &flattening->program;
	int code = TPAM_OK;
	for (size_t i = 0; i < count && code == TPAM_OK; i++)
		code = read_setting(flattening, settings[i]);
	for (size_t i = 0; whole && i < program->count && code == TPAM_OK && !flattening->uncertain;
		i++)
		check_jump(flattening, i);
	if (report_failed(flattening->report))
		return TPAM_E_MEMORY;
	return code != TPAM_E_MEMORY && flattening->refused ? TPAM_E_CONFIG : code;
}

int program_build(struct program *ret, struct setting *const *settings, size_t count,
	enum tpam_group group, const struct program_names *names, struct tpam_report *report)
{
	struct flattening flattening = {.names = names, .report = report, .group = group};
	int code = flatten(&flattening, settings, count, true);
	if (code != TPAM_OK) {
		program_finish(&flattening.program);
		return code;
	}
	*ret = flattening.program;
	return TPAM_OK;
}

int program_check(struct setting *setting, enum tpam_group group, const struct program_names *names,
	struct tpam_report *report)
{
	struct flattening flattening = {.names = names, .report = report, .group = group};
	int code = flatten(&flattening, &setting, 1, false);
	program_finish(&flattening.program);
	return code;
}
