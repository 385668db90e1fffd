/*
 * matrix_tools.c - what may be asked for: the service itself, and each tool, pattern and tag that it names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "matrix.h"
#include "output.h"
#include "sample.h"

#define TAG "tag:"

/* {PATTERN: true} of sections and lists, each once. */
static json_t *all_patterns(const json_t *tools)
{
	json_t *patterns = json_object(), *tool;
	size_t i;

	json_array_foreach(json_object_get(tools, "sections"), i, tool)
	{
		json_object_set_new(patterns, text_member(tool, "pattern"), json_true());
	}
	json_array_foreach(json_object_get(tools, "protected"), i, tool)
	{
		json_object_set_new(patterns, json_string_value(tool), json_true());
	}
	return patterns;
}

static void add_tool(json_t *list, const char *name, const char *tool, const char *tag)
{
	json_t *tags = json_array();

	if (tag)
		json_array_append_new(tags, json_string(tag));
	json_array_append_new(
		list, json_pack("{s:s, s:s?, s:o}", "name", name, "tool", tool, "tags", tags));
}

/* A tag is one of a tool, which is none that the service names, as far as there is such a one. */
static void add_pattern(json_t *list, const char *pattern, json_t *patterns)
{
	bool is_tag = strncmp(pattern, TAG, strlen(TAG)) == 0;
	char *own = sample_of(pattern, patterns);
	char *other = is_tag ? sample_of("*", patterns) : NULL;

	add_tool(list, pattern, is_tag ? other : own, is_tag ? own + strlen(TAG) : NULL);
	free(own);
	free(other);
}

json_t *matrix_tools(const struct matrix *matrix)
{
	const json_t *tools = json_object_get(matrix->description, "tools");
	const char *unlisted = text_member(tools, "unlisted"), *pattern;
	json_t *patterns = all_patterns(tools), *list = json_array(), *value;

	add_tool(list, matrix->service, NULL, NULL);
	json_object_foreach(patterns, pattern, value)
	{
		add_pattern(list, pattern, patterns);
	}
	if (unlisted && strcmp(unlisted, "deny") == 0 && !json_object_get(patterns, "*")) {
		char *other = sample_of("*", patterns);
		add_tool(list, "other tools", other, NULL);
		free(other);
	}
	json_decref(patterns);
	return list;
}
