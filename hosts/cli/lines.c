/*
 * lines.c - turns the library's description of a configuration into lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "output.h"

static const char *const part_names[] = {
	[PART_AUTH] = "auth",
	[PART_ACCOUNT] = "account",
	[PART_SESSION] = "session",
	[PART_REQUIREMENTS] = "requirements",
	[PART_SETTINGS] = "settings",
	[PART_OPTIONS] = NULL,
};

const char *part_name(enum part part)
{
	return part_names[part];
}

/* Where the next lines belong. */
struct cursor {
	struct lines *lines;
	char subject[256];
	enum part part;
};

static bool grow(struct lines *lines)
{
	if (lines->count < lines->room)
		return true;
	size_t room = lines->room ? 2 * lines->room : 64;
	struct line *list = reallocarray(lines->list, room, sizeof(*list));
	if (!list)
		return false;
	lines->list = list;
	lines->room = room;
	return true;
}

static void line_finish(struct line *line)
{
	free(line->subject);
	free(line->text);
	free(line->at);
}

static struct line *add(const struct cursor *cursor, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A scratch line without memory, so that callers may go on; lines->failed tells. */
static struct line *add(const struct cursor *cursor, const char *at, const char *format, ...)
{
	static struct line lost;
	struct lines *lines = cursor->lines;
	struct line line = {.part = cursor->part, .number = lines->count};
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&line.text, format, arguments) < 0)
		line.text = NULL;
	va_end(arguments);
	line.subject = strdup(cursor->subject);
	line.at = at ? strdup(at) : NULL;
	if (line.subject && line.text && (line.at || !at) && grow(lines)) {
		lines->list[lines->count] = line;
		return &lines->list[lines->count++];
	}
	line_finish(&line);
	lines->failed = true;
	return &lost;
}

/* "OWNER: KEY = VALUE", and what the value replaced. */
static void add_value(
	const struct cursor *cursor, const char *owner, const char *separator, const json_t *entry)
{
	const char *key = text_member(entry, "key");
	const char *at = json_is_true(json_object_get(entry, "default")) ? "(default)"
									 : text_member(entry, "at");
	json_t *replaced;
	size_t i;

	char *value = plain_text(json_object_get(entry, "value"));
	add(cursor, at, "%s%s%s = %s", owner ? owner : "", separator, key ? key : "audience",
		value ? value : "");
	cursor->lines->failed |= !owner || (!value && json_object_get(entry, "value"));
	free(value);
	json_array_foreach(json_object_get(entry, "replaced"), i, replaced)
	{
		char *old = plain_text(json_object_get(replaced, "value"));
		struct line *line =
			add(cursor, text_member(replaced, "at"), "replaces %s", old ? old : "");
		line->depth = 1;
		line->aside = true;
		free(old);
	}
}

static void add_rules(struct cursor *cursor, const json_t *groups, enum part part)
{
	const json_t *group = json_object_get(groups, part_name(part));
	const char *from = text_member(group, "from");
	json_t *rule;
	size_t i;

	cursor->part = part;
	/* Without rules of its own a group passes, but for auth, which denies. */
	if (from && (part == PART_AUTH || json_array_size(json_object_get(group, "rules")) > 0))
		add(cursor, NULL, "rules of: %s", from)->aside = true;
	json_array_foreach(json_object_get(group, "rules"), i, rule)
	{
		const char *control = text_member(rule, "control");
		const char *provider = text_member(rule, "provider");
		const char *plugin = text_member(rule, "plugin");
		struct line *line = add(cursor, text_member(rule, "at"), "%s%s%s%s%s%s",
			control ? control : "?", provider ? " " : "", provider ? provider : "",
			plugin ? " (" : "", plugin ? plugin : "", plugin ? ")" : "");
		line->depth = (size_t)json_integer_value(json_object_get(rule, "level")) % 64;
	}
}

/* NULL without memory. */
static char *join_words(const char *first, const char *second)
{
	char *text = NULL;

	if (asprintf(&text, "%s%s%s", first, second ? " " : "", second ? second : "") < 0)
		return NULL;
	return text;
}

static void add_requirements(struct cursor *cursor, const json_t *requirements)
{
	json_t *requirement;
	size_t i;

	cursor->part = PART_REQUIREMENTS;
	json_array_foreach(requirements, i, requirement)
	{
		const char *level = text_member(requirement, "level");
		const char *tool = text_member(requirement, "tool");
		char *owner = join_words(level ? level : "?", tool);
		add_value(cursor, owner, ": ", requirement);
		free(owner);
	}
}

