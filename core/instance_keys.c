/*
 * instance_keys.c - the keys that every [provider:NAME] section has, whatever its plugin.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "instance_keys.h"

#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "memory.h"

#define CREDENTIAL_FORMS "bearer, basic, header:NAME or cookie:NAME"

const struct tpam_option key_plugin = {
	.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_REQUIRED,
	.name = "plugin",
	.help = "a name in plugin_path, ./FILE.so beside this file, or an absolute path",
};

/* A key, whose use it is, and what becomes of its values. */
struct key {
	struct tpam_option option;
	bool (*applies)(const struct tpam_provider *provider);
	const char *otherwise; /* why it does not apply */
	int (*take)(struct tpam_instance *instance, const struct option_value *value,
		const struct instance_context *context);
	int (*read)(struct tpam_instance *instance, struct section *section,
		const struct instance_context *context); /* in the place of take, if set */
};

static bool applies_credential(const struct tpam_provider *provider)
{
	return (provider->inputs & TPAM_INPUT(CREDENTIAL)) != 0;
}

static bool applies_identity(const struct tpam_provider *provider)
{
	return provider->role == TPAM_ROLE_IDENTITY;
}

static bool applies_anonymous(const struct tpam_provider *provider)
{
	return provider->role == TPAM_ROLE_UTILITY;
}

static bool applies_cache(const struct tpam_provider *provider)
{
	return kept_possible(provider);
}

static bool applies_audience(const struct tpam_provider *provider)
{
	return provider->binding == TPAM_BINDING_AUDIENCE;
}

static int take_credential(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	const struct option_item *item = value->items;
	const char *text = value->count ? item->text : instance->provider->credentials[0];
	const char *name = NULL;
	char quote[REPORT_QUOTE_SIZE];
	if (!credential_place_read(&instance->credential, &name, text)) {
		report_error(context->report, item->at, "got credential %s, expected %s%s",
			report_quote(quote, text, strlen(text)), CREDENTIAL_FORMS,
			strncmp(text, "query", 5) == 0 ? " (what stands in a URL ends up in logs)"
						       : "");
		return TPAM_E_CONFIG;
	}
	if (name)
		instance->credential_name = text_copy(name, strlen(name));
	return name && !instance->credential_name ? TPAM_E_MEMORY : TPAM_OK;
}

static int take_link(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	(void)context;
	instance->link = value->items[0].number == 1;
	return TPAM_OK;
}

static int take_anonymous(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	instance->anonymous = value->items[0].number == 1;
	if (!instance->anonymous)
		return TPAM_OK;
	report_strict(context->report, context->development, value->items[0].at,
		"got anonymous = on, expected off in production: anybody gets in");
	return context->development ? TPAM_OK : TPAM_E_CONFIG;
}

static int take_leeway(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	return value->count ? option_leeway(&instance->leeway, value, context->report) : TPAM_OK;
}

static int take_expire_soon(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	return value->count ? option_soon(&instance->expire_soon, value, context->report) : TPAM_OK;
}

static int take_rate(
	struct rate *ret, const struct option_value *value, const struct instance_context *context)
{
	char quote[REPORT_QUOTE_SIZE];
	if (value->count == 0 || rate_read(ret, value->items[0].text))
		return TPAM_OK;
	report_error(context->report, value->items[0].at,
		"got %s, expected a rate such as 20/s, 100/m or 1000/h, at most a million",
		report_quote(quote, value->items[0].text, strlen(value->items[0].text)));
	return TPAM_E_CONFIG;
}

static int take_guard_client(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	return take_rate(&instance->guard_client, value, context);
}

/* The last of the two keys that is read makes the guard. */
static int take_guard_upstream(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	int code = take_rate(&instance->guard_upstream, value, context);
	if (code != TPAM_OK ||
		(instance->guard_client.count == 0 && instance->guard_upstream.count == 0))
		return code;
	instance->guard = guard_create(&instance->guard_client, &instance->guard_upstream);
	return instance->guard ? TPAM_OK : TPAM_E_MEMORY;
}

