/*
 * generate.c - random stacks, much more twisted than anybody's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stacks.h"

#include <string.h>

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(2685821657736338717);
}

static size_t below(uint64_t *state, size_t limit)
{
	return (size_t)((next(state) >> 33) % limit);
}

static bool chance(uint64_t *state, size_t percent)
{
	return below(state, 100) < percent;
}

static struct pair pair_of(uint64_t *state, int32_t outcome)
{
	static const enum verb verbs[] = {VERB_IGNORE, VERB_IGNORE, VERB_OK, VERB_OK, VERB_OK,
		VERB_DONE, VERB_DONE, VERB_BAD, VERB_BAD, VERB_DIE, VERB_RESET, VERB_RESET,
		VERB_JUMP, VERB_JUMP};
	struct pair pair = {
		.outcome = outcome, .verb = verbs[below(state, sizeof(verbs) / sizeof(verbs[0]))]};
	if (pair.verb == VERB_JUMP)
		pair.jump = (int32_t)(1 + (chance(state, 70) ? 0 : below(state, 4)));
	return pair;
}

/* Outcomes in random order, each at most once, `default` among them; a line has 199 bytes. */
static void add_pairs(struct line *line, uint64_t *state)
{
	size_t start = below(state, TPAM_OUTCOME_LIMIT);
	size_t percent = chance(state, 30) ? 80 : 15;
	for (size_t i = 0; i < TPAM_OUTCOME_LIMIT && line->pair_count < PAIRS_MAX; i++) {
		int32_t outcome = (int32_t)((start + i * 7) % TPAM_OUTCOME_LIMIT);
		bool likely = outcome == 0 || outcome == TPAM_SUCCESS;
		if (chance(state, likely ? 75 : percent))
			line->pairs[line->pair_count++] = pair_of(state, outcome);
	}
	if (line->pair_count == 0)
		line->pairs[line->pair_count++] = pair_of(state, 0);
}

static void add_modules(struct stacks *stacks, struct line *line, uint64_t *state, bool wild)
{
	line->target_count = chance(state, 75) ? 1 : 1 + below(state, NAMES_MAX);
	for (size_t i = 0; i < line->target_count; i++) {
		struct target *target = &line->targets[i];
		target->number = stacks->modules++;
		target->outcome = chance(state, 40)
					  ? TPAM_SUCCESS
					  : (int32_t)(1 + below(state, TPAM_OUTCOME_LIMIT - 1));
		if (wild && chance(state, 1)) {
			target->outcome = ALIEN;
			stacks->alien = true;
		}
		target->pends = wild && chance(state, 4);
	}
}

/* Only stacks after this one are named, so there are no loops. */
static void add_stacks(struct stacks *stacks, size_t stack, struct line *line, uint64_t *state)
{
	line->target_count = chance(state, 85) ? 1 : 2;
	for (size_t i = 0; i < line->target_count; i++)
		line->targets[i].number = stack + 1 + below(state, stacks->count - stack - 1);
}

static void add_line(struct stacks *stacks, size_t stack, uint64_t *state, bool wild)
{
	struct line *line = &stacks->list[stack].lines[stacks->list[stack].count++];
	memset(line, 0, sizeof(*line));
	line->keyword = -1;
	if (stack + 1 < stacks->count && chance(state, 40)) {
		line->kind = chance(state, 40) ? KIND_INCLUDE : KIND_SUBSTACK;
		add_stacks(stacks, stack, line, state);
		return;
	}
	line->kind = KIND_RULE;
	if (chance(state, 45))
		line->keyword = (int)below(state, stack == 0 || chance(state, 5) ? 6 : 5);
	else
		add_pairs(line, state);
	add_modules(stacks, line, state, wild);
}

void stacks_generate(struct stacks *stacks, uint64_t *state, bool wild)
{
	*stacks = (struct stacks){.count = 1 + below(state, STACKS_MAX)};
	for (size_t i = 0; i < stacks->count; i++) {
		size_t lines = 1 + below(state, LINES_MAX);
		for (size_t line = 0; line < lines; line++)
			add_line(stacks, i, state, wild);
	}
}
