/*
 * challenge.c - what a refused client is told: WWW-Authenticate
 * (RFC 9110, RFC 6750), Retry-After, a sentence.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "decision.h"
#include "memory.h"

#define CHALLENGE_MAX      (16 * 1024)
#define RETRY_UNAVAILABLE  5 /* seconds, where the provider names none */
#define RETRY_RATE_LIMITED 30

struct answer {
	const char *error; /* RFC 6750, section 3.1; NULL: none */
	const char *message;
};

static const struct answer answers[TPAM_OUTCOME_LIMIT] = {
	[TPAM_SUCCESS] = {NULL, "Accepted."},
	[TPAM_EXPIRING] = {NULL, "Accepted; the credential expires soon."},
	[TPAM_IGNORE] = {NULL, "Authentication is required."},
	[TPAM_NO_CREDENTIAL] = {NULL, "Authentication is required."},
	[TPAM_FOREIGN] = {"invalid_token", "The credential is not accepted here."},
	[TPAM_MALFORMED] = {"invalid_request", "The credential is malformed."},
	[TPAM_INVALID] = {"invalid_token", "The credential is not valid."},
	[TPAM_EXPIRED] = {"invalid_token", "The credential has expired."},
	[TPAM_REVOKED] = {"invalid_token", "The credential has been revoked."},
	[TPAM_STEP_UP] = {"insufficient_user_authentication",
		"A stronger or fresher sign-in is required."},
	[TPAM_DENIED] = {"access_denied", "Access is denied."},
	[TPAM_RATE_LIMITED] = {NULL, "Too many requests; try again later."},
	[TPAM_UNAVAILABLE] = {NULL, "Authentication is unavailable; try again later."},
	[TPAM_ERROR] = {NULL, "Authentication failed because of a fault of the server."},
};

const char *outcome_message(int32_t outcome)
{
	return outcome > 0 && outcome < TPAM_OUTCOME_LIMIT ? answers[outcome].message
							   : answers[TPAM_ERROR].message;
}

/* What does not fit is left out: the refusal counts, and its explanation may be
 * short. */
static bool fits(const struct buffer *buffer, size_t length)
{
	return length <= CHALLENGE_MAX - buffer->length;
}

/* ` name="value"`, with a comma before all but the first; what a quoted-string may not hold becomes '?'. */
static void parameter(struct buffer *buffer, bool first, const char *name, const char *value)
{
	if (!fits(buffer, strlen(name) + 2 * strlen(value) + sizeof(", =\"\"")))
		return;
	buffer_text(buffer, first ? " " : ", ");
	buffer_text(buffer, name);
	buffer_text(buffer, "=\"");
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			buffer_append(buffer, "\\", 1);
		buffer_append(buffer, *c >= 0x20 && *c < 0x7F ? c : "?", 1);
	}
	buffer_text(buffer, "\"");
}

static void scope_parameter(struct buffer *buffer, const struct list *scopes)
{
	size_t length = sizeof(", scope=\"\"");

	for (size_t i = 0; i < scopes->count; i++)
		length += strlen(scopes->items[i]) + 1;
	if (!fits(buffer, length))
		return;
	buffer_text(buffer, ", scope=\"");
	for (size_t i = 0; i < scopes->count; i++) {
		if (i > 0)
			buffer_text(buffer, " ");
		buffer_text(buffer, scopes->items[i]); /* text_is_scope() leaves nothing to quote */
	}
	buffer_text(buffer, "\"");
}

/* RFC 9110, section 11.2: each name once. Values cannot look like this, since
 * their quotes are escaped. */
static bool taken(const struct buffer *buffer, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = buffer->data; (at = strchr(at, ' ')); at++)
		if (strncasecmp(at + 1, name, length) == 0 &&
			strncmp(at + 1 + length, "=\"", 2) == 0)
			return true;
	return false;
}

static void own_parameters(
	struct buffer *buffer, const struct trace_record *record, const char *scheme)
{
	for (size_t i = 0; record && i < record->parameter_count && !buffer->failed; i++)
		if (strcasecmp(record->parameters[i].scheme, scheme) == 0 &&
			!taken(buffer, record->parameters[i].name))
			parameter(buffer, false, record->parameters[i].name,
				record->parameters[i].value);
}

static bool finish(struct tpam_result *result, struct buffer *buffer)
{
	bool done = !buffer->failed && arena_list_add(&result->arena, &result->challenges,
					       buffer->data, buffer->length);

	buffer_finish(buffer);
	return done;
}

/*
 * What a client should ask for: all that the operation needs at once, and with challenge_scope = union what it has
 * already, too, for clients that would lose it.
 */
