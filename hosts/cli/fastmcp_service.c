/*
 * fastmcp_service.c - a service as FastMCP can be configured: one provider, scopes, and nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "fastmcp.h"
#include "output.h"

#define MCP_PATH "/mcp" /* where FastMCP serves, below its base URL */

/* ---- The stack ---- */

/* One rule by itself accepts what its provider accepts, whatever the control, unless a failure counts as success. */
static bool accepts_failures(const json_t *rule)
{
	json_t *action;
	const char *outcome;

	json_object_foreach(json_object_get(rule, "actions"), outcome, action)
	{
		const char *text = json_string_value(action);
		bool fine = strcmp(outcome, "success") == 0 || strcmp(outcome, "expiring") == 0;
		if (!fine && (strcmp(text, "ok") == 0 || strcmp(text, "done") == 0))
			return true;
	}
	return false;
}

static bool accepts_success(const json_t *rule)
{
	const char *text = text_member(json_object_get(rule, "actions"), "success");

	return text && (strcmp(text, "ok") == 0 || strcmp(text, "done") == 0);
}

/* Rules of groups that FastMCP does not have. */
static void lose_group(struct fastmcp *fastmcp, const json_t *groups, const char *group)
{
	json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(groups, group), "rules"), i, rule)
		fastmcp_say(fastmcp->lost, text_member(rule, "at"), "%s: FastMCP has no such rules",
			group);
}

/* The provider of the first rule that has one; all others are lost. */
static const char *take_rules(struct fastmcp *fastmcp, const json_t *groups)
{
	const char *provider = NULL;
	json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(groups, "auth"), "rules"), i, rule)
	{
		const char *name = text_member(rule, "provider"), *at = text_member(rule, "at");
		if (!name)
			continue;
		if (provider && strcmp(provider, name) != 0)
			fastmcp_say(fastmcp->lost, at,
				"auth: got provider %s beside %s; FastMCP asks one", name,
				provider);
		else if (provider || !accepts_success(rule) || accepts_failures(rule))
			fastmcp_say(fastmcp->lost, at,
				"auth: FastMCP accepts what %s accepts, "
				"whatever the control says",
				name);
		if (!provider)
			provider = name;
	}
	lose_group(fastmcp, groups, "account");
	lose_group(fastmcp, groups, "session");
	return provider;
}

/* ---- Requirements ---- */

static void add_scope(json_t *scopes, json_t *scope)
{
	json_t *other;
	size_t i;

	json_array_foreach(scopes, i, other) if (json_equal(other, scope)) return;
	json_array_append(scopes, scope);
}

/* By their short names these scopes of Google's are asked for; in its answers they are URLs. */
static json_t *scope_name(const struct fastmcp *fastmcp, json_t *scope)
{
	const char *text = json_string_value(scope);
	bool google = fastmcp->class && strcmp(fastmcp->class->name, "GoogleProvider") == 0;

	if (google && (strcmp(text, "email") == 0 || strcmp(text, "profile") == 0))
		return json_sprintf("https://www.googleapis.com/auth/userinfo.%s", text);
	return json_incref(scope);
}

static void take_scopes(struct fastmcp *fastmcp, json_t *scopes, const json_t *requirement)
{
	json_t *scope;
	size_t i;

	json_array_foreach(json_object_get(requirement, "value"), i, scope)
	{
		if (strstr(json_string_value(scope), "${")) {
			fastmcp_say(fastmcp->lost, text_member(requirement, "at"),
				"require_scopes: got a reference, expected names");
			continue;
		}
		json_t *name = scope_name(fastmcp, scope);
		add_scope(scopes, name);
		json_decref(name);
	}
}

static void take_requirements(struct fastmcp *fastmcp, const json_t *service)
{
	json_t *scopes = json_array(), *requirement;
	size_t i;

	json_array_foreach(json_object_get(service, "requirements"), i, requirement)
	{
		const char *key = text_member(requirement, "key"),
			   *at = text_member(requirement, "at"),
			   *tool = text_member(requirement, "tool");
		if (tool)
			continue; /* its section is lost as a whole */
		if (strcmp(key, "require_scopes") == 0)
			take_scopes(fastmcp, scopes, requirement);
		else
			fastmcp_say(fastmcp->lost, at,
				"%s: FastMCP requires nothing but scopes, all of "
				"them",
				key);
	}
	if (json_array_size(scopes) > 0)
		json_object_set(fastmcp->params, "required_scopes", scopes);
	json_decref(scopes);
}

