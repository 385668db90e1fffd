/*
 * requirement.c - whether somebody meets a requirement, and what is missing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "requirement.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "text.h"

#define NUMBER_SIZE 24

struct subject subject_of(const struct identity *identity, const char *id, const char *tenant)
{
	return (struct subject){
		.identity = identity, .id = id, .tenant = tenant, .claims = {.identity = identity}};
}

/* ---- Each kind ---- */

typedef bool met_fn(const struct requirement *requirement, struct subject *subject);

static const struct list *list_of(const struct subject *subject, int32_t field)
{
	return &subject->identity->fields[field].list;
}

static bool scope_met(
	const struct requirement *requirement, size_t index, const struct list *granted)
{
	if (!requirement->implying)
		return list_has(granted, requirement->words.items[index]);
	const struct list *implying = &requirement->implying[index];
	for (size_t i = 0; i < implying->count; i++)
		if (list_has(granted, implying->items[i]))
			return true;
	return false;
}

static bool scopes_met(const struct requirement *requirement, struct subject *subject)
{
	const struct list *granted = list_of(subject, TPAM_FIELD_SCOPES);

	for (size_t i = 0; i < requirement->words.count; i++)
		if (!scope_met(requirement, i, granted))
			return false;
	return true;
}

static bool any_scope_met(const struct requirement *requirement, struct subject *subject)
{
	const struct list *granted = list_of(subject, TPAM_FIELD_SCOPES);

	for (size_t i = 0; i < requirement->words.count; i++)
		if (scope_met(requirement, i, granted))
			return true;
	return false;
}

static bool roles_met(const struct requirement *requirement, struct subject *subject)
{
	for (size_t i = 0; i < requirement->words.count; i++)
		if (!list_has(list_of(subject, TPAM_FIELD_ROLES), requirement->words.items[i]))
			return false;
	return true;
}

static bool any_role_met(const struct requirement *requirement, struct subject *subject)
{
	for (size_t i = 0; i < requirement->words.count; i++)
		if (list_has(list_of(subject, TPAM_FIELD_ROLES), requirement->words.items[i]))
			return true;
	return false;
}

static bool any_glob(const struct list *globs, const char *text)
{
	for (size_t i = 0; text && i < globs->count; i++)
		if (text_glob(globs->items[i], text))
			return true;
	return false;
}

static bool any_group_met(const struct requirement *requirement, struct subject *subject)
{
	const struct list *groups = list_of(subject, TPAM_FIELD_GROUPS);

	for (size_t i = 0; i < groups->count; i++)
		if (any_glob(&requirement->words, groups->items[i]))
			return true;
	return false;
}

static bool tenant_met(const struct requirement *requirement, struct subject *subject)
{
	const char *tenant = identity_text(subject->identity, TPAM_FIELD_TENANT);

	if (!tenant)
		return false;
	if (requirement->requested)
		return subject->tenant && strcmp(subject->tenant, tenant) == 0;
	return list_has(&requirement->words, tenant);
}

static bool allowed(const struct requirement *requirement, struct subject *subject)
{
	return any_glob(&requirement->words, subject->id);
}

static bool not_denied(const struct requirement *requirement, struct subject *subject)
{
	return !any_glob(&requirement->words, subject->id);
}

static bool age_met(const struct requirement *requirement, struct subject *subject)
{
	int64_t since = identity_number(subject->identity, TPAM_FIELD_AUTH_TIME);

	return since != TPAM_TIME_UNSET && since <= subject->now + subject->leeway &&
	       subject->now - since <= requirement->seconds + subject->leeway;
}

static const char *acr_of(struct subject *subject)
{
	return value_text(claim_get(&subject->claims, "acr"));
}

static bool acr_met(const struct requirement *requirement, struct subject *subject)
{
	const char *acr = acr_of(subject);

	return acr && list_has(&requirement->words, acr);
}

/* ---- What came instead ---- */

/* Writes what the subject has; nothing: it has none. */
typedef void got_fn(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject);

static void joined(struct buffer *buffer, const struct list *list)
{
	for (size_t i = 0; i < list->count && buffer->length < TRACE_TEXT_MAX; i++) {
		if (i > 0)
			buffer_text(buffer, " ");
		buffer_text(buffer, list->items[i]);
	}
}

static void got_scopes(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	(void)requirement;
	joined(buffer, list_of(subject, TPAM_FIELD_SCOPES));
}

static void got_roles(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	(void)requirement;
	joined(buffer, list_of(subject, TPAM_FIELD_ROLES));
}

