/*
 * audit_record.c - the lines of the audit.
 *
 * Written by hand into one buffer: building a tree of values for each decision would cost more than the decision does.
 * Whatever comes from outside is inside quotes, and nothing in it can end them, or the line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit.h"
#include "codes.h"
#include "decision.h"
#include "memory.h"
#include "text.h"

#define LINE_MAX_BYTES (256 * 1024)
#define SECOND         INT64_C(1000000000)
#define MICROSECOND    1000

/* ---- JSON ---- */

static void escape(struct buffer *buffer, unsigned code)
{
	char text[8];

	(void)snprintf(text, sizeof(text), "\\u%04x", code & 0xFFFF);
	buffer_append(buffer, text, 6);
}

/* A run of bytes that need nothing. */
static size_t plain(const char *text, size_t length)
{
	size_t clean = text_check(text, length, false), i = 0;

	while (i < clean && text[i] != '"' && text[i] != '\\')
		i++;
	return i;
}

/* Controls, those above ASCII too, since terminals obey them; what is no UTF-8 is replaced. */
static size_t odd(struct buffer *buffer, const char *text, size_t length)
{
	unsigned char byte = (unsigned char)text[0], next = length > 1 ? (unsigned char)text[1] : 0;

	if (byte == '"' || byte == '\\') {
		buffer_append(buffer, "\\", 1);
		buffer_append(buffer, text, 1);
		return 1;
	}
	if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
		escape(buffer, next);
		return 2;
	}
	escape(buffer, byte < 0x80 ? byte : 0xFFFD);
	return 1;
}

static void string(struct buffer *buffer, const char *text)
{
	size_t length = strlen(text);

	buffer_append(buffer, "\"", 1);
	for (size_t i = 0; i < length;) {
		size_t run = plain(text + i, length - i);
		buffer_append(buffer, text + i, run);
		i += run;
		if (i < length)
			i += odd(buffer, text + i, length - i);
	}
	buffer_append(buffer, "\"", 1);
}

static void key(struct buffer *buffer, const char *name)
{
	buffer_text(buffer,
		buffer->length > 1 && buffer->data[buffer->length - 1] != '{' ? ",\"" : "\"");
	buffer_text(buffer, name);
	buffer_text(buffer, "\":");
}

static void put_text(struct buffer *buffer, const char *name, const char *text)
{
	if (!text)
		return;
	key(buffer, name);
	string(buffer, text);
}

static void put_number(struct buffer *buffer, const char *name, int64_t number)
{
	key(buffer, name);
	buffer_format(buffer, "%" PRId64, number);
}

static void put_bool(struct buffer *buffer, const char *name, bool value)
{
	key(buffer, name);
	buffer_text(buffer, value ? "true" : "false");
}

static void put_list(struct buffer *buffer, const char *name, const struct list *list)
{
	if (list->count == 0)
		return;
	key(buffer, name);
	for (size_t i = 0; i < list->count; i++) {
		buffer_append(buffer, i == 0 ? "[" : ",", 1);
		string(buffer, list->items[i]);
	}
	buffer_append(buffer, "]", 1);
}

static void put_time(struct buffer *buffer, int64_t wall)
{
	time_t seconds = (time_t)(wall / SECOND);
	struct tm moment = {0};
	char text[64];

	(void)gmtime_r(&seconds, &moment);
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06" PRId64 "Z",
		moment.tm_year + 1900, moment.tm_mon + 1, moment.tm_mday, moment.tm_hour,
		moment.tm_min, moment.tm_sec, wall % SECOND / MICROSECOND);
	put_text(buffer, "time", text);
}

/* ---- One decision ---- */

struct record {
	struct buffer buffer;
	struct audit *audit;
	const struct decision *decision;
	const struct tpam_result *result;
	const struct audit_config *config;
	struct list needed;
	bool failed;
};

static bool wanted(const struct record *record, enum audit_field field)
{
	return (record->config->fields >> field & 1) != 0;
}

/* Who it is, or which of them it was, for who asks twice. */
static void put_who(struct record *record, const char *name, const char *text)
{
	char mark[AUDIT_MARK_SIZE];

	if (!text)
		return;
	if (record->config->hash_identity) {
		if (!audit_mark(record->audit, mark, text, strlen(text)))
			record->failed = true;
		else
			put_text(&record->buffer, name, mark);
		return;
	}
	put_text(&record->buffer, name, text);
}

static void put_identity(struct record *record)
{
	const struct identity *identity = &record->result->identity;
	if (!record->result->identified)
		return;
	if (wanted(record, AUDIT_IDENTITY)) {
		put_who(record, "id", record->result->id);
		put_text(&record->buffer, "issuer", identity_text(identity, TPAM_FIELD_ISSUER));
		put_who(record, "subject", identity_text(identity, TPAM_FIELD_SUBJECT));
		put_who(record, "username", identity_text(identity, TPAM_FIELD_USERNAME));
		if (identity_has(identity, TPAM_FIELD_AUTH_TIME))
			put_number(&record->buffer, "auth_time",
				identity_number(identity, TPAM_FIELD_AUTH_TIME));
	}
	if (wanted(record, AUDIT_EMAIL) && identity_text(identity, TPAM_FIELD_EMAIL)) {
		put_who(record, "email", identity_text(identity, TPAM_FIELD_EMAIL));
		put_bool(&record->buffer, "email_verified",
			identity_number(identity, TPAM_FIELD_EMAIL_VERIFIED) == 1);
	}
	if (wanted(record, AUDIT_CLIENT))
		put_text(&record->buffer, "client", identity_text(identity, TPAM_FIELD_CLIENT_ID));
	if (wanted(record, AUDIT_TENANT))
		put_text(&record->buffer, "tenant", identity_text(identity, TPAM_FIELD_TENANT));
	if (wanted(record, AUDIT_ROLES))
		put_list(&record->buffer, "roles", &identity->fields[TPAM_FIELD_ROLES].list);
	if (wanted(record, AUDIT_GROUPS))
		put_list(&record->buffer, "groups", &identity->fields[TPAM_FIELD_GROUPS].list);
	if (wanted(record, AUDIT_TOKEN_SCOPES))
		put_list(&record->buffer, "token_scopes", &identity->token_scopes);
	if (wanted(record, AUDIT_GRANTED))
		put_list(&record->buffer, "granted", &identity->fields[TPAM_FIELD_SCOPES].list);
	if (wanted(record, AUDIT_CLAIMS) && identity_text(identity, TPAM_FIELD_CLAIMS)) {
		key(&record->buffer, "claims");
		buffer_text(&record->buffer, identity_text(identity, TPAM_FIELD_CLAIMS));
	}
}

