/*
 * drawing_group.c - the rules of a group, and which outcome leads where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "drawing.h"
#include "output.h"

/* Outcomes that do the same are named one by one up to so many. */
#define NAMED_MOST 3

/* One group being drawn. */
struct flow {
	json_t *drawing;
	const json_t *rules;
	size_t *nodes; /* of the rules; of a substack that of its first rule */
	size_t verdict;
	size_t refused;
};

/* ---- Where rules lead ---- */

static json_int_t level_of(const json_t *rules, size_t rule)
{
	return json_integer_value(json_object_get(json_array_get(rules, rule), "level"));
}

/* The next rule that is no deeper than the level; the number of rules where there is none. */
static size_t next_rule(const json_t *rules, size_t rule, json_int_t level)
{
	size_t next = rule + 1;

	while (next < json_array_size(rules) && level_of(rules, next) > level)
		next++;
	return next;
}

/* As many further ones as it says are passed over. */
static size_t jump(const json_t *rules, size_t rule, size_t count)
{
	json_int_t level = level_of(rules, rule);
	size_t next = next_rule(rules, rule, level);

	while (count-- > 0 && next < json_array_size(rules) && level_of(rules, next) == level)
		next = next_rule(rules, next, level);
	return next;
}

static size_t node_of(const struct flow *flow, size_t rule)
{
	return rule < json_array_size(flow->rules) ? flow->nodes[rule] : flow->verdict;
}

/* Done and die end the stack they are in. */
static size_t target(const struct flow *flow, size_t rule, const char *action)
{
	json_int_t level = level_of(flow->rules, rule);
	bool dies = strcmp(action, "die") == 0;

	if (dies && level == 0)
		return flow->refused;
	if (dies || strcmp(action, "done") == 0)
		return level == 0 ? flow->verdict
				  : node_of(flow, next_rule(flow->rules, rule, level - 1));
	if (strncmp(action, "jump ", 5) == 0)
		return node_of(flow, jump(flow->rules, rule, strtoul(action + 5, NULL, 10)));
	return node_of(flow, next_rule(flow->rules, rule, level));
}

/* ---- What stands on the way ---- */

static size_t count_of(const json_t *actions, const char *action)
{
	const char *outcome;
	json_t *value;
	size_t count = 0;

	json_object_foreach((json_t *)(uintptr_t)actions, outcome, value)
	{
		count += strcmp(json_string_value(value), action) == 0;
	}
	return count;
}

/* "success expiring: done", or "others: die" of the action that most outcomes have. */
static json_t *label(const json_t *actions, const char *action)
{
	const char *outcome;
	json_t *value, *text = json_string("");

	if (count_of(actions, action) > NAMED_MOST) {
		json_decref(text);
		return json_sprintf("others: %s", action);
	}
	json_object_foreach((json_t *)(uintptr_t)actions, outcome, value)
	{
		if (strcmp(json_string_value(value), action) != 0)
			continue;
		json_t *longer = json_sprintf("%s%s ", json_string_value(text), outcome);
		json_decref(text);
		text = longer;
	}
	json_t *whole = json_sprintf(
		"%.*s: %s", (int)json_string_length(text) - 1, json_string_value(text), action);
	json_decref(text);
	return whole;
}

/* An edge to each place that an action leads to, with all actions that do. */
static void draw_actions(const struct flow *flow, size_t rule)
{
	const json_t *actions = json_object_get(json_array_get(flow->rules, rule), "actions");
	json_t *edges = json_object(), *drawn = json_object(), *value;
	const char *outcome;

	json_object_foreach((json_t *)(uintptr_t)actions, outcome, value)
	{
		const char *action = json_string_value(value);
		char place[24];
		if (json_object_get(drawn, action))
			continue;
		json_object_set_new(drawn, action, json_true());
		size_t to = target(flow, rule, action);
		(void)snprintf(place, sizeof(place), "%zu", to);
		json_t *text = label(actions, action), *edge = json_object_get(edges, place);
		if (edge) {
			drawing_write(flow->drawing, "edges", (size_t)json_integer_value(edge),
				"%s", json_string_value(text));
		} else {
			json_object_set_new(edges, place,
				json_integer((json_int_t)drawing_edge(flow->drawing,
					flow->nodes[rule], to, json_string_value(text))));
		}
		json_decref(text);
	}
	json_decref(edges);
	json_decref(drawn);
}

/* ---- Groups ---- */

/* Frames of substacks by their level; the rules of one are deeper than itself. */
static void add_rules(struct flow *flow, size_t frame)
{
	size_t frames[64] = {frame};
	json_t *rule;
	size_t i;

	json_array_foreach(flow->rules, i, rule)
	{
		const char *control = text_member(rule, "control"), *at = text_member(rule, "at");
		const char *provider = text_member(rule, "provider");
		size_t level = (size_t)level_of(flow->rules, i) % 62;
		if (provider)
			flow->nodes[i] = drawing_node(flow->drawing, frames[level], SHAPE_STEP,
				"%s\n%s\n%s", provider, control, at);
		else
			frames[level + 1] = drawing_frame(flow->drawing, frames[level], control);
	}
	/* From behind, since a substack may begin with another one. */
	for (i = json_array_size(flow->rules); i-- > 0;)
		if (!text_member(json_array_get(flow->rules, i), "provider"))
			flow->nodes[i] = node_of(flow, i + 1);
}

size_t drawing_group(json_t *drawing, const json_t *rules, const char *name, struct exits exits)
{
	size_t count = json_array_size(rules), frame = drawing_frame(drawing, DRAWING_OPEN, name);
	struct flow flow = {.drawing = drawing,
		.rules = rules,
		.nodes = calloc(count + 1, sizeof(size_t)),
		.verdict = drawing_node(drawing, frame, SHAPE_CHOICE, "verdict"),
		.refused = exits.refused};

	if (!flow.nodes)
		exit(fail_memory());
	add_rules(&flow, frame);
	for (size_t i = 0; i < count; i++)
		if (text_member(json_array_get(rules, i), "provider"))
			draw_actions(&flow, i);
	if (count > 0)
		drawing_edge(drawing, flow.verdict, exits.accepted, "accepted");
	drawing_edge(
		drawing, flow.verdict, exits.refused, count > 0 ? "refused" : "no rule: refused");
	size_t first = node_of(&flow, 0);
	free(flow.nodes);
	return first;
}