/* Far beyond anything, and far from what adding a time to it would overflow. */
#define KEPT_MOST (INT64_C(10) * 365 * 86400 * 1000)

static int take_time(int64_t *ret, const struct option_value *value)
{
	int64_t milliseconds = value->items[0].number;

	*ret = (milliseconds < KEPT_MOST ? milliseconds : KEPT_MOST) * 1000000;
	return TPAM_OK;
}

static int take_cache_ttl(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	(void)context;
	return take_time(&instance->cache_ttl, value);
}

static int take_cache_negative_ttl(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	(void)context;
	return take_time(&instance->cache_negative_ttl, value);
}

/* The last of the three that is read. */
static int take_stale_if_error(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	int code = take_time(&instance->stale_if_error, value);

	instance->keeps = instance->cache_ttl > 0 || instance->cache_negative_ttl > 0;
	if (instance->stale_if_error == 0 || instance->cache_ttl > 0)
		return code;
	report_error(context->report, value->items[0].at,
		"got stale_if_error beside cache_ttl = 0s, expected something that is kept");
	return TPAM_E_CONFIG;
}

static int copy_audiences(struct tpam_instance *instance, const struct option_value *value)
{
	instance->audiences = calloc(value->count + 1, sizeof(*instance->audiences));
	if (!instance->audiences)
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < value->count; i++) {
		const char *text = value->items[i].text;
		instance->audiences[i] = text_copy(text, strlen(text));
		if (!instance->audiences[i])
			return TPAM_E_MEMORY;
	}
	return TPAM_OK;
}

/* `none` means that nothing is compared, so it cannot stand beside something to compare. */
static int take_audience(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	for (size_t i = 0; i < value->count; i++) {
		if (strcmp(value->items[i].text, "none") != 0)
			continue;
		instance->audience_none = value->count == 1;
		if (instance->audience_none) {
			report_warning(context->report, value->items[i].at,
				"got audience = none: tokens made for anybody else are accepted");
			return TPAM_OK;
		}
		report_error(context->report, value->items[i].at,
			"got audience none beside others, expected it alone");
		return TPAM_E_CONFIG;
	}
	return value->count ? copy_audiences(instance, value) : TPAM_OK;
}

static const char *const token_scopes_words[] = {"keep", "drop", NULL};

static int take_token_scopes(struct tpam_instance *instance, const struct option_value *value,
	const struct instance_context *context)
{
	static const enum token_scopes meanings[] = {TOKEN_SCOPES_KEEP, TOKEN_SCOPES_DROP};

	(void)context;
	if (value->count)
		instance->token_scopes = meanings[value->items[0].number];
	return TPAM_OK;
}

/* Behind token_scopes. */
static int read_grants(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context)
{
	bool drops = (instance->provider->flags & TPAM_TOKEN_SCOPES_DROP) != 0;

	return grants_read(&instance->grants, section, instance->token_scopes, drops, context);
}

#define KEY(key_name, key_type, key_flags, key_fallback, key_help)                                 \
	.option = {                                                                                \
		.size = sizeof(struct tpam_option),                                                \
		.type = (key_type),                                                                \
		.flags = (key_flags),                                                              \
		.name = (key_name),                                                                \
		.fallback = (key_fallback),                                                        \
		.help = (key_help),                                                                \
	}

