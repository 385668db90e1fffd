/*
 * decide.c - one request's way: auth, requirements, account, session, result.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "codes.h"
#include "decision.h"
#include "dispatch.h"
#include "engine.h"
#include "json.h"
#include "memory.h"

#define IDENTITIES_MAX   4096
#define REQUEST_ID_BYTES 16

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
	action_text(record->action, action);
	if (!contributes || decision->group != TPAM_AUTH || !identity_complete(&decision->offered))
		return;
	if (!array_reserve(&decision->identities, decision->identity_count, sizeof(struct identity),
		    IDENTITIES_MAX)) {
		decision->no_memory = true;
		return;
	}
	decision->identities[decision->identity_count++] = decision->offered;
	decision->offered = (struct identity){0};
}

static size_t hook_mark(void *data)
{
	return ((struct decision *)data)->identity_count;
}

static void hook_rewind(void *data, size_t mark)
{
	struct decision *decision = data;

	while (decision->identity_count > mark)
		identity_finish(&decision->identities[--decision->identity_count]);
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

/*
 * Runs a group; true if it accepts. What PAM would return is no measure of that: a rule with [expiring=bad] refuses with the status
 * "expiring".
 */
static bool group_run(struct decision *decision, enum tpam_group group, int32_t *ret_status)
{
	const struct dispatch_hooks hooks = {.run = hook_run,
		.ran = hook_ran,
		.mark = hook_mark,
		.rewind = hook_rewind,
		.data = decision};
	struct dispatch dispatch;

	decision->group = group;
	decision->program = &decision->service->programs[group_index(group)];
	dispatch_begin(&dispatch, decision->program, &hooks);
	*ret_status = dispatch_run(&dispatch, &hooks);
	decision->failed = record_of(decision, dispatch.failed);
	decision->result->groups[group_index(group)] = *ret_status;
	if (decision->broken != SIZE_MAX) { /* not even a reset makes up for it */
		decision->failed = decision->broken;
		return false;
	}
	return dispatch_accepted(&dispatch);
}

/* ---- Steps; each returns whether to go on, and has set the outcome if not ---- */

static bool refuse(struct decision *decision, int32_t outcome, int32_t reason, const char *expected,
	const char *got)
{
	struct tpam_result *result = decision->result;

	result->outcome = outcome;
	result->reason = reason;
	result->expected = expected ? text_copy(expected, strlen(expected)) : NULL;
	result->got = got ? text_copy(got, strlen(got)) : NULL;
	if ((expected && !result->expected) || (got && !result->got))
		decision->no_memory = true;
	return false;
}

static bool identity_settle(struct decision *decision)
{
	struct tpam_result *result = decision->result;
	const struct identity *identity = &result->identity;

	result->identified = true;
	result->id = text_format(
		"%s:%s", identity->instance->name, identity_text(identity, TPAM_FIELD_SUBJECT));
	if (identity->claims)
		result->claims = json_write(identity->claims, JSON_COMPACT | JSON_SORT_KEYS);
	if (!result->id || (identity->claims && !result->claims))
		decision->no_memory = true;
	return !decision->no_memory;
}

static bool identity_join(struct decision *decision)
{
	size_t conflict = 0;
	int code = identity_merge(&decision->result->identity, decision->identities,
		decision->identity_count, decision->service->merge, &conflict);

	if (code == TPAM_OK)
		return identity_settle(decision);
	if (code == TPAM_E_MEMORY) {
		decision->no_memory = true;
		return false;
	}
	return refuse(decision, TPAM_DENIED, TPAM_REASON_IDENTITY_CONFLICT,
		identity_text(&decision->identities[0], TPAM_FIELD_SUBJECT),
		identity_text(&decision->identities[conflict], TPAM_FIELD_SUBJECT));
}

static bool step_service(struct decision *decision)
{
	const char *name = request_text(decision->request, TPAM_ITEM_SERVICE);

	decision->service = generation_service(decision->generation, name);
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
	if (decision->service->programs[group_index(TPAM_AUTH)].count == 0)
		return refuse(decision, TPAM_DENIED, TPAM_REASON_NO_RULES, "an auth rule", "none");
	return true;
}

