/*
 * result_json.c - a result as JSON, for the operator's logs and programs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "result.h"

struct text_member {
	const char *key;
	int32_t field;
};

static const struct text_member text_members[] = {
	{"issuer", TPAM_FIELD_ISSUER},
	{"subject", TPAM_FIELD_SUBJECT},
	{"client_id", TPAM_FIELD_CLIENT_ID},
	{"username", TPAM_FIELD_USERNAME},
	{"name", TPAM_FIELD_NAME},
	{"email", TPAM_FIELD_EMAIL},
	{"tenant", TPAM_FIELD_TENANT},
	{"token_id", TPAM_FIELD_TOKEN_ID},
};

static const struct text_member list_members[] = {
	{"roles", TPAM_FIELD_ROLES},
	{"groups", TPAM_FIELD_GROUPS},
	{"audiences", TPAM_FIELD_AUDIENCES},
};

static const struct text_member time_members[] = {
	{"issued_at", TPAM_FIELD_ISSUED_AT},
	{"expires_at", TPAM_FIELD_EXPIRES_AT},
	{"auth_time", TPAM_FIELD_AUTH_TIME},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static json_t *texts(const char *const *items, size_t count, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; i < count; i++)
		json_push(array, json_string(items[i]), failed);
	return array;
}

static json_t *list_json(const struct list *list, bool *failed)
{
	return texts((const char *const *)list->items, list->count, failed);
}

/* Members that are unset are left out; id, issuer and subject are always there. */
static json_t *identity_json(const struct tpam_result *result, bool *failed)
{
	const struct identity *identity = &result->identity;

	if (!result->identified)
		return json_null();
	json_t *object = json_object();
	json_put(object, "id", json_text(result->id), failed);
	for (size_t i = 0; i < COUNT(text_members); i++)
		if (identity->fields[text_members[i].field].text)
			json_put(object, text_members[i].key,
				json_string(identity->fields[text_members[i].field].text), failed);
	if (identity->fields[TPAM_FIELD_EMAIL].text)
		json_put(object, "email_verified", json_boolean(tpam_result_email_verified(result)),
			failed);
	for (size_t i = 0; i < COUNT(list_members); i++)
		if (identity->fields[list_members[i].field].list.count > 0)
			json_put(object, list_members[i].key,
				list_json(&identity->fields[list_members[i].field].list, failed),
				failed);
	for (size_t i = 0; i < COUNT(time_members); i++)
		if (identity_has(identity, time_members[i].field))
			json_put(object, time_members[i].key,
				json_integer(identity->fields[time_members[i].field].number),
				failed);
	return object;
}

/* Only what came from the cache says so. */
static const char *const cached_words[] = {
	[TPAM_CACHED_FRESH] = "fresh", [TPAM_CACHED_STALE] = "stale"};

static json_t *entry_json(const struct tpam_trace_entry *entry, bool *failed)
{
	json_t *object = json_object();
	size_t notes = 0;

	json_put(object, "group", json_text(entry->group), failed);
	json_put(object, "provider", json_text(entry->provider), failed);
	json_put(object, "plugin", json_text(entry->plugin), failed);
	json_put(object, "at", json_text(entry->at), failed);
	json_put(object, "rule", json_text(entry->rule), failed);
	json_put(object, "level", json_integer(entry->level), failed);
	json_put(object, "outcome", json_text(tpam_outcome_name(entry->outcome)), failed);
	json_put(object, "action", json_text(entry->action), failed);
	json_put(object, "reason", json_text(tpam_reason_name(entry->reason)), failed);
	json_put(object, "expected", json_text(entry->expected), failed);
	json_put(object, "got", json_text(entry->got), failed);
	while (entry->notes[notes])
		notes++;
	json_put(object, "notes", texts(entry->notes, notes, failed), failed);
	json_put(object, "duration_ns", json_integer(entry->duration), failed);
	if (entry->cached != TPAM_CACHED_NO)
		json_put(object, "cached", json_text(cached_words[entry->cached]), failed);
	return object;
}

static json_t *trace_json(const struct tpam_result *result, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; i < result->trace.count; i++)
		json_push(array, entry_json(&result->trace.records[i].entry, failed), failed);
	return array;
}

/* Groups that were run, and what PAM would have returned for each. */
static json_t *groups_json(const struct tpam_result *result, bool *failed)
{
	static const enum tpam_group groups[] = {TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};
	json_t *object = json_object();

	for (size_t i = 0; i < COUNT(groups); i++) {
		int32_t outcome = tpam_result_group_outcome(result, groups[i]);
		if (outcome != 0)
			json_put(object, group_name(groups[i]),
				json_string(tpam_outcome_name(outcome)), failed);
	}
	return object;
}

static json_t *result_object(const struct tpam_result *result, bool *failed)
{
	json_t *object = json_object();
	const char *claims = tpam_result_claims(result);

	json_put(object, "outcome", json_text(tpam_outcome_name(result->outcome)), failed);
	if (result->hypothetical)
		json_put(object, "hypothetical", json_true(), failed);
	if (result->unenforced)
		json_put(object, "enforced", json_false(), failed);
	json_put(object, "reason", json_text(tpam_reason_name(result->reason)), failed);
	json_put(object, "status", json_integer(tpam_result_status(result)), failed);
	json_put(object, "message", json_text(tpam_result_message(result)), failed);
	json_put(object, "expected", json_text(tpam_result_expected(result)), failed);
	json_put(object, "got", json_text(tpam_result_got(result)), failed);
	json_put(object, "request_id", json_text(result->request_id), failed);
	json_put(object, "provider", json_text(tpam_result_provider(result)), failed);
	json_put(object, "rule", json_text(tpam_result_rule(result)), failed);
	json_put(object, "identity", identity_json(result, failed), failed);
	json_put(object, "scopes",
		list_json(&result->identity.fields[TPAM_FIELD_SCOPES].list, failed), failed);
	json_put(object, "missing_scopes", list_json(&result->missing_scopes, failed), failed);
	json_put(object, "claims", json_object_read(claims, strlen(claims), UINT_MAX), failed);
	json_put(object, "challenge", list_json(&result->challenges, failed), failed);
	json_put(object, "retry_after", json_integer(result->retry_after), failed);
	json_put(object, "groups", groups_json(result, failed), failed);
	json_put(object, "trace", trace_json(result, failed), failed);
	return object;
}

int tpam_result_json(const struct tpam_result *result, char **ret_json)
{
	bool failed = false;
	json_t *object = result_object(result, &failed);
	char *text = failed ? NULL : json_write(object, JSON_COMPACT);

	json_decref(object);
	if (!text)
		return TPAM_E_MEMORY;
	*ret_json = text;
	return TPAM_OK;
}
