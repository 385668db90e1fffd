/*
 * build.c - what settings mean: providers, services, tools, the audit, and what hangs together among them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "layers.h"
#include "lint.h"
#include "memory.h"
#include "options.h"
#include "sections.h"
#include "text.h"

#define INSTANCES_MAX 4096
#define SERVICES_MAX  4096

/*
 * Stands for a provider whose section is wrong, so that one mistake gives one error and not one for each rule
 * that names it. A configuration with errors is never run.
 */
static const struct tpam_provider unknown_provider = {.size = sizeof(unknown_provider),
	.name = "unknown",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION};
static struct tpam_instance unknown_instance = {.provider = &unknown_provider};

struct builder {
	struct generation *generation;
	struct tpam_report *report;
	struct audit *audit; /* of the generation before; NULL: none */
	bool silent_audit;   /* there is to be none */
	int code; /* TPAM_OK or TPAM_E_MEMORY: what is wrong otherwise is in the report */
};

static void note(struct builder *builder, int code)
{
	if (code == TPAM_E_MEMORY)
		builder->code = code;
}

/* ---- Names in rules ---- */

static struct tpam_instance *find_provider(void *data, const char *name)
{
	struct generation *generation = data;

	for (size_t i = 0; i < generation->instance_count; i++)
		if (strcmp(generation->instances[i]->name, name) == 0)
			return generation->instances[i];
	return settings_find(&generation->settings, "provider", name) ? &unknown_instance : NULL;
}

static struct section *find_stack(void *data, const char *name)
{
	return settings_find(&((struct generation *)data)->settings, "stack", name);
}

static const char *const *name_candidates(void *data, bool stacks)
{
	struct generation *generation = data;

	return stacks ? generation->stack_names : generation->provider_names;
}

static bool names_collect(struct generation *generation)
{
	struct settings *settings = &generation->settings;
	size_t stacks = 0, providers = 0;

	generation->stack_names = calloc(settings->count + 1, sizeof(char *));
	generation->provider_names = calloc(settings->count + 1, sizeof(char *));
	if (!generation->stack_names || !generation->provider_names)
		return false;
	for (size_t i = 0; i < settings->count; i++) {
		if (strcmp(settings->sections[i].kind, "stack") == 0)
			generation->stack_names[stacks++] = settings->sections[i].name;
		else if (strcmp(settings->sections[i].kind, "provider") == 0)
			generation->provider_names[providers++] = settings->sections[i].name;
	}
	return true;
}

/* ---- Providers ---- */

static void build_instance(struct builder *builder, struct section *section)
{
	struct generation *generation = builder->generation;
	const struct instance_context context = {.plugin_path = generation->plugin_path,
		.development = generation->development,
		.leeway = generation->leeway,
		.expire_soon = generation->expire_soon,
		.hooks = &generation->hooks,
		.report = builder->report};
	struct tpam_instance *instance = NULL;

	if (!array_reserve(&generation->instances, generation->instance_count, sizeof(instance),
		    INSTANCES_MAX)) {
		builder->code = TPAM_E_MEMORY;
		return;
	}
	int code = instance_create(&instance, section, &context);
	if (code == TPAM_OK) {
		instance->number = (uint32_t)generation->instance_count;
		instance->audit = generation->audit;
		generation->instances[generation->instance_count++] = instance;
	}
	note(builder, code);
}

static void open_instances(struct builder *builder)
{
	struct generation *generation = builder->generation;

	for (size_t i = 0; i < generation->instance_count && builder->code == TPAM_OK; i++)
		note(builder, instance_open(generation->instances[i], builder->report));
}

/* ---- Services ---- */

static void build_service(struct builder *builder, struct section *section)
{
	struct generation *generation = builder->generation;
	const struct program_names names = {find_provider, find_stack, name_candidates, generation};
	const struct service_context context = {
		.hub = settings_find(&generation->settings, "hub", ""),
		.names = &names,
		.scopes = &generation->scopes,
		.now = generation->loaded_at,
		.audited = settings_find(&generation->settings, "audit", "") != NULL,
		.development = generation->development,
		.report = builder->report};

	if (!array_reserve(&generation->services, generation->service_count, sizeof(struct service),
		    SERVICES_MAX)) {
		builder->code = TPAM_E_MEMORY;
		return;
	}
	note(builder, service_read(&generation->services[generation->service_count++], section,
			      &context));
}

