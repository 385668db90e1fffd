/*
 * lint_requirement.c - requirements that nobody can meet whom a service may recognise.
 *
 * Each line is put to each provider that may say who somebody is: whether one of those whom it may recognise could meet
 * it. What somebody is granted, and what they are called, is one provider's business, so that all lines that come
 * together must be met by whom one provider recognises; roles and the like may come from another that joins.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "lint.h"
#include "text.h"

/* A line being put to the providers of a service. */
struct asking {
	struct linting *linting;
	const struct service *service;
	const struct givers *givers;
	const struct requirement *requirement;
};

/* ---- Scopes ---- */

/* Itself, or one that implies it; of one provider or, where several join, of any. */
static bool can_have(const struct asking *asking, const struct giver *giver, size_t index)
{
	const struct requirement *requirement = asking->requirement;
	const char *own[] = {requirement->words.items[index]};
	const struct list *implying = requirement->implying ? &requirement->implying[index] : NULL;
	size_t count = implying ? implying->count : 1;
	bool together = asking->givers->together || !giver;

	for (size_t i = 0; i < count; i++) {
		const char *scope = implying ? implying->items[i] : own[0];
		if (!together && giver_grants(asking->linting, giver, scope))
			return true;
		for (size_t j = 0; together && j < asking->givers->count; j++)
			if (giver_grants(asking->linting, &asking->givers->list[j], scope))
				return true;
	}
	return false;
}

static bool may_have_all(const struct asking *asking, const struct giver *giver)
{
	for (size_t i = 0; i < asking->requirement->words.count; i++)
		if (!can_have(asking, giver, i))
			return false;
	return true;
}

static bool may_have_one(const struct asking *asking, const struct giver *giver)
{
	for (size_t i = 0; i < asking->requirement->words.count; i++)
		if (can_have(asking, giver, i))
			return true;
	return false;
}

/* ---- Subjects ---- */

static bool may_be_called(const struct asking *asking, const struct giver *giver)
{
	const struct list *words = &asking->requirement->words;

	for (size_t i = 0; i < words->count; i++)
		if (giver_calls(asking->linting, giver, words->items[i]))
			return true;
	return false;
}

static bool may_be_left(const struct asking *asking, const struct giver *giver)
{
	const struct list *words = &asking->requirement->words;

	for (size_t i = 0; i < words->count; i++)
		if (lint_covers(asking->linting, words->items[i], giver->ids))
			return false;
	return true;
}

/* ---- What may come from any provider that joins ---- */

static bool is_word(const char *value, const void *requirement)
{
	return list_has(&((const struct requirement *)requirement)->words, value);
}

static bool is_like_word(const char *value, const void *requirement)
{
	const struct list *words = &((const struct requirement *)requirement)->words;

	for (size_t i = 0; i < words->count; i++)
		if (text_glob(words->items[i], value))
			return true;
	return false;
}

static bool is_anything(const char *value, const void *requirement)
{
	(void)value;
	(void)requirement;
	return true;
}

static bool is_text(const char *value, const void *text)
{
	return strcmp(value, text) == 0;
}

static bool anybody_says(const struct asking *asking, value_fn *test, const void *data)
{
	int32_t field = requirement_field(asking->requirement->kind);

	for (size_t i = 0; i < asking->givers->count; i++)
		if (giver_says(&asking->givers->list[i], field, test, data))
			return true;
	return false;
}

static bool may_say_one(const struct asking *asking, const struct giver *giver)
{
	(void)giver;
	return anybody_says(asking, is_word, asking->requirement);
}

static bool may_say_like(const struct asking *asking, const struct giver *giver)
{
	(void)giver;
	return anybody_says(asking, is_like_word, asking->requirement);
}

static bool may_say_all(const struct asking *asking, const struct giver *giver)
{
	const struct list *words = &asking->requirement->words;

	(void)giver;
	for (size_t i = 0; i < words->count; i++)
		if (!anybody_says(asking, is_text, words->items[i]))
			return false;
	return true;
}

static bool may_say_anything(const struct asking *asking, const struct giver *giver)
{
	(void)giver;
	return anybody_says(asking, is_anything, asking->requirement);
}

static bool may_be_of(const struct asking *asking, const struct giver *giver)
{
	return asking->requirement->requested ? may_say_anything(asking, giver)
					      : may_say_one(asking, giver);
}

/* ---- One line ---- */

