/*
 * drawing_overview.c - which services ask which providers, as what.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "engine.h"
#include "output.h"

struct overview {
	json_t *drawing;
	json_t *providers; /* the node of each by its name */
};

static void add_providers(struct overview *overview, const json_t *providers)
{
	size_t frame = drawing_frame(overview->drawing, DRAWING_OPEN, "providers");
	json_t *provider;
	size_t i;

	json_array_foreach(providers, i, provider)
	{
		const char *name = text_member(provider, "name");
		size_t node = drawing_node(overview->drawing, frame, SHAPE_STEP, "%s\n%s\n%s", name,
			text_member(provider, "plugin"), text_member(provider, "at"));
		json_object_set_new(overview->providers, name, json_integer((json_int_t)node));
	}
}

/* One edge from a service to a provider, however many of its rules ask it. */
static void add_rules(struct overview *overview, size_t service, const char *group,
	const json_t *rules, json_t *edges)
{
	json_t *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		const char *name = text_member(rule, "provider");
		if (!name)
			continue;
		json_t *edge = json_object_get(edges, name);
		json_t *node = json_object_get(overview->providers, name);
		json_t *text = json_sprintf("%s %s", group, text_member(rule, "control"));
		if (edge)
			drawing_write(overview->drawing, "edges", (size_t)json_integer_value(edge),
				"%s", json_string_value(text));
		else
			json_object_set_new(edges, name,
				json_integer((json_int_t)drawing_edge(overview->drawing, service,
					(size_t)json_integer_value(node),
					json_string_value(text))));
		json_decref(text);
	}
}

static void add_service(struct overview *overview, size_t frame, const json_t *description)
{
	static const char *const groups[] = {"auth", "account", "session"};
	json_t *edges = json_object();
	size_t node = drawing_node(overview->drawing, frame, SHAPE_TERMINAL, "%s",
		text_member(description, "service"));

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const json_t *group =
			json_object_get(json_object_get(description, "groups"), groups[i]);
		add_rules(overview, node, groups[i], json_object_get(group, "rules"), edges);
	}
	json_decref(edges);
}

int drawing_of_all(struct tpam_engine *engine, const json_t *overview, json_t **ret_drawing)
{
	struct overview all = {drawing_create(), json_object()};
	json_t *service, *description = NULL;
	int code = EXIT_ACCEPTED;
	size_t i;

	size_t frame = drawing_frame(all.drawing, DRAWING_OPEN, "services");
	add_providers(&all, json_object_get(overview, "providers"));
	json_array_foreach(json_object_get(overview, "services"), i, service)
	{
		code = engine_describe(engine, json_string_value(service), &description);
		if (code != EXIT_ACCEPTED)
			break;
		add_service(&all, frame, description);
		json_decref(description);
	}
	json_decref(all.providers);
	if (code == EXIT_ACCEPTED)
		*ret_drawing = all.drawing;
	else
		json_decref(all.drawing);
	return code;
}
