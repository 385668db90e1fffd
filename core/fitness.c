/*
 * fitness.c - what parts of a configuration that are right by themselves make of each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "memory.h"
#include "sections.h"
#include "text.h"

void section_report_service(const struct generation *generation, const struct section *section,
	struct tpam_report *report)
{
	const char *names[64] = {NULL};
	char quoted[REPORT_QUOTE_SIZE], service[130];
	size_t length = strcspn(section->name, "/");

	if (section->name[length] != '/' || section->name[length + 1] == '\0') {
		report_error(report, section->at, "got [tool:%s], expected [tool:SERVICE/NAME]",
			section->name);
		return;
	}
	for (size_t i = 0; i < generation->service_count && i < 63; i++)
		names[i] = generation->services[i].name;
	length = length < sizeof(service) ? length : sizeof(service) - 1;
	memcpy(service, section->name, length);
	service[length] = '\0';
	const char *meant = text_nearest(service, names);
	report_error(report, section->at,
		"got service %s, expected one that a [service:NAME] section has%s%s%s",
		report_quote(quoted, service, length), meant ? "; did you mean \"" : "",
		meant ? meant : "", meant ? "\"?" : "");
}

static bool lacks_audience(const struct service *service, const struct tpam_instance *instance)
{
	return instance && instance->binding == TPAM_BINDING_AUDIENCE && !instance->audience_none &&
	       !(instance->audiences && instance->audiences[0]) && service->audiences.count == 0;
}

void sections_check_audiences(const struct generation *generation, struct tpam_report *report)
{
	for (size_t i = 0; i < generation->service_count; i++) {
		const struct service *service = &generation->services[i];
		const struct program *auth = &service->programs[group_index(TPAM_AUTH)];
		for (size_t j = 0; j < auth->count; j++) {
			const struct tpam_instance *instance = auth->rules[j].instance;
			if (lacks_audience(service, instance))
				report_error(report, auth->rules[j].word,
					"got provider \"%s\", which binds tokens by audience, "
					"expected audience = "
					"in [service:%s] or [provider:%s]",
					instance->name, service->name, instance->name);
		}
	}
}

static void check_opaque(const struct program *auth, struct tpam_report *report)
{
	const struct tpam_instance *first = NULL;

	for (size_t i = 0; i < auth->count; i++) {
		const struct tpam_instance *instance = auth->rules[i].instance;
		if (!instance || !instance->takes_opaque || instance == first)
			continue;
		if (first)
			report_error(report, auth->rules[i].word,
				"got provider \"%s\" with accept = opaque behind \"%s\", which "
				"takes every "
				"opaque token too; expected one of them",
				instance->name, first->name);
		else
			first = instance;
	}
}

void sections_check_opaque(const struct generation *generation, struct tpam_report *report)
{
	for (size_t i = 0; i < generation->service_count; i++)
		check_opaque(&generation->services[i].programs[group_index(TPAM_AUTH)], report);
}

/* ---- Warnings ---- */

static bool list_offers(struct list *ret, char *const *scopes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!list_add_new(ret, scopes[i], strlen(scopes[i])))
			return false;
	return true;
}

static bool grants_offer(struct list *ret, const struct grants *grants)
{
	for (size_t i = 0; i < grants->count; i++)
		if (!list_offers(ret, grants->list[i].scopes.items, grants->list[i].scopes.count))
			return false;
	return true;
}

/*
 * True if every provider that may say who this is named the scopes that it can give, or its grants name all there are;
 * they are added to `ret`.
 */
static bool offers(struct list *ret, const struct program *auth, bool *ret_failed)
{
	for (size_t i = 0; i < auth->count; i++) {
		const struct tpam_instance *instance = auth->rules[i].instance;
		if (!instance || instance->provider->role != TPAM_ROLE_IDENTITY)
			continue;
		bool own = !instance->grants || instance->grants->keep;
		if (own && instance->offers_any)
			return false;
		if ((own && !list_offers(ret, instance->offers, instance->offer_count)) ||
			(instance->grants && !grants_offer(ret, instance->grants)))
			*ret_failed = true;
	}
	return true;
}

/* Itself, or one that implies it. */
static bool offered_somehow(
	const struct requirement *requirement, size_t index, const struct list *offered)
{
	if (!requirement->implying)
		return list_has(offered, requirement->words.items[index]);
	const struct list *implying = &requirement->implying[index];
	for (size_t i = 0; i < implying->count; i++)
		if (list_has(offered, implying->items[i]))
			return true;
	return false;
}

static void lint_requirements(const struct requirements *requirements, const struct list *offered,
	struct tpam_report *report)
{
	for (size_t i = 0; i < requirements->count; i++) {
		const struct requirement *requirement = &requirements->list[i];
		for (size_t j = 0;
			requirement->kind == REQUIRE_SCOPES && j < requirement->words.count; j++)
			if (!offered_somehow(requirement, j, offered))
				report_warning(report, requirement->at,
					"got scope \"%s\", expected one that a provider of the "
					"stack can give",
					requirement->words.items[j]);
	}
}

static bool lint_service(const struct service *service, struct tpam_report *report)
{
	const struct program *auth = &service->programs[group_index(TPAM_AUTH)];
	static const enum tpam_group groups[RESULT_GROUPS] = {
		TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};
	struct list offered = {0};
	bool failed = false;

	if (auth->count == 0)
		report_warning(report, service->at,
			"got a service without auth rules, which refuses everybody; "
			"expected auth "
			"= here or in [hub]");
	for (size_t i = 0; i < RESULT_GROUPS; i++)
		if (service->programs[i].count > 0)
			program_lint(&service->programs[i], groups[i], report);
	if (auth->count > 0 && offers(&offered, auth, &failed) && !failed) {
		lint_requirements(&service->requirements, &offered, report);
		for (size_t i = 0; i < service->tools.count; i++)
			lint_requirements(&service->tools.list[i].requirements, &offered, report);
	}
	list_finish(&offered);
	return !failed;
}

bool sections_lint(const struct generation *generation, struct tpam_report *report)
{
	for (size_t i = 0; i < generation->service_count; i++)
		if (!lint_service(&generation->services[i], report))
			return false;
	return true;
}
