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

#define REQUIREMENTS_MAX 1024
#define TOOLS_MAX        4096

const char *const hub_keys[] = {"auth", "account", "session", "require_scopes", NULL};
const char *const service_keys[] = {"auth", "account", "session", "require_scopes", "audience",
	"inherit", "scope_merge", "match_username", NULL};
const char *const tool_keys[] = {"require_scopes", "match", NULL};
const char *const stack_keys[] = {"auth", "account", "session", NULL};

static const char *const inherit_words[] = {"before", "no", NULL};
static const enum inherit inherits[] = {INHERIT_BEFORE, INHERIT_NO};

static const char *const merge_words[] = {"first", "union", "intersection", NULL};
static const enum scope_merge merges[] = {SCOPES_FIRST, SCOPES_UNION, SCOPES_INTERSECTION};

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
static const struct tpam_option username_option = ENUM_OPTION("match_username", username_words);
static const struct tpam_option audience_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST,
	.name = "audience"};
static const struct tpam_option match_option = {
	.size = sizeof(struct tpam_option), .type = TPAM_TYPE_TEXT, .name = "match"};

/*
 * A result that remembers the worst: errors of the
 * configuration do not stop the reading, lack of memory does.
 */
static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

/* ---- Requirements ---- */

static bool written(struct requirement *requirement)
{
	struct buffer buffer = BUFFER(LIST_MAX * 300);

	buffer_text(&buffer, "require_scopes =");
	for (size_t i = 0; i < requirement->scopes.count; i++)
		buffer_format(&buffer, " %s", requirement->scopes.items[i]);
	requirement->written = buffer_take(&buffer);
	requirement->at_text = text_format("%s:%u", requirement->at.file, requirement->at.line);
	return requirement->written && requirement->at_text;
}

static int scope_words(struct list *scopes, const struct words *words, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];
	int code = TPAM_OK;

	for (size_t i = 0; i < words->count; i++) {
		const char *text = words->list[i].text;
		size_t length = strlen(text);
		if (!text_is_scope(text, length) || strstr(text, "${")) {
			report_error(report, words->list[i].at,
				"got %s, expected a scope: printable ASCII without quotes, "
				"backslash or reference",
				report_quote(quoted, text, length));
			code = TPAM_E_CONFIG;
		} else if (!list_add_new(scopes, text, length)) {
			return TPAM_E_MEMORY;
		}
	}
	return code;
}

static void requirement_finish(struct requirement *requirement)
{
	list_finish(&requirement->scopes);
	free(requirement->written);
	free(requirement->at_text);
}

static int requirement_read(
	struct requirement *ret, const struct value *value, struct tpam_report *report)
{
	struct words words;
	int code = words_split(&words, value, false, report);

	if (code != TPAM_OK)
		return code;
	code = scope_words(&ret->scopes, &words, report);
	words_finish(&words);
	if (code == TPAM_OK && !written(ret))
		code = TPAM_E_MEMORY;
	return code;
}

static int requirements_read(struct requirements *ret, struct section *section,
	enum requirement_level level, struct tpam_report *report)
{
	struct setting *setting = section ? section_get(section, "require_scopes") : NULL;
	int code = TPAM_OK;

	for (size_t i = 0; setting && i < setting->count; i++) {
		struct requirement requirement = {.level = level, .at = setting->values[i].key};
		int this = requirement_read(&requirement, &setting->values[i], report);
		if (this == TPAM_OK && !array_reserve(&ret->list, ret->count, sizeof(*ret->list),
					       REQUIREMENTS_MAX))
			this = TPAM_E_MEMORY;
		if (this == TPAM_OK)
			ret->list[ret->count++] = requirement;
		else
			requirement_finish(&requirement);
		code = worse(code, this);
	}
	return code;
}

static void requirements_finish(struct requirements *requirements)
{
	for (size_t i = 0; i < requirements->count; i++)
		requirement_finish(&requirements->list[i]);
	free(requirements->list);
}

/* ---- Services ---- */