static void put_request(struct record *record)
{
	const struct tpam_request *request = record->decision->request;

	if (wanted(record, AUDIT_REQUEST_ID))
		put_text(&record->buffer, "request_id", record->result->request_id);
	if (wanted(record, AUDIT_SERVICE))
		put_text(&record->buffer, "service", request_text(request, TPAM_ITEM_SERVICE));
	if (wanted(record, AUDIT_TOOL))
		put_text(&record->buffer, "tool", request_text(request, TPAM_ITEM_TOOL));
	if (wanted(record, AUDIT_TAGS))
		put_list(&record->buffer, "tags", &request->tags);
	if (wanted(record, AUDIT_TENANT))
		put_text(&record->buffer, "requested_tenant", record->result->tenant);
	if (wanted(record, AUDIT_ADDRESS))
		put_text(&record->buffer, "address", request_text(request, TPAM_ITEM_PEER_ADDRESS));
}

/* What came instead may be somebody's name. */
static void put_reason(struct record *record)
{
	const struct tpam_result *result = record->result;

	if (wanted(record, AUDIT_STATUS))
		put_number(&record->buffer, "status", tpam_result_status(result));
	if (wanted(record, AUDIT_REASON))
		put_text(&record->buffer, "reason", tpam_reason_name(result->reason));
	if (wanted(record, AUDIT_PROVIDER))
		put_text(&record->buffer, "provider",
			result->identified && result->identity.instance
				? result->identity.instance->name
				: tpam_result_provider(result));
	if (wanted(record, AUDIT_RULE))
		put_text(&record->buffer, "rule", tpam_result_rule(result));
	if (wanted(record, AUDIT_EXPECTED))
		put_text(&record->buffer, "expected", tpam_result_expected(result));
	if (wanted(record, AUDIT_GOT) && !record->config->hash_identity)
		put_text(&record->buffer, "got", tpam_result_got(result));
}

static void put_scopes(struct record *record)
{
	if (wanted(record, AUDIT_NEEDED) && record->decision->service) {
		if (!policy_scopes(record->decision, &record->needed))
			record->failed = true;
		put_list(&record->buffer, "needed", &record->needed);
	}
	if (wanted(record, AUDIT_MISSING))
		put_list(&record->buffer, "missing", &record->result->missing_scopes);
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
	char mark[AUDIT_MARK_SIZE];

	if (wanted(record, AUDIT_CACHED))
		put_text(&record->buffer, "cached", cached(record->result));
	if (wanted(record, AUDIT_LATENCY))
		put_number(&record->buffer, "latency_us",
			(hooks_monotonic(&decision->generation->hooks) - decision->began) /
				MICROSECOND);
	if (!wanted(record, AUDIT_CREDENTIAL) || !credential->bytes)
		return;
	if (audit_mark(record->audit, mark, credential->bytes, credential->length))
		put_text(&record->buffer, "credential", mark);
	else
		record->failed = true;
}

char *audit_record_decision(struct audit *audit, const struct decision *decision)
{
	const struct tpam_result *result = decision->result;
	struct record record = {.buffer = BUFFER(LINE_MAX_BYTES),
		.audit = audit,
		.decision = decision,
		.result = result,
		.config = audit_config(audit)};

	buffer_text(&record.buffer, "{");
	put_time(&record.buffer, hooks_wall(&decision->generation->hooks));
	put_text(&record.buffer, "event", result->who ? "authorization" : "decision");
	put_request(&record);
	put_text(&record.buffer, "outcome", tpam_outcome_name(result->outcome));
	put_reason(&record);
	put_identity(&record);
	put_scopes(&record);
	put_circumstances(&record);
	buffer_text(&record.buffer, "}");
	if (!record.failed)
		return buffer_take(&record.buffer);
	buffer_finish(&record.buffer);
	return NULL;
}

char *audit_record_event(int64_t wall, const char *event, const char *provider, const char *outcome,
	const char *text, uint64_t count)
{
	struct buffer buffer = BUFFER(LINE_MAX_BYTES);

	buffer_text(&buffer, "{");
	put_time(&buffer, wall);
	put_text(&buffer, "event", event);
	put_text(&buffer, "provider", provider);
	put_text(&buffer, "outcome", outcome);
	put_text(&buffer, "text", text);
	if (count > 0)
		put_number(&buffer, "count", (int64_t)count);
	buffer_text(&buffer, "}");
	return buffer_take(&buffer);
}
