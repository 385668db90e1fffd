/*
 * policy.c - the requirements of hub, service and tool, put to an identity.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "decision.h"
#include "memory.h"

/* Adds a record; what it says of the outcome is for one that is met. NULL without memory. */
static struct trace_record *record_add(
	struct decision *decision, const char *written, const char *at_text)
{
	struct trace_record *record = trace_add(&decision->result->trace);

	if (!record) {
		decision->no_memory = true;
		return NULL;
	}
	record->entry.group = "require";
	record->entry.rule = written;
	record->entry.at = at_text;
	record->entry.outcome = TPAM_SUCCESS;
	record->entry.reason = TPAM_REASON_ACCEPTED;
	record->action = ACTION_OK;
	return record;
}

/*
 * How much a failure matters beside others. Who signs in again, or asks for more scopes, gets no further where
 * something else refuses for good; a scope that is missing is what a client can mend in one go.
 */
static unsigned weight(const struct trace_record *record)
{
	if (record->entry.outcome == TPAM_ERROR)
		return 4;
	if (record->entry.outcome == TPAM_STEP_UP)
		return 2;
	return record->entry.reason == TPAM_REASON_MISSING_SCOPE ? 1 : 3;
}

/* The last record is a failure; the decisive one is the heaviest, the first of equals. */
static void fail(struct decision *decision)
{
	const struct trace *trace = &decision->result->trace;
	struct trace_record *record = &trace->records[trace->count - 1];

	record->action = ACTION_DIE;
	if (decision->failed == SIZE_MAX ||
		weight(record) > weight(&trace->records[decision->failed]))
		decision->failed = trace->count - 1;
}

/* ---- Requirements ---- */

struct target decision_target(const struct decision *decision)
{
	return (struct target){
		request_text(decision->request, TPAM_ITEM_TOOL), &decision->request->tags};
}

/* Calls for each requirement of the hub, the service and the tool, in this order, until one says stop. */
typedef bool requirement_fn(void *data, const struct requirement *requirement);

static bool each_of(const struct requirements *requirements, requirement_fn *look, void *data)
{
	for (size_t i = 0; i < requirements->count; i++)
		if (!look(data, &requirements->list[i]))
			return false;
	return true;
}

static bool each_requirement(const struct decision *decision, requirement_fn *look, void *data)
{
	const struct service *service = decision->service;
	const struct target target = decision_target(decision);
	struct tool_cursor cursor = {0};
	const struct tool *tool;

	if (!each_of(&service->requirements, look, data))
		return false;
	while ((tool = tools_next(&service->tools, &target, &cursor)))
		if (!each_of(&tool->requirements, look, data))
			return false;
	return true;
}

struct checking {
	struct decision *decision;
	struct subject subject;
};

static bool check(void *data, const struct requirement *requirement)
{
	struct checking *checking = data;
	struct decision *decision = checking->decision;
	struct trace_record *record =
		record_add(decision, requirement->written, requirement->at_text);

	if (!record)
		return false;
	if (requirement_met(requirement, &checking->subject))
		return true;
	if (!requirement_explain(
		    requirement, &checking->subject, record, &decision->result->missing_scopes) ||
		checking->subject.claims.failed)
		decision->no_memory = true;
	fail(decision);
	return !decision->no_memory;
}

static void check_requirements(struct decision *decision)
{
	const struct tpam_result *result = decision->result;
	struct checking checking = {
		decision, subject_of(&result->identity, result->id,
				  request_text(decision->request, TPAM_ITEM_TENANT))};

	checking.subject.now = hooks_wall(&decision->generation->hooks) / 1000000000;
	checking.subject.leeway = decision->generation->leeway;
	(void)each_requirement(decision, check, &checking);
	claims_finish(&checking.subject.claims);
}

bool requirements_met(const struct requirements *requirements, struct subject *subject)
{
	for (size_t i = 0; i < requirements->count; i++)
		if (!requirement_met(&requirements->list[i], subject))
			return false;
	return true;
}

/* ---- What is wanted ---- */

struct wanting {
	struct arena *arena;
	struct list *scopes;
};

static bool want(void *data, const struct requirement *requirement)
{
	struct wanting *wanting = data;

	return requirement_wants(requirement, wanting->arena, wanting->scopes);
}

bool policy_scopes(const struct decision *decision, struct list *ret)
{
	struct wanting wanting = {&decision->result->arena, ret};

	return each_requirement(decision, want, &wanting);
}

/* ---- The others ---- */

static void check_username(struct decision *decision)
{
	const struct service *service = decision->service;
	const char *wanted = request_text(decision->request, TPAM_ITEM_USERNAME);
	const char *is = identity_text(&decision->result->identity, service->match_username);

	if (service->match_username == 0)
		return;
	struct trace_record *record =
		record_add(decision, "match_username", service->match_username_at);
	if (!record || (wanted && is && strcmp(wanted, is) == 0))
		return;
	record->entry.outcome = wanted ? TPAM_DENIED : TPAM_ERROR;
	record->entry.reason = wanted ? TPAM_REASON_WRONG_USER : TPAM_REASON_MISSING_INPUT;
	if (!trace_expected(record, wanted ? wanted : "username") ||
		!trace_got(record, wanted ? is : "nothing"))
		decision->no_memory = true;
	fail(decision);
}

/* What is open to everybody is so where nothing is presented; who presents something is held to what hub and service say. */
static void check_access(struct decision *decision)
{
	const struct target target = decision_target(decision);
	const char *written, *at;
	enum tool_access access = tools_access(&decision->service->tools, &target, &written, &at);

	if (access != ACCESS_DENY)
		return;
	struct trace_record *record = record_add(decision, written, at);
	if (!record)
		return;
	record->entry.outcome = TPAM_DENIED;
	record->entry.reason = TPAM_REASON_TOOL_CLOSED;
	if (!trace_expected(record, "a tool that is open to somebody") ||
		!trace_got(record, target.tool))
		decision->no_memory = true;
	fail(decision);
}

bool policy_public(struct decision *decision)
{
	const struct target target = decision_target(decision);
	const char *written, *at;

	if (tools_access(&decision->service->tools, &target, &written, &at) != ACCESS_PUBLIC)
		return false;
	return record_add(decision, written, at) != NULL;
}

bool policy_check(struct decision *decision)
{
	decision->failed = SIZE_MAX;
	check_username(decision);
	if (!decision->result->open) {
		check_access(decision);
		check_requirements(decision);
	}
	if (decision->failed == SIZE_MAX)
		return true;
	const struct trace_record *record = &decision->result->trace.records[decision->failed];
	decision->result->outcome = record->entry.outcome;
	decision->result->reason = record->entry.reason;
	return false;
}
