/*
 * result.c - what was decided, asked field by field.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "decision.h"
#include "generation.h"
#include "result.h"

static const enum tpam_group groups[RESULT_GROUPS] = {TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};
static const char *const group_names[RESULT_GROUPS] = {"auth", "account", "session"};

size_t group_index(enum tpam_group group)
{
	size_t index = 0;

	while (index < RESULT_GROUPS - 1 && groups[index] != group)
		index++;
	return index;
}

const char *group_name(enum tpam_group group)
{
	return group_names[group_index(group)];
}

struct tpam_result *result_create(struct pin pin)
{
	struct tpam_result *result = malloc(sizeof(*result));

	if (!result) {
		generation_unref(pin);
		return NULL;
	}
	memset(result, 0, offsetof(struct tpam_result, room));
	arena_init(&result->arena, result->room, sizeof(result->room));
	result->identity.arena = result->trace.arena = &result->arena;
	atomic_init(&result->references, 1);
	result->pin = pin;
	return result;
}

struct tpam_result *tpam_result_ref(struct tpam_result *result)
{
	atomic_fetch_add_explicit(&result->references, 1, memory_order_relaxed);
	return result;
}

void tpam_result_unref(struct tpam_result *result)
{
	if (!result || atomic_fetch_sub_explicit(&result->references, 1, memory_order_acq_rel) != 1)
		return;
	arena_finish(&result->arena);
	tpam_result_unref(result->who);
	generation_unref(result->pin);
	free(result);
}

bool tpam_result_accepted(const struct tpam_result *result)
{
	return result && !result->hypothetical &&
	       (outcome_accepts(result->outcome) || result->unenforced);
}

bool tpam_result_enforced(const struct tpam_result *result)
{
	return !result->unenforced;
}

/* What the client hears of: a refusal that is not enforced it does not. */
static int32_t heard(const struct tpam_result *result)
{
	return result->unenforced ? TPAM_SUCCESS : result->outcome;
}

int32_t tpam_result_outcome(const struct tpam_result *result)
{
	return result->outcome;
}

int32_t tpam_result_reason(const struct tpam_result *result)
{
	return result->reason;
}

int tpam_result_status(const struct tpam_result *result)
{
	return tpam_outcome_status(heard(result));
}

const char *tpam_result_expected(const struct tpam_result *result)
{
	return result->decisive ? result->decisive->expected : result->expected;
}

const char *tpam_result_got(const struct tpam_result *result)
{
	return result->decisive ? result->decisive->got : result->got;
}

const char *tpam_result_message(const struct tpam_result *result)
{
	return outcome_message(heard(result));
}

const char *tpam_result_request_id(const struct tpam_result *result)
{
	return result->request_id;
}

const char *tpam_result_challenge(const struct tpam_result *result, size_t index)
{
	return list_get(&result->challenges, index);
}

int64_t tpam_result_retry_after(const struct tpam_result *result)
{
	return result->retry_after;
}

const char *tpam_result_rule(const struct tpam_result *result)
{
	return result->decisive ? result->decisive->entry.at : NULL;
}

const char *tpam_result_provider(const struct tpam_result *result)
{
	return result->decisive ? result->decisive->entry.provider : NULL;
}

const char *tpam_result_id(const struct tpam_result *result)
{
	return result->id;
}

#define TEXT_FIELD(name, FIELD)                                                                    \
	const char *tpam_result_##name(const struct tpam_result *result)                           \
	{                                                                                          \
		return identity_text(&result->identity, TPAM_FIELD_##FIELD);                       \
	}
TEXT_FIELD(issuer, ISSUER)
TEXT_FIELD(subject, SUBJECT)
TEXT_FIELD(client_id, CLIENT_ID)
TEXT_FIELD(username, USERNAME)
TEXT_FIELD(name, NAME)
TEXT_FIELD(email, EMAIL)
TEXT_FIELD(tenant, TENANT)
TEXT_FIELD(token_id, TOKEN_ID)

bool tpam_result_email_verified(const struct tpam_result *result)
{
	return tpam_result_email(result) &&
	       identity_number(&result->identity, TPAM_FIELD_EMAIL_VERIFIED) == 1;
}

#define LIST_FIELD(name, FIELD)                                                                    \
	const char *tpam_result_##name(const struct tpam_result *result, size_t index)             \
	{                                                                                          \
		return list_get(&result->identity.fields[TPAM_FIELD_##FIELD].list, index);         \
	}
LIST_FIELD(role, ROLES)
LIST_FIELD(group, GROUPS)
LIST_FIELD(audience, AUDIENCES)
LIST_FIELD(scope, SCOPES)

bool tpam_result_has_scope(const struct tpam_result *result, const char *scope)
{
	return list_has(&result->identity.fields[TPAM_FIELD_SCOPES].list, scope);
}

const char *tpam_result_missing_scope(const struct tpam_result *result, size_t index)
{
	return list_get(&result->missing_scopes, index);
}

const char *tpam_result_claims(const struct tpam_result *result)
{
	const char *claims = identity_text(&result->identity, TPAM_FIELD_CLAIMS);

	return claims ? claims : "{}";
}

#define TIME_FIELD(name, FIELD)                                                                    \
	int64_t tpam_result_##name(const struct tpam_result *result)                               \
	{                                                                                          \
		return identity_number(&result->identity, TPAM_FIELD_##FIELD);                     \
	}
TIME_FIELD(issued_at, ISSUED_AT)
TIME_FIELD(expires_at, EXPIRES_AT)
TIME_FIELD(auth_time, AUTH_TIME)

int32_t tpam_result_group_outcome(const struct tpam_result *result, enum tpam_group group)
{
	for (size_t i = 0; i < RESULT_GROUPS; i++)
		if (groups[i] == group)
			return result->groups[i];
	return 0;
}

const struct tpam_trace_entry *tpam_result_trace(const struct tpam_result *result, size_t index)
{
	return index < result->trace.count ? &result->trace.records[index].entry : NULL;
}