static void got_groups(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	(void)requirement;
	joined(buffer, list_of(subject, TPAM_FIELD_GROUPS));
}

static void got_tenant(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	const char *tenant = identity_text(subject->identity, TPAM_FIELD_TENANT);

	(void)requirement;
	if (tenant)
		buffer_text(buffer, tenant);
}

static void got_id(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	(void)requirement;
	buffer_text(buffer, subject->id);
}

static void got_age(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	int64_t since = identity_number(subject->identity, TPAM_FIELD_AUTH_TIME);

	(void)requirement;
	if (since != TPAM_TIME_UNSET)
		buffer_format(buffer, "one %lld s ago", (long long)(subject->now - since));
}

static void got_acr(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	const char *acr = acr_of(subject);

	(void)requirement;
	if (acr)
		buffer_text(buffer, acr);
}

static void got_claim(
	struct buffer *buffer, const struct requirement *requirement, struct subject *subject)
{
	const struct json_value *value = claim_get(&subject->claims, requirement->claim);
	char number[CLAIM_NUMBER_SIZE];
	const char *text = value ? claim_text(number, value) : NULL;

	if (text)
		buffer_text(buffer, text);
	else if (value_is(value, VALUE_LIST))
		buffer_text(buffer, "a list without it");
	else if (value && !value_is(value, VALUE_NULL))
		buffer_text(buffer, "an object");
}

/* ---- All of them ---- */

struct kind {
	int32_t field; /* that it looks at; 0: none that a provider could leave out */
	met_fn *met;
	got_fn *got;
	const char *nothing; /* what is got where there is none */
	const char *before;  /* what is expected, in front of the words */
	int32_t outcome;
	int32_t reason;
};

static const struct kind kinds[REQUIREMENT_KINDS] = {
	[DENY_SUBJECT] = {0, not_denied, got_id, "nobody", "none of ", TPAM_DENIED,
		TPAM_REASON_DENIED_SUBJECT},
	[ALLOW_SUBJECT] = {0, allowed, got_id, "nobody", "one of ", TPAM_DENIED,
		TPAM_REASON_DENIED_SUBJECT},
	[REQUIRE_TENANT] = {TPAM_FIELD_TENANT, tenant_met, got_tenant, "no tenant", "tenant ",
		TPAM_DENIED, TPAM_REASON_WRONG_TENANT},
	[REQUIRE_ROLES] = {TPAM_FIELD_ROLES, roles_met, got_roles, "no roles", "", TPAM_DENIED,
		TPAM_REASON_MISSING_ROLE},
	[REQUIRE_ANY_ROLE] = {TPAM_FIELD_ROLES, any_role_met, got_roles, "no roles", "one of ",
		TPAM_DENIED, TPAM_REASON_MISSING_ROLE},
	[REQUIRE_ANY_GROUP] = {TPAM_FIELD_GROUPS, any_group_met, got_groups, "no groups", "one of ",
		TPAM_DENIED, TPAM_REASON_MISSING_GROUP},
	[REQUIRE_CLAIM] = {TPAM_FIELD_CLAIMS, requirement_claim_met, got_claim, "no such claim", "",
		TPAM_DENIED, TPAM_REASON_CLAIM_MISMATCH},
	[REQUIRE_ACR] = {TPAM_FIELD_CLAIMS, acr_met, got_acr, "no acr", "acr ", TPAM_STEP_UP,
		TPAM_REASON_WEAK_AUTHENTICATION},
	[MAX_AUTH_AGE] = {TPAM_FIELD_AUTH_TIME, age_met, got_age, "no time of sign-in",
		"a sign-in within ", TPAM_STEP_UP, TPAM_REASON_WEAK_AUTHENTICATION},
	[REQUIRE_SCOPES] = {TPAM_FIELD_SCOPES, scopes_met, got_scopes, "no scopes", "", TPAM_DENIED,
		TPAM_REASON_MISSING_SCOPE},
	[REQUIRE_ANY_SCOPE] = {TPAM_FIELD_SCOPES, any_scope_met, got_scopes, "no scopes", "one of ",
		TPAM_DENIED, TPAM_REASON_MISSING_SCOPE},
};

bool requirement_met(const struct requirement *requirement, struct subject *subject)
{
	return kinds[requirement->kind].met(requirement, subject) && !subject->claims.failed;
}

/* Where one of the words is enough, whoever has it wants no other. */
static bool is_met_by(const struct requirement *requirement, const char *value)
{
	if (requirement->kind == REQUIRE_ANY_GROUP)
		return any_glob(&requirement->words, value);
	return (requirement->kind == REQUIRE_ANY_ROLE || requirement->kind == REQUIRE_ANY_SCOPE) &&
	       list_has(&requirement->words, value);
}