static bool needed_scopes(const struct decision *decision, struct list *ret)
{
	struct tpam_result *result = decision->result;
	const struct list *granted = &result->identity.fields[TPAM_FIELD_SCOPES].list;
	bool with_granted = decision->service->challenge_union && result->identified;

	if (!policy_scopes(decision, ret))
		return false;
	for (size_t i = 0; with_granted && i < granted->count; i++)
		if (!list_has(ret, granted->items[i]) &&
			!arena_list_point(&result->arena, ret, granted->items[i]))
			return false;
	return true;
}

static bool add_bearer(struct decision *decision)
{
	struct tpam_result *result = decision->result;
	struct buffer buffer = BUFFER(CHALLENGE_MAX);
	const struct answer *answer = &answers[result->outcome];
	bool scope = result->reason == TPAM_REASON_MISSING_SCOPE;
	struct list scopes = {0};

	buffer_text(&buffer, "Bearer");
	parameter(&buffer, true, "realm", request_text(decision->request, TPAM_ITEM_SERVICE));
	if (scope || answer->error) {
		parameter(&buffer, false, "error", scope ? "insufficient_scope" : answer->error);
		parameter(&buffer, false, "error_description",
			scope ? "A scope is missing." : answer->message);
	}
	/* Who has to get a token anyway gets the right one. */
	if (scope || tpam_outcome_status(result->outcome) == 401) {
		if (!needed_scopes(decision, &scopes)) {
			buffer_finish(&buffer);
			return false;
		}
		if (scopes.count > 0)
			scope_parameter(&buffer, &scopes);
	}
	if (decision->service->resource.metadata_url)
		parameter(&buffer, false, "resource_metadata",
			decision->service->resource.metadata_url);
	own_parameters(&buffer, result->decisive, "Bearer");
	return finish(result, &buffer);
}

static bool add_basic(struct decision *decision)
{
	struct buffer buffer = BUFFER(CHALLENGE_MAX);

	buffer_text(&buffer, "Basic");
	parameter(&buffer, true, "realm", request_text(decision->request, TPAM_ITEM_SERVICE));
	parameter(&buffer, false, "charset", "UTF-8");
	return finish(decision->result, &buffer);
}

/* Schemes that only the deciding provider knows, such as DPoP; each once, with all its parameters. */
static bool add_others(struct decision *decision)
{
	const struct trace_record *record = decision->result->decisive;

	for (size_t i = 0; record && i < record->parameter_count; i++) {
		const char *scheme = record->parameters[i].scheme;
		bool seen = strcasecmp(scheme, "Bearer") == 0;
		for (size_t j = 0; j < i && !seen; j++)
			seen = strcasecmp(record->parameters[j].scheme, scheme) == 0;
		if (seen)
			continue;
		struct buffer buffer = BUFFER(CHALLENGE_MAX);
		buffer_text(&buffer, scheme);
		parameter(
			&buffer, true, "realm", request_text(decision->request, TPAM_ITEM_SERVICE));
		own_parameters(&buffer, record, scheme);
		if (!finish(decision->result, &buffer))
			return false;
	}
	return true;
}

static bool takes(const struct decision *decision, enum credential_place place)
{
	const struct program *auth = &decision->service->programs[group_index(TPAM_AUTH)];

	for (size_t i = 0; i < auth->count; i++)
		if (auth->rules[i].instance && auth->rules[i].instance->credential == place)
			return true;
	return false;
}

static void wait_for(struct tpam_result *result)
{
	result->retry_after = result->decisive ? result->decisive->retry_after : 0;
	if (result->retry_after > 0)
		return;
	if (result->outcome == TPAM_UNAVAILABLE)
		result->retry_after = RETRY_UNAVAILABLE;
	else if (result->outcome == TPAM_RATE_LIMITED)
		result->retry_after = RETRY_RATE_LIMITED;
}

bool challenge_make(struct decision *decision)
{
	struct tpam_result *result = decision->result;
	int status = tpam_outcome_status(result->outcome);

	if (result->unenforced)
		return true;
	wait_for(result);
	if (status < 400 || status == 429 || status >= 500 || !decision->service)
		return true;
	/* A 401 wants a challenge (RFC 9110, section 15.5.2), whatever place the credential is read from. */
	bool basic = status == 401 && takes(decision, CREDENTIAL_BASIC);
	if ((!basic || takes(decision, CREDENTIAL_BEARER)) && !add_bearer(decision))
		return false;
	return add_others(decision) && (!basic || add_basic(decision));
}
