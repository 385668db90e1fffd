/*
 * call.c - runs one rule's provider and holds it to its contract.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "codes.h"
#include "decision.h"
#include "kinds.h"
#include "kept.h"
#include "memory.h"
#include "operation.h"
#include "simulation.h"

#define CALL_RUNS_MAX 32

struct trace_record *call_record(struct tpam_call *call)
{
	return &call->decision->result->trace.records[call->record];
}

void call_reason(struct tpam_call *call, int32_t reason, const char *expected, const char *got)
{
	struct trace_record *record = call_record(call);

	record->entry.reason = reason;
	if (!trace_expected(record, expected) || !trace_got(record, got))
		call->decision->no_memory = true;
}

/* What a token must be made for: the service's audiences, else the provider's own; element `index`. */
const char *call_audience(const struct tpam_call *call, size_t index)
{
	const struct list *service = &call->decision->service->audiences;

	if (call->instance->audience_none)
		return NULL;
	if (service->count > 0)
		return list_get(service, index);
	for (size_t i = 0; call->instance->audiences && call->instance->audiences[i]; i++)
		if (i == index)
			return call->instance->audiences[i];
	return NULL;
}

struct needed {
	enum tpam_item item;
	const char *name;
};

/* What the host can leave unset, for messages. The credential is looked for on its own. */
static const struct needed needs[] = {
	{TPAM_ITEM_SERVICE, "service"},
	{TPAM_ITEM_TOOL, "tool"},
	{TPAM_ITEM_TOOL_ARGUMENTS, "tool arguments"},
	{TPAM_ITEM_TENANT, "tenant"},
	{TPAM_ITEM_USERNAME, "username"},
	{TPAM_ITEM_RESOURCE, "resource"},
	{TPAM_ITEM_METHOD, "method"},
	{TPAM_ITEM_URL, "url"},
	{TPAM_ITEM_PEER_ADDRESS, "peer address"},
	{TPAM_ITEM_DPOP_PROOF, "DPoP proof"},
	{TPAM_ITEM_CLIENT_CERTIFICATE, "client certificate"},
	{TPAM_ITEM_TAGS, "tags"},
	{TPAM_ITEM_HEADERS, "headers"},
	{TPAM_ITEM_HOST_POINTER, "host pointer"},
	{TPAM_ITEM_AUDIENCE, "audience"},
	{TPAM_ITEM_IDENTITY, "identity"},
};

static bool item_present(const struct tpam_call *call, enum tpam_item item)
{
	const struct tpam_request *request = call->decision->request;

	switch ((int)item) {
	case TPAM_ITEM_AUDIENCE:
		return call_audience(call, 0) != NULL;
	case TPAM_ITEM_IDENTITY:
		return call->group != TPAM_AUTH && call->decision->result->identified;
	case TPAM_ITEM_TAGS:
		return request->tags.count > 0;
	case TPAM_ITEM_HEADERS:
		return request->header_count > 0;
	case TPAM_ITEM_HOST_POINTER:
		return request->host_pointer != NULL;
	default:
		return request_text(request, item) != NULL;
	}
}

/* Rules mostly look in one place, one after the other. False without memory. */
static bool look(struct tpam_call *call)
{
	struct decision *decision = call->decision;
	struct credential *known = &decision->looked_at;
	const struct tpam_instance *instance = call->instance;

	if (known->place != instance->credential ||
		(known->name && strcmp(known->name, instance->credential_name) != 0)) {
		credential_finish(known);
		if (!credential_find(known, decision->request, instance->credential,
			    instance->credential_name, decision->generation->limits.token))
			return false;
		known->place = instance->credential;
		known->name = instance->credential_name;
	}
	call->credential = known;
	return true;
}

