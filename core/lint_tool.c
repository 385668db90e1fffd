/*
 * lint_tool.c - tools that no name reaches, and what others say louder.
 *
 * That a section is outranked for each of its names does not happen, and so is not looked for: a text that has a byte of
 * which no other section knows in the place of each wildcard is matched by no pattern with more other bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "lint.h"
#include "request.h"

static bool is_public(const struct tool *tool)
{
	return tool->access == ACCESS_PUBLIC;
}

/* ---- The same names ---- */

static bool same_names(struct linting *linting, const struct tool *one, const struct tool *other)
{
	if (!one->glob || !other->glob)
		return lint_afford(linting, 1) && strcmp(one->pattern, other->pattern) == 0;
	return one->literals == other->literals && tool_reaches_all(one->pattern, other->pattern) &&
	       tool_reaches_all(other->pattern, one->pattern) &&
	       lint_covers(linting, one->pattern, other->pattern) &&
	       lint_covers(linting, other->pattern, one->pattern);
}

/* Words of public_tools come before all sections. */
static void look_for_twins(
	struct linting *linting, const struct tools *tools, const struct tool *own)
{
	for (const struct tool *other = tools->list; other < own; other++) {
		if (!same_names(linting, other, own))
			continue;
		report_warning(linting->report, own->at,
			"got pattern \"%s\", which %s at %s:%u has, too; both apply, expected each "
			"once",
			own->pattern, other->section ? "the section" : "public_tools",
			other->at.file, other->at.line);
		return;
	}
}

/* ---- What comes to nothing ---- */

/* Names of tools, and tags, are no longer than what a request can hold. */
static void look_for_length(struct linting *linting, const struct tool *own)
{
	size_t least = 0;

	for (const char *c = own->pattern; *c; c++)
		least += *c != '*';
	if (least > TPAM_TAG_MAX + (tool_is_tag(own->pattern) ? strlen("tag:") : 0))
		report_warning(linting->report, own->at,
			"got a pattern for names of %zu bytes and more, expected one for names of "
			"at most %d",
			least, TPAM_TAG_MAX);
}

static void look_for_protection(
	struct linting *linting, const struct tools *tools, const struct tool *own)
{
	for (size_t i = 0; is_public(own) && i < tools->kept.count; i++) {
		const char *kept = tools->kept.items[i];
		if (!tool_reaches_all(kept, own->pattern) ||
			!lint_covers(linting, kept, own->pattern))
			continue;
		report_warning(linting->report, own->at,
			"got \"%s\" as public, which protected_tools protects by \"%s\"; expected "
			"one of both",
			own->pattern, kept);
		return;
	}
}

static void look_for_requirement(struct linting *linting, const struct tool *own)
{
	if (own->access == ACCESS_DENY && own->requirements.count > 0)
		report_warning(linting->report, own->requirements.list[0].at,
			"got %s of a tool with access = deny, which is open to nobody; expected "
			"one of both",
			requirement_key(own->requirements.list[0].kind));
}

/* ---- What lists everything ---- */

static const char *lists_everything(const struct tools *tools)
{
	for (size_t i = 0; i < tools->count; i++)
		if (strspn(tools->list[i].pattern, "*") == strlen(tools->list[i].pattern))
			return tools->list[i].pattern;
	for (size_t i = 0; i < tools->kept.count; i++)
		if (strspn(tools->kept.items[i], "*") == strlen(tools->kept.items[i]))
			return tools->kept.items[i];
	return NULL;
}

void lint_tools(struct linting *linting, const struct service *service)
{
	const struct tools *tools = &service->tools;
	const char *everything = tools->unlisted_deny ? lists_everything(tools) : NULL;

	if (everything)
		report_warning(linting->report, tools->unlisted_place,
			"got unlisted_tools = deny where \"%s\" lists all tools, expected some "
			"that are not "
			"listed",
			everything);
	for (size_t i = 0; i < tools->count; i++) {
		look_for_twins(linting, tools, &tools->list[i]);
		look_for_length(linting, &tools->list[i]);
		look_for_protection(linting, tools, &tools->list[i]);
		look_for_requirement(linting, &tools->list[i]);
	}
}
