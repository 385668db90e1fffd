/*
 * replay_fields.c - what a decision depended on, and what of that a record has.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "output.h"
#include "replay.h"

#define ALL (REPLAY_SETS - 1)

/* What the configuration's fields = calls them. */
static const char *const names[REPLAY_FIELDS] = {
	[REPLAY_PERSON] = "identity",
	[REPLAY_SUBJECT] = "identity",
	[REPLAY_USERNAME] = "identity",
	[REPLAY_EMAIL] = "email",
	[REPLAY_TENANT] = "tenant",
	[REPLAY_ROLES] = "roles",
	[REPLAY_GROUPS] = "groups",
	[REPLAY_SCOPES] = "token_scopes",
	[REPLAY_CLAIMS] = "claims",
	[REPLAY_AUTH_TIME] = "identity",
};

const char *replay_field_name(enum replay_field field)
{
	return names[field];
}

/* ---- What a record has ---- */

/* An id is PROVIDER:SUBJECT; a fingerprint is not. */
bool replay_is_hashed(const struct audit_record *record)
{
	size_t length = record->provider ? strlen(record->provider) : 0;

	return record->id && record->subject &&
	       (!record->provider || strncmp(record->id, record->provider, length) != 0 ||
		       record->id[length] != ':' ||
		       strcmp(record->id + length + 1, record->subject) != 0);
}

uint32_t replay_fields_of(const struct audit_record *record)
{
	const bool has[REPLAY_FIELDS] = {
		[REPLAY_PERSON] = record->id != NULL,
		[REPLAY_SUBJECT] = record->subject != NULL,
		[REPLAY_USERNAME] = record->username != NULL,
		[REPLAY_EMAIL] = record->email != NULL,
		[REPLAY_TENANT] = record->tenant != NULL,
		[REPLAY_ROLES] = record->roles != NULL,
		[REPLAY_GROUPS] = record->groups != NULL,
		[REPLAY_SCOPES] = record->token_scopes != NULL,
		[REPLAY_CLAIMS] = record->claims != NULL,
		[REPLAY_AUTH_TIME] = record->auth_time != AUDIT_NUMBER_NO,
	};
	uint32_t bits = 0;

	for (enum replay_field i = 0; i < REPLAY_FIELDS; i++)
		if (has[i])
			bits |= REPLAY_BIT(i);
	return bits;
}

/* ---- What a decision looked at ---- */

static const struct {
	const char *key;
	uint32_t fields;
} requirements[] =
	{
		{"deny_subject", REPLAY_BIT(REPLAY_SUBJECT)},
		{"allow_subject", REPLAY_BIT(REPLAY_SUBJECT)},
		{"require_tenant", REPLAY_BIT(REPLAY_TENANT)},
		{"require_roles", REPLAY_BIT(REPLAY_ROLES)},
		{"require_any_role", REPLAY_BIT(REPLAY_ROLES)},
		{"require_any_group", REPLAY_BIT(REPLAY_GROUPS)},
		{"require_claim", REPLAY_BIT(REPLAY_CLAIMS)},
		{"acr", REPLAY_BIT(REPLAY_CLAIMS)},
		{"max_auth_age", REPLAY_BIT(REPLAY_AUTH_TIME)},
		{"require_scopes", REPLAY_BIT(REPLAY_SCOPES)},
		{"require_any_scope", REPLAY_BIT(REPLAY_SCOPES)},
		/* what stands in a rule of access, which looks at nobody */
		{"access", 0},
		{"public_tools", 0},
		{"protected_tools", 0},
		{"unlisted_tools", 0},
},
  grants[] = {
	  {"scope", REPLAY_BIT(REPLAY_SCOPES)},
	  {"role", REPLAY_BIT(REPLAY_ROLES)},
	  {"group", REPLAY_BIT(REPLAY_GROUPS)},
	  {"org", REPLAY_BIT(REPLAY_GROUPS)},
	  {"email", REPLAY_BIT(REPLAY_EMAIL)},
	  {"subject", REPLAY_BIT(REPLAY_SUBJECT)},
	  {"tenant", REPLAY_BIT(REPLAY_TENANT)},
	  {"claim", REPLAY_BIT(REPLAY_CLAIMS)},
	  {"any", 0},
};

/* "require_scopes = admin" looks at what its key says; one that is not known may look at anything. */
static uint32_t fields_of_rule(const char *rule)
{
	size_t length = strcspn(rule, " =");

	for (size_t i = 0; i < sizeof(requirements) / sizeof(requirements[0]); i++)
		if (strlen(requirements[i].key) == length &&
			strncmp(requirements[i].key, rule, length) == 0)
			return requirements[i].fields;
	return ALL;
}

static uint32_t fields_of_grant(const char *kind)
{
	for (size_t i = 0; kind && i < sizeof(grants) / sizeof(grants[0]); i++)
		if (strcmp(grants[i].key, kind) == 0)
			return grants[i].fields;
	return ALL;
}

static const json_t *provider_of(const struct replay *replay, const char *name)
{
	json_t *provider;
	size_t i;

	json_array_foreach(json_object_get(replay->overview, "providers"), i, provider)
	{
		const char *own = text_member(provider, "name");
		if (own && name && strcmp(own, name) == 0)
			return provider;
	}
	return NULL;
}

/* Where scopes matter, so does all that gives them. */
static uint32_t fields_of_scopes(const struct replay *replay, const char *provider)
{
	const json_t *section = provider_of(replay, provider);
	json_t *grant;
	size_t i;
	uint32_t fields = json_is_true(json_object_get(section, "token_scopes"))
				  ? REPLAY_BIT(REPLAY_SCOPES)
				  : 0;

	json_array_foreach(json_object_get(section, "grants"), i, grant)
	{
		fields |= fields_of_grant(text_member(grant, "kind"));
	}
	return fields;
}

static bool is_utility(const struct replay *replay, const char *provider)
{
	const char *role = text_member(provider_of(replay, provider), "role");

	return role && strcmp(role, "utility") == 0;
}

enum replay_doubt replay_needs(const struct replay *replay, const struct audit_record *record,
	const struct tpam_result *result, uint32_t *ret_needs)
{
	const struct tpam_trace_entry *entry;
	uint32_t needs = 0;

	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++) {
		if (strcmp(entry->group, "account") == 0 && !is_utility(replay, entry->provider))
			return DOUBT_ACCOUNT;
		if (strcmp(entry->group, "require") != 0)
			continue;
		if (strncmp(entry->rule, "match_username", strlen("match_username")) == 0)
			return DOUBT_USERNAME;
		needs |= fields_of_rule(entry->rule);
	}
	if (needs & REPLAY_BIT(REPLAY_SCOPES))
		needs = (needs & ~REPLAY_BIT(REPLAY_SCOPES)) |
			fields_of_scopes(replay, record->provider);
	*ret_needs = needs;
	return DOUBT_NONE;
}
