/*
 * lint_giver.c - what the providers of a service can say of somebody, as far as that is known before they say it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"
#include "text.h"

/* ---- Who there is ---- */

static bool has(const struct givers *givers, const struct tpam_instance *instance)
{
	for (size_t i = 0; i < givers->count; i++)
		if (givers->list[i].instance == instance)
			return true;
	return false;
}

static bool identifies(const struct tpam_instance *instance)
{
	return instance && (instance->provider->role == TPAM_ROLE_IDENTITY || instance->anonymous);
}

void givers_add(struct linting *linting, struct givers *givers, const struct service *service)
{
	const struct program *auth = &service->programs[group_index(TPAM_AUTH)];

	if (!givers->list)
		givers->list =
			calloc(linting->generation->instance_count + 1, sizeof(struct giver));
	linting->failed = linting->failed || !givers->list;
	givers->together = service->merge == SCOPES_UNION;
	for (size_t i = 0; givers->list && i < auth->count; i++) {
		const struct tpam_instance *instance = auth->rules[i].instance;
		if (!identifies(instance) || has(givers, instance))
			continue;
		struct giver *giver = &givers->list[givers->count++];
		giver->instance = instance;
		(void)snprintf(giver->ids, sizeof(giver->ids), "%.128s:%s", instance->name,
			instance->anonymous ? "anonymous" : "?*");
	}
}

void givers_finish(struct givers *givers)
{
	free(givers->list);
	*givers = (struct givers){0};
}

/* ---- What they say ---- */

static const struct list nothing;

/* NULL: anything. */
static const struct list *offers(const struct giver *giver, int32_t field)
{
	/* Whoever stands for those who present nothing says nothing of them. */
	return giver->instance->anonymous ? &nothing : instance_offers(giver->instance, field);
}

bool giver_calls(struct linting *linting, const struct giver *giver, const char *pattern)
{
	const struct list *subjects = offers(giver, TPAM_FIELD_SUBJECT);
	char id[FIELD_TEXT_MAX + sizeof(giver->ids)];

	if (!lint_meets(linting, pattern, giver->ids))
		return false;
	if (!subjects || giver->instance->anonymous)
		return true;
	for (size_t i = 0; i < subjects->count; i++) {
		(void)snprintf(id, sizeof(id), "%s:%s", giver->instance->name, subjects->items[i]);
		if (strlen(subjects->items[i]) > FIELD_TEXT_MAX || text_glob(pattern, id))
			return true;
	}
	return false;
}

bool giver_says(const struct giver *giver, int32_t field, value_fn *test, const void *data)
{
	const struct list *values = offers(giver, field);

	for (size_t i = 0; values && i < values->count; i++)
		if (test(values->items[i], data))
			return true;
	return !values;
}

/* ---- What they are granted ---- */

/* `!SCOPE` by a line that matches all whom `grant` matches, or, with NULL, all who bring the scope. */
static bool withheld(struct linting *linting, const struct grants *grants,
	const struct grant *grant, const char *scope)
{
	for (size_t i = 0; i < grants->count; i++) {
		const struct grant *other = &grants->list[i];
		if (!list_has(&other->withheld, scope))
			continue;
		if (grant ? lint_grant_covers(linting, other, grant)
			  : other->matcher == GRANT_ANY ||
					(other->matcher == GRANT_SCOPE &&
						text_glob(other->pattern, scope)))
			return true;
	}
	return false;
}

bool giver_grants(struct linting *linting, const struct giver *giver, const char *scope)
{
	const struct grants *grants = giver->instance->grants;
	const struct list *own = offers(giver, TPAM_FIELD_SCOPES);
	bool brings = !own || list_has(own, scope);

	if (!grants)
		return brings;
	if (brings && grants->keep && !withheld(linting, grants, NULL, scope))
		return true;
	for (size_t i = 0; i < grants->count; i++)
		if (list_has(&grants->list[i].scopes, scope) &&
			!withheld(linting, grants, &grants->list[i], scope))
			return true;
	return false;
}
