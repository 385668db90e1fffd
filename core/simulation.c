/*
 * simulation.c - what would be decided if providers said this of somebody.
 *
 * Everything but the providers' words is the configuration's: controls, grants, links, requirements, account rules. What
 * comes of it lets nobody in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "engine.h"
#include "host.h"
#include "memory.h"
#include "text.h"

#define ANSWERS_MAX 64

/* What one provider says. */
struct answer {
	char *provider;
	int32_t outcome;
	struct identity identity;
};

struct tpam_simulation {
	struct answer *answers;
	size_t count;
	struct arena arena; /* of what identities hold */
};

/* ---- Saying it ---- */

struct tpam_simulation *tpam_simulation_create(void)
{
	struct tpam_simulation *simulation = calloc(1, sizeof(*simulation));

	if (simulation)
		arena_init(&simulation->arena, NULL, 0);
	return simulation;
}

void tpam_simulation_destroy(struct tpam_simulation *simulation)
{
	if (!simulation)
		return;
	for (size_t i = 0; i < simulation->count; i++)
		free(simulation->answers[i].provider);
	free(simulation->answers);
	arena_finish(&simulation->arena);
	free(simulation);
}

static const struct answer *find(const struct tpam_simulation *simulation, const char *provider)
{
	for (size_t i = 0; i < simulation->count; i++)
		if (strcmp(simulation->answers[i].provider, provider) == 0)
			return &simulation->answers[i];
	return NULL;
}

int tpam_simulation_add(struct tpam_simulation *simulation, const char *provider, int32_t outcome)
{
	if (!outcome_known(outcome) || !text_is_name(provider, strlen(provider)) ||
		find(simulation, provider))
		return TPAM_E_ARGUMENT;
	if (simulation->count >= ANSWERS_MAX)
		return TPAM_E_LIMIT;
	char *copy = text_copy(provider, strlen(provider));
	if (!copy || !array_reserve(&simulation->answers, simulation->count, sizeof(struct answer),
			     ANSWERS_MAX)) {
		free(copy);
		return TPAM_E_MEMORY;
	}
	simulation->answers[simulation->count++] = (struct answer){
		.provider = copy, .outcome = outcome, .identity = {.arena = &simulation->arena}};
	return TPAM_OK;
}

/* NULL where nobody has said anything yet. */
static struct identity *identity_of_last(struct tpam_simulation *simulation)
{
	return simulation->count > 0 ? &simulation->answers[simulation->count - 1].identity : NULL;
}

int tpam_simulation_set_text(
	struct tpam_simulation *simulation, enum tpam_field field, const char *text)
{
	struct identity *identity = identity_of_last(simulation);

	if (!identity)
		return TPAM_E_ARGUMENT;
	if (field_kind((int32_t)field) == FIELD_LIST)
		return identity_add_text(identity, (int32_t)field, text, strlen(text));
	return identity_set_text(identity, (int32_t)field, text, strlen(text), UINT_MAX);
}

int tpam_simulation_set_number(
	struct tpam_simulation *simulation, enum tpam_field field, int64_t value)
{
	struct identity *identity = identity_of_last(simulation);

	return identity ? identity_set_number(identity, (int32_t)field, value) : TPAM_E_ARGUMENT;
}

/* ---- Hearing it ---- */

bool simulation_presents(const struct tpam_simulation *simulation)
{
	for (size_t i = 0; i < simulation->count; i++)
		if (simulation->answers[i].outcome != TPAM_NO_CREDENTIAL)
			return true;
	return false;
}

bool simulation_answers(const struct decision *decision, const struct tpam_instance *instance)
{
	const struct tpam_simulation *simulation = decision->simulation;

	/* Of a request that presents nothing all that providers could say is said by themselves. */
	if (!simulation || simulation->count == 0 || decision->group != TPAM_AUTH)
		return false;
	return instance->provider->role == TPAM_ROLE_IDENTITY || find(simulation, instance->name);
}

static bool same_place(const struct tpam_instance *one, const struct tpam_instance *other)
{
	return one->credential != CREDENTIAL_NONE && one->credential == other->credential &&
	       (!one->credential_name || strcmp(one->credential_name, other->credential_name) == 0);
}