/* Shown as rules, requirements and audience, and here only for what they replaced. */
static bool is_shown_elsewhere(const char *key)
{
	static const char *const keys[] = {
		"auth", "account", "session", "audience", "require_scopes"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static void add_setting(struct cursor *cursor, const json_t *setting)
{
	const char *section = text_member(setting, "section"), *key = text_member(setting, "key");
	bool elsewhere = key && is_shown_elsewhere(key);
	size_t first = cursor->lines->count;

	if (!key || (elsewhere && json_array_size(json_object_get(setting, "replaced")) == 0))
		return;
	add_value(cursor, section ? section : "?", ": ", setting);
	for (size_t i = first; elsewhere && i < cursor->lines->count; i++)
		cursor->lines->list[i].aside = true;
}

static void add_settings(struct cursor *cursor, const json_t *settings)
{
	json_t *setting;
	size_t i;

	cursor->part = PART_SETTINGS;
	json_array_foreach(settings, i, setting)
	{
		add_setting(cursor, setting);
	}
}

static void add_provider(struct cursor *cursor, const char *name, const json_t *provider)
{
	const char *path = text_member(provider, "path");
	json_t *option;
	size_t i;

	snprintf(cursor->subject, sizeof(cursor->subject), "provider %s", name);
	cursor->part = PART_OPTIONS;
	if (path)
		add(cursor, NULL, "file %s", path)->aside = true;
	json_array_foreach(json_object_get(provider, "options"), i, option)
	{
		add_value(cursor, "", "", option);
	}
}

/* What every service has in common. */
static void add_common(struct cursor *cursor, const json_t *description)
{
	const char *mode = text_member(description, "mode");
	const json_t *leeway = json_object_get(description, "leeway");
	json_t *file;
	size_t i;

	snprintf(cursor->subject, sizeof(cursor->subject), "configuration");
	if (mode)
		add(cursor, NULL, "mode = %s", mode);
	if (leeway)
		add(cursor, NULL, "leeway = %llds", (long long)json_integer_value(leeway));
	json_array_foreach(json_object_get(description, "files"), i, file)
	{
		if (json_is_string(file))
			add(cursor, NULL, "file %s", json_string_value(file))->aside = true;
	}
}

static void add_audience(struct cursor *cursor, const json_t *audience)
{
	json_t *entry;
	size_t i;

	json_array_foreach(audience, i, entry) add_value(cursor, "", "", entry);
}

void lines_add_service(struct lines *lines, const json_t *service)
{
	struct cursor cursor = {.lines = lines, .part = PART_SUBJECT};
	const char *name = text_member(service, "service"), *key;
	const char *section = text_member(service, "section");
	const json_t *groups = json_object_get(service, "groups");
	json_t *provider;

	add_common(&cursor, service);
	snprintf(cursor.subject, sizeof(cursor.subject), "service %s", name ? name : "?");
	add(&cursor, NULL, "section = %s", section ? section : "?");
	add_audience(&cursor, json_object_get(service, "audience"));
	for (enum part part = PART_AUTH; part <= PART_SESSION; part++)
		add_rules(&cursor, groups, part);
	add_requirements(&cursor, json_object_get(service, "requirements"));
	add_settings(&cursor, json_object_get(service, "settings"));
	json_object_foreach(json_object_get(service, "providers"), key, provider)
		add_provider(&cursor, key, provider);
}

/* Names are strings, or objects with a name. */
static void add_names(
	struct cursor *cursor, const json_t *overview, const char *key, const char *subject)
{
	json_t *entry;
	size_t i;

	snprintf(cursor->subject, sizeof(cursor->subject), "%s", subject);
	json_array_foreach(json_object_get(overview, key), i, entry)
	{
		const char *name = json_is_string(entry) ? json_string_value(entry)
							 : text_member(entry, "name");
		const char *plugin = text_member(entry, "plugin");
		add(cursor, text_member(entry, "at"), "%s%s%s%s", name ? name : "?",
			plugin ? " (" : "", plugin ? plugin : "", plugin ? ")" : "");
	}
}

void lines_add_overview(struct lines *lines, const json_t *overview)
{
	struct cursor cursor = {.lines = lines, .part = PART_SUBJECT};

	add_common(&cursor, overview);
	add_names(&cursor, overview, "services", "services");
	add_names(&cursor, overview, "providers", "providers");
	add_names(&cursor, overview, "stacks", "stacks");
	add_names(&cursor, json_object_get(overview, "audit"), "sinks", "audit");
}

void lines_finish(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		line_finish(&lines->list[i]);
	free(lines->list);
	*lines = (struct lines){0};
}
