/*
 * dispatch.c - runs a program exactly as PAM runs a chain of modules.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "dispatch.h"

#include "codes.h"

bool dispatch_jump(const struct program *program, size_t index, int32_t count, size_t *ret_next)
{
	unsigned level = program->rules[index].level;
	size_t next = index + 1;
	while (count > 0 && next < program->count && program->rules[next].level >= level) {
		next++;
		while (next < program->count && program->rules[next].level > level)
			next++;
		count--;
	}
	*ret_next = next;
	return count == 0;
}

size_t dispatch_end(const struct program *program, size_t index)
{
	unsigned level = program->rules[index].level;
	size_t next = index + 1;
	while (next < program->count && program->rules[next].level >= level)
		next++;
	return next;
}

static void fail(struct dispatch *dispatch, enum impression impression, int32_t status)
{
	dispatch->impression = impression;
	dispatch->status = status;
	dispatch->failed = dispatch->index;
}

/* A later success replaces a success, never an earlier outcome that was accepted without being one. */
static void accept(struct dispatch *dispatch, int32_t outcome)
{
	if (dispatch->impression == IMPRESSION_NEGATIVE)
		return;
	if (dispatch->impression == IMPRESSION_POSITIVE && dispatch->status != TPAM_SUCCESS)
		return;
	if (!outcome_accepts(outcome)) {
		fail(dispatch, IMPRESSION_POSITIVE, outcome);
		return;
	}
	dispatch->impression = IMPRESSION_POSITIVE;
	dispatch->status = outcome;
}

/* The first refusal sticks. */
static void refuse(struct dispatch *dispatch, int32_t outcome)
{
	if (dispatch->impression != IMPRESSION_NEGATIVE)
		fail(dispatch, IMPRESSION_NEGATIVE, outcome == TPAM_IGNORE ? TPAM_DENIED : outcome);
}

static void save(struct dispatch *dispatch, const struct dispatch_hooks *hooks, unsigned level)
{
	dispatch->saved[level] = (struct dispatch_saved){.impression = dispatch->impression,
		.status = dispatch->status,
		.failed = dispatch->failed,
		.mark = hooks->mark(hooks->data)};
}

static void reset(struct dispatch *dispatch, const struct dispatch_hooks *hooks, unsigned level)
{
	const struct dispatch_saved *saved = &dispatch->saved[level];
	dispatch->impression = saved->impression;
	dispatch->status = saved->status;
	dispatch->failed = saved->failed;
	hooks->rewind(hooks->data, saved->mark);
}

/* Does what the action says; the index of the rule that is next. */
static size_t act(struct dispatch *dispatch, const struct dispatch_hooks *hooks, int32_t outcome,
	int32_t action)
{
	const struct program *program = dispatch->program;
	size_t index = dispatch->index, next = index + 1;
	switch (action) {
	case ACTION_IGNORE:
		break;
	case ACTION_RESET:
		reset(dispatch, hooks, program->rules[index].level);
		break;
	case ACTION_OK:
		accept(dispatch, outcome);
		break;
	case ACTION_DONE:
		accept(dispatch, outcome);
		if (dispatch->impression == IMPRESSION_POSITIVE)
			next = dispatch_end(program, index);
		break;
	case ACTION_DIE:
		refuse(dispatch, outcome);
		next = dispatch_end(program, index);
		break;
	default:
		if (action <= 0)
			refuse(dispatch, outcome);
		else if (!dispatch_jump(program, index, action, &next))
			fail(dispatch, IMPRESSION_NEGATIVE, TPAM_DENIED);
	}
	return next;
}

/* A rule of a higher level than the one before is the first of a substack. */
static void enter(struct dispatch *dispatch, const struct dispatch_hooks *hooks, unsigned level)
{
	if (level > dispatch->level)
		save(dispatch, hooks, level);
	dispatch->level = level;
}

static void settle(struct dispatch *dispatch, const struct dispatch_hooks *hooks, int32_t code)
{
	const struct rule *rule = &dispatch->program->rules[dispatch->index];
	bool known = outcome_known(code);
	int32_t outcome = known ? code : TPAM_ERROR;
	int32_t action = known ? rule->control.actions[code] : ACTION_BAD;
	bool contributes = outcome_accepts(outcome) &&
			   (action == ACTION_OK || action == ACTION_DONE || action > 0);
	hooks->ran(hooks->data, dispatch->index, outcome, action, contributes);
	dispatch->index = act(dispatch, hooks, outcome, action);
}

void dispatch_begin(struct dispatch *dispatch, const struct program *program,
	const struct dispatch_hooks *hooks)
{
	/* What is saved of a level is written when the level is entered. */
	dispatch->program = program;
	dispatch->index = 0;
	dispatch->level = 0;
	dispatch->impression = IMPRESSION_UNDEFINED;
	dispatch->status = TPAM_DENIED;
	dispatch->failed = SIZE_MAX;
	save(dispatch, hooks, 0);
}

int32_t dispatch_run(struct dispatch *dispatch, const struct dispatch_hooks *hooks)
{
	const struct program *program = dispatch->program;
	while (dispatch->index < program->count) {
		const struct rule *rule = &program->rules[dispatch->index];
		enter(dispatch, hooks, rule->level);
		if (!rule->instance) {
			dispatch->index++;
			continue;
		}
		int32_t code = hooks->run(hooks->data, dispatch->index);
		if (code == TPAM_PENDING)
			return TPAM_PENDING;
		settle(dispatch, hooks, code);
	}
	if (dispatch->status == TPAM_SUCCESS && dispatch->impression != IMPRESSION_POSITIVE)
		return TPAM_DENIED;
	return dispatch->status;
}

bool dispatch_accepted(const struct dispatch *dispatch)
{
	return dispatch->impression == IMPRESSION_POSITIVE && outcome_accepts(dispatch->status);
}
