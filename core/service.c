/*
 * service.c - reads services and tools.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "options.h"
#include "service.h"
#include "text.h"
#include "words.h"

const char *const hub_keys[] = {
	"auth", "account", "session", "challenge_scope", REQUIREMENT_KEYS, NULL};
const char *const service_keys[] = {"auth", "account", "session", REQUIREMENT_KEYS, "audience",
	"inherit", "scope_merge", "match_username", "public_tools", "protected_tools",
	"unlisted_tools", "challenge_scope", "audit_only", RESOURCE_KEYS, NULL};
const char *const stack_keys[] = {"auth", "account", "session", NULL};

static const char *const inherit_words[] = {"before", "no", NULL};
static const enum inherit inherits[] = {INHERIT_BEFORE, INHERIT_NO};

static const char *const merge_words[] = {"first", "union", "intersection", NULL};
static const enum scope_merge merges[] = {SCOPES_FIRST, SCOPES_UNION, SCOPES_INTERSECTION};

static const char *const challenge_words[] = {"needed", "union", NULL};

static const char *const username_words[] = {"username", "email", "subject", NULL};
static const int32_t username_fields[] = {
	TPAM_FIELD_USERNAME, TPAM_FIELD_EMAIL, TPAM_FIELD_SUBJECT};

#define ENUM_OPTION(key, words)                                                                    \
	{                                                                                          \
		.size = sizeof(struct tpam_option), .type = TPAM_TYPE_ENUM, .name = key,           \
		.values = words                                                                    \
	}

static const struct tpam_option inherit_option = ENUM_OPTION("inherit", inherit_words);
static const struct tpam_option merge_option = ENUM_OPTION("scope_merge", merge_words);
static const struct tpam_option challenge_option = ENUM_OPTION("challenge_scope", challenge_words);
static const struct tpam_option username_option = ENUM_OPTION("match_username", username_words);
static const struct tpam_option audience_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST,
	.name = "audience"};

/*
 * A result that remembers the worst: errors of the
 * configuration do not stop the reading, lack of memory does.
 */
static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

/* ---- Services ---- */

/* The index of an enumerated key's word, or -1 where it is not set. */
static int enum_read(int64_t *ret, const struct tpam_option *option, struct section *section,
	const struct service_context *context)
{
	struct option_context how = {context->development, context->report};
	struct option_value value = {0};
	struct setting *setting = section ? section_get(section, option->name) : NULL;
	int code = option_read(&value, option, setting, section, &how);

	*ret = code == TPAM_OK && value.count > 0 ? value.items[0].number : -1;
	option_finish(&value);
	return code;
}

static int audiences_read(
	struct list *ret, struct section *section, const struct service_context *context)
{
	struct option_context how = {context->development, context->report};
	struct option_value value = {0};
	int code = option_read(
		&value, &audience_option, section_get(section, "audience"), section, &how);

	for (size_t i = 0; code == TPAM_OK && i < value.count; i++)
		if (!list_add_new(ret, value.items[i].text, strlen(value.items[i].text)))
			code = TPAM_E_MEMORY;
	option_finish(&value);
	return code;
}

static int program_read(struct service *service, size_t index, enum inherit inherit,
	const struct service_context *context)
{
	static const enum tpam_group groups[RESULT_GROUPS] = {
		TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};
	const char *key = group_name(groups[index]);
	struct setting *own = section_get(service->section, key);
	struct setting *hub = context->hub ? section_peek(context->hub, key) : NULL;
	struct setting *settings[2];
	size_t count = 0;

	if (own && hub && inherit == INHERIT_UNSAID) {
		report_error(context->report, own->values[0].key,
			"got %s rules where [hub] has some too, expected inherit = before (after "
			"the hub's) or "
			"inherit = no (instead of them)",
			key);
		return TPAM_E_CONFIG;
	}
	if (hub && (!own || inherit == INHERIT_BEFORE))
		settings[count++] = section_get(context->hub, key);
	service->hub_rules[index] = count > 0;
	if (own)
		settings[count++] = own;
	service->own_rules[index] = own != NULL;
	if (count == 0)
		return TPAM_OK;
	return program_build(&service->programs[index], settings, count, groups[index],
		context->names, context->report);
}

static int keys_read(
	struct service *service, enum inherit *ret_inherit, const struct service_context *context)
{
	int64_t inherit, merge, username, hub, own;
	int code = enum_read(&inherit, &inherit_option, service->section, context);

	code = worse(code, enum_read(&merge, &merge_option, service->section, context));
	code = worse(code, enum_read(&username, &username_option, service->section, context));
	code = worse(code, audiences_read(&service->audiences, service->section, context));
	code = worse(code, enum_read(&hub, &challenge_option, context->hub, context));
	code = worse(code, enum_read(&own, &challenge_option, service->section, context));
	service->challenge_union = (own >= 0 ? own : hub) == 1;
	*ret_inherit = inherit < 0 ? INHERIT_UNSAID : inherits[inherit];
	service->merge = merge < 0 ? SCOPES_FIRST : merges[merge];
	if (username >= 0) {
		const struct place *at =
			&section_get(service->section, username_option.name)->values[0].key;
		service->match_username = username_fields[username];
		service->match_username_at = text_format("%s:%u", at->file, at->line);
		if (!service->match_username_at)
			code = TPAM_E_MEMORY;
	}
	return code;
}

static int passing_read(struct service *service, const struct service_context *context)
{
	const struct audit_only_context how = {.now = context->now,
		.audited = context->audited,
		.claimed = service->match_username != 0,
		.development = context->development,
		.report = context->report};

	return audit_only_read(&service->audit_only, service->section, &how);
}

int service_read(
	struct service *ret, struct section *section, const struct service_context *context)
{
	const struct requirement_context requirements = {
		context->scopes, context->development, context->report};
	enum inherit inherit;

	*ret = (struct service){.section = section, .at = section->at};
	ret->name = text_copy(section->name, strlen(section->name));
	if (!ret->name)
		return TPAM_E_MEMORY;
	option_report_unknown(section, NULL, service_keys, context->report);
	int code = keys_read(ret, &inherit, context);
	if (code != TPAM_E_MEMORY)
		code = worse(code, passing_read(ret, context));
	for (size_t i = 0; i < RESULT_GROUPS && code != TPAM_E_MEMORY; i++)
		code = worse(code, program_read(ret, i, inherit, context));
	if (code != TPAM_E_MEMORY)
		code = worse(code, requirements_read(&ret->requirements, context->hub, LEVEL_HUB,
					   &requirements));
	if (code != TPAM_E_MEMORY)
		code = worse(code, requirements_read(&ret->requirements, section, LEVEL_SERVICE,
					   &requirements));
	if (code != TPAM_E_MEMORY)
		code = worse(code, resource_read(&ret->resource, section, context->scopes,
					   context->development, context->report));
	if (code == TPAM_OK && ret->audiences.count == 0 && ret->resource.identifier &&
		!list_add(&ret->audiences, ret->resource.identifier,
			strlen(ret->resource.identifier)))
		code = TPAM_E_MEMORY;
	if (code != TPAM_E_MEMORY)
		code = worse(code,
			tools_read(&ret->tools, section, context->development, context->report));
	return code;
}

void service_finish(struct service *service)
{
	tools_finish(&service->tools);
	resource_finish(&service->resource);
	for (size_t i = 0; i < RESULT_GROUPS; i++)
		program_finish(&service->programs[i]);
	requirements_finish(&service->requirements);
	list_finish(&service->audiences);
	audit_only_finish(&service->audit_only);
	free(service->match_username_at);
	free(service->name);
}
