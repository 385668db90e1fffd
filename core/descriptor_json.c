/*
 * descriptor_json.c - a plugin's descriptor as JSON, for people and tools.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <jansson.h>

#include "json.h"
#include "plugin.h"

struct bit {
	uint64_t bit;
	const char *name;
};

static const struct bit groups[] = {
	{TPAM_AUTH, "auth"}, {TPAM_ACCOUNT, "account"}, {TPAM_SESSION, "session"}, {0, NULL}};

static const struct bit flags[] = {{TPAM_CONCURRENT, "concurrent"}, {TPAM_BLOCKING, "blocking"},
	{TPAM_TEST_ONLY, "test_only"}, {TPAM_TOKEN_SCOPES_DROP, "token_scopes_drop"}, {0, NULL}};

static const struct bit outcomes[] = {
#define X(number, NAME, name, status, weight, meaning) {TPAM_MAY(NAME), #name},
#include <tokenpam/outcomes.def>
#undef X
	{0, NULL}};

static const struct bit inputs[] = {
	{TPAM_INPUT(SERVICE), "service"},
	{TPAM_INPUT(TOOL), "tool"},
	{TPAM_INPUT(TOOL_ARGUMENTS), "tool_arguments"},
	{TPAM_INPUT(TENANT), "tenant"},
	{TPAM_INPUT(USERNAME), "username"},
	{TPAM_INPUT(RESOURCE), "resource"},
	{TPAM_INPUT(METHOD), "method"},
	{TPAM_INPUT(URL), "url"},
	{TPAM_INPUT(PEER_ADDRESS), "peer_address"},
	{TPAM_INPUT(REQUEST_ID), "request_id"},
	{TPAM_INPUT(DPOP_PROOF), "dpop_proof"},
	{TPAM_INPUT(CLIENT_CERTIFICATE), "client_certificate"},
	{TPAM_INPUT(TAGS), "tags"},
	{TPAM_INPUT(HEADERS), "headers"},
	{TPAM_INPUT(CREDENTIAL), "credential"},
	{TPAM_INPUT(BASIC_USER), "basic_user"},
	{TPAM_INPUT(AUDIENCE), "audience"},
	{TPAM_INPUT(IDENTITY), "identity"},
	{TPAM_INPUT(HOST_POINTER), "host_pointer"},
	{0, NULL},
};

static const struct bit option_flags[] = {{TPAM_OPTION_REQUIRED, "required"},
	{TPAM_OPTION_LIST, "list"}, {TPAM_OPTION_REPEATABLE, "repeatable"},
	{TPAM_OPTION_SECRET, "secret"}, {TPAM_OPTION_DEPRECATED, "deprecated"}, {0, NULL}};

static const char *const roles[] = {[TPAM_ROLE_IDENTITY] = "identity",
	[TPAM_ROLE_CHECK] = "check",
	[TPAM_ROLE_UTILITY] = "utility"};

static const char *const bindings[] = {[TPAM_BINDING_NONE] = "none",
	[TPAM_BINDING_AUDIENCE] = "audience",
	[TPAM_BINDING_CLIENT] = "client"};

static const char *const types[] = {[TPAM_TYPE_TEXT] = "text",
	[TPAM_TYPE_BOOL] = "bool",
	[TPAM_TYPE_NUMBER] = "number",
	[TPAM_TYPE_DURATION] = "duration",
	[TPAM_TYPE_SIZE] = "size",
	[TPAM_TYPE_ENUM] = "enum",
	[TPAM_TYPE_PATH] = "path",
	[TPAM_TYPE_URL] = "url"};

/* The names of the bits that are set. */
static json_t *names(const struct bit *bit, uint64_t value, bool *failed)
{
	json_t *array = json_array();
	for (; bit->name; bit++)
		if (value & bit->bit)
			json_push(array, json_string(bit->name), failed);
	return array;
}

/* Each bit as a member that is true or false. */
static void put_bits(json_t *object, const struct bit *bit, uint64_t value, bool *failed)
{
	for (; bit->name; bit++)
		json_put(object, bit->name, json_boolean(value & bit->bit), failed);
}

static json_t *words(const char *const *list, bool *failed)
{
	json_t *array = json_array();
	for (; list && *list; list++)
		json_push(array, json_string(*list), failed);
	return array;
}

static json_t *option_json(const struct tpam_option *option, bool *failed)
{
	json_t *object = json_object();
	json_put(object, "name", json_string(option->name), failed);
	json_put(object, "type", json_string(types[option->type]), failed);
	put_bits(object, option_flags, option->flags, failed);
	json_put(object, "default", json_text(option->fallback), failed);
	if (option->values)
		json_put(object, "values", words(option->values, failed), failed);
	json_put(object, "help", json_string(option->help), failed);
	return object;
}

static json_t *options_json(const struct tpam_provider *provider, bool *failed)
{
	json_t *array = json_array();
	for (size_t i = 0; provider->options && provider->options[i]; i++)
		json_push(array, option_json(provider->options[i], failed), failed);
	return array;
}

struct json_t *descriptor_json(const struct plugin *plugin)
{
	const struct tpam_provider *provider = plugin->provider;
	json_t *object = json_object();
	bool failed = !object;
	json_put(object, "name", json_string(provider->name), &failed);
	json_put(object, "version", json_string(provider->version), &failed);
	json_put(object, "summary", json_string(provider->summary), &failed);
	json_put(object, "path", json_string(plugin->path), &failed);
	json_put(object, "abi", json_integer(provider->abi), &failed);
	json_put(object, "role", json_string(roles[provider->role]), &failed);
	json_put(object, "groups", names(groups, provider->groups, &failed), &failed);
	json_put(object, "binding", json_string(bindings[provider->binding]), &failed);
	put_bits(object, flags, provider->flags, &failed);
	json_put(object, "outcomes",
		names(outcomes, provider->outcomes ? provider->outcomes : UINT64_MAX, &failed),
		&failed);
	json_put(object, "inputs", names(inputs, provider->inputs, &failed), &failed);
	json_put(object, "inputs_needed", names(inputs, provider->inputs_needed, &failed), &failed);
	json_put(object, "credentials", words(provider->credentials, &failed), &failed);
	json_put(object, "options", options_json(provider, &failed), &failed);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}
