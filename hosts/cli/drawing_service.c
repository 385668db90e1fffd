/*
 * drawing_service.c - what becomes of a request to a service.
 *
 * It is drawn from behind, since each step is told where it leads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "drawing.h"
#include "engine.h"
#include "output.h"

/* ---- Requirements ---- */

static bool has_access(const json_t *section, const char *access)
{
	const char *own = text_member(section, "access");

	return own && strcmp(own, access) == 0;
}

/* One line for each. */
static void write_requirements(json_t *drawing, size_t node, const json_t *requirements)
{
	json_t *requirement;
	size_t i;

	json_array_foreach(requirements, i, requirement)
	{
		const char *level = text_member(requirement, "level");
		const char *tool = text_member(requirement, "tool");
		char *value = plain_text(json_object_get(requirement, "value"));
		if (!value)
			exit(fail_memory());
		drawing_write(drawing, "nodes", node, "%s%s%s: %s = %s", level, tool ? " " : "",
			tool ? tool : "", text_member(requirement, "key"), value);
		free(value);
	}
}

static void write_closed(json_t *drawing, size_t node, const json_t *tools)
{
	const char *unlisted = text_member(tools, "unlisted");
	json_t *section;
	size_t i;

	json_array_foreach(json_object_get(tools, "sections"), i, section)
	{
		if (has_access(section, "deny"))
			drawing_write(drawing, "nodes", node, "tool %s: closed",
				text_member(section, "pattern"));
	}
	if (unlisted && strcmp(unlisted, "deny") == 0)
		drawing_write(drawing, "nodes", node, "other tools: closed");
}

/* Where the way on begins. */
static size_t draw_requirements(json_t *drawing, const json_t *description, struct exits exits)
{
	static const char head[] = "requirements";
	const char *username = engine_setting(description, "match_username");
	size_t node = drawing_node(drawing, DRAWING_OPEN, SHAPE_NOTE, "%s", head);
	json_t *nodes = json_object_get(drawing, "nodes");

	if (username)
		drawing_write(drawing, "nodes", node, "match_username = %s", username);
	write_requirements(drawing, node, json_object_get(description, "requirements"));
	write_closed(drawing, node, json_object_get(description, "tools"));
	if (strcmp(text_member(json_array_get(nodes, node), "text"), head) == 0) {
		json_array_remove(nodes, node);
		return exits.accepted;
	}
	drawing_edge(drawing, node, exits.accepted, "met");
	drawing_edge(drawing, node, exits.refused, "not met");
	return node;
}

/* ---- The whole ---- */

/* Absent groups pass, where they may be absent. */
static size_t draw_group(
	json_t *drawing, const json_t *description, const char *group, struct exits exits)
{
	const json_t *groups = json_object_get(description, "groups");
	const json_t *rules = json_object_get(json_object_get(groups, group), "rules");

	if (json_array_size(rules) == 0 && strcmp(group, "auth") != 0)
		return exits.accepted;
	return drawing_group(drawing, rules, group, exits);
}

/* Who presents nothing comes past the requirements to what is public. */
static void draw_public(json_t *drawing, const json_t *tools, size_t from, size_t to)
{
	size_t edge = DRAWING_OPEN;
	json_t *section;
	size_t i;

	json_array_foreach(json_object_get(tools, "sections"), i, section)
	{
		if (!has_access(section, "public"))
			continue;
		if (edge == DRAWING_OPEN)
			edge = drawing_edge(drawing, from, to, "no credential, public:");
		drawing_write(drawing, "edges", edge, "%s", text_member(section, "pattern"));
	}
}

json_t *drawing_of_service(const json_t *description)
{
	json_t *drawing = drawing_create();
	const char *until = engine_setting(description, "audit_only");
	size_t request = drawing_node(drawing, DRAWING_OPEN, SHAPE_TERMINAL, "request to %s",
		text_member(description, "service"));
	struct exits exits = {
		.accepted = drawing_node(drawing, DRAWING_OPEN, SHAPE_TERMINAL, "accepted"),
		.refused = drawing_node(drawing, DRAWING_OPEN, SHAPE_TERMINAL, "refused"),
	};

	if (until)
		drawing_write(drawing, "nodes", exits.refused, "audit_only = %s", until);
	exits.accepted = draw_group(drawing, description, "session", exits);
	exits.accepted = draw_group(drawing, description, "account", exits);
	size_t known = exits.accepted;
	exits.accepted = draw_requirements(drawing, description, exits);
	size_t verdict = json_array_size(json_object_get(drawing, "nodes"));
	drawing_edge(drawing, request, draw_group(drawing, description, "auth", exits), NULL);
	draw_public(drawing, json_object_get(description, "tools"), verdict, known);
	return drawing;
}
