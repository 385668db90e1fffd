/*
 * lint_subject.c - words of allow_subject and deny_subject that mean nobody.
 *
 * Somebody who is denied under a name that nobody has gets in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "lint.h"
#include "text.h"

#define NAMES_MOST 64 /* of providers that a mistyped one is compared with */

static bool means_somebody(struct linting *linting, const struct givers *givers,
	const struct requirement *requirement, const char *word)
{
	for (size_t i = 0; i < givers->count; i++) {
		const struct giver *giver = &givers->list[i];
		/* Who is denied may well have gone. */
		if (requirement->kind == DENY_SUBJECT ? lint_meets(linting, word, giver->ids)
						      : giver_calls(linting, giver, word))
			return true;
	}
	return false;
}

/* The provider that the word probably means; NULL where it is one. */
static const char *meant(const struct givers *givers, const char *word)
{
	const char *names[NAMES_MOST + 1] = {NULL};
	char own[NAMES_MOST] = "";
	size_t length = strcspn(word, ":");

	if (length >= sizeof(own))
		return NULL;
	memcpy(own, word, length);
	for (size_t i = 0; i < givers->count && i < NAMES_MOST; i++) {
		names[i] = givers->list[i].instance->name;
		if (strcmp(names[i], own) == 0)
			return NULL;
	}
	return text_nearest(own, names);
}

static void look(struct linting *linting, const struct givers *givers,
	const struct requirement *requirement, const struct service *service)
{
	char quoted[REPORT_QUOTE_SIZE];

	for (size_t i = 0; i < requirement->words.count; i++) {
		const char *word = requirement->words.items[i];
		if (means_somebody(linting, givers, requirement, word))
			continue;
		const char *name = meant(givers, word);
		report_warning(linting->report, requirement->places[i],
			"got %s, expected somebody whom a provider of %s%s%s can recognise%s%s%s",
			report_quote(quoted, word, strlen(word)), service ? "[service:" : "any",
			service ? service->name : " service", service ? "]" : "",
			name ? "; did you mean \"" : "", name ? name : "", name ? ":...\"?" : "");
	}
}

static void look_at_all(struct linting *linting, const struct givers *givers,
	const struct requirements *requirements, const struct service *service)
{
	for (size_t i = 0; i < requirements->count; i++) {
		const struct requirement *requirement = &requirements->list[i];
		bool subjects =
			requirement->kind == ALLOW_SUBJECT || requirement->kind == DENY_SUBJECT;
		if (subjects && (requirement->level == LEVEL_HUB) == !service)
			look(linting, givers, requirement, service);
	}
}

void lint_subjects(struct linting *linting, const struct service *service)
{
	struct givers givers = {0};

	givers_add(linting, &givers, service);
	if (givers.count > 0)
		look_at_all(linting, &givers, &service->requirements, service);
	for (size_t i = 0; givers.count > 0 && i < service->tools.count; i++)
		look_at_all(linting, &givers, &service->tools.list[i].requirements, service);
	givers_finish(&givers);
}

/* The hub's requirements are those of any service. */
void lint_hub_subjects(struct linting *linting)
{
	const struct generation *generation = linting->generation;
	struct givers givers = {0};

	for (size_t i = 0; i < generation->service_count; i++)
		givers_add(linting, &givers, &generation->services[i]);
	if (givers.count > 0)
		look_at_all(linting, &givers, &generation->services[0].requirements, NULL);
	givers_finish(&givers);
}
