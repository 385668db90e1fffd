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