/* The outcome if the request lacks what the provider cannot do without; 0 if it lacks nothing. */
static int32_t lacks(struct tpam_call *call)
{
	uint64_t needed = call->instance->provider->inputs_needed;

	/* Mostly there is the credential, and nothing else to go through. */
	uint64_t others = needed & ~(TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(BASIC_USER));
	for (size_t i = 0; others != 0 && i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (!(needed & (UINT64_C(1) << needs[i].item)) || item_present(call, needs[i].item))
			continue;
		call_reason(call, TPAM_REASON_MISSING_INPUT, needs[i].name, "nothing");
		return TPAM_ERROR;
	}
	if (!(call->instance->provider->inputs & TPAM_INPUT(CREDENTIAL)))
		return 0;
	if (!look(call)) {
		call->decision->no_memory = true;
		return TPAM_ERROR;
	}
	bool found = call->credential->outcome == TPAM_SUCCESS;
	bool wanted = needed & TPAM_INPUT(CREDENTIAL);
	if (found && (needed & TPAM_INPUT(BASIC_USER)) && !call->credential->user)
		return TPAM_NO_CREDENTIAL;
	const struct tpam_instance *owner =
		found ? kinds_owner(call->decision->program, call->instance,
				call->credential->bytes, call->credential->length)
		      : NULL;
	if (owner) {
		call_reason(call, TPAM_REASON_OTHER_KIND, "a token of no other provider's kind",
			owner->name);
		return TPAM_FOREIGN;
	}
	/* A broken credential is nobody's to interpret, also not of those who could do without. */
	if (found || (!wanted && call->credential->outcome == TPAM_NO_CREDENTIAL))
		return 0;
	call_reason(
		call, call->credential->reason, call->credential->expected, call->credential->got);
	return call->credential->outcome;
}

int32_t call_provider(struct tpam_call *call)
{
	struct tpam_instance *instance = call->instance;
	provider_fn *function = call->phase == PHASE_ASK ? instance_function(instance, call->group)
							 : instance_recheck(instance);
	bool turns = !(instance->provider->flags & TPAM_CONCURRENT);

	if (++call->runs > CALL_RUNS_MAX)
		return call_broke(call, "more than 32 runs for one request");
	if (turns)
		pthread_mutex_lock(&instance->turn);
	int32_t outcome = function(instance->state, call);
	if (turns)
		pthread_mutex_unlock(&instance->turn);
	return call_judge(call, outcome);
}

static struct trace_record *record_begin(struct decision *decision, const struct rule *rule)
{
	struct trace_record *record = trace_add(&decision->result->trace);

	if (!record)
		return NULL;
	record->group = decision->group;
	record->utility = rule->instance->provider->role == TPAM_ROLE_UTILITY;
	record->entry.group = group_name(decision->group);
	record->entry.provider = rule->instance->name;
	record->entry.plugin = rule->instance->provider->name;
	record->entry.at = rule->at_text;
	record->entry.rule = rule->written;
	record->entry.level = rule->level;
	return record;
}

/* The call of a rule that runs for the first time. False without memory. */
static bool call_begin(struct decision *decision, const struct rule *rule)
{
	if (!record_begin(decision, rule))
		return false;
	static const struct credential none = {.outcome = TPAM_NO_CREDENTIAL};
	struct tpam_call *call = &decision->call;

	memset(call, 0, offsetof(struct tpam_call, identity));
	call->decision = decision;
	call->instance = rule->instance;
	call->group = decision->group;
	call->record = decision->result->trace.count - 1;
	call->credential = &none;
	call->began = decision->clock ? decision->clock : hooks_monotonic(rule->instance->hooks);
	call->identity.instance = rule->instance;
	call->identity.arena = &decision->result->arena;
	if (call->identity.set != 0)
		identity_reset(&call->identity);
	return true;
}

/* The provider begins from its top: what it said the last time is forgotten. */
static void call_again(struct tpam_call *call)
{
	call->wall = 0;
	if (call->phase != PHASE_ASK)
		return;
	trace_forget(call_record(call));
	identity_reset(&call->identity);
	call->cache_seconds = 0;
}

/* Tells the guard what its counting was worth. */
static void guard_settle(struct tpam_call *call, int32_t outcome)
{
	struct guard *guard = call->instance->guard;

	if (!call->guarded)
		return;
	if (outcome_accepts(outcome))
		guard_accepted(guard, call->credential->bytes, call->credential->length);
	else if (outcome == TPAM_FOREIGN)
		guard_refund(guard, request_text(call->decision->request, TPAM_ITEM_PEER_ADDRESS));
}

/* Of a success that lasts no longer than `expire_soon` the client should hear. */
static int32_t tell_soon(struct tpam_call *call, int32_t outcome)
{
	const struct tpam_instance *instance = call->instance;

	if (outcome != TPAM_SUCCESS || instance->expire_soon == 0 || call->group != TPAM_AUTH ||
		instance->provider->role != TPAM_ROLE_IDENTITY)
		return outcome;
	int64_t now = call->wall ? call->wall : hooks_wall(instance->hooks);
	return expires_soon(&call->identity, now / 1000000000) ? TPAM_EXPIRING : outcome;
}

