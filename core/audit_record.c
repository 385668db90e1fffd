/*
 * audit_record.c - what a line of the audit says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "audit_line.h"
#include "codes.h"
#include "decision.h"

#define MICROSECOND 1000

/* ---- One decision ---- */

struct record {
	struct audit_line line;
	const struct audit *audit;
	const struct decision *decision;
	const struct tpam_result *result;
	const struct audit_config *config;
	bool failed;
};

static bool wanted(const struct record *record, enum audit_field field)
{
	return (record->config->fields >> field & 1) != 0;
}

/* Which credential or person it was, for who asks about one. */
static void put_mark(struct record *record, const char *name, const void *bytes, size_t length)
{
	char mark[AUDIT_MAC_SIZE];

	if (!audit_mark(record->audit, mark, bytes, length))
		record->failed = true;
	else
		audit_line_text(&record->line, name, mark);
}

static void put_who(struct record *record, const char *name, const char *text)
{
	if (text && record->config->hash_identity)
		put_mark(record, name, text, strlen(text));
	else
		audit_line_text(&record->line, name, text);
}

static void put_text(
	struct record *record, enum audit_field field, const char *name, const char *text)
{
	if (wanted(record, field))
		audit_line_text(&record->line, name, text);
}

static void put_list(
	struct record *record, enum audit_field field, const char *name, const struct list *list)
{
	if (wanted(record, field))
		audit_line_list(&record->line, name, list);
}

static void put_person(struct record *record, const struct identity *identity)
{
	const char *email = identity_text(identity, TPAM_FIELD_EMAIL);

	if (wanted(record, AUDIT_IDENTITY)) {
		put_who(record, "id", record->result->id);
		audit_line_text(
			&record->line, "issuer", identity_text(identity, TPAM_FIELD_ISSUER));
		put_who(record, "subject", identity_text(identity, TPAM_FIELD_SUBJECT));
		put_who(record, "username", identity_text(identity, TPAM_FIELD_USERNAME));
		if (identity_has(identity, TPAM_FIELD_AUTH_TIME))
			audit_line_number(&record->line, "auth_time",
				identity_number(identity, TPAM_FIELD_AUTH_TIME));
	}
	if (wanted(record, AUDIT_EMAIL) && email) {
		put_who(record, "email", email);
		audit_line_bool(&record->line, "email_verified",
			identity_number(identity, TPAM_FIELD_EMAIL_VERIFIED) == 1);
	}
}

static void put_identity(struct record *record)
{
	const struct identity *identity = &record->result->identity;

	if (!record->result->identified || record->result->nobody)
		return;
	put_person(record, identity);
	put_text(record, AUDIT_CLIENT, "client", identity_text(identity, TPAM_FIELD_CLIENT_ID));
	put_text(record, AUDIT_TENANT, "tenant", identity_text(identity, TPAM_FIELD_TENANT));
	put_list(record, AUDIT_ROLES, "roles", &identity->fields[TPAM_FIELD_ROLES].list);
	put_list(record, AUDIT_GROUPS, "groups", &identity->fields[TPAM_FIELD_GROUPS].list);
	put_list(record, AUDIT_TOKEN_SCOPES, "token_scopes", &identity->token_scopes);
	put_list(record, AUDIT_GRANTED, "granted", &identity->fields[TPAM_FIELD_SCOPES].list);
	if (wanted(record, AUDIT_CLAIMS))
		audit_line_json(
			&record->line, "claims", identity_text(identity, TPAM_FIELD_CLAIMS));
	/* Of whom the others are what the first lacks. */
	if (wanted(record, AUDIT_IDENTITY) && record->decision->identity_count > 1)
		audit_line_number(
			&record->line, "identities", (int64_t)record->decision->identity_count);
}

static void put_request(struct record *record)
{
	const struct tpam_request *request = record->decision->request;

	put_text(record, AUDIT_REQUEST_ID, "request_id", record->result->request_id);
	put_text(record, AUDIT_SERVICE, "service", request_text(request, TPAM_ITEM_SERVICE));
	put_text(record, AUDIT_TOOL, "tool", request_text(request, TPAM_ITEM_TOOL));
	put_list(record, AUDIT_TAGS, "tags", &request->tags);
	put_text(record, AUDIT_TENANT, "requested_tenant", record->result->tenant);
	put_text(record, AUDIT_ADDRESS, "address", request_text(request, TPAM_ITEM_PEER_ADDRESS));
}

/* ---- What became of it ---- */

