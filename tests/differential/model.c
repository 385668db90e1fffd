/*
 * model.c - which stacks must be refused, and which matter, decided on the lines as they are written.
 *
 * Nothing is flattened here: what follows a rule at its level is counted from the inside out, which is another way than
 * the library's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stacks.h"

#define DECISIVE 5

/* How many rules a jump would count over the whole of a stack. */
static int32_t length_of(const struct stacks *stacks, size_t stack)
{
	int32_t length = 0;
	for (size_t i = 0; i < stacks->list[stack].count; i++) {
		const struct line *line = &stacks->list[stack].lines[i];
		for (size_t target = 0; target < line->target_count; target++)
			length += line->kind == KIND_INCLUDE
					  ? length_of(stacks, line->targets[target].number)
					  : 1;
	}
	return length;
}

/* The longest jump that an outcome can lead to; `default` counts only where some outcome is left to it. */
static int32_t longest_jump(const struct line *line)
{
	int32_t longest = 0;
	size_t named = 0;
	for (size_t i = 0; i < line->pair_count; i++)
		named += line->pairs[i].outcome != 0;
	for (size_t i = 0; i < line->pair_count; i++) {
		const struct pair *pair = &line->pairs[i];
		bool counts = pair->outcome != 0 || named < TPAM_OUTCOME_LIMIT - 1;
		if (counts && pair->verb == VERB_JUMP && pair->jump > longest)
			longest = pair->jump;
	}
	return longest;
}

/* `after` rules follow the stack at its level. */
static bool is_refused(const struct stacks *stacks, size_t stack, int32_t after, bool substack)
{
	int32_t left = length_of(stacks, stack) + after;
	for (size_t i = 0; i < stacks->list[stack].count; i++) {
		const struct line *line = &stacks->list[stack].lines[i];
		if (line->kind == KIND_RULE && line->keyword == DECISIVE && substack)
			return true;
		for (size_t j = 0; j < line->target_count; j++) {
			size_t number = line->targets[j].number;
			left -= line->kind == KIND_INCLUDE ? length_of(stacks, number) : 1;
			if (line->kind == KIND_RULE && longest_jump(line) > left)
				return true;
			if (line->kind == KIND_INCLUDE &&
				is_refused(stacks, number, left, substack))
				return true;
			if (line->kind == KIND_SUBSTACK && is_refused(stacks, number, 0, true))
				return true;
		}
	}
	return false;
}

void stacks_mark_reached(const struct stacks *stacks, size_t stack, bool reached[STACKS_MAX])
{
	reached[stack] = true;
	for (size_t i = 0; i < stacks->list[stack].count; i++) {
		const struct line *line = &stacks->list[stack].lines[i];
		for (size_t j = 0; line->kind != KIND_RULE && j < line->target_count; j++)
			stacks_mark_reached(stacks, line->targets[j].number, reached);
	}
}

bool stacks_refused(const struct stacks *stacks)
{
	return is_refused(stacks, 0, 0, false);
}