/* The index of an enumerated key's word, or -1 where it is not set. */
static int enum_read(int64_t *ret, const struct tpam_option *option, struct section *section,
	const struct service_context *context)
{
	struct option_context how = {context->development, context->report};
	struct option_value value = {0};
	int code = option_read(&value, option, section_get(section, option->name), section, &how);

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
	int64_t inherit, merge, username;
	int code = enum_read(&inherit, &inherit_option, service->section, context);

	code = worse(code, enum_read(&merge, &merge_option, service->section, context));
	code = worse(code, enum_read(&username, &username_option, service->section, context));
	code = worse(code, audiences_read(&service->audiences, service->section, context));
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

int service_read(
	struct service *ret, struct section *section, const struct service_context *context)
{
	enum inherit inherit;

	*ret = (struct service){.section = section, .at = section->at};
	ret->name = text_copy(section->name, strlen(section->name));
	if (!ret->name)
		return TPAM_E_MEMORY;
	option_report_unknown(section, NULL, service_keys, context->report);
	int code = keys_read(ret, &inherit, context);
	for (size_t i = 0; i < RESULT_GROUPS && code != TPAM_E_MEMORY; i++)
		code = worse(code, program_read(ret, i, inherit, context));
	if (code != TPAM_E_MEMORY)
		code = worse(code, requirements_read(&ret->requirements, context->hub, LEVEL_HUB,
					   context->report));
	if (code != TPAM_E_MEMORY)
		code = worse(code, requirements_read(&ret->requirements, section, LEVEL_SERVICE,
					   context->report));
	return code;
}

static void tool_finish(struct tool *tool)
{
	free(tool->pattern);
	requirements_finish(&tool->requirements);
}

void service_finish(struct service *service)
{
	for (size_t i = 0; i < service->tool_count; i++)
		tool_finish(&service->tools[i]);
	free(service->tools);
	for (size_t i = 0; i < RESULT_GROUPS; i++)
		program_finish(&service->programs[i]);
	requirements_finish(&service->requirements);
	list_finish(&service->audiences);
	free(service->match_username_at);
	free(service->name);
}

/* ---- Tools ---- */

static int pattern_read(struct tool *tool, struct section *section, const char *pattern,
	bool development, struct tpam_report *report)
{
	struct option_context how = {development, report};
	struct option_value match = {0};
	int code = option_read(&match, &match_option, section_get(section, "match"), section, &how);

	if (code == TPAM_OK) {
		if (match.count > 0)
			pattern = match.items[0].text;
		tool->pattern = text_copy(pattern, strlen(pattern));
		if (!tool->pattern)
			code = TPAM_E_MEMORY;
		else
			tool->literals = text_glob_literals(tool->pattern, &tool->glob);
	}
	option_finish(&match);
	return code;
}

int service_read_tool(struct service *service, struct section *section, const char *pattern,
	bool development, struct tpam_report *report)
{
	struct tool tool = {.section = section};

	option_report_unknown(section, NULL, tool_keys, report);
	int code = pattern_read(&tool, section, pattern, development, report);
	if (code != TPAM_E_MEMORY)
		code = worse(
			code, requirements_read(&tool.requirements, section, LEVEL_TOOL, report));
	if (code == TPAM_OK &&
		!array_reserve(&service->tools, service->tool_count, sizeof(tool), TOOLS_MAX))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		service->tools[service->tool_count++] = tool;
	else
		tool_finish(&tool);
	return code;
}

static bool matches(const struct tool *tool, const char *name)
{
	return tool->glob ? text_glob(tool->pattern, name) : strcmp(tool->pattern, name) == 0;
}

/* Exact before glob, more literal bytes before fewer. */
static bool outranks(const struct tool *one, const struct tool *other)
{
	if (one->glob != other->glob)
		return !one->glob;
	return one->literals > other->literals;
}

const struct tool *service_tool_next(const struct service *service, const char *name, size_t *state)
{
	const struct tool *best = NULL;

	for (size_t i = 0; i < service->tool_count; i++) {
		const struct tool *tool = &service->tools[i];
		if (matches(tool, name) && (!best || outranks(tool, best)))
			best = tool;
	}
	for (size_t i = *state; best && i < service->tool_count; i++) {
		const struct tool *tool = &service->tools[i];
		if (matches(tool, name) && !outranks(best, tool)) {
			*state = i + 1;
			return tool;
		}
	}
	return NULL;
}
