/*
 * lint_pair.c - two requirements that always come together, and that nobody can meet both; subjects that one of them
 * names in vain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "lint.h"

/* ---- Words of both ---- */

static bool share_word(const struct list *one, const struct list *other)
{
	for (size_t i = 0; i < one->count; i++)
		if (list_has(other, one->items[i]))
			return true;
	return false;
}

static bool has_all(const struct list *list, const struct list *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (!list_has(list, wanted->items[i]))
			return false;
	return true;
}

/* ---- Two of a kind ---- */

typedef bool excludes_fn(
	struct linting *linting, const struct requirement *one, const struct requirement *other);

static bool tenants_exclude(
	struct linting *linting, const struct requirement *one, const struct requirement *other)
{
	(void)linting;
	return !one->requested && !other->requested && !share_word(&one->words, &other->words);
}

static bool values_exclude(
	struct linting *linting, const struct requirement *one, const struct requirement *other)
{
	(void)linting;
	return !share_word(&one->words, &other->words);
}

static bool subjects_exclude(
	struct linting *linting, const struct requirement *one, const struct requirement *other)
{
	for (size_t i = 0; i < one->words.count; i++)
		for (size_t j = 0; j < other->words.count; j++)
			if (lint_meets(linting, one->words.items[i], other->words.items[j]))
				return false;
	return true;
}

static bool is_positive(const struct requirement *requirement)
{
	return requirement->test == CLAIM_IS || requirement->test == CLAIM_IN;
}

static bool is_negative(const struct requirement *requirement)
{
	return requirement->test == CLAIM_IS_NOT || requirement->test == CLAIM_NOT_IN;
}

/* A list may have one value for each line that wants one, but has none of those that another line rules out. */
static bool claims_exclude_in_turn(const struct requirement *one, const struct requirement *other)
{
	if (is_positive(one) && is_negative(other))
		return has_all(&other->words, &one->words);
	return one->test == CLAIM_AT_LEAST && other->test == CLAIM_AT_MOST &&
	       one->bound > other->bound;
}

static bool claims_exclude(
	struct linting *linting, const struct requirement *one, const struct requirement *other)
{
	(void)linting;
	return strcmp(one->claim, other->claim) == 0 &&
	       (claims_exclude_in_turn(one, other) || claims_exclude_in_turn(other, one));
}

static excludes_fn *const excludes[REQUIREMENT_KINDS] = {
	[ALLOW_SUBJECT] = subjects_exclude,
	[REQUIRE_TENANT] = tenants_exclude,
	[REQUIRE_CLAIM] = claims_exclude,
	[REQUIRE_ACR] = values_exclude,
};

static void tell(struct linting *linting, const struct requirement *before,
	const struct requirement *requirement)
{
	char quoted[2][REPORT_QUOTE_SIZE];

	report_warning(linting->report, requirement->at,
		"got %s, which nobody meets who meets %s at %s; expected what can be met together",
		report_quote(quoted[0], requirement->written, strlen(requirement->written)),
		report_quote(quoted[1], before->written, strlen(before->written)), before->at_text);
}

/* ---- Allowed and denied ---- */

/* The word of `deny` that covers one of `allow`; SIZE_MAX: none. */
static size_t covering(struct linting *linting, const struct requirement *deny, const char *allowed)
{
	for (size_t i = 0; i < deny->words.count; i++)
		if (lint_covers(linting, deny->words.items[i], allowed))
			return i;
	return SIZE_MAX;
}

/* What is allowed further in than it is denied is in vain; further out it is allowed elsewhere. */
static void look_at_subjects(struct linting *linting, const struct requirement *deny,
	const struct requirement *allow, const struct requirement *later)
{
	size_t denied = 0;

	for (size_t i = 0; i < allow->words.count; i++)
		denied += covering(linting, deny, allow->words.items[i]) != SIZE_MAX;
	if (denied == allow->words.count) {
		tell(linting, later == allow ? deny : allow, later);
		return;
	}
	for (size_t i = 0; denied > 0 && allow->level >= deny->level && i < allow->words.count;
		i++) {
		size_t word = covering(linting, deny, allow->words.items[i]);
		if (word == SIZE_MAX)
			continue;
		report_warning(linting->report, allow->places[i],
			"got \"%s\", which deny_subject at %s:%u denies, expected one of both",
			allow->words.items[i], deny->places[word].file, deny->places[word].line);
	}
}

/* ---- All pairs ---- */

static void look(struct linting *linting, const struct requirement *before,
	const struct requirement *requirement)
{
	if (before->kind == DENY_SUBJECT && requirement->kind == ALLOW_SUBJECT)
		look_at_subjects(linting, before, requirement, requirement);
	else if (before->kind == ALLOW_SUBJECT && requirement->kind == DENY_SUBJECT)
		look_at_subjects(linting, requirement, before, requirement);
	else if (before->kind == requirement->kind && excludes[before->kind] &&
		 excludes[before->kind](linting, before, requirement))
		tell(linting, before, requirement);
}

static void look_before(struct linting *linting, const struct requirements *list, size_t count,
	const struct requirement *requirement)
{
	for (size_t i = 0; i < count && lint_afford(linting, 1); i++)
		look(linting, &list->list[i], requirement);
}

void lint_pairs(struct linting *linting, const struct service *service)
{
	const struct requirements *list = &service->requirements;

	for (size_t i = 0; i < list->count; i++)
		look_before(linting, list, i, &list->list[i]);
	for (size_t i = 0; i < service->tools.count; i++) {
		const struct requirements *own = &service->tools.list[i].requirements;
		for (size_t j = 0; j < own->count; j++) {
			look_before(linting, list, list->count, &own->list[j]);
			look_before(linting, own, j, &own->list[j]);
		}
	}
}