typedef bool may_fn(const struct asking *asking, const struct giver *giver);

static may_fn *const may[REQUIREMENT_KINDS] = {
	[DENY_SUBJECT] = may_be_left,
	[ALLOW_SUBJECT] = may_be_called,
	[REQUIRE_TENANT] = may_be_of,
	[REQUIRE_ROLES] = may_say_all,
	[REQUIRE_ANY_ROLE] = may_say_one,
	[REQUIRE_ANY_GROUP] = may_say_like,
	[REQUIRE_CLAIM] = may_say_anything,
	[REQUIRE_ACR] = may_say_anything,
	[MAX_AUTH_AGE] = may_say_anything,
	[REQUIRE_SCOPES] = may_have_all,
	[REQUIRE_ANY_SCOPE] = may_have_one,
};

/* Words that nobody at all is granted, each; false if there is none. */
static bool tell_scopes(const struct asking *asking)
{
	const struct requirement *requirement = asking->requirement;
	bool told = false;

	for (size_t i = 0; i < requirement->words.count; i++) {
		if (can_have(asking, NULL, i))
			continue;
		told = true;
		report_warning(asking->linting->report, requirement->places[i],
			"got scope \"%s\", expected one that a provider of [service:%s] can give",
			requirement->words.items[i], asking->service->name);
	}
	return told;
}

/* What tells of each word needs no more to be said. */
static bool is_told(const struct asking *asking)
{
	const struct requirement *requirement = asking->requirement;

	return requirement->kind == REQUIRE_SCOPES
		       ? tell_scopes(asking)
		       : requirement->kind == ALLOW_SUBJECT && requirement->level != LEVEL_HUB;
}

static void tell(const struct asking *asking, const char *which)
{
	const struct requirement *requirement = asking->requirement;
	char quoted[REPORT_QUOTE_SIZE];

	report_warning(asking->linting->report, requirement->at,
		"got %s, which nobody %smeets whom a provider of [service:%s] can recognise; "
		"expected "
		"something that somebody meets",
		report_quote(quoted, requirement->written, strlen(requirement->written)), which,
		asking->service->name);
}

/* ---- Lines that come together ---- */

/* Whom each provider recognises, as far as they could meet all lines so far. */
struct together {
	bool *left;
	bool nobody; /* told of already */
};

static bool any_left(const struct together *together, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (together->left[i])
			return true;
	return false;
}

static void ask(struct asking *asking, struct together *together)
{
	size_t count = asking->givers->count;
	bool anybody = false;

	for (size_t i = 0; i < count; i++)
		anybody |= may[asking->requirement->kind](asking, &asking->givers->list[i]);
	if (!anybody && !is_told(asking))
		tell(asking, "");
	for (size_t i = 0; anybody && i < count; i++)
		together->left[i] = together->left[i] && may[asking->requirement->kind](
								 asking, &asking->givers->list[i]);
	if (together->nobody || any_left(together, count))
		return;
	together->nobody = true;
	tell(asking, "who meets the lines before it ");
}

static void ask_all(
	struct asking *asking, const struct requirements *requirements, struct together *together)
{
	for (size_t i = 0; i < requirements->count; i++) {
		asking->requirement = &requirements->list[i];
		ask(asking, together);
	}
}

/* The lines of each tool come with those of hub and service. */
static void ask_tools(struct asking *asking, const struct together *before, bool *left)
{
	const struct tools *tools = &asking->service->tools;
	size_t count = asking->givers->count;

	for (size_t i = 0; i < tools->count; i++) {
		struct together together = {left, before->nobody};
		memcpy(left, before->left, count * sizeof(bool));
		ask_all(asking, &tools->list[i].requirements, &together);
	}
}

static void ask_service(struct asking *asking)
{
	size_t count = asking->givers->count;
	bool *left = calloc(2 * count + 1, sizeof(bool));
	struct together together = {left, false};

	if (!left) {
		asking->linting->failed = true;
		return;
	}
	memset(left, true, count);
	ask_all(asking, &asking->service->requirements, &together);
	ask_tools(asking, &together, left + count);
	free(left);
}

void lint_requirements(struct linting *linting, const struct service *service)
{
	struct givers givers = {0};
	struct asking asking = {linting, service, &givers, NULL};

	givers_add(linting, &givers, service);
	if (givers.count > 0)
		ask_service(&asking);
	givers_finish(&givers);
}
