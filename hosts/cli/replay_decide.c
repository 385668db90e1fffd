/*
 * replay_decide.c - what would become of one record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"
#include "replay.h"

/* ---- What was said of somebody ---- */

static int say_text(struct tpam_simulation *simulation, enum tpam_field field, const char *text)
{
	return text && *text ? tpam_simulation_set_text(simulation, field, text) : TPAM_OK;
}

static int say_list(struct tpam_simulation *simulation, enum tpam_field field, const json_t *list)
{
	int code = TPAM_OK;
	json_t *element;
	size_t i;

	json_array_foreach(list, i, element)
	{
		if (code == TPAM_OK)
			code = say_text(simulation, field, json_string_value(element));
	}
	return code;
}

static int say_claims(struct tpam_simulation *simulation, const json_t *claims)
{
	char *text = claims ? json_dumps(claims, JSON_COMPACT) : NULL;
	int code = say_text(simulation, TPAM_FIELD_CLAIMS, text);

	free(text);
	return code;
}

static int say_numbers(struct tpam_simulation *simulation, const struct audit_record *record)
{
	int code = TPAM_OK;

	if (record->email && record->email_verified)
		code = tpam_simulation_set_number(simulation, TPAM_FIELD_EMAIL_VERIFIED,
			json_is_true(record->email_verified));
	if (code == TPAM_OK && record->auth_time != AUDIT_NUMBER_NO)
		code = tpam_simulation_set_number(
			simulation, TPAM_FIELD_AUTH_TIME, record->auth_time);
	return code;
}

/* Somebody without a name is somebody all the same. */
static int say(struct tpam_simulation *simulation, const struct audit_record *record)
{
	const struct {
		enum tpam_field field;
		const char *text;
	} texts[] = {{TPAM_FIELD_SUBJECT, record->subject ? record->subject : "somebody"},
		{TPAM_FIELD_ISSUER, record->issuer}, {TPAM_FIELD_USERNAME, record->username},
		{TPAM_FIELD_EMAIL, record->email}, {TPAM_FIELD_CLIENT_ID, record->client},
		{TPAM_FIELD_TENANT, record->tenant}};
	const struct {
		enum tpam_field field;
		const json_t *list;
	} lists[] = {{TPAM_FIELD_ROLES, record->roles}, {TPAM_FIELD_GROUPS, record->groups},
		{TPAM_FIELD_SCOPES, record->token_scopes}};
	int code = tpam_simulation_add(simulation, record->provider, TPAM_SUCCESS);

	for (size_t i = 0; code == TPAM_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		code = say_text(simulation, texts[i].field, texts[i].text);
	for (size_t i = 0; code == TPAM_OK && i < sizeof(lists) / sizeof(lists[0]); i++)
		code = say_list(simulation, lists[i].field, lists[i].list);
	if (code == TPAM_OK)
		code = say_claims(simulation, record->claims);
	return code == TPAM_OK ? say_numbers(simulation, record) : code;
}

/* ---- What was asked ---- */

static int set(struct tpam_request *request, enum tpam_item item, const char *text)
{
	return text ? tpam_request_set(request, item, text, strlen(text)) : TPAM_OK;
}

static int fill(struct tpam_request *request, const struct audit_record *record)
{
	json_t *tag;
	size_t i;

	int code = set(request, TPAM_ITEM_SERVICE, record->service);
	if (code == TPAM_OK)
		code = set(request, TPAM_ITEM_TOOL, record->tool);
	if (code == TPAM_OK)
		code = set(request, TPAM_ITEM_TENANT, record->requested_tenant);
	if (code == TPAM_OK)
		code = set(request, TPAM_ITEM_PEER_ADDRESS, record->address);
	json_array_foreach(record->tags, i, tag)
	{
		if (code == TPAM_OK && json_is_string(tag))
			code = tpam_request_add_tag(request, json_string_value(tag));
	}
	return code;
}

/* ---- Before ---- */

static bool was_accepted(const struct audit_record *record)
{
	return strcmp(record->outcome, "success") == 0 || strcmp(record->outcome, "expiring") == 0;
}

static bool was_outage(const struct audit_record *record)
{
	static const char *const outages[] = {"unavailable", "rate_limited", "error"};

	for (size_t i = 0; i < sizeof(outages) / sizeof(outages[0]); i++)
		if (strcmp(record->outcome, outages[i]) == 0)
			return true;
	return false;
}

/* Let in as anybody would be. */
static bool is_anonymous(const struct audit_record *record)
{
	return record->id && strcmp(record->id, "tokenpam:anonymous") == 0;
}

/* Whether somebody was recognised: their id says so, or that they were let in by a provider. */
static bool is_somebody(const struct audit_record *record)
{
	return record->provider && !is_anonymous(record) && (record->id || was_accepted(record));
}

/* What can be told from the record alone. */
static enum replay_doubt doubt_of(const struct audit_record *record)
{
	bool nobody = strcmp(record->outcome, "no_credential") == 0 || is_anonymous(record);

	if (!record->service || (record->id && !record->provider && !is_anonymous(record)))
		return DOUBT_IDENTITY;
	if (was_outage(record))
		return DOUBT_OUTAGE;
	if (!is_somebody(record) && !was_accepted(record) && !nobody)
		return DOUBT_CREDENTIAL;
	if (record->identities != AUDIT_NUMBER_NO && record->identities > 1)
		return DOUBT_JOINED;
	return json_array_size(record->cut) > 0 ? DOUBT_CUT : DOUBT_NONE;
}

/* ---- After ---- */

/* The rules of a group; NULL in *ret where there is no such service. */
static int rules_of(struct replay *replay, const char *service, const char *group, json_t **ret)
{
	json_t *known = json_object_get(replay->services, service);

	if (!known) {
		if (engine_describe(replay->engine, service, &known) == EXIT_MISUSED)
			return EXIT_MISUSED;
		known = known ? known : json_null();
		json_object_set_new(replay->services, service, known);
	}
	*ret = json_object_get(json_object_get(json_object_get(known, "groups"), group), "rules");
	return EXIT_ACCEPTED;
}

static bool has_provider(const json_t *rules, const char *provider)
{
	json_t *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		const char *own = text_member(rule, "provider");
		if (own && strcmp(own, provider) == 0)
			return true;
	}
	return false;
}

