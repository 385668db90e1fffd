/*
 * decide.c - one request's way: auth, grants, requirements, account, session, result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "decision.h"
#include "json.h"
#include "memory.h"

#define IDENTITIES_MAX 4096

/* ---- What the dispatcher asks ---- */

static int32_t hook_run(void *data, size_t index)
{
	struct decision *decision = data;

	return call_run(decision, &decision->program->rules[index]);
}

static void hook_ran(void *data, size_t index, int32_t outcome, int32_t action, bool contributes)
{
	struct decision *decision = data;
	struct trace *trace = &decision->result->trace;

	(void)outcome;
	if (trace->count == 0)
		return;
	struct trace_record *record = &trace->records[trace->count - 1];
	record->rule = index;
	record->action = action;
	if (!contributes || decision->group != TPAM_AUTH ||
		!identity_complete(&decision->call.identity))
		return;
	if (!arena_reserve(&decision->result->arena, &decision->identities,
		    decision->identity_count, sizeof(struct identity), IDENTITIES_MAX)) {
		decision->no_memory = true;
		return;
	}
	struct identity *identity = &decision->identities[decision->identity_count++];
	*identity = decision->call.identity;
	/* Behind what is kept of the verdict: a grant is the configuration's, not the provider's. */
	const struct grants *grants = identity->instance->grants;
	identity->token_scopes = identity->fields[TPAM_FIELD_SCOPES].list;
	if (grants && !grants_apply(grants, identity, record))
		decision->no_memory = true;
}

static size_t hook_mark(void *data)
{
	return ((struct decision *)data)->identity_count;
}

static void hook_rewind(void *data, size_t mark)
{
	decision_rewind(data, mark);
}

/* Index in the program to record in the trace: a rule runs at most once, and jumps only lead forward. */
static size_t record_of(const struct decision *decision, size_t rule)
{
	const struct trace *trace = &decision->result->trace;

	for (size_t i = trace->count; rule != SIZE_MAX && i-- > 0;)
		if (trace->records[i].group == decision->group && trace->records[i].rule == rule)
			return i;
	return SIZE_MAX;
}

enum verdict { VERDICT_REFUSED, VERDICT_ACCEPTED, VERDICT_WAITS };

static enum verdict group_end(struct decision *decision, int32_t status)
{
	decision->dispatching = false;
	decision->failed = record_of(decision, decision->dispatch.failed);
	decision->result->groups[group_index(decision->group)] = status;
	if (decision->broken != SIZE_MAX) { /* not even a reset makes up for it */
		decision->failed = decision->broken;
		return VERDICT_REFUSED;
	}
	return dispatch_accepted(&decision->dispatch) ? VERDICT_ACCEPTED : VERDICT_REFUSED;
}

/*
 * Runs a group, or goes on with it. What PAM would return is no measure of acceptance: a rule with
 * [expiring=bad] refuses with the status "expiring".
 */
static enum verdict group_run(struct decision *decision, enum tpam_group group, int32_t *ret_status)
{
	const struct dispatch_hooks hooks = {.run = hook_run,
		.ran = hook_ran,
		.mark = hook_mark,
		.rewind = hook_rewind,
		.data = decision};

	if (!decision->dispatching) {
		decision->group = group;
		decision->program = &decision->service->programs[group_index(group)];
		decision->dispatching = true;
		dispatch_begin(&decision->dispatch, decision->program, &hooks);
	}
	*ret_status = dispatch_run(&decision->dispatch, &hooks);
	return *ret_status == TPAM_PENDING ? VERDICT_WAITS : group_end(decision, *ret_status);
}

/* ---- Steps; each says whether to go on, and has set the outcome if not ---- */

enum step { STEP_END, STEP_ON, STEP_WAIT };

static enum step refuse(struct decision *decision, int32_t outcome, int32_t reason,
	const char *expected, const char *got)
{
	struct tpam_result *result = decision->result;

	result->outcome = outcome;
	result->reason = reason;
	result->expected = expected ? arena_copy(&result->arena, expected, strlen(expected)) : NULL;
	result->got = got ? arena_copy(&result->arena, got, strlen(got)) : NULL;
	if ((expected && !result->expected) || (got && !result->got))
		decision->no_memory = true;
	return STEP_END;
}

