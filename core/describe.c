/*
 * describe.c - what is configured, as JSON with the place of each value and what it replaced.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "engine.h"
#include "expand.h"
#include "json.h"
#include "memory.h"
#include "settings.h"

static const enum tpam_group groups[RESULT_GROUPS] = {TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};

json_t *place_json(struct place at)
{
	if (!at.file)
		return json_null();
	return json_sprintf("%s:%u", at.file, at.line);
}

/* A secret is shown as the references it is made of, and not at all where it stands in clear. */
static json_t *shown_text(const char *text, bool secret)
{
	if (secret && !expand_is_reference(text))
		return json_string("(secret)");
	return json_string(text);
}

static json_t *value_json(const struct value *value, bool secret, bool *failed)
{
	json_t *object = json_object();

	json_put(object, "value", shown_text(value->text, secret), failed);
	json_put(object, "at", place_json(value->key), failed);
	return object;
}

static json_t *replaced_json(const struct setting *setting, bool secret, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; i < setting->replaced_count; i++)
		json_push(array, value_json(&setting->replaced[i], secret, failed), failed);
	return array;
}

/* One object a value; the first carries what the setting replaced. */
static void push_setting(json_t *array, const struct section *section,
	const struct setting *setting, bool secret, bool *failed)
{
	for (size_t i = 0; i < setting->count; i++) {
		json_t *object = value_json(&setting->values[i], secret, failed);
		if (section)
			json_put(object, "section",
				section->name[0]
					? json_sprintf("%s:%s", section->kind, section->name)
					: json_string(section->kind),
				failed);
		json_put(object, "key", json_string(setting->key), failed);
		json_put(object, "default", json_false(), failed);
		json_put(object, "replaced",
			i == 0 ? replaced_json(setting, secret, failed) : json_array(), failed);
		json_push(array, object, failed);
	}
}

/* ---- Services ---- */

static json_t *actions_json(const struct control *control, bool *failed)
{
	char text[ACTION_TEXT_SIZE];
	json_t *object = json_object();

	for (int32_t i = 1; i < TPAM_OUTCOME_LIMIT; i++)
		json_put(object, tpam_outcome_name(i),
			json_string(action_text(text, control->actions[i])), failed);
	return object;
}

static json_t *rule_json(const struct rule *rule, bool *failed)
{
	json_t *object = json_object();

	json_put(object, "control", json_string(rule->written), failed);
	json_put(object, "at", json_string(rule->at_text), failed);
	json_put(object, "level", json_integer(rule->level), failed);
	json_put(object, "provider", json_text(rule->instance ? rule->instance->name : NULL),
		failed);
	json_put(object, "plugin",
		json_text(rule->instance ? rule->instance->provider->name : NULL), failed);
	if (rule->instance)
		json_put(object, "actions", actions_json(&rule->control, failed), failed);
	return object;
}

static const char *rules_from(const struct service *service, size_t group)
{
	static const char *const words[2][2] = {{"none", "service"}, {"hub", "hub+service"}};

	return words[service->hub_rules[group]][service->own_rules[group]];
}

static json_t *groups_json(const struct service *service, bool *failed)
{
	json_t *object = json_object();

	for (size_t i = 0; i < RESULT_GROUPS; i++) {
		json_t *group = json_object(), *rules = json_array();
		for (size_t j = 0; j < service->programs[i].count; j++)
			json_push(rules, rule_json(&service->programs[i].rules[j], failed), failed);
		json_put(group, "from", json_string(rules_from(service, i)), failed);
		json_put(group, "rules", rules, failed);
		json_put(object, group_name(groups[i]), group, failed);
	}
	return object;
}

