/*
 * identity.c - who somebody is: the fields that one rule contributes, and how several become one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "identity.h"
#include "instance.h"
#include "document.h"
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

static void field_set(struct identity *identity, int32_t field, const char *text)
{
	identity->fields[field].text = text;
	identity->set |= UINT32_C(1) << field;
}

/* As text, so that a verdict can be kept and handed out without being parsed again. */
static bool claims_write(struct identity *identity, const json_t *claims)
{
	char *text = json_write(claims, JSON_COMPACT | JSON_SORT_KEYS);
	char *copy = text ? arena_copy(identity->arena, text, strlen(text)) : NULL;

	free(text);
	if (copy)
		field_set(identity, TPAM_FIELD_CLAIMS, copy);
	return copy != NULL;
}

/* A text of one line can stay as it is; control characters in strings are escaped, so it is blanks that are not. */
static bool one_line(const char *text, size_t length)
{
	return !memchr(text, '\n', length) && !memchr(text, '\r', length) &&
	       !memchr(text, '\t', length);
}

static int rewrite_claims(
	struct identity *identity, const char *text, size_t length, unsigned depth)
{
	json_t *claims = json_object_read(text, length, depth);
	if (!claims)
		return errno == ENOMEM ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;
	bool written = claims_write(identity, claims);
	json_decref(claims);
	return written ? TPAM_OK : TPAM_E_MEMORY;
}

static int set_claims(struct identity *identity, const char *text, size_t length, unsigned depth)
{
	struct document document;

	if (length > FIELD_CLAIMS_MAX)
		return TPAM_E_LIMIT;
	enum document_code code = document_read(&document, text, length, depth);
	document_finish(&document);
	if (code == DOCUMENT_BAD)
		return json_depth_within(text, length, depth) ? TPAM_E_ARGUMENT : TPAM_E_LIMIT;
	if (code != DOCUMENT_FINE)
		return TPAM_E_MEMORY;
	if (!one_line(text, length))
		return rewrite_claims(identity, text, length, depth);
	char *copy = arena_copy(identity->arena, text, length);
	if (!copy)
		return TPAM_E_MEMORY;
	field_set(identity, TPAM_FIELD_CLAIMS, copy);
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
	char *copy = arena_copy(identity->arena, text, length);
	if (!copy)
		return TPAM_E_MEMORY;
	field_set(identity, field, copy);
	return TPAM_OK;
}

int identity_set_number(struct identity *identity, int32_t field, int64_t value)
{
	if (field_kind(field) != FIELD_NUMBER || value < 0)
		return TPAM_E_ARGUMENT;
	if (field == TPAM_FIELD_EMAIL_VERIFIED && value > 1)
		return TPAM_E_ARGUMENT;
	identity->fields[field].number = value;
	identity->set |= UINT32_C(1) << field;
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
	if (!arena_list_add_new(identity->arena, &identity->fields[field].list, text, length))
		return TPAM_E_MEMORY;
	identity->set |= UINT32_C(1) << field;
	return TPAM_OK;
}

bool identity_has(const struct identity *identity, int32_t field)
{
	return field > 0 && field < FIELD_LIMIT && (identity->set >> field & 1);
}

bool identity_complete(const struct identity *identity)
{
	return identity->fields[TPAM_FIELD_SUBJECT].text != NULL;
}

const char *identity_text(const struct identity *identity, int32_t field)
{
	enum field_kind kind = field_kind(field);

	return kind == FIELD_TEXT || kind == FIELD_JSON ? identity->fields[field].text : NULL;
}

int64_t identity_number(const struct identity *identity, int32_t field)
{
	return field_kind(field) == FIELD_NUMBER && identity_has(identity, field)
		       ? identity->fields[field].number
		       : TPAM_TIME_UNSET;
}

void identity_reset(struct identity *identity)
{
	*identity = (struct identity){.instance = identity->instance, .arena = identity->arena};
}