static bool is_accepting(int32_t outcome)
{
	return outcome == TPAM_SUCCESS || outcome == TPAM_EXPIRING;
}

/* That a credential expires soon no record says. */
static bool is_same(const struct audit_record *record, const struct tpam_result *result)
{
	bool enforced = !json_is_false(json_object_get(record->object, "enforced"));
	int32_t outcome = tpam_result_outcome(result);

	if (enforced != tpam_result_enforced(result))
		return false;
	if (was_accepted(record) || is_accepting(outcome))
		return was_accepted(record) && is_accepting(outcome);
	return strcmp(record->outcome, tpam_outcome_name(outcome)) == 0;
}

/* Of nobody, who has nothing. That nothing at all was presented only the record can tell. */
static void judge_nobody(
	const struct replay *replay, const struct audit_record *record, struct replayed *ret)
{
	bool bare =
		is_anonymous(record) || json_is_false(json_object_get(record->object, "presented"));
	uint32_t needs;

	ret->doubt = replay_needs(replay, record, ret->result, &needs);
	if (was_accepted(record))
		ret->absent = record->id ? 0 : REPLAY_BIT(REPLAY_PERSON);
	else if (ret->doubt == DOUBT_NONE && !ret->same && !bare)
		ret->doubt = DOUBT_CREDENTIAL;
}

/*
 * Rules that recognise them no more: where their provider is none of these, it is so. Where it is, others stood in the way,
 * of which nobody knows what they would have said.
 */
static int judge_unrecognised(
	struct replay *replay, const struct audit_record *record, struct replayed *ret)
{
	json_t *rules = NULL;

	if (strcmp(record->event, "authorization") == 0) {
		ret->doubt = DOUBT_BEFORE;
		return EXIT_ACCEPTED;
	}
	int code = rules_of(replay, record->service, "auth", &rules);
	if (has_provider(rules, record->provider))
		ret->doubt = DOUBT_OTHERS;
	return code;
}

/* What was refused may have been by a session rule. */
static int judge_session(
	struct replay *replay, const struct audit_record *record, struct replayed *ret)
{
	json_t *rules = NULL;

	if (ret->same || was_accepted(record) || !is_accepting(tpam_result_outcome(ret->result)))
		return EXIT_ACCEPTED;
	int code = rules_of(replay, record->service, "session", &rules);
	if (json_array_size(rules) > 0)
		ret->doubt = DOUBT_SESSION;
	return code;
}

static int judge(struct replay *replay, const struct audit_record *record, struct replayed *ret)
{
	uint32_t needs = 0, has = replay_fields_of(record);
	uint32_t hidden =
		REPLAY_BIT(REPLAY_SUBJECT) | REPLAY_BIT(REPLAY_USERNAME) | REPLAY_BIT(REPLAY_EMAIL);

	ret->same = is_same(record, ret->result);
	if (!is_somebody(record)) {
		judge_nobody(replay, record, ret);
		return EXIT_ACCEPTED;
	}
	if (!is_accepting(tpam_result_group_outcome(ret->result, TPAM_AUTH)))
		return judge_unrecognised(replay, record, ret);
	ret->doubt = replay_needs(replay, record, ret->result, &needs);
	if (record->subject && !replay_is_hashed(record))
		hidden = 0;
	if (ret->doubt == DOUBT_NONE && (needs & hidden))
		ret->doubt = DOUBT_HASHED;
	ret->absent = needs & ~has;
	return ret->doubt == DOUBT_NONE ? judge_session(replay, record, ret) : EXIT_ACCEPTED;
}

static int decide(struct replay *replay, const struct audit_record *record,
	struct tpam_request *request, struct tpam_simulation *simulation, struct replayed *ret)
{
	int code = is_somebody(record) ? say(simulation, record) : TPAM_OK;

	if (code == TPAM_OK)
		code = fill(request, record);
	if (code == TPAM_OK)
		code = tpam_simulate(replay->engine, request, simulation, &ret->result);
	if (code == TPAM_OK)
		return judge(replay, record, ret);
	if (code == TPAM_E_MEMORY)
		return fail_memory();
	ret->doubt = code == TPAM_E_UNSET ? DOUBT_PROVIDER : DOUBT_CUT;
	return EXIT_ACCEPTED;
}

int replay_decide(struct replay *replay, const struct audit_record *record, struct replayed *ret)
{
	int code = EXIT_ACCEPTED;

	*ret = (struct replayed){.doubt = doubt_of(record)};
	if (ret->doubt != DOUBT_NONE)
		return code;
	struct tpam_request *request = tpam_request_create();
	struct tpam_simulation *simulation = tpam_simulation_create();
	code = request && simulation ? decide(replay, record, request, simulation, ret)
				     : fail_memory();
	tpam_simulation_destroy(simulation);
	tpam_request_destroy(request);
	return code;
}