/* Scopes and roles one by one; what has a form of its own, or a reference in it, as it is written. */
static json_t *requirement_value(const struct requirement *requirement, bool *failed)
{
	bool whole = requirement->kind == REQUIRE_CLAIM || requirement->words.count == 0 ||
		     expand_has_reference(requirement->value);
	json_t *array = json_array();

	if (whole)
		json_push(array, json_string(requirement->value), failed);
	for (size_t i = 0; !whole && i < requirement->words.count; i++)
		json_push(array, json_string(requirement->words.items[i]), failed);
	return array;
}

static void push_requirements(
	json_t *array, const struct requirements *requirements, const char *tool, bool *failed)
{
	static const char *const levels[] = {"hub", "service", "tool"};

	for (size_t i = 0; i < requirements->count; i++) {
		const struct requirement *requirement = &requirements->list[i];
		json_t *object = json_object();
		json_put(object, "level", json_string(levels[requirement->level]), failed);
		json_put(object, "tool", json_text(tool), failed);
		json_put(object, "key", json_string(requirement_key(requirement->kind)), failed);
		json_put(object, "value", requirement_value(requirement, failed), failed);
		json_put(object, "at", json_string(requirement->at_text), failed);
		json_push(array, object, failed);
	}
}

static json_t *requirements_json(const struct service *service, bool *failed)
{
	json_t *array = json_array();

	push_requirements(array, &service->requirements, NULL, failed);
	for (size_t i = 0; i < service->tools.count; i++)
		push_requirements(array, &service->tools.list[i].requirements,
			service->tools.list[i].pattern, failed);
	return array;
}

/* Settings of the sections that make the service: its own, the hub's, its tools'. */
static json_t *settings_json(
	struct generation *generation, const struct service *service, bool *failed)
{
	json_t *array = json_array();
	const struct section *hub = settings_find(&generation->settings, "hub", "");

	if (!array)
		*failed = true;
	for (size_t i = 0; hub && i < hub->count; i++)
		push_setting(array, hub, &hub->settings[i], false, failed);
	for (size_t i = 0; i < service->section->count; i++)
		push_setting(
			array, service->section, &service->section->settings[i], false, failed);
	for (size_t i = 0; i < service->tools.count; i++) {
		const struct section *section = service->tools.list[i].section;
		for (size_t j = 0; section && j < section->count; j++)
			push_setting(array, section, &section->settings[j], false, failed);
	}
	return array;
}

/* What [scopes] says, which holds for all services. */
static json_t *scopes_json(struct generation *generation, bool *failed)
{
	const struct section *section = settings_find(&generation->settings, "scopes", "");
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; section && i < section->count; i++)
		push_setting(array, NULL, &section->settings[i], false, failed);
	return array;
}

/* ---- Providers ---- */

static bool key_is_secret(const struct tpam_instance *instance, const char *key)
{
	const struct tpam_option *option = descriptor_option(instance->provider, key);

	return option && (option->flags & TPAM_OPTION_SECRET);
}

/* A default is one text, also where it is a list of words. */
static void push_default(json_t *array, const struct option_value *value, bool *failed)
{
	json_t *object = json_object();

	json_put(object, "key", json_string(value->option->name), failed);
	json_put(object, "value", json_string(value->option->fallback), failed);
	json_put(object, "at", json_null(), failed);
	json_put(object, "default", json_true(), failed);
	json_put(object, "replaced", json_array(), failed);
	json_push(array, object, failed);
}

static json_t *provider_json(
	struct generation *generation, const struct tpam_instance *instance, bool *failed)
{
	const struct section *section =
		settings_find(&generation->settings, "provider", instance->name);
	json_t *object = json_object(), *options = json_array();

	json_put(object, "plugin", json_string(instance->provider->name), failed);
	json_put(object, "path", json_string(instance->plugin->path), failed);
	json_put(object, "at", place_json(instance->at), failed);
	put_powers(object, instance, failed);
	for (size_t i = 0; section && i < section->count; i++)
		push_setting(options, NULL, &section->settings[i],
			key_is_secret(instance, section->settings[i].key), failed);
	for (size_t i = 0; i < instance->option_count; i++)
		if (instance->options[i].fallback)
			push_default(options, &instance->options[i], failed);
	json_put(object, "options", options, failed);
	return object;
}

