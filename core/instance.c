/*
 * instance.c - creates, opens and destroys configured providers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "instance.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "instance_keys.h"
#include "kinds.h"
#include "memory.h"

/* open() is never called twice at once for a plugin; loading is rare enough for one lock for all. */
static pthread_mutex_t open_turn = PTHREAD_MUTEX_INITIALIZER;

static bool plugin_is_allowed(const struct tpam_instance *instance, const struct option_item *name,
	const struct instance_context *context)
{
	if (!(instance->provider->flags & TPAM_TEST_ONLY) || context->development)
		return true;
	report_error(context->report, name->at,
		"got plugin \"%s\", which is for tests, expected another one in production",
		instance->provider->name);
	return false;
}

/* Loads what the key `plugin` names. */
static int read_plugin(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context)
{
	struct option_value value;
	const struct option_context options = {context->development, context->report};
	int code =
		option_read(&value, &key_plugin, section_get(section, "plugin"), section, &options);
	if (code == TPAM_OK)
		code = plugin_load(&instance->plugin, value.items[0].text, context->plugin_path,
			value.items[0].at, context->development, context->report);
	if (code == TPAM_OK) {
		instance->provider = instance->plugin->provider;
		instance->binding = instance->provider->binding;
		if (!plugin_is_allowed(instance, value.items, context))
			code = TPAM_E_CONFIG;
	}
	option_finish(&value);
	return code;
}

static size_t options_count(const struct tpam_provider *provider)
{
	size_t count = 0;
	while (provider->options && provider->options[count])
		count++;
	return count;
}

/* Reads all options, also after one that is wrong, so that everything is told at once. */
static int read_options(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context)
{
	const struct tpam_provider *provider = instance->provider;
	const struct option_context options = {context->development, context->report};
	size_t count = options_count(provider);
	int result = TPAM_OK;
	instance->options = calloc(count ? count : 1, sizeof(*instance->options));
	if (!instance->options)
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < count && result != TPAM_E_MEMORY; i++) {
		const struct tpam_option *option = provider->options[i];
		int code = option_read(instance->options + i, option,
			section_get(section, option->name), section, &options);
		instance->option_count = i + 1;
		result = code == TPAM_OK ? result : code;
	}
	return result;
}

static int read_section(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context)
{
	int code = read_plugin(instance, section, context);
	if (!instance->provider)
		return code;
	int keys = instance_keys_read(instance, section, context);
	int options = keys == TPAM_E_MEMORY ? keys : read_options(instance, section, context);
	if (keys == TPAM_E_MEMORY || options == TPAM_E_MEMORY)
		return TPAM_E_MEMORY;
	return code != TPAM_OK ? code : keys != TPAM_OK ? keys : options;
}

/* In the child of a fork. Whoever opens a plugin has an instance, so this is run where it matters to `open_turn`. */
static void renew(void *data)
{
	struct tpam_instance *instance = data;

	pthread_mutex_init(&open_turn, NULL);
	pthread_mutex_init(&instance->turn, NULL);
	if (instance->guard)
		guard_renew(instance->guard);
}

int instance_create(
	struct tpam_instance **ret, struct section *section, const struct instance_context *context)
{
	struct tpam_instance *instance = calloc(1, sizeof(*instance));
	if (!instance)
		return TPAM_E_MEMORY;
	if (pthread_mutex_init(&instance->turn, NULL) != 0 ||
		!forks_begin(&instance->watch, renew, instance)) {
		free(instance);
		return TPAM_E_MEMORY;
	}
	instance->at = section->at;
	instance->section = section;
	instance->development = context->development;
	instance->leeway = context->leeway;
	instance->expire_soon = context->expire_soon;
	instance->hooks = context->hooks;
	instance->name = text_copy(section->name, strlen(section->name));
	int code = instance->name ? read_section(instance, section, context) : TPAM_E_MEMORY;
	if (code == TPAM_OK && !kinds_read(instance))
		code = TPAM_E_MEMORY;
	if (report_failed(context->report))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		*ret = instance;
	else
		instance_destroy(instance);
	return code;
}

static int call_open(struct tpam_instance *instance)
{
	pthread_mutex_lock(&open_turn);
	int code = instance->provider->open(&host_table, instance, &instance->state);
	pthread_mutex_unlock(&open_turn);
	return code;
}

/* What the plugin's answer comes to, together with the problems that it reported. */
static int judge_open(
	struct tpam_instance *instance, int code, bool reported, struct tpam_report *report)
{
	if (report_failed(report) || code == TPAM_E_MEMORY)
		return TPAM_E_MEMORY;
	if (reported)
		return TPAM_E_CONFIG;
	if (code == TPAM_OK)
		return TPAM_OK;
	report_error(report, instance->at,
		"got code %d (%s) when plugin \"%s\" was opened, expected %d", code,
		tpam_code_text(code), instance->provider->name, TPAM_OK);
	return TPAM_E_CONFIG;
}

static void log_opened(const struct tpam_instance *instance)
{
	const struct tpam_provider *provider = instance->provider;
	hooks_log(instance->hooks, TPAM_LOG_DEBUG, "provider %s: plugin %s %s, ABI %u, from %s",
		instance->name, provider->name, provider->version, provider->abi,
		instance->plugin->path);
}

int instance_open(struct tpam_instance *instance, struct tpam_report *report)
{
	size_t before = tpam_report_errors(report);
	instance->report = report;
	int code = call_open(instance);
	instance->report = NULL;
	instance->section = NULL;
	instance->opened = code == TPAM_OK;
	if (instance->opened)
		log_opened(instance);
	return judge_open(instance, code, tpam_report_errors(report) > before, report);
}

static void texts_free(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static size_t texts_count(char *const *texts)
{
	size_t count = 0;
	while (texts && texts[count])
		count++;
	return count;
}

void instance_destroy(struct tpam_instance *instance)
{
	if (!instance)
		return;
	forks_end(&instance->watch);
	if (instance->opened && instance->provider->close)
		instance->provider->close(instance->state);
	for (size_t i = 0; i < instance->option_count; i++)
		option_finish(instance->options + i);
	free(instance->options);
	texts_free(instance->audiences, texts_count(instance->audiences));
	for (size_t i = 0; i < FIELD_LIMIT; i++)
		list_finish(&instance->offered[i].values);
	grants_destroy(instance->grants);
	list_finish(&instance->prefixes);
	free(instance->demands);
	guard_destroy(instance->guard);
	free(instance->credential_name);
	free(instance->name);
	pthread_mutex_destroy(&instance->turn);
	free(instance);
}

const struct list *instance_offers(const struct tpam_instance *instance, int32_t field)
{
	const struct offered *offered = &instance->offered[field];

	return offered->known && !offered->too_many ? &offered->values : NULL;
}

provider_fn *instance_recheck(const struct tpam_instance *instance)
{
	return TPAM_HAS(instance->provider, recheck) ? instance->provider->recheck : NULL;
}

provider_fn *instance_function(const struct tpam_instance *instance, enum tpam_group group)
{
	switch (group) {
	case TPAM_AUTH:
		return instance->provider->authenticate;
	case TPAM_ACCOUNT:
		return instance->provider->account;
	case TPAM_SESSION:
		return instance->provider->session;
	default:
		return NULL;
	}
}
