/*
 * decision.c - a decision from its beginning to its result, around the steps of decide.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "decision.h"

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "codes.h"
#include "engine.h"
#include "memory.h"
#include "operation.h"
#include "request_id.h"

static const char *request_id(struct arena *arena, const struct tpam_request *request)
{
	const char *given = request_text(request, TPAM_ITEM_REQUEST_ID);

	if (given)
		return arena_copy(arena, given, strlen(given));
	char *made = arena_take(arena, REQUEST_ID_SIZE);
	return made && request_id_make(made) ? made : NULL;
}

/* `text` in quotes, with its own quotes replaced: what a client chose cannot pose as a part of the line. */
static const char *quote(char buffer[REPORT_QUOTE_SIZE], const char *text)
{
	report_quote(buffer, text, strlen(text));
	for (char *c = buffer + 1; c[0] && c[1]; c++)
		if (*c == '"')
			*c = '\'';
	return buffer;
}

/* A line for the operator: what the client is not told. */
static void log_refusal(const struct decision *decision)
{
	const struct tpam_result *result = decision->result;
	const char *tool = request_text(decision->request, TPAM_ITEM_TOOL);
	const char *rule = tpam_result_rule(result), *expected = tpam_result_expected(result);
	const char *got = tpam_result_got(result);
	int level = result->outcome == TPAM_ERROR ? TPAM_LOG_ERROR : TPAM_LOG_NOTICE;
	char id[REPORT_QUOTE_SIZE], name[REPORT_QUOTE_SIZE], who[REPORT_QUOTE_SIZE];
	char wanted[REPORT_QUOTE_SIZE], had[REPORT_QUOTE_SIZE];

	hooks_log(&decision->generation->hooks, level,
		"request %s to %s%s%s %s: %s, %s%s%.256s%s%s%s%s%s%s",
		quote(id, result->request_id), request_text(decision->request, TPAM_ITEM_SERVICE),
		tool ? " tool " : "", tool ? quote(name, tool) : "",
		result->unenforced ? "passes, which would be refused" : "refused",
		tpam_outcome_name(result->outcome), tpam_reason_name(result->reason),
		rule ? " at " : "", rule ? rule : "", expected ? ", expected " : "",
		expected ? quote(wanted, expected) : "", got ? ", got " : "",
		got ? quote(had, got) : "", result->id ? ", identity " : "",
		result->id ? quote(who, result->id) : "");
}

void decision_rewind(struct decision *decision, size_t mark)
{
	if (decision->identity_count > mark)
		decision->identity_count = mark;
}

static void slots_finish(struct decision *decision)
{
	for (size_t i = 0; i < decision->slot_count; i++) {
		struct slot *slot = decision->slots[i];
		if (slot->destroy && slot->value)
			slot->destroy(slot->value);
		free(slot->key);
		free(slot);
	}
	free(decision->slots);
}

void decision_finish(struct decision *decision)
{
	operation_unpark(decision);
	slots_finish(decision);
	credential_finish(&decision->looked_at);
	tpam_result_unref(decision->result);
}

bool decision_begin(struct decision *decision, struct pin pin, const struct tpam_request *request)
{
	memset(decision, 0, sizeof(*decision));
	/* Who was recognised before is asked about by what then was configured. */
	if (request->who) {
		generation_unref(pin);
		pin = pin_again(request->who->pin);
	}
	decision->generation = pin.generation;
	decision->request = request;
	decision->failed = decision->broken = SIZE_MAX;
	if (decision->generation->audit)
		decision->began = hooks_monotonic(&decision->generation->hooks);
	decision->result = result_create(pin);
	if (!decision->result)
		return false;
	struct tpam_result *result = decision->result;
	const char *tenant = request_text(request, TPAM_ITEM_TENANT);
	result->request_id = request_id(&result->arena, request);
	result->tenant = tenant ? arena_copy(&result->arena, tenant, strlen(tenant)) : NULL;
	if (result->request_id && (result->tenant || !tenant))
		return true;
	decision_finish(decision);
	return false;
}

struct decision *decision_create(struct pin pin, const struct tpam_request *request)
{
	struct decision *decision = malloc(sizeof(*decision));

	if (!decision)
		return NULL;
	if (!decision_begin(decision, pin_again(pin), request)) {
		free(decision);
		return NULL;
	}
	decision->own = pin_again(decision->result->pin);
	decision->shared = request_ref(request);
	return decision;
}

void decision_destroy(struct decision *decision)
{
	if (!decision)
		return;
	decision_finish(decision);
	tpam_request_destroy(decision->shared);
	generation_unref(decision->own);
	port_unref(decision->port);
	free(decision);
}

bool decision_late(const struct decision *decision)
{
	return decision->request->deadline != 0 &&
	       hooks_monotonic(&decision->generation->hooks) >= decision->request->deadline;
}

bool decision_settle(struct decision *decision)
{
	if (decision->no_memory || !decision_enforce(decision) || !challenge_make(decision) ||
		decision->no_memory)
		return false;
	trace_settle(&decision->result->trace);
	return true;
}

int decision_result(struct decision *decision, struct tpam_engine *engine, struct tpam_result **ret)
{
	if (!decision_settle(decision))
		return TPAM_E_MEMORY;
	engine_count(engine, decision->result->outcome, decision->result->unenforced);
	if (decision->generation->audit)
		audit_decision(decision->generation->audit, decision);
	if (!outcome_accepts(decision->result->outcome))
		log_refusal(decision);
	*ret = decision->result;
	decision->result = NULL;
	return TPAM_OK;
}

int tpam_authorize(struct tpam_engine *engine, const struct tpam_request *request,
	struct tpam_result **ret_result)
{
	return request->who ? tpam_authenticate(engine, request, ret_result) : TPAM_E_ARGUMENT;
}

int tpam_authenticate(struct tpam_engine *engine, const struct tpam_request *request,
	struct tpam_result **ret_result)
{
	if (!request_text(request, TPAM_ITEM_SERVICE))
		return TPAM_E_ARGUMENT;

	struct decision decision;
	int code = TPAM_E_MEMORY;

	engine_refresh(engine, NULL);
	/* Without an operation nothing parks, so the first run is the last. */
	if (!decision_begin(&decision, engine_pin(engine), request))
		return code;
	if (decision_run(&decision))
		code = decision_result(&decision, engine, ret_result);
	decision_finish(&decision);
	return code;
}
