/*
 * tool.c - the tools of a service: which sections apply to one, and whether it is open to everybody or to nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "options.h"
#include "text.h"

#define TOOLS_MAX 4096

const char *const tool_keys[] = {"match", "access", REQUIREMENT_KEYS, NULL};

static const char *const access_words[] = {"public", "protected", "deny", NULL};
static const enum tool_access accesses[] = {ACCESS_PUBLIC, ACCESS_PROTECTED, ACCESS_DENY};
static const char *const unlisted_words[] = {"allow", "deny", NULL};

static const struct tpam_option match_option = {
	.size = sizeof(struct tpam_option), .type = TPAM_TYPE_TEXT, .name = "match"};
static const struct tpam_option access_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_ENUM,
	.name = "access",
	.values = access_words};
static const struct tpam_option unlisted_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_ENUM,
	.name = "unlisted_tools",
	.values = unlisted_words};
static const struct tpam_option public_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST | TPAM_OPTION_REPEATABLE,
	.name = "public_tools"};
static const struct tpam_option protected_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST | TPAM_OPTION_REPEATABLE,
	.name = "protected_tools"};

/* ---- Reading ---- */

static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

static void tool_finish(struct tool *tool)
{
	free(tool->pattern);
	free(tool->written);
	free(tool->at_text);
	requirements_finish(&tool->requirements);
}

static int tools_add(struct tools *tools, struct tool *tool, int code)
{
	if (code == TPAM_OK && !array_reserve(&tools->list, tools->count, sizeof(*tool), TOOLS_MAX))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		tools->list[tools->count++] = *tool;
	else
		tool_finish(tool);
	return code;
}

static int set_pattern(struct tool *tool, const char *pattern)
{
	tool->pattern = text_copy(pattern, strlen(pattern));
	if (!tool->pattern)
		return TPAM_E_MEMORY;
	tool->literals = text_glob_literals(tool->pattern, &tool->glob);
	return TPAM_OK;
}

static int set_access(
	struct tool *tool, enum tool_access access, const char *written, struct place at)
{
	tool->access = access;
	tool->written = text_copy(written, strlen(written));
	tool->at_text = text_format("%s:%u", at.file, at.line);
	return tool->written && tool->at_text ? TPAM_OK : TPAM_E_MEMORY;
}

static int read_pattern(struct tool *tool, const char *pattern, const struct option_context *how)
{
	struct option_value match = {0};
	int code = option_read(
		&match, &match_option, section_get(tool->section, "match"), tool->section, how);

	tool->at = tool->section->at;
	if (code == TPAM_OK && match.count > 0)
		tool->at = match.items[0].at;
	if (code == TPAM_OK)
		code = set_pattern(tool, match.count > 0 ? match.items[0].text : pattern);
	option_finish(&match);
	return code;
}

static int read_access(struct tool *tool, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section_get(tool->section, "access");
	int code = option_read(&value, &access_option, setting, tool->section, how);

	if (code == TPAM_OK && value.count > 0) {
		char written[32];
		(void)snprintf(written, sizeof(written), "access = %s", value.items[0].text);
		code = set_access(
			tool, accesses[value.items[0].number], written, setting->values[0].key);
	}
	option_finish(&value);
	return code;
}

/* Who presents nothing meets no requirement, so that both at once say two things. */
static int check_public(const struct tool *tool, struct tpam_report *report)
{
	if (tool->access != ACCESS_PUBLIC || tool->requirements.count == 0)
		return TPAM_OK;
	report_error(report, tool->requirements.list[0].at,
		"got %s for a tool with access = public, expected no requirement of its own",
		requirement_key(tool->requirements.list[0].kind));
	return TPAM_E_CONFIG;
}

int tools_read_section(struct tools *tools, struct section *section, const char *pattern,
	const struct requirement_context *context)
{
	const struct option_context how = {context->development, context->report};
	struct tool tool = {.section = section};

	option_report_unknown(section, NULL, tool_keys, context->report);
	int code = read_pattern(&tool, pattern, &how);
	if (code != TPAM_E_MEMORY)
		code = worse(code, read_access(&tool, &how));
	if (code != TPAM_E_MEMORY)
		code = worse(
			code, requirements_read(&tool.requirements, section, LEVEL_TOOL, context));
	if (code == TPAM_OK)
		code = check_public(&tool, context->report);
	return tools_add(tools, &tool, code);
}

static int read_public(
	struct tools *tools, struct section *service, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section_get(service, "public_tools");
	int code = option_read(&value, &public_option, setting, service, how);

	for (size_t i = 0; code == TPAM_OK && i < value.count; i++) {
		struct tool tool = {.at = value.items[i].at};
		code = set_pattern(&tool, value.items[i].text);
		if (code == TPAM_OK)
			code = set_access(&tool, ACCESS_PUBLIC, "public_tools", value.items[i].at);
		code = tools_add(tools, &tool, code);
	}
	option_finish(&value);
	return code;
}

static int read_kept(struct tools *tools, struct section *service, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section_get(service, "protected_tools");
	int code = option_read(&value, &protected_option, setting, service, how);

	for (size_t i = 0; code == TPAM_OK && i < value.count; i++)
		if (!list_add_new(&tools->kept, value.items[i].text, strlen(value.items[i].text)))
			code = TPAM_E_MEMORY;
	option_finish(&value);
	return code;
}

static int read_unlisted(
	struct tools *tools, struct section *service, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section_get(service, "unlisted_tools");
	int code = option_read(&value, &unlisted_option, setting, service, how);

	tools->unlisted_deny = code == TPAM_OK && value.count > 0 && value.items[0].number == 1;
	if (tools->unlisted_deny) {
		const struct place *at = &setting->values[0].key;
		tools->unlisted_place = *at;
		tools->unlisted_at = text_format("%s:%u", at->file, at->line);
		code = tools->unlisted_at ? TPAM_OK : TPAM_E_MEMORY;
	}
	option_finish(&value);
	return code;
}