/* Of whom nothing is said: what another one takes there is not theirs. */
static int32_t answer_of_others(const struct tpam_call *call)
{
	const struct generation *generation = call->decision->generation;

	for (size_t i = 0; i < generation->instance_count; i++) {
		const struct tpam_instance *instance = generation->instances[i];
		const struct answer *answer = find(call->decision->simulation, instance->name);
		if (answer && answer->outcome != TPAM_NO_CREDENTIAL &&
			same_place(instance, call->instance))
			return TPAM_FOREIGN;
	}
	return TPAM_NO_CREDENTIAL;
}

static void say(struct tpam_call *call, const struct identity *identity)
{
	for (int32_t field = 1; field < FIELD_LIMIT; field++) {
		const union field *value = &identity->fields[field];
		if (!identity_has(identity, field))
			continue;
		switch (field_kind(field)) {
		case FIELD_TEXT:
		case FIELD_JSON:
			(void)host_set_text(call, field, value->text, strlen(value->text));
			break;
		case FIELD_LIST:
			for (size_t i = 0; i < value->list.count; i++)
				(void)host_add_text(call, field, value->list.items[i],
					strlen(value->list.items[i]));
			break;
		case FIELD_NUMBER:
			(void)host_set_number(call, field, value->number);
			break;
		case FIELD_NONE:
			break;
		}
	}
}

/* Whoever says nothing of the audience means that the credential was made for us. */
static void say_audience(struct tpam_call *call)
{
	const char *wanted = call_audience(call, 0);

	if (call->instance->binding == TPAM_BINDING_AUDIENCE && wanted &&
		!identity_has(&call->identity, TPAM_FIELD_AUDIENCES))
		(void)host_add_text(call, TPAM_FIELD_AUDIENCES, wanted, strlen(wanted));
}

int32_t simulation_answer(struct tpam_call *call)
{
	const struct answer *answer = find(call->decision->simulation, call->instance->name);

	if (!answer)
		return answer_of_others(call);
	if (outcome_accepts(answer->outcome) &&
		call->instance->provider->role == TPAM_ROLE_IDENTITY) {
		say(call, &answer->identity);
		say_audience(call);
	}
	call->told = true;
	return call_judge(call, answer->outcome);
}

/* ---- Deciding by it ---- */

static const struct tpam_instance *instance_of(
	const struct generation *generation, const struct answer *answer)
{
	for (size_t i = 0; i < generation->instance_count; i++)
		if (strcmp(generation->instances[i]->name, answer->provider) == 0)
			return generation->instances[i];
	return NULL;
}

/* Who accepts says who it is; who identifies nobody says nothing of anybody; utilities are constants. */
static int check(const struct generation *generation, const struct answer *answer)
{
	const struct tpam_instance *instance = instance_of(generation, answer);
	bool accepts = outcome_accepts(answer->outcome);

	if (!instance)
		return TPAM_E_UNSET;
	switch (instance->provider->role) {
	case TPAM_ROLE_IDENTITY:
		return !accepts || identity_complete(&answer->identity) ? TPAM_OK : TPAM_E_ARGUMENT;
	case TPAM_ROLE_CHECK:
		return answer->identity.set == 0 ? TPAM_OK : TPAM_E_ARGUMENT;
	default:
		return TPAM_E_ARGUMENT;
	}
}

static int check_all(const struct generation *generation, const struct tpam_simulation *simulation)
{
	int code = TPAM_OK;

	for (size_t i = 0; i < simulation->count && code == TPAM_OK; i++)
		code = check(generation, &simulation->answers[i]);
	return code;
}

static int simulate(struct decision *decision, struct tpam_result **ret_result)
{
	int code = check_all(decision->generation, decision->simulation);

	if (code != TPAM_OK)
		return code;
	/* Before anything is decided: from its beginning it is nothing that lets somebody in. */
	decision->result->hypothetical = true;
	if (!decision_run(decision) || !decision_settle(decision))
		return TPAM_E_MEMORY;
	*ret_result = decision->result;
	decision->result = NULL;
	return TPAM_OK;
}

int tpam_simulate(struct tpam_engine *engine, const struct tpam_request *request,
	const struct tpam_simulation *simulation, struct tpam_result **ret_result)
{
	struct decision decision;

	if (!request_text(request, TPAM_ITEM_SERVICE) || request->who)
		return TPAM_E_ARGUMENT;
	if (!decision_begin(&decision, engine_pin(engine), request))
		return TPAM_E_MEMORY;
	decision.simulation = simulation;
	int code = simulate(&decision, ret_result);
	decision_finish(&decision);
	return code;
}