static void call_end(struct tpam_call *call, int32_t outcome)
{
	struct trace_record *record = call_record(call);

	record->entry.outcome = outcome_known(outcome) ? outcome : TPAM_ERROR;
	call->decision->clock = hooks_monotonic(call->instance->hooks);
	record->entry.duration = call->decision->clock - call->began;
	if (outcome_accepts(outcome))
		record->entry.reason = TPAM_REASON_ACCEPTED;
	else if (record->entry.reason == TPAM_REASON_NONE ||
		 record->entry.reason == TPAM_REASON_ACCEPTED)
		record->entry.reason = outcome_usual_reason(outcome);
	guard_settle(call, outcome);
}

/* The outcome if the guard wants the credential to wait; 0 if it may pass. */
static int32_t guard_check(struct tpam_call *call)
{
	struct guard *guard = call->instance->guard;

	if (!guard || !call->credential->bytes)
		return 0;
	int64_t wait =
		guard_ask(guard, request_text(call->decision->request, TPAM_ITEM_PEER_ADDRESS),
			call->credential->bytes, call->credential->length,
			hooks_monotonic(call->instance->hooks));
	call->guarded = wait == 0;
	if (wait == 0)
		return 0;
	call_reason(call, TPAM_REASON_GUARD_LIMIT, "fewer new credentials at once", "more");
	call_record(call)->retry_after = (wait + 999999999) / 1000000000;
	return TPAM_RATE_LIMITED;
}

/* The outcome that there is without asking the provider; 0 if there is none. */
static int32_t call_prepare(struct tpam_call *call)
{
	int32_t outcome = lacks(call);

	if (outcome != 0 || kept_find(call, &outcome))
		return call->phase == PHASE_ASK ? outcome : 0;
	return call->decision->no_memory ? TPAM_ERROR : guard_check(call);
}

/* Runs the provider here, or gives it to a worker. */
static int32_t call_once(struct decision *decision)
{
	struct tpam_call *call = &decision->call;

	if (decision_late(decision)) {
		call_reason(call, TPAM_REASON_DEADLINE, "an answer before the deadline", "none");
		return TPAM_UNAVAILABLE;
	}
	if (operation_offload(decision))
		return TPAM_PENDING;
	int32_t outcome = call_provider(call);
	if (outcome == TPAM_PENDING)
		decision->state = CALL_PARKED;
	return outcome;
}

/* Until there is an outcome, or the rule waits. A verdict that does not hold any more leads back to the provider. */
static int32_t call_go(struct decision *decision)
{
	struct tpam_call *call = &decision->call;

	for (;;) {
		bool found = call->phase == PHASE_RECHECK;
		int32_t outcome = call_once(decision);
		if (outcome == TPAM_PENDING || !kept_settle(call, &outcome))
			return outcome;
		if (found && (outcome = guard_check(call)) != 0)
			return outcome;
	}
}

/* Goes on where the rule stands; for one that begins, `fresh`. */
static int32_t call_resume(struct decision *decision, bool fresh)
{
	struct tpam_call *call = &decision->call;
	bool answered = decision->state == CALL_ANSWERED, found = call->phase == PHASE_RECHECK;
	int32_t outcome = fresh ? call_prepare(call) : answered ? decision->answer : 0;

	if (decision->state == CALL_PARKED)
		call_again(call);
	decision->state = CALL_NONE;
	if (outcome == 0)
		return call_go(decision);
	if (!answered || !kept_settle(call, &outcome))
		return outcome;
	if (found && (outcome = guard_check(call)) != 0)
		return outcome;
	return call_go(decision);
}

int32_t call_run(struct decision *decision, const struct rule *rule)
{
	bool fresh = decision->state == CALL_NONE;

	if (fresh && !call_begin(decision, rule)) {
		decision->no_memory = true;
		return TPAM_ERROR;
	}
	int32_t outcome = simulation_answers(decision, rule->instance)
				  ? simulation_answer(&decision->call)
				  : call_resume(decision, fresh);
	if (outcome == TPAM_PENDING)
		return outcome;
	decision->state = CALL_NONE;
	operation_unpark(decision);
	if (decision->no_memory)
		outcome = TPAM_ERROR;
	outcome = tell_soon(&decision->call, outcome);
	call_end(&decision->call, outcome);
	return outcome;
}