static bool same(const struct identity *one, const struct identity *other)
{
	return strcmp(one->fields[TPAM_FIELD_ISSUER].text, other->fields[TPAM_FIELD_ISSUER].text) ==
		       0 &&
	       strcmp(one->fields[TPAM_FIELD_SUBJECT].text,
		       other->fields[TPAM_FIELD_SUBJECT].text) == 0;
}

static bool merge_scopes(
	struct identity *into, const struct identity *other, enum scope_merge merge)
{
	struct list *scopes = &into->fields[TPAM_FIELD_SCOPES].list;
	const struct list *theirs = &other->fields[TPAM_FIELD_SCOPES].list;

	switch (merge) {
	case SCOPES_UNION:
		into->set |= other->set & UINT32_C(1) << TPAM_FIELD_SCOPES;
		return arena_list_copy(into->arena, scopes, theirs);
	case SCOPES_INTERSECTION:
		return arena_list_intersect(into->arena, scopes, theirs);
	case SCOPES_FIRST:
		break;
	}
	return true;
}

static json_t *claims_read(const struct identity *identity)
{
	const char *text = identity->fields[TPAM_FIELD_CLAIMS].text;

	return json_object_read(text, strlen(text), UINT_MAX);
}

static bool merge_claims(struct identity *into, const struct identity *other)
{
	if (!other->fields[TPAM_FIELD_CLAIMS].text)
		return true;
	if (!into->fields[TPAM_FIELD_CLAIMS].text) {
		field_set(into, TPAM_FIELD_CLAIMS, other->fields[TPAM_FIELD_CLAIMS].text);
		return true;
	}
	json_t *mine = claims_read(into), *theirs = claims_read(other);
	bool done = mine && theirs && json_object_update_missing(mine, theirs) == 0 &&
		    claims_write(into, mine);
	json_decref(mine);
	json_decref(theirs);
	return done;
}

/* What was earliest limits them all. */
static void merge_expiry(struct identity *into, const struct identity *other)
{
	int64_t mine = identity_number(into, TPAM_FIELD_EXPIRES_AT);
	int64_t theirs = identity_number(other, TPAM_FIELD_EXPIRES_AT);

	if (theirs != TPAM_TIME_UNSET && (mine == TPAM_TIME_UNSET || theirs < mine))
		(void)identity_set_number(into, TPAM_FIELD_EXPIRES_AT, theirs);
}

static bool join(struct identity *into, const struct identity *other, enum scope_merge merge)
{
	static const uint32_t own = UINT32_C(1) << TPAM_FIELD_SCOPES |
				    UINT32_C(1) << TPAM_FIELD_EXPIRES_AT |
				    UINT32_C(1) << TPAM_FIELD_CLAIMS;
	/* An address and whether it is verified are one statement of one provider. */
	static const uint32_t email =
		UINT32_C(1) << TPAM_FIELD_EMAIL | UINT32_C(1) << TPAM_FIELD_EMAIL_VERIFIED;
	uint32_t kept = into->set | own | (into->set & email ? email : 0);

	for (int32_t i = 1; i < FIELD_LIMIT; i++) {
		uint32_t bit = UINT32_C(1) << i;
		if ((kept & bit) || !(other->set & bit))
			continue;
		into->fields[i] = other->fields[i];
		into->set |= bit;
	}
	merge_expiry(into, other);
	return merge_scopes(into, other, merge) && merge_claims(into, other);
}

int identity_merge(struct identity *ret, struct identity *identities, size_t count,
	enum scope_merge merge, size_t *ret_conflict)
{
	struct identity *first = &identities[0];

	for (size_t i = 1; i < count; i++) {
		if (!same(first, &identities[i]) && !identities[i].instance->link) {
			*ret_conflict = i;
			return TPAM_E_CONTRACT;
		}
		if (!join(first, &identities[i], merge))
			return TPAM_E_MEMORY;
	}
	*ret = *first;
	return TPAM_OK;
}