/* ---- Settings of hub, service and tools ---- */

/* What says how refusals look, where rules come from, and what is told above already. */
static bool is_harmless(const char *key, const char *value)
{
	static const char *const keys[] = {"auth", "account", "session", "inherit", "audience",
		"resource", "authorization_servers", "resource_name", "resource_documentation",
		"resource_metadata", "challenge_scope", "scope_merge"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return strcmp(key, "unlisted_tools") == 0 && strcmp(value, "allow") == 0;
}

/* All that requirements_json() lists is judged there. */
static bool is_requirement(const json_t *service, const char *key)
{
	json_t *requirement;
	size_t i;

	json_array_foreach(json_object_get(service, "requirements"), i,
		requirement) if (strcmp(text_member(requirement, "key"), key) == 0) return true;
	return false;
}

static void take_settings(struct fastmcp *fastmcp, const json_t *service)
{
	json_t *setting;
	size_t i;

	json_array_foreach(json_object_get(service, "settings"), i, setting)
	{
		const char *section = text_member(setting, "section"),
			   *key = text_member(setting, "key"), *at = text_member(setting, "at");
		if (strncmp(section, "tool:", 5) == 0)
			fastmcp_say(fastmcp->lost, at,
				"%s: FastMCP is told of tools where they are "
				"defined, by auth= of their decorators",
				key);
		else if (!is_harmless(key, text_member(setting, "value")) &&
			 !is_requirement(service, key))
			fastmcp_say(fastmcp->lost, at, "%s: FastMCP has nothing like it", key);
	}
	json_array_foreach(json_object_get(service, "scopes"), i,
		setting) if (strcmp(text_member(setting, "key"), "implies") == 0)
		fastmcp_say(fastmcp->lost, text_member(setting, "at"),
			"implies: to FastMCP no scope implies another");
}

/* ---- The server's own URL ---- */

static bool takes(const struct fastmcp_class *class, const char *key)
{
	for (size_t i = 0; class->keys[i]; i++)
		if (strcmp(class->keys[i], key) == 0)
			return true;
	return false;
}

/* FastMCP's resource is its base URL and the path below it. To be freed; NULL if there is none of that form. */
static json_t *find_base(const json_t *service)
{
	json_t *setting;
	size_t i;

	json_array_foreach(json_object_get(service, "settings"), i, setting)
	{
		const char *value = text_member(setting, "value");
		size_t length = strlen(value), end = sizeof(MCP_PATH) - 1;
		if (strcmp(text_member(setting, "key"), "resource") == 0 && length > end &&
			strcmp(value + length - end, MCP_PATH) == 0 && !strpbrk(value, "$\" \t"))
			return json_stringn(value, length - end);
	}
	return NULL;
}

static void take_base(struct fastmcp *fastmcp, const json_t *service, const char *base_url)
{
	json_t *base = base_url ? json_string(base_url) : find_base(service);

	if (base_url && (!base || strstr(base_url, "${")))
		fastmcp_say(fastmcp->impossible, NULL, "--base-url: got no text, expected a URL");
	if (base)
		json_object_set(fastmcp->params, "base_url", base);
	else if (takes(fastmcp->class, "client_secret") && takes(fastmcp->class, "redirect_path"))
		fastmcp_say(fastmcp->impossible, NULL,
			"got no URL of the server, expected "
			"--base-url, or resource = URL" MCP_PATH
			" in the service: FastMCP signs people in "
			"there");
	json_decref(base);
}

void fastmcp_from_service(struct fastmcp *fastmcp, const json_t *service, const char *base_url)
{
	const char *name = take_rules(fastmcp, json_object_get(service, "groups"));
	const json_t *provider =
		name ? json_object_get(json_object_get(service, "providers"), name) : NULL;

	if (!provider) {
		fastmcp_say(fastmcp->impossible, NULL, "got a service that asks no provider");
		return;
	}
	fastmcp_from_provider(fastmcp, service, name, provider);
	take_requirements(fastmcp, service);
	take_settings(fastmcp, service);
	if (fastmcp->class)
		take_base(fastmcp, service, base_url);
}