static void build_tool(struct builder *builder, struct section *section)
{
	struct generation *generation = builder->generation;
	const char *slash = strchr(section->name, '/');
	size_t length = slash ? (size_t)(slash - section->name) : 0;
	const struct requirement_context context = {
		&generation->scopes, generation->development, builder->report};

	for (size_t i = 0; slash && i < generation->service_count; i++) {
		struct service *service = &generation->services[i];
		if (strlen(service->name) != length ||
			memcmp(service->name, section->name, length) != 0)
			continue;
		note(builder, tools_read_section(&service->tools, section, slash + 1, &context));
		return;
	}
	section_report_service(generation, section, builder->report);
}

/* ---- What no service reaches ---- */

/*
 * Rules that nothing runs are checked like all others, so
 * that they do not fail on the day that they are used.
 */
static void check_unused(struct builder *builder, struct section *section)
{
	static const enum tpam_group groups[] = {TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};
	struct generation *generation = builder->generation;
	const struct program_names names = {find_provider, find_stack, name_candidates, generation};

	for (size_t i = 0; i < RESULT_GROUPS && builder->code == TPAM_OK; i++) {
		struct setting *setting = section_peek(section, group_name(groups[i]));
		if (!setting || setting->count == 0 || setting->values[0].used)
			continue;
		note(builder, program_check(setting, groups[i], &names, builder->report));
	}
}

static void build_kind(struct builder *builder, const char *kind,
	void (*build)(struct builder *builder, struct section *section))
{
	struct settings *settings = &builder->generation->settings;

	for (size_t i = 0; i < settings->count && builder->code == TPAM_OK; i++)
		if (strcmp(settings->sections[i].kind, kind) == 0)
			build(builder, &settings->sections[i]);
}

static void build_audit(struct builder *builder)
{
	struct generation *generation = builder->generation;
	const struct audit_context context = {.before = builder->audit,
		.silent = builder->silent_audit,
		.development = generation->development,
		.hooks = &generation->hooks,
		.tally = generation->tally,
		.report = builder->report};

	note(builder, audit_open(&generation->audit, &generation->audit_facts,
			      settings_find(&generation->settings, "audit", ""), &context));
}

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct service *)one)->name, ((const struct service *)other)->name);
}

static void build_all(struct builder *builder)
{
	struct generation *generation = builder->generation;

	note(builder, sections_check(generation, builder->report));
	if (!names_collect(generation))
		builder->code = TPAM_E_MEMORY;
	build_audit(builder);
	note(builder, scopes_read(&generation->scopes,
			      settings_find(&generation->settings, "scopes", ""), builder->report));
	build_kind(builder, "provider", build_instance);
	build_kind(builder, "service", build_service);
	build_kind(builder, "tool", build_tool);
	build_kind(builder, "stack", check_unused);
	build_kind(builder, "hub", check_unused);
	open_instances(builder);
	if (builder->code != TPAM_OK)
		return;
	sections_check_audiences(generation, builder->report);
	sections_check_opaque(generation, builder->report);
	if (!report_has_errors(builder->report) && !lint_all(generation, builder->report))
		builder->code = TPAM_E_MEMORY;
	if (generation->service_count > 0)
		qsort(generation->services, generation->service_count, sizeof(struct service),
			by_name);
	if (!report_has_errors(builder->report) && !generation_settle(generation))
		builder->code = TPAM_E_MEMORY;
}

int generation_build(struct generation *generation, const struct generation_context *context,
	struct tpam_report *report)
{
	struct builder builder = {
		generation, report, context->audit, context->silent_audit, TPAM_OK};

	build_all(&builder);
	return builder.code;
}
