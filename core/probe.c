/*
 * probe.c - asks one provider whether it could decide, without a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "codes.h"
#include "decision.h"
#include "engine.h"

static struct tpam_instance *find(const struct generation *generation, const char *name)
{
	for (size_t i = 0; i < generation->instance_count; i++)
		if (strcmp(generation->instances[i]->name, name) == 0)
			return generation->instances[i];
	return NULL;
}

static bool begin(struct decision *decision, struct tpam_instance *instance)
{
	static const struct credential none = {.outcome = TPAM_NO_CREDENTIAL};
	struct trace_record *record = trace_add(&decision->result->trace);

	if (!record)
		return false;
	record->group = TPAM_AUTH;
	record->entry.group = "probe";
	record->entry.provider = instance->name;
	record->entry.plugin = instance->provider->name;
	decision->call = (struct tpam_call){.decision = decision,
		.instance = instance,
		.group = TPAM_AUTH,
		.credential = &none,
		.identity = {.instance = instance, .arena = &decision->result->arena},
		.began = hooks_monotonic(instance->hooks)};
	return true;
}

/* In turn where the provider needs that, as for any call. */
static int32_t run(struct tpam_call *call)
{
	struct tpam_instance *instance = call->instance;
	bool turns = !(instance->provider->flags & TPAM_CONCURRENT);

	if (turns)
		pthread_mutex_lock(&instance->turn);
	int32_t outcome = instance->provider->probe(instance->state, call);
	if (turns)
		pthread_mutex_unlock(&instance->turn);
	if (call->broken)
		return call_broke(call, call->broken);
	return outcome_known(outcome) ? outcome
				      : call_broke(call, "an outcome of probe() that is none");
}

static void settle(struct decision *decision, int32_t outcome)
{
	struct tpam_result *result = decision->result;
	struct tpam_call *call = &decision->call;
	struct trace_record *record = call_record(call);

	if (!outcome_known(outcome))
		outcome = TPAM_ERROR;
	if (outcome_accepts(outcome))
		record->entry.reason = TPAM_REASON_ACCEPTED;
	else if (record->entry.reason == TPAM_REASON_NONE)
		record->entry.reason = outcome_usual_reason(outcome);
	record->entry.outcome = outcome;
	record->entry.duration = hooks_monotonic(call->instance->hooks) - call->began;
	result->hypothetical = true;
	result->outcome = outcome;
	result->reason = record->entry.reason;
	result->retry_after = record->retry_after;
	result->decisive = record;
	if (outcome_accepts(outcome))
		result->identity = call->identity;
	trace_settle(&result->trace);
}

static int probe(struct decision *decision, struct tpam_instance *instance)
{
	bool has = TPAM_HAS(instance->provider, probe) && instance->provider->probe;

	if (!begin(decision, instance))
		return TPAM_E_MEMORY;
	settle(decision, has ? run(&decision->call) : TPAM_IGNORE);
	return decision->no_memory ? TPAM_E_MEMORY : TPAM_OK;
}

int tpam_probe(struct tpam_engine *engine, const char *provider, struct tpam_result **ret_result)
{
	struct tpam_request *request = tpam_request_create();
	struct decision decision;

	if (!request)
		return TPAM_E_MEMORY;
	if (!decision_begin(&decision, engine_pin(engine), request)) {
		tpam_request_destroy(request);
		return TPAM_E_MEMORY;
	}
	struct tpam_instance *instance = find(decision.generation, provider);
	int code = instance ? probe(&decision, instance) : TPAM_E_UNSET;
	if (code == TPAM_OK) {
		*ret_result = decision.result;
		decision.result = NULL;
	}
	decision_finish(&decision);
	tpam_request_destroy(request);
	return code;
}
