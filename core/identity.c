/*
 * identity.c - who somebody is: the fields that one rule contributes, and how several become one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "identity.h"
#include "instance.h"
#include "json.h"
#include "memory.h"
#include "text.h"

static const enum field_kind kinds[FIELD_LIMIT] = {
	[TPAM_FIELD_ISSUER] = FIELD_TEXT,
	[TPAM_FIELD_SUBJECT] = FIELD_TEXT,
	[TPAM_FIELD_CLIENT_ID] = FIELD_TEXT,
	[TPAM_FIELD_USERNAME] = FIELD_TEXT,
	[TPAM_FIELD_NAME] = FIELD_TEXT,
	[TPAM_FIELD_EMAIL] = FIELD_TEXT,
	[TPAM_FIELD_EMAIL_VERIFIED] = FIELD_NUMBER,
	[TPAM_FIELD_TENANT] = FIELD_TEXT,
	[TPAM_FIELD_ROLES] = FIELD_LIST,
	[TPAM_FIELD_GROUPS] = FIELD_LIST,
	[TPAM_FIELD_AUDIENCES] = FIELD_LIST,
	[TPAM_FIELD_SCOPES] = FIELD_LIST,
	[TPAM_FIELD_CLAIMS] = FIELD_JSON,
	[TPAM_FIELD_ISSUED_AT] = FIELD_NUMBER,
	[TPAM_FIELD_NOT_BEFORE] = FIELD_NUMBER,
	[TPAM_FIELD_EXPIRES_AT] = FIELD_NUMBER,
	[TPAM_FIELD_AUTH_TIME] = FIELD_NUMBER,
	[TPAM_FIELD_TOKEN_ID] = FIELD_TEXT,
};

enum field_kind field_kind(int32_t field)
{
	return field > 0 && field < FIELD_LIMIT ? kinds[field] : FIELD_NONE;
}

static int set_claims(struct identity *identity, const char *text, size_t length, unsigned depth)
{
	if (length > FIELD_CLAIMS_MAX || !json_depth_within(text, length, depth))
		return TPAM_E_LIMIT;
	json_t *claims = json_object_read(text, length, depth);
	if (!claims)
		return errno == ENOMEM ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;
	json_decref(identity->claims);
	identity->claims = claims;
	return TPAM_OK;
}

/* A scope that were not one could not be compared with what the INI can name. */
static int text_judge(int32_t field, const char *text, size_t length)
{
	if (length > FIELD_TEXT_MAX)
		return TPAM_E_LIMIT;
	if (length == 0 || text_check(text, length, false) != length)
		return TPAM_E_ARGUMENT;
	return field == TPAM_FIELD_SCOPES && !text_is_scope(text, length) ? TPAM_E_ARGUMENT
									  : TPAM_OK;
}

int identity_set_text(struct identity *identity, int32_t field, const char *text, size_t length,
	unsigned json_depth)
{
	if (field_kind(field) == FIELD_JSON)
		return set_claims(identity, text, length, json_depth);
	if (field_kind(field) != FIELD_TEXT)
		return TPAM_E_ARGUMENT;
	int code = text_judge(field, text, length);
	if (code != TPAM_OK)
		return code;
	char *copy = text_copy(text, length);
	if (!copy)
		return TPAM_E_MEMORY;
	free(identity->fields[field].text);
	identity->fields[field].text = copy;
	identity->fields[field].set = true;
	return TPAM_OK;
}

int identity_set_number(struct identity *identity, int32_t field, int64_t value)
{
	if (field_kind(field) != FIELD_NUMBER || value < 0)
		return TPAM_E_ARGUMENT;
	if (field == TPAM_FIELD_EMAIL_VERIFIED && value > 1)
		return TPAM_E_ARGUMENT;
	identity->fields[field].number = value;
	identity->fields[field].set = true;
	return TPAM_OK;
}