static json_t *providers_json(
	struct generation *generation, const struct service *service, bool *failed)
{
	json_t *object = json_object();

	for (size_t i = 0; i < RESULT_GROUPS; i++) {
		for (size_t j = 0; j < service->programs[i].count; j++) {
			const struct tpam_instance *instance =
				service->programs[i].rules[j].instance;
			if (instance && !json_object_get(object, instance->name))
				json_put(object, instance->name,
					provider_json(generation, instance, failed), failed);
		}
	}
	return object;
}

/* Without the mark that section_get() leaves: a generation that runs is only
 * read, and by many at once. */
static const struct setting *find(const struct section *section, const char *key)
{
	for (size_t i = 0; i < section->count; i++)
		if (strcmp(section->settings[i].key, key) == 0)
			return &section->settings[i];
	return NULL;
}

/* ---- Wholes ---- */

void put_head(json_t *object, const struct generation *generation, bool *failed)
{
	json_t *files = json_array();

	for (size_t i = 0; i < generation->settings.file_count; i++)
		json_push(files, json_string(generation->settings.files[i]), failed);
	json_put(object, "mode",
		json_string(generation->development ? "development" : "production"), failed);
	json_put(object, "file", json_string(generation->config), failed);
	json_put(object, "files", files, failed);
	json_put(object, "leeway", json_integer(generation->leeway), failed);
}

static json_t *service_json(struct generation *generation, const struct service *service,
	const char *name, bool *failed)
{
	json_t *object = json_object();
	json_t *audience = json_array();
	const struct setting *setting = find(service->section, "audience");

	/* As tokens are compared: whom they are for is named by the resource where nothing else says it. */
	if (!setting)
		setting = find(service->section, "resource");
	json_put(object, "service", json_string(name), failed);
	json_put(object, "section", json_sprintf("service:%s", service->name), failed);
	put_head(object, generation, failed);
	if (setting)
		push_setting(audience, NULL, setting, false, failed);
	json_put(object, "audience", audience, failed);
	json_put(object, "groups", groups_json(service, failed), failed);
	json_put(object, "requirements", requirements_json(service, failed), failed);
	json_put(object, "tools", tools_json(&service->tools, failed), failed);
	json_put(object, "settings", settings_json(generation, service, failed), failed);
	json_put(object, "scopes", scopes_json(generation, failed), failed);
	json_put(object, "providers", providers_json(generation, service, failed), failed);
	return object;
}

int tpam_engine_describe(struct tpam_engine *engine, const char *service, char **ret_json)
{
	struct pin pin = engine_pin(engine);
	struct generation *generation = pin.generation;
	const struct service *found = service ? generation_service(generation, service) : NULL;
	bool failed = false;
	json_t *object = NULL;
	char *text = NULL;
	int code = TPAM_E_UNSET;

	if (!service || found) {
		object = found ? service_json(generation, found, service, &failed)
			       : overview_json(engine, generation, &failed);
		text = failed ? NULL : json_write(object, JSON_COMPACT);
		code = text ? TPAM_OK : TPAM_E_MEMORY;
	}
	json_decref(object);
	generation_unref(pin);
	if (text)
		*ret_json = text;
	return code;
}

int tpam_resource_metadata(struct tpam_engine *engine, const char *service, char **ret_json)
{
	struct pin pin = engine_pin(engine);
	const struct service *found = generation_service(pin.generation, service);
	const char *document = found ? found->resource.document : NULL;
	char *copy = document ? text_copy(document, strlen(document)) : NULL;

	generation_unref(pin);
	if (!document)
		return TPAM_E_UNSET;
	if (!copy)
		return TPAM_E_MEMORY;
	*ret_json = copy;
	return TPAM_OK;
}
