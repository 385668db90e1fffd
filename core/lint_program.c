/*
 * lint_program.c - rules that can never run, and programs that can never accept.
 *
 * Follows every way through a program at once. What a way can have come to is its impression alone; control
 * only flows forward, so one pass does. Where this is less than exact it says too little, never too much.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "dispatch.h"
#include "instance.h"

#define BIT(impression) (1U << (impression))
#define ALL_OUTCOMES    ((1U << TPAM_OUTCOME_LIMIT) - 2U)

/* What the loader itself makes of a rule, whatever the provider would have said. */
#define LOADER_OUTCOMES                                                                            \
	(TPAM_MAY(ERROR) | TPAM_MAY(NO_CREDENTIAL) | TPAM_MAY(FOREIGN) | TPAM_MAY(MALFORMED) |     \
		TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) | TPAM_MAY(DENIED) | TPAM_MAY(UNAVAILABLE) | \
		TPAM_MAY(IGNORE))

struct lint {
	const struct program *program;
	size_t blocked; /* the rule that no way leads through; SIZE_MAX: none */
	unsigned char
		ways[PROGRAM_RULES_MAX + 1]; /* impressions a rule is reached with; the end, too */
};

/* Pairs of rules with one provider that are looked at. */
#define PAIRS_MOST 64

/* Utilities that need nothing do what they say; around all others there is the loader. */
static unsigned outcomes_of(const struct tpam_instance *instance)
{
	const struct tpam_provider *provider = instance->provider;
	unsigned declared = provider->outcomes & ALL_OUTCOMES;
	if (declared == 0)
		return ALL_OUTCOMES;
	bool constant = provider->role == TPAM_ROLE_UTILITY && provider->inputs_needed == 0;
	return constant && !instance->anonymous ? declared : declared | LOADER_OUTCOMES;
}

static unsigned accepted(unsigned ways)
{
	return (ways & ~BIT(IMPRESSION_UNDEFINED)) |
	       (ways & BIT(IMPRESSION_UNDEFINED) ? BIT(IMPRESSION_POSITIVE) : 0);
}

/* What the substack that a rule belongs to was entered with. */
static unsigned saved(const struct lint *lint, size_t index)
{
	unsigned level = lint->program->rules[index].level;
	if (level == 0)
		return BIT(IMPRESSION_UNDEFINED);
	while (lint->program->rules[index].level >= level)
		index--;
	return lint->ways[index];
}

static void reach(struct lint *lint, size_t index, unsigned ways)
{
	lint->ways[index] |= (unsigned char)ways;
}

static void follow(struct lint *lint, size_t index, int32_t action)
{
	const struct program *program = lint->program;
	unsigned ways = lint->ways[index], positive = accepted(ways) & BIT(IMPRESSION_POSITIVE);
	size_t next = index + 1;
	switch (action) {
	case ACTION_IGNORE:
		reach(lint, next, ways);
		break;
	case ACTION_RESET:
		reach(lint, next, saved(lint, index));
		break;
	case ACTION_OK:
		reach(lint, next, accepted(ways));
		break;
	case ACTION_DONE:
		reach(lint, dispatch_end(program, index), positive);
		reach(lint, next, ways & BIT(IMPRESSION_NEGATIVE));
		break;
	case ACTION_DIE:
		reach(lint, dispatch_end(program, index), BIT(IMPRESSION_NEGATIVE));
		break;
	case ACTION_BAD:
		reach(lint, next, BIT(IMPRESSION_NEGATIVE));
		break;
	default:
		dispatch_jump(program, index, action, &next);
		reach(lint, next, ways);
	}
}

static void run(struct lint *lint)
{
	const struct program *program = lint->program;
	lint->ways[0] = BIT(IMPRESSION_UNDEFINED);
	for (size_t i = 0; i < program->count; i++) {
		const struct rule *rule = &program->rules[i];
		unsigned outcomes = rule->instance ? outcomes_of(rule->instance) : 0;
		if (lint->ways[i] == 0 || i == lint->blocked)
			continue;
		if (!rule->instance)
			reach(lint, i + 1, lint->ways[i]);
		for (int32_t outcome = 1; outcome < TPAM_OUTCOME_LIMIT; outcome++) {
			if (outcomes & (1U << outcome))
				follow(lint, i, rule->control.actions[outcome]);
		}
	}
}