int identity_add_text(struct identity *identity, int32_t field, const char *text, size_t length)
{
	if (field_kind(field) != FIELD_LIST)
		return TPAM_E_ARGUMENT;
	int code = text_judge(field, text, length);
	if (code != TPAM_OK)
		return code;
	if (identity->fields[field].list.count >= LIST_MAX)
		return TPAM_E_LIMIT;
	if (!list_add_new(&identity->fields[field].list, text, length))
		return TPAM_E_MEMORY;
	identity->fields[field].set = true;
	return TPAM_OK;
}

bool identity_complete(const struct identity *identity)
{
	return identity->fields[TPAM_FIELD_SUBJECT].text != NULL;
}

const char *identity_text(const struct identity *identity, int32_t field)
{
	return field > 0 && field < FIELD_LIMIT ? identity->fields[field].text : NULL;
}

int64_t identity_number(const struct identity *identity, int32_t field)
{
	return field > 0 && field < FIELD_LIMIT && identity->fields[field].set
		       ? identity->fields[field].number
		       : TPAM_TIME_UNSET;
}

void identity_finish(struct identity *identity)
{
	for (size_t i = 0; i < FIELD_LIMIT; i++) {
		free(identity->fields[i].text);
		list_finish(&identity->fields[i].list);
	}
	json_decref(identity->claims);
	*identity = (struct identity){0};
}

static bool same(const struct identity *one, const struct identity *other)
{
	return strcmp(one->fields[TPAM_FIELD_ISSUER].text, other->fields[TPAM_FIELD_ISSUER].text) ==
		       0 &&
	       strcmp(one->fields[TPAM_FIELD_SUBJECT].text,
		       other->fields[TPAM_FIELD_SUBJECT].text) == 0;
}

static bool merge_scopes(struct list *scopes, const struct list *other, enum scope_merge merge)
{
	switch (merge) {
	case SCOPES_UNION:
		return list_copy(scopes, other);
	case SCOPES_INTERSECTION:
		list_intersect(scopes, other);
		return true;
	case SCOPES_FIRST:
		break;
	}
	return true;
}

static bool merge_claims(struct identity *into, const struct identity *other)
{
	if (!other->claims)
		return true;
	if (!into->claims) {
		into->claims = json_incref(other->claims);
		return true;
	}
	return json_object_update_missing(into->claims, other->claims) == 0;
}

/* What was earliest limits them all. */
static void merge_expiry(struct field *into, const struct field *other)
{
	if (other->set && (!into->set || other->number < into->number)) {
		into->number = other->number;
		into->set = true;
	}
}

static bool join(struct identity *into, struct identity *other, enum scope_merge merge)
{
	/* An address and whether it is verified are one statement of one provider. */
	bool email =
		into->fields[TPAM_FIELD_EMAIL].set || into->fields[TPAM_FIELD_EMAIL_VERIFIED].set;

	for (int32_t i = 1; i < FIELD_LIMIT; i++) {
		struct field *mine = &into->fields[i], *theirs = &other->fields[i];
		if (i == TPAM_FIELD_SCOPES || i == TPAM_FIELD_EXPIRES_AT || mine->set ||
			!theirs->set)
			continue;
		if (email && (i == TPAM_FIELD_EMAIL || i == TPAM_FIELD_EMAIL_VERIFIED))
			continue;
		*mine = *theirs;
		*theirs = (struct field){0};
	}
	merge_expiry(&into->fields[TPAM_FIELD_EXPIRES_AT], &other->fields[TPAM_FIELD_EXPIRES_AT]);
	return merge_scopes(&into->fields[TPAM_FIELD_SCOPES].list,
		       &other->fields[TPAM_FIELD_SCOPES].list, merge) &&
	       merge_claims(into, other);
}

int identity_merge(struct identity *ret, struct identity *identities, size_t count,
	enum scope_merge merge, size_t *ret_conflict)
{
	struct identity first = identities[0];

	identities[0] = (struct identity){0};
	for (size_t i = 1; i < count; i++) {
		if (!same(&first, &identities[i]) && !identities[i].instance->link) {
			*ret_conflict = i;
			identities[0] = first;
			return TPAM_E_CONTRACT;
		}
		if (!join(&first, &identities[i], merge)) {
			identity_finish(&first);
			return TPAM_E_MEMORY;
		}
	}
	*ret = first;
	return TPAM_OK;
}