int tools_read(
	struct tools *tools, struct section *service, bool development, struct tpam_report *report)
{
	const struct option_context how = {development, report};
	int code = read_public(tools, service, &how);

	code = worse(code, read_kept(tools, service, &how));
	return worse(code, read_unlisted(tools, service, &how));
}

void tools_finish(struct tools *tools)
{
	for (size_t i = 0; i < tools->count; i++)
		tool_finish(&tools->list[i]);
	free(tools->list);
	list_finish(&tools->kept);
	free(tools->unlisted_at);
}

/* ---- Looking up ---- */

/* What is no tool, but named like one. */
enum space { SPACE_TOOL, SPACE_PROMPT, SPACE_RESOURCE, SPACE_TAG };

static enum space space_of(const char *text)
{
	static const char *const spaces[] = {
		[SPACE_PROMPT] = "prompt:", [SPACE_RESOURCE] = "resource:", [SPACE_TAG] = "tag:"};

	for (size_t i = SPACE_PROMPT; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (strncmp(text, spaces[i], strlen(spaces[i])) == 0)
			return (enum space)i;
	return SPACE_TOOL;
}

/* `p*` means no prompt, and nothing but tag:... means a tag: else a tag would open what is named otherwise. */
static bool reaches(const char *pattern, const char *name)
{
	enum space space = space_of(name);

	return space == space_of(pattern) || (pattern[0] == '*' && space != SPACE_TAG);
}

bool tool_reaches_all(const char *pattern, const char *other)
{
	return other[0] == '*' ? pattern[0] == '*' : reaches(pattern, other);
}

bool tool_is_tag(const char *pattern)
{
	return space_of(pattern) == SPACE_TAG;
}

static bool matches(const struct tool *tool, const char *name)
{
	if (!tool->glob)
		return strcmp(tool->pattern, name) == 0;
	return text_glob(tool->pattern, name) && reaches(tool->pattern, name);
}

/* Exact before glob, more literal bytes before fewer. */
static bool outranks(const struct tool *one, const struct tool *other)
{
	if (one->glob != other->glob)
		return !one->glob;
	return one->literals > other->literals;
}

static const struct tool *best_of(const struct tools *tools, const char *name)
{
	const struct tool *best = NULL;

	for (size_t i = 0; i < tools->count; i++) {
		const struct tool *tool = &tools->list[i];
		if ((!best || outranks(tool, best)) && matches(tool, name))
			best = tool;
	}
	return best;
}

/* The name at the place of the cursor; NULL behind the last. */
static const char *name_at(const struct target *target, struct tool_cursor *cursor)
{
	/* What a client calls a tag is none. */
	if (cursor->place == 0)
		return space_of(target->tool) == SPACE_TAG ? "" : target->tool;
	if (!target->tags || cursor->place > target->tags->count)
		return NULL;
	(void)snprintf(cursor->name, sizeof(cursor->name), "tag:%s",
		target->tags->items[cursor->place - 1]);
	return cursor->name;
}

const struct tool *tools_next(
	const struct tools *tools, const struct target *target, struct tool_cursor *cursor)
{
	const char *name;

	/* Tags are a tool's. */
	while (target->tool && (name = name_at(target, cursor))) {
		if (cursor->index == 0)
			cursor->best = best_of(tools, name);
		while (cursor->best && cursor->index < tools->count) {
			const struct tool *tool = &tools->list[cursor->index++];
			if (!outranks(cursor->best, tool) && matches(tool, name))
				return tool;
		}
		cursor->place++;
		cursor->index = 0;
	}
	return NULL;
}

static bool is_kept(const struct tools *tools, const char *name)
{
	for (size_t i = 0; i < tools->kept.count; i++)
		if (text_glob(tools->kept.items[i], name) && reaches(tools->kept.items[i], name))
			return true;
	return false;
}

/* The tool, or a tag that it has. */
static bool any_kept(const struct tools *tools, const struct target *target)
{
	struct tool_cursor cursor = {0};
	const char *name;

	for (; tools->kept.count > 0 && (name = name_at(target, &cursor)); cursor.place++)
		if (is_kept(tools, name))
			return true;
	return false;
}

bool tools_list(const struct tools *tools, const struct target *target)
{
	struct tool_cursor cursor = {0};

	return target->tool &&
	       (any_kept(tools, target) || tools_next(tools, target, &cursor) != NULL);
}

/* What a section says, or, as it demands something, means. */
static enum tool_access access_of(const struct tool *tool)
{
	if (tool->access == ACCESS_UNSAID && tool->requirements.count > 0)
		return ACCESS_PROTECTED;
	return tool->access;
}

enum tool_access tools_access(const struct tools *tools, const struct target *target,
	const char **ret_written, const char **ret_at)
{
	struct tool_cursor cursor = {0};
	enum tool_access access = ACCESS_UNSAID;
	const struct tool *tool;

	*ret_written = *ret_at = NULL;
	if (!target->tool)
		return ACCESS_PROTECTED;
	bool listed = any_kept(tools, target);
	if (listed)
		access = ACCESS_PROTECTED;
	while ((tool = tools_next(tools, target, &cursor))) {
		listed = true;
		if (access_of(tool) <= access)
			continue;
		access = access_of(tool);
		*ret_written = tool->written;
		*ret_at = tool->at_text;
	}
	if (!listed && tools->unlisted_deny) {
		*ret_written = "unlisted_tools = deny";
		*ret_at = tools->unlisted_at;
		return ACCESS_DENY;
	}
	return access == ACCESS_UNSAID ? ACCESS_PROTECTED : access;
}
