/*
 * lint_grant.c - grants that match nobody, give nothing, or give nothing that another one does not give.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "lint.h"
#include "text.h"

/* ---- One and another ---- */

static bool same_claim(const struct grant *one, const struct grant *other)
{
	return one->matcher != GRANT_CLAIM || strcmp(one->claim, other->claim) == 0;
}

bool lint_grant_covers(
	struct linting *linting, const struct grant *broad, const struct grant *narrow)
{
	bool kin = broad->matcher == narrow->matcher ||
		   (broad->matcher == GRANT_GROUP && narrow->matcher == GRANT_ORG);

	if (broad->matcher == GRANT_ANY)
		return true;
	return kin && same_claim(broad, narrow) &&
	       lint_covers(linting, broad->pattern, narrow->pattern);
}

static bool has_all(const struct list *list, const struct list *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (!list_has(list, wanted->items[i]))
			return false;
	return true;
}

static bool replaces(struct linting *linting, const struct grant *broad, const struct grant *narrow)
{
	return has_all(&broad->scopes, &narrow->scopes) &&
	       has_all(&broad->withheld, &narrow->withheld) &&
	       lint_grant_covers(linting, broad, narrow);
}

/* Of two that say the same the later is told of. */
static void look_for_others(
	struct linting *linting, const struct grants *grants, const struct grant *own)
{
	for (size_t i = 0; i < grants->count && lint_afford(linting, 1); i++) {
		const struct grant *other = &grants->list[i];
		if (other == own || !replaces(linting, other, own) ||
			(other > own && replaces(linting, own, other)))
			continue;
		report_warning(linting->report, own->at,
			"got a grant that adds nothing to the one at %s:%u, expected one that "
			"gives or "
			"withholds more",
			other->at.file, other->at.line);
		return;
	}
}

/* ---- Given and withheld ---- */

static void look_for_withheld(
	struct linting *linting, const struct grants *grants, const struct grant *own)
{
	for (size_t i = 0; i < grants->count && lint_afford(linting, 1); i++) {
		const struct grant *other = &grants->list[i];
		for (size_t j = 0; j < other->withheld.count; j++) {
			const char *scope = other->withheld.items[j];
			if (!list_has(&own->scopes, scope) ||
				!lint_grant_covers(linting, other, own))
				continue;
			report_warning(linting->report, own->at,
				"got scope \"%s\", which the grant at %s:%u withholds from all "
				"whom this one "
				"matches; expected one of both",
				scope, other->at.file, other->at.line);
		}
	}
}

static bool is_given(
	const struct tpam_instance *instance, const struct grants *grants, const char *scope)
{
	const struct list *own = instance_offers(instance, TPAM_FIELD_SCOPES);

	if (grants->keep && (!own || list_has(own, scope)))
		return true;
	for (size_t i = 0; i < grants->count; i++)
		if (list_has(&grants->list[i].scopes, scope))
			return true;
	return false;
}

static void look_for_nothing(
	struct linting *linting, const struct tpam_instance *instance, const struct grant *own)
{
	for (size_t i = 0; i < own->withheld.count && lint_afford(linting, 1); i++)
		if (!is_given(instance, instance->grants, own->withheld.items[i]))
			report_warning(linting->report, own->at,
				"got \"!%s\", which withholds a scope that nothing here gives; "
				"expected one "
				"that something gives",
				own->withheld.items[i]);
}

/* ---- Nobody ---- */

static bool matches(const char *value, const void *data)
{
	const struct grant *grant = data;

	if (grant->matcher == GRANT_ORG && strpbrk(value, "/:"))
		return false;
	return text_glob(grant->pattern, value);
}

static void look_for_nobody(
	struct linting *linting, const struct tpam_instance *instance, const struct grant *own)
{
	const struct giver giver = {.instance = instance};
	int32_t field = grant_fields[own->matcher];

	if (field != 0 && !giver_says(&giver, field, matches, own))
		report_warning(linting->report, own->at,
			"got a grant to nobody, expected something that [provider:%s] says of "
			"somebody",
			instance->name);
}

void lint_grants(struct linting *linting, const struct tpam_instance *instance)
{
	const struct grants *grants = instance->grants;

	for (size_t i = 0; grants && i < grants->count; i++) {
		const struct grant *own = &grants->list[i];
		look_for_others(linting, grants, own);
		look_for_withheld(linting, grants, own);
		look_for_nothing(linting, instance, own);
		look_for_nobody(linting, instance, own);
	}
}