/* "provider:subject" */
static const char *join_id(struct arena *arena, const char *provider, const char *subject)
{
	size_t first = strlen(provider), second = strlen(subject);
	char *text = arena_take(arena, first + second + 2);

	if (!text)
		return NULL;
	memcpy(text, provider, first);
	text[first] = ':';
	memcpy(text + first + 1, subject, second + 1);
	return text;
}

static bool identity_settle(struct decision *decision)
{
	struct tpam_result *result = decision->result;
	const struct identity *identity = &result->identity;
	const char *provider = identity->instance ? identity->instance->name : "tokenpam";

	result->identified = true;
	result->id = join_id(&result->arena, provider, identity_text(identity, TPAM_FIELD_SUBJECT));
	if (!result->id)
		decision->no_memory = true;
	return !decision->no_memory;
}

bool decision_become_anonymous(struct decision *decision)
{
	struct tpam_result *result = decision->result;

	result->identity = (struct identity){.arena = &result->arena};
	if (!identity_set_anonymous(&result->identity))
		decision->no_memory = true;
	return !decision->no_memory && identity_settle(decision);
}

static enum step identity_join(struct decision *decision)
{
	size_t conflict = 0;
	int code = identity_merge(&decision->result->identity, decision->identities,
		decision->identity_count, decision->service->merge, &conflict);

	if (code == TPAM_OK)
		return identity_settle(decision) ? STEP_ON : STEP_END;
	if (code == TPAM_E_MEMORY) {
		decision->no_memory = true;
		return STEP_END;
	}
	return refuse(decision, TPAM_DENIED, TPAM_REASON_IDENTITY_CONFLICT,
		identity_text(&decision->identities[0], TPAM_FIELD_SUBJECT),
		identity_text(&decision->identities[conflict], TPAM_FIELD_SUBJECT));
}

/* Where every rule is run and no tool has requirements of its own. */
static size_t records_expected(const struct service *service)
{
	size_t count = service->requirements.count + (service->match_username != 0);

	for (size_t i = 0; i < RESULT_GROUPS; i++)
		count += service->programs[i].count;
	return count;
}

/*
 * Whom one service recognised another one did not, unless the same rules would have recognised them, and for the same
 * audience.
 */
static bool recognises(const struct service *service, const struct service *other)
{
	size_t auth = group_index(TPAM_AUTH);

	return service == other ||
	       (service->hub_rules[auth] && other->hub_rules[auth] && !service->own_rules[auth] &&
		       !other->own_rules[auth] && service->merge == other->merge &&
		       service->audience_number == other->audience_number);
}

static enum step step_service(struct decision *decision)
{
	const char *name = request_text(decision->request, TPAM_ITEM_SERVICE);

	decision->service = generation_service(decision->generation, name);
	decision->result->service = decision->service;
	if (!decision->service)
		return refuse(decision, TPAM_DENIED, TPAM_REASON_UNKNOWN_SERVICE,
			"a configured service", name);
	if (decision->request->header_size > decision->generation->limits.headers)
		return refuse(decision, TPAM_MALFORMED, TPAM_REASON_TOO_LARGE,
			"headers of at most max_headers bytes", "more");
	const struct bytes *arguments = &decision->request->items[TPAM_ITEM_TOOL_ARGUMENTS];
	if (arguments->data && !json_depth_within(arguments->data, arguments->length,
				       decision->generation->limits.json_depth))
		return refuse(decision, TPAM_MALFORMED, TPAM_REASON_TOO_LARGE,
			"tool arguments no deeper than max_json_depth", "deeper ones");
	const struct tpam_result *who = decision->request->who;
	if (who && !recognises(decision->service, who->service))
		return refuse(decision, TPAM_ERROR, TPAM_REASON_MISCONFIGURED,
			"a service with the same auth rules and audience as the one that "
			"recognised the identity",
			name);
	if (decision->service->programs[group_index(TPAM_AUTH)].count == 0)
		return refuse(decision, TPAM_DENIED, TPAM_REASON_NO_RULES, "an auth rule", "none");
	decision->no_memory =
		!trace_expect(&decision->result->trace, records_expected(decision->service));
	return STEP_ON;
}

/* Where no provider has anything to look at, what is open to everybody is open to nobody in particular. */
static enum step become_anonymous(struct decision *decision)
{
	struct tpam_result *result = decision->result;

	result->bare = result->outcome == TPAM_NO_CREDENTIAL && decision_bare(decision);
	if (!result->bare || !policy_public(decision))
		return STEP_END;
	result->open = true;
	result->decisive = NULL;
	result->outcome = TPAM_SUCCESS;
	return decision_become_anonymous(decision) ? STEP_ON : STEP_END;
}

