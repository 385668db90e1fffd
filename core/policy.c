/*
 * policy.c - the requirements of hub, service and tool, put to an identity.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "decision.h"
#include "memory.h"

#define JOINED_MAX TRACE_TEXT_MAX

static bool joined(struct buffer *buffer, const struct list *list)
{
	for (size_t i = 0; i < list->count && buffer->length < JOINED_MAX; i++) {
		if (i > 0)
			buffer_text(buffer, " ");
		buffer_text(buffer, list->items[i]);
	}
	return !buffer->failed;
}

/* Adds a record; the decisive one is the first that fails. NULL without memory. */
static struct trace_record *record_add(struct decision *decision, const char *written,
	const char *at_text, bool met, int32_t outcome)
{
	struct trace_record *record = trace_add(&decision->result->trace);

	if (!record) {
		decision->no_memory = true;
		return NULL;
	}
	record->entry.group = "require";
	record->entry.rule = written;
	record->entry.at = at_text;
	record->entry.outcome = met ? TPAM_SUCCESS : outcome;
	record->entry.reason = TPAM_REASON_ACCEPTED;
	record->action = met ? ACTION_OK : ACTION_DIE;
	if (!met && decision->failed == SIZE_MAX)
		decision->failed = decision->result->trace.count - 1;
	return record;
}

static bool scopes_missing(struct arena *arena, struct list *ret,
	const struct requirement *requirement, const struct identity *identity)
{
	const struct list *granted = &identity->fields[TPAM_FIELD_SCOPES].list;

	for (size_t i = 0; i < requirement->scopes.count; i++) {
		const char *scope = requirement->scopes.items[i];
		if (!list_has(granted, scope) &&
			!arena_list_add_new(arena, ret, scope, strlen(scope)))
			return false;
	}
	return true;
}

static void explain_scopes(
	struct decision *decision, struct trace_record *record, const struct list *missing)
{
	struct buffer expected = BUFFER(LIST_MAX * 300), got = BUFFER(LIST_MAX * 300);
	const struct list *granted = &decision->result->identity.fields[TPAM_FIELD_SCOPES].list;

	record->entry.reason = TPAM_REASON_MISSING_SCOPE;
	if (!joined(&expected, missing) || !joined(&got, granted) ||
		!trace_expected(record, expected.data) ||
		!trace_got(record, granted->count > 0 ? got.data : "no scopes"))
		decision->no_memory = true;
	buffer_finish(&expected);
	buffer_finish(&got);
}

static void check_scopes(struct decision *decision, const struct requirement *requirement)
{
	struct tpam_result *result = decision->result;
	struct list missing = {0};

	if (!scopes_missing(&result->arena, &missing, requirement, &result->identity)) {
		decision->no_memory = true;
		return;
	}
	struct trace_record *record = record_add(decision, requirement->written,
		requirement->at_text, missing.count == 0, TPAM_DENIED);
	if (!record || missing.count == 0)
		return;
	explain_scopes(decision, record, &missing);
	if (!arena_list_copy(&result->arena, &result->missing_scopes, &missing))
		decision->no_memory = true;
}

static void require_scopes(struct decision *decision, const struct requirement *requirement)
{
	if (!arena_list_copy(
		    &decision->result->arena, &decision->required_scopes, &requirement->scopes))
		decision->no_memory = true;
}

bool requirements_met(const struct requirements *requirements, const struct identity *identity)
{
	const struct list *granted = &identity->fields[TPAM_FIELD_SCOPES].list;

	for (size_t i = 0; i < requirements->count; i++) {
		const struct list *scopes = &requirements->list[i].scopes;
		for (size_t j = 0; j < scopes->count; j++)
			if (!list_has(granted, scopes->items[j]))
				return false;
	}
	return true;
}

typedef void requirement_fn(struct decision *decision, const struct requirement *requirement);

/* Of the hub, the service and the tool, in this order. */
static void each_requirement(struct decision *decision, requirement_fn *look)
{
	const struct service *service = decision->service;
	const char *name = request_text(decision->request, TPAM_ITEM_TOOL);
	const struct requirements *requirements = &service->requirements;
	const struct tool *tool;
	size_t state = 0;

	for (size_t i = 0; i < requirements->count; i++)
		look(decision, &requirements->list[i]);
	while (name && (tool = service_tool_next(service, name, &state)))
		for (size_t i = 0; i < tool->requirements.count; i++)
			look(decision, &tool->requirements.list[i]);
}

static void check_username(struct decision *decision)
{
	const struct service *service = decision->service;
	const char *wanted = request_text(decision->request, TPAM_ITEM_USERNAME);
	const char *is = identity_text(&decision->result->identity, service->match_username);

	if (service->match_username == 0)
		return;
	bool met = wanted && is && strcmp(wanted, is) == 0;
	struct trace_record *record = record_add(decision, "match_username",
		service->match_username_at, met, wanted ? TPAM_DENIED : TPAM_ERROR);
	if (!record || met)
		return;
	record->entry.reason = wanted ? TPAM_REASON_WRONG_USER : TPAM_REASON_MISSING_INPUT;
	if (!trace_expected(record, wanted ? wanted : "username") ||
		!trace_got(record, wanted ? is : "nothing"))
		decision->no_memory = true;
}

bool policy_check(struct decision *decision)
{
	decision->failed = SIZE_MAX;
	check_username(decision);
	each_requirement(decision, check_scopes);
	if (decision->failed == SIZE_MAX)
		return true;
	each_requirement(decision, require_scopes);
	const struct trace_record *record = &decision->result->trace.records[decision->failed];
	decision->result->outcome = record->entry.outcome;
	decision->result->reason = record->entry.reason;
	return false;
}
