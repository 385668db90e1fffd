/*
 * grant.c - which scopes an identity is granted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "grant.h"

#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "text.h"

const int32_t grant_fields[GRANT_MATCHERS] = {
	[GRANT_SCOPE] = TPAM_FIELD_SCOPES,
	[GRANT_ROLE] = TPAM_FIELD_ROLES,
	[GRANT_GROUP] = TPAM_FIELD_GROUPS,
	[GRANT_ORG] = TPAM_FIELD_GROUPS,
	[GRANT_EMAIL] = TPAM_FIELD_EMAIL,
	[GRANT_SUBJECT] = TPAM_FIELD_SUBJECT,
	[GRANT_TENANT] = TPAM_FIELD_TENANT,
	[GRANT_CLAIM] = TPAM_FIELD_CLAIMS,
};

/* One identity before the grants of its provider. */
struct matching {
	const struct identity *identity;
	struct trace_record *record;
	struct claims claims;
	bool failed; /* no memory */
	struct list given;
	struct list withheld;
};

/* ---- One grant ---- */

static bool claim_matches_glob(const char *text, const void *pattern)
{
	return text_glob(pattern, text);
}

static bool claim_matches(struct matching *matching, const struct grant *grant)
{
	const struct json_value *value = claim_get(&matching->claims, grant->claim);

	if (matching->claims.failed)
		matching->failed = true;
	return claim_any(&matching->claims, value, claim_matches_glob, grant->pattern);
}

/* Whatever the pattern: a group that is no organization. */
static bool could_be(const struct grant *grant, const char *element)
{
	return grant->matcher != GRANT_ORG || !strpbrk(element, "/:");
}

static bool element_matches(const struct grant *grant, const char *element)
{
	return could_be(grant, element) && text_glob(grant->pattern, element);
}

static bool list_matches(const struct grant *grant, const struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (element_matches(grant, list->items[i]))
			return true;
	return false;
}

/* Anybody may write anybody's address into a profile; only the verified one says who it is. */
static bool verified(struct matching *matching, const struct grant *grant)
{
	const struct identity *identity = matching->identity;

	if (identity_number(identity, TPAM_FIELD_EMAIL_VERIFIED) == 1)
		return true;
	const char *note = arena_format(
		identity->arena, "not applied, the address is not verified: %s", grant->note);
	if (!note || !trace_note(matching->record, note))
		matching->failed = true;
	return false;
}

static bool matches(struct matching *matching, const struct grant *grant)
{
	int32_t field = grant_fields[grant->matcher];
	const char *text;

	switch (field_kind(field)) {
	case FIELD_TEXT:
		text = identity_text(matching->identity, field);
		return text && text_glob(grant->pattern, text) &&
		       (grant->matcher != GRANT_EMAIL || verified(matching, grant));
	case FIELD_LIST:
		return list_matches(grant, &matching->identity->fields[field].list);
	case FIELD_JSON:
		return claim_matches(matching, grant);
	case FIELD_NONE:
	case FIELD_NUMBER:
		break;
	}
	return grant->matcher == GRANT_ANY;
}

/* ---- All of them ---- */

static bool looks_at(const struct grant *grant, int32_t field)
{
	if (field == TPAM_FIELD_EMAIL_VERIFIED)
		return grant->matcher == GRANT_EMAIL;
	return field != 0 && grant_fields[grant->matcher] == field;
}

static bool would_match(const struct grant *grant, const char *like, const char *known)
{
	if (grant->matcher == GRANT_CLAIM)
		return true;
	return (!known || !element_matches(grant, known)) &&
	       (!like || (could_be(grant, like) && text_globs_meet(grant->pattern, like)));
}

bool grants_want(const struct grants *grants, int32_t field, const char *like, const char *known)
{
	for (size_t i = 0; grants && i < grants->count; i++)
		if (looks_at(&grants->list[i], field) && would_match(&grants->list[i], like, known))
			return true;
	return false;
}

/* All in the configuration, and in what was set, lives as long as the result. */
static bool point(struct arena *arena, struct list *list, const struct list *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!list_has(list, from->items[i]) &&
			!arena_list_point(arena, list, from->items[i]))
			return false;
	return true;
}

static void gather(struct matching *matching, const struct grants *grants)
{
	struct arena *arena = matching->identity->arena;
	bool any = false;

	for (size_t i = 0; i < grants->count && !matching->failed; i++) {
		const struct grant *grant = &grants->list[i];
		if (!matches(matching, grant))
			continue;
		any = true;
		if (!trace_note_kept(matching->record, grant->note) ||
			!point(arena, &matching->given, &grant->scopes) ||
			!point(arena, &matching->withheld, &grant->withheld))
			matching->failed = true;
	}
	if (!any && grants->count > 0 && !trace_note_kept(matching->record, "no grant matches"))
		matching->failed = true;
}

/* Those that are not withheld; what a list cannot hold besides is not granted. */
static bool add(struct arena *arena, struct list *scopes, const struct list *from,
	const struct list *withheld)
{
	for (size_t i = 0; i < from->count && scopes->count < LIST_MAX; i++) {
		const char *scope = from->items[i];
		if (!list_has(withheld, scope) && !list_has(scopes, scope) &&
			!arena_list_point(arena, scopes, scope))
			return false;
	}
	return true;
}

bool grants_apply(
	const struct grants *grants, struct identity *identity, struct trace_record *record)
{
	struct matching matching = {
		.identity = identity, .record = record, .claims = {.identity = identity}};
	union field *own = &identity->fields[TPAM_FIELD_SCOPES];
	struct list scopes = {0};

	gather(&matching, grants);
	claims_finish(&matching.claims);
	if (matching.failed ||
		!add(identity->arena, &scopes, &matching.given, &matching.withheld) ||
		(grants->keep && !add(identity->arena, &scopes, &own->list, &matching.withheld)))
		return false;
	own->list = scopes;
	identity->set &= ~(UINT32_C(1) << TPAM_FIELD_SCOPES);
	if (scopes.count > 0)
		identity->set |= UINT32_C(1) << TPAM_FIELD_SCOPES;
	return true;
}