/* The identity belongs to the result that it comes from, which lives as long as this one. */
static enum step recall(struct decision *decision, struct tpam_result *who)
{
	struct tpam_result *result = decision->result;
	int64_t now = hooks_wall(&decision->generation->hooks) / 1000000000;
	int64_t expires = identity_number(&who->identity, TPAM_FIELD_EXPIRES_AT);

	if (expires != TPAM_TIME_UNSET && expires <= now - decision->generation->leeway)
		return refuse(decision, TPAM_EXPIRED, TPAM_REASON_EXPIRED, "a time in the future",
			"one that has passed");
	result->who = tpam_result_ref(who);
	result->outcome = expires_soon(&who->identity, now) ? TPAM_EXPIRING
			  : outcome_accepts(who->outcome)   ? who->outcome
							    : TPAM_SUCCESS;
	result->identity = who->identity;
	result->identity.arena = &result->arena;
	result->id = who->id;
	result->identified = true;
	return STEP_ON;
}

static enum step step_auth(struct decision *decision)
{
	int32_t status;

	if (decision->request->who)
		return recall(decision, decision->request->who);
	enum verdict verdict = group_run(decision, TPAM_AUTH, &status);

	if (verdict == VERDICT_WAITS)
		return STEP_WAIT;
	if (decision->no_memory)
		return STEP_END;
	if (verdict != VERDICT_ACCEPTED || decision->identity_count == 0) {
		decision_blame(decision, TPAM_AUTH, status);
		return become_anonymous(decision);
	}
	decision->result->outcome = status;
	return identity_join(decision);
}

static enum step step_require(struct decision *decision)
{
	bool met = policy_check(decision);

	if (!met && !decision->no_memory)
		decision->result->decisive = &decision->result->trace.records[decision->failed];
	return met && !decision->no_memory ? STEP_ON : STEP_END;
}

/* Account and session: absent passes, present must succeed. */
static enum step step_group(struct decision *decision, enum tpam_group group)
{
	int32_t before = decision->result->outcome, status;

	if (decision->service->programs[group_index(group)].count == 0)
		return STEP_ON;
	enum verdict verdict = group_run(decision, group, &status);
	if (verdict == VERDICT_WAITS)
		return STEP_WAIT;
	if (decision->no_memory)
		return STEP_END;
	if (verdict != VERDICT_ACCEPTED) {
		decision_blame(decision, group, status);
		return STEP_END;
	}
	decision->result->outcome = before == TPAM_EXPIRING ? before : status;
	return STEP_ON;
}

static enum step step_account(struct decision *decision)
{
	return step_group(decision, TPAM_ACCOUNT);
}

/* Nothing was accepted where it is only asked what would be. */
static enum step step_session(struct decision *decision)
{
	if (decision->simulation)
		return STEP_ON;
	return step_group(decision, TPAM_SESSION);
}

void decision_expire(struct decision *decision, int32_t reason)
{
	static const char expected[] = "an answer before the deadline", got[] = "none";

	if (decision->state == CALL_NONE) {
		(void)refuse(decision, TPAM_UNAVAILABLE, reason, expected, got);
		return;
	}
	/* The rule that was waited for is what decided. */
	struct trace_record *record = call_record(&decision->call);
	record->entry.outcome = TPAM_UNAVAILABLE;
	record->entry.reason = reason;
	record->entry.duration =
		hooks_monotonic(&decision->generation->hooks) - decision->call.began;
	record->action = ACTION_DIE;
	if (!trace_expected(record, expected) || !trace_got(record, got))
		decision->no_memory = true;
	decision->result->outcome = TPAM_UNAVAILABLE;
	decision->result->reason = reason;
	decision->result->decisive = record;
}

bool decision_run(struct decision *decision)
{
	static enum step (*const steps[])(struct decision *) = {
		step_service, step_auth, step_require, step_account, step_session};
	enum step step = STEP_ON;

	decision->clock = 0;
	while (step == STEP_ON && decision->step < sizeof(steps) / sizeof(steps[0])) {
		if (decision->no_memory)
			return true;
		step = steps[decision->step](decision);
		decision->step += step == STEP_ON;
	}
	if (step == STEP_ON)
		decision->result->reason = TPAM_REASON_ACCEPTED;
	return step != STEP_WAIT;
}