/* Tells of a substack once, not of each rule in it. */
static void warn_unreached(const struct lint *lint, struct tpam_report *report)
{
	const struct program *program = lint->program;
	size_t last = 0;
	for (size_t i = 0; i < program->count; i++) {
		const struct rule *rule = &program->rules[i];
		if (lint->ways[i]) {
			last = i;
			continue;
		}
		report_warning(report, rule->word,
			"got a rule that never runs, expected one that an outcome of the rules "
			"before reaches; "
			"the last that can run is at %s",
			program->rules[last].at_text);
		while (i + 1 < program->count && program->rules[i + 1].level > rule->level)
			i++;
	}
}

/* True if every way to rule `later` leads through `earlier`. */
static bool leads_through(const struct program *program, size_t earlier, size_t later)
{
	struct lint without = {.program = program, .blocked = earlier};

	run(&without);
	return without.ways[later] == 0;
}

/* Utilities are constants, and no less right for being there twice. */
static bool asks_again(const struct rule *later, const struct rule *earlier)
{
	return later->instance && later->instance == earlier->instance &&
	       later->instance->provider->role != TPAM_ROLE_UTILITY;
}

static void warn_again(const struct lint *lint, struct tpam_report *report)
{
	const struct program *program = lint->program;
	size_t pairs = 0;

	for (size_t i = 0; i < program->count; i++)
		for (size_t j = 0; lint->ways[i] && j < i; j++) {
			const struct rule *later = &program->rules[i],
					  *earlier = &program->rules[j];
			if (!asks_again(later, earlier) || !lint->ways[j] || ++pairs > PAIRS_MOST ||
				!leads_through(program, j, i))
				continue;
			report_warning(report, later->word,
				"got provider \"%s\" again, which the rule at %s has asked; "
				"expected each "
				"once",
				later->instance->name, earlier->at_text);
			break;
		}
}

static bool counts(const struct rule *rule, int32_t outcome)
{
	int32_t action = rule->control.actions[outcome];
	return (outcomes_of(rule->instance) & (1U << outcome)) &&
	       (action == ACTION_OK || action == ACTION_DONE || action > 0);
}

static bool identifies(const struct rule *rule)
{
	return rule->instance->provider->role == TPAM_ROLE_IDENTITY || rule->instance->anonymous;
}

/* Stacks of nothing but `deny` are meant so. */
static bool is_closed(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct tpam_instance *instance = program->rules[i].instance;
		if (!instance)
			continue;
		unsigned outcomes = outcomes_of(instance);
		if (instance->provider->role != TPAM_ROLE_UTILITY ||
			(outcomes & (TPAM_MAY(SUCCESS) | TPAM_MAY(EXPIRING))))
			return false;
	}
	return true;
}

static bool can_accept(const struct lint *lint)
{
	const struct program *program = lint->program;
	bool identity = false;
	for (size_t i = 0; i < program->count; i++) {
		const struct rule *rule = &program->rules[i];
		if (lint->ways[i] && rule->instance && identifies(rule))
			identity |= counts(rule, TPAM_SUCCESS) || counts(rule, TPAM_EXPIRING);
	}
	return identity && (lint->ways[program->count] & BIT(IMPRESSION_POSITIVE));
}

void program_lint(const struct program *program, enum tpam_group group, struct tpam_report *report)
{
	struct lint lint = {.program = program, .blocked = SIZE_MAX};
	if (program->count == 0)
		return;
	run(&lint);
	warn_unreached(&lint, report);
	warn_again(&lint, report);
	if (group == TPAM_AUTH && !can_accept(&lint) && !is_closed(program))
		report_warning(report, program->rules[0].at,
			"got auth rules that can never accept, expected a provider that says who "
			"this is and whose "
			"success counts");
}