static const struct key keys[] = {
	{KEY("credential", TPAM_TYPE_TEXT, 0, NULL, "where the credential stands"),
		applies_credential, "takes no credential", take_credential, NULL},
	{KEY("link", TPAM_TYPE_BOOL, 0, "off", "join its identity to the first one"),
		applies_identity, "identifies nobody", take_link, NULL},
	{KEY("leeway", TPAM_TYPE_DURATION, 0, NULL,
		 "leeway for its times instead of [tokenpam] leeway"),
		applies_identity, "identifies nobody", take_leeway, NULL},
	{KEY("expire_soon", TPAM_TYPE_TEXT, 0, NULL,
		 "how soon a credential expires that is expiring; off: none is"),
		applies_identity, "identifies nobody", take_expire_soon, NULL},
	{KEY("anonymous", TPAM_TYPE_BOOL, 0, "off", "its success stands for nobody in particular"),
		applies_anonymous, "is no utility such as permit", take_anonymous, NULL},
	{.option = {.size = sizeof(struct tpam_option),
		 .type = TPAM_TYPE_ENUM,
		 .name = "token_scopes",
		 .values = token_scopes_words,
		 .help = "whether the token's own scopes count"},
		applies_identity,
		"identifies nobody",
		take_token_scopes,
		NULL},
	{KEY("grant", TPAM_TYPE_TEXT, TPAM_OPTION_REPEATABLE, NULL,
		 "what upstream says -> the scopes that it gives here"),
		applies_identity, "identifies nobody", NULL, read_grants},
	{KEY("guard_client", TPAM_TYPE_TEXT, 0, NULL,
		 "new credentials of one client, such as 20/s"),
		applies_credential, "takes no credential", take_guard_client, NULL},
	{KEY("guard_upstream", TPAM_TYPE_TEXT, 0, NULL, "new credentials in all, such as 200/s"),
		applies_credential, "takes no credential", take_guard_upstream, NULL},
	{KEY("cache_ttl", TPAM_TYPE_DURATION, 0, "5m",
		 "how long a good verdict may be kept at most; 0s: not at all"),
		applies_cache, "gives no verdicts that could be kept", take_cache_ttl, NULL},
	{KEY("cache_negative_ttl", TPAM_TYPE_DURATION, 0, "10s",
		 "how long a verdict of invalid, expired or revoked may be kept at most"),
		applies_cache, "gives no verdicts that could be kept", take_cache_negative_ttl,
		NULL},
	{KEY("stale_if_error", TPAM_TYPE_DURATION, 0, "0s",
		 "how much longer a good verdict stands in while the provider is unavailable"),
		applies_cache, "gives no verdicts that could be kept", take_stale_if_error, NULL},
	{KEY("audience", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL, "what a token must be made for"),
		applies_audience, "does not bind tokens by audience", take_audience, NULL},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static int read_key(struct tpam_instance *instance, const struct key *key, struct section *section,
	const struct instance_context *context)
{
	if (key->read)
		return key->read(instance, section, context);
	struct option_value value;
	const struct option_context options = {context->development, context->report};
	struct setting *setting = section_get(section, key->option.name);
	int code = option_read(&value, &key->option, setting, section, &options);
	if (code == TPAM_OK)
		code = key->take(instance, &value, context);
	option_finish(&value);
	return code;
}

static int refuse_key(const struct tpam_instance *instance, const struct key *key,
	struct section *section, const struct instance_context *context)
{
	const struct setting *setting = section_get(section, key->option.name);
	if (!setting || setting->count == 0)
		return TPAM_OK;
	report_error(context->report, setting->values[0].key,
		"got key \"%s\", expected none: plugin \"%s\" %s", key->option.name,
		instance->provider->name, key->otherwise);
	return TPAM_E_CONFIG;
}

/* Of these names a plugin may only have `audience` itself, and only where it is not the loader's. */
int instance_keys_read(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context)
{
	const char *names[KEY_COUNT + 2] = {"plugin"};
	size_t before = tpam_report_errors(context->report);
	size_t count = 1;
	int result = TPAM_OK;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct key *key = keys + i;
		if (descriptor_option(instance->provider, key->option.name))
			continue;
		names[count++] = key->option.name;
		int code = key->applies(instance->provider)
				   ? read_key(instance, key, section, context)
				   : refuse_key(instance, key, section, context);
		if (code == TPAM_E_MEMORY)
			return code;
		result = code == TPAM_OK ? result : code;
	}
	option_report_unknown(section, instance->provider->options, names, context->report);
	return tpam_report_errors(context->report) > before ? TPAM_E_CONFIG : result;
}