int32_t requirement_field(enum requirement_kind kind)
{
	return kinds[kind].field;
}

/* To be wanted once too often does no harm, so `like` is compared with words as if all were patterns. */
bool requirement_wants_field(
	const struct requirement *requirement, int32_t field, const char *like, const char *known)
{
	if (field == 0 || kinds[requirement->kind].field != field)
		return false;
	if (field == TPAM_FIELD_CLAIMS || requirement->requested)
		return true;
	if (known && is_met_by(requirement, known))
		return false;
	for (size_t i = 0; like && i < requirement->words.count; i++)
		if (text_globs_meet(requirement->words.items[i], like))
			return true;
	return !like;
}

/* ---- What is missing ---- */

bool requirement_wants(
	const struct requirement *requirement, struct arena *arena, struct list *scopes)
{
	size_t count = requirement->kind == REQUIRE_SCOPES      ? requirement->words.count
		       : requirement->kind == REQUIRE_ANY_SCOPE ? 1
								: 0;

	for (size_t i = 0; i < count; i++) {
		const char *scope = requirement->words.items[i];
		if (!list_has(scopes, scope) && !arena_list_point(arena, scopes, scope))
			return false;
	}
	return true;
}

/* Of several that would do, the one that is written first. */
static bool find_missing(const struct requirement *requirement, const struct subject *subject,
	struct arena *arena, struct list *missing)
{
	const struct list *granted = list_of(subject, TPAM_FIELD_SCOPES);

	if (requirement->kind != REQUIRE_SCOPES)
		return requirement_wants(requirement, arena, missing);
	for (size_t i = 0; i < requirement->words.count; i++) {
		const char *scope = requirement->words.items[i];
		if (!scope_met(requirement, i, granted) && !list_has(missing, scope) &&
			!arena_list_point(arena, missing, scope))
			return false;
	}
	return true;
}

/* RFC 9470, section 3. */
static bool add_parameter(const struct requirement *requirement, struct trace_record *record)
{
	char number[NUMBER_SIZE];

	if (requirement->kind == REQUIRE_ACR) {
		struct buffer words = BUFFER(TRACE_TEXT_MAX + 300);
		joined(&words, &requirement->words);
		bool done = !words.failed &&
			    trace_parameter(record, "Bearer", "acr_values", words.data);
		buffer_finish(&words);
		return done;
	}
	(void)snprintf(number, sizeof(number), "%lld", (long long)requirement->seconds);
	return requirement->kind != MAX_AUTH_AGE ||
	       trace_parameter(record, "Bearer", "max_age", number);
}

/* All roles that are wanted, not only those that are missing: got says which are there. */
static void expected_text(struct buffer *buffer, const struct requirement *requirement,
	const struct subject *subject, const struct list *missing)
{
	buffer_text(buffer, kinds[requirement->kind].before);
	if (requirement->kind == REQUIRE_SCOPES)
		joined(buffer, missing);
	else if (requirement->requested)
		buffer_text(buffer, subject->tenant);
	else
		buffer_text(buffer, requirement->value);
}

bool requirement_explain(const struct requirement *requirement, struct subject *subject,
	struct trace_record *record, struct list *missing)
{
	const struct kind *kind = &kinds[requirement->kind];
	struct buffer expected = BUFFER(LIST_MAX * 300), got = BUFFER(LIST_MAX * 300);
	struct list own = {0};
	bool room = find_missing(requirement, subject, record->arena, &own);

	for (size_t i = 0; room && i < own.count; i++)
		room = list_has(missing, own.items[i]) ||
		       arena_list_point(record->arena, missing, own.items[i]);
	record->entry.outcome = kind->outcome;
	record->entry.reason = kind->reason;
	/* Only the host knows which tenant is asked for. */
	if (requirement->requested && !subject->tenant) {
		record->entry.outcome = TPAM_ERROR;
		record->entry.reason = TPAM_REASON_MISSING_INPUT;
		return room && trace_expected(record, "tenant") && trace_got(record, "nothing");
	}
	expected_text(&expected, requirement, subject, &own);
	kind->got(&got, requirement, subject);
	room = room && !expected.failed && !got.failed && trace_expected(record, expected.data) &&
	       trace_got(record, got.length > 0 ? got.data : kind->nothing) &&
	       add_parameter(requirement, record);
	buffer_finish(&expected);
	buffer_finish(&got);
	return room;
}