static bool step_auth(struct decision *decision)
{
	int32_t status;
	bool accepted = group_run(decision, TPAM_AUTH, &status);

	if (decision->no_memory)
		return false;
	if (!accepted || decision->identity_count == 0) {
		decision_blame(decision, TPAM_AUTH, status);
		return false;
	}
	decision->result->outcome = status;
	return identity_join(decision);
}

static bool step_require(struct decision *decision)
{
	bool met = policy_check(decision);

	if (!met && !decision->no_memory)
		decision->result->decisive = &decision->result->trace.records[decision->failed];
	return met && !decision->no_memory;
}

/* Account and session: absent passes, present must succeed. */
static bool step_group(struct decision *decision, enum tpam_group group)
{
	int32_t before = decision->result->outcome, status;

	if (decision->service->programs[group_index(group)].count == 0)
		return true;
	bool accepted = group_run(decision, group, &status);
	if (decision->no_memory)
		return false;
	if (!accepted) {
		decision_blame(decision, group, status);
		return false;
	}
	decision->result->outcome = before == TPAM_EXPIRING ? before : status;
	return true;
}

static bool step_account(struct decision *decision)
{
	return step_group(decision, TPAM_ACCOUNT);
}

static bool step_session(struct decision *decision)
{
	return step_group(decision, TPAM_SESSION);
}

static void run(struct decision *decision)
{
	static bool (*const steps[])(struct decision *) = {
		step_service, step_auth, step_require, step_account, step_session};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (decision->no_memory || !steps[i](decision))
			return;
	decision->result->reason = TPAM_REASON_ACCEPTED;
}

/* ---- Around the steps ---- */

static char *request_id_make(void)
{
	unsigned char random[REQUEST_ID_BYTES];
	char text[2 * REQUEST_ID_BYTES + 1];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return NULL;
	for (size_t i = 0; i < sizeof(random); i++) {
		text[2 * i] = "0123456789abcdef"[random[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[random[i] & 15];
	}
	text[sizeof(text) - 1] = '\0';
	return text_copy(text, sizeof(text) - 1);
}

static char *request_id(const struct tpam_request *request)
{
	const char *given = request_text(request, TPAM_ITEM_REQUEST_ID);

	return given ? text_copy(given, strlen(given)) : request_id_make();
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
		"request %s to %s%s%s refused: %s, %s%s%.256s%s%s%s%s%s%s",
		quote(id, result->request_id), request_text(decision->request, TPAM_ITEM_SERVICE),
		tool ? " tool " : "", tool ? quote(name, tool) : "",
		tpam_outcome_name(result->outcome), tpam_reason_name(result->reason),
		rule ? " at " : "", rule ? rule : "", expected ? ", expected " : "",
		expected ? quote(wanted, expected) : "", got ? ", got " : "",
		got ? quote(had, got) : "", result->id ? ", identity " : "",
		result->id ? quote(who, result->id) : "");
}

static void decision_finish(struct decision *decision)
{
	hook_rewind(decision, 0);
	free(decision->identities);
	identity_finish(&decision->offered);
	list_finish(&decision->required_scopes);
	for (size_t i = 0; i < decision->slot_count; i++) {
		struct slot *slot = decision->slots[i];
		if (slot->destroy && slot->value)
			slot->destroy(slot->value);
		free(slot->key);
		free(slot);
	}
	free(decision->slots);
	tpam_result_unref(decision->result);
	generation_unref(decision->generation);
}

int tpam_authenticate(struct tpam_engine *engine, const struct tpam_request *request,
	struct tpam_result **ret_result)
{
	if (!request_text(request, TPAM_ITEM_SERVICE))
		return TPAM_E_ARGUMENT;

	struct decision decision = {.generation = engine_pin(engine),
		.request = request,
		.failed = SIZE_MAX,
		.broken = SIZE_MAX};
	decision.result = result_create(decision.generation);
	decision.no_memory =
		!decision.result || !(decision.result->request_id = request_id(request));
	if (!decision.no_memory)
		run(&decision);
	if (!decision.no_memory && !challenge_make(&decision))
		decision.no_memory = true;

	int code = decision.no_memory ? TPAM_E_MEMORY : TPAM_OK;
	if (code == TPAM_OK) {
		trace_settle(&decision.result->trace);
		engine_count(engine, decision.result->outcome);
		if (!outcome_accepts(decision.result->outcome))
			log_refusal(&decision);
		*ret_result = decision.result;
		decision.result = NULL;
	}
	decision_finish(&decision);
	return code;
}