/* The rule that recognised who was accepted; what was open to everybody was so by the last that was looked at. */
static const struct tpam_trace_entry *accepting(const struct tpam_result *result)
{
	const struct tpam_instance *instance = result->identity.instance;
	const struct trace *trace = &result->trace;

	if (result->open)
		return trace->count > 0 ? &trace->records[trace->count - 1].entry : NULL;
	for (size_t i = 0; instance && i < trace->count; i++) {
		const struct trace_record *record = &trace->records[i];
		if (record->group == TPAM_AUTH && record->entry.provider &&
			strcmp(record->entry.provider, instance->name) == 0 &&
			outcome_accepts(record->entry.outcome))
			return &record->entry;
	}
	return NULL;
}

/* What was expected and what came instead may be somebody's name. */
static void put_reason(struct record *record)
{
	const struct tpam_result *result = record->result;
	const struct tpam_trace_entry *entry = outcome_accepts(result->outcome) ? accepting(result)
					       : result->decisive ? &result->decisive->entry
								  : NULL;
	const char *provider = entry ? entry->provider : NULL;

	if (result->identified && result->identity.instance)
		provider = result->identity.instance->name;
	if (wanted(record, AUDIT_STATUS))
		audit_line_number(&record->line, "status", tpam_outcome_status(result->outcome));
	put_text(record, AUDIT_REASON, "reason", tpam_reason_name(result->reason));
	put_text(record, AUDIT_PROVIDER, "provider", provider);
	put_text(record, AUDIT_RULE, "rule", entry ? entry->at : NULL);
	if (record->config->hash_identity)
		return;
	put_text(record, AUDIT_EXPECTED, "expected", tpam_result_expected(result));
	put_text(record, AUDIT_GOT, "got", tpam_result_got(result));
}

static void put_scopes(struct record *record)
{
	struct list needed = {0};

	if (wanted(record, AUDIT_NEEDED) && record->decision->service) {
		if (!policy_scopes(record->decision, &needed))
			record->failed = true;
		audit_line_list(&record->line, "needed", &needed);
	}
	put_list(record, AUDIT_MISSING, "missing", &record->result->missing_scopes);
}

static const char *cached(const struct tpam_result *result)
{
	for (size_t i = 0; i < result->trace.count; i++)
		if (result->trace.records[i].entry.cached != TPAM_CACHED_NO)
			return result->trace.records[i].entry.cached == TPAM_CACHED_STALE ? "stale"
											  : "fresh";
	return NULL;
}

static void put_circumstances(struct record *record)
{
	const struct decision *decision = record->decision;
	const struct credential *credential = &decision->looked_at;

	put_text(record, AUDIT_CACHED, "cached", cached(record->result));
	if (wanted(record, AUDIT_LATENCY))
		audit_line_number(&record->line, "latency_us",
			(hooks_monotonic(&decision->generation->hooks) - decision->began) /
				MICROSECOND);
	if (!wanted(record, AUDIT_CREDENTIAL))
		return;
	if (credential->bytes)
		put_mark(record, "credential", credential->bytes, credential->length);
	if (record->result->bare)
		audit_line_bool(&record->line, "presented", false);
}

char *audit_record_decision(const struct audit *audit, const struct decision *decision)
{
	const struct tpam_result *result = decision->result;
	struct record record = {.audit = audit,
		.decision = decision,
		.result = result,
		.config = audit_config(audit)};

	audit_line_begin(&record.line, hooks_wall(&decision->generation->hooks),
		result->who ? "authorization" : "decision");
	put_request(&record);
	audit_line_text(&record.line, "outcome", tpam_outcome_name(result->outcome));
	if (result->unenforced)
		audit_line_bool(&record.line, "enforced", false);
	put_reason(&record);
	put_identity(&record);
	put_scopes(&record);
	put_circumstances(&record);
	if (!record.failed)
		return audit_line_end(&record.line);
	audit_line_finish(&record.line);
	return NULL;
}

/* ---- What else there is to tell ---- */

char *audit_record_event(int64_t wall, const struct audit_event_record *record)
{
	struct audit_line line;

	audit_line_begin(&line, wall, record->event);
	audit_line_text(&line, "provider", record->provider);
	audit_line_text(&line, "outcome", record->outcome);
	audit_line_text(&line, "sink", record->sink);
	audit_line_text(&line, "text", record->text);
	if (record->count > 0)
		audit_line_number(&line, "count", (int64_t)record->count);
	return audit_line_end(&line);
}
