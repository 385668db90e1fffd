/*
 * toolfile.c - tools that a host has, from a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "toolfile.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input.h"
#include "output.h"

static void add_tool(json_t *tools, const char *name, json_t *tags, size_t line)
{
	json_array_append_new(tools,
		json_pack("{s:s, s:o, s:I}", "name", name, "tags", tags, "line", (json_int_t)line));
}

/* ---- What MCP servers answer ---- */

/* FastMCP has them below _meta. */
static const json_t *tags_of(const json_t *tool)
{
	const json_t *meta = json_object_get(json_object_get(tool, "_meta"), "_fastmcp");
	const json_t *tags = json_object_get(tool, "tags");

	return tags ? tags : json_object_get(meta, "tags");
}

static bool take_tool(json_t *tools, const json_t *tool)
{
	const char *name =
		json_is_string(tool) ? json_string_value(tool) : text_member(tool, "name");
	json_t *tags = json_array(), *tag;
	size_t i;

	json_array_foreach(tags_of(tool), i, tag)
	{
		if (json_is_string(tag))
			json_array_append(tags, tag);
	}
	if (name)
		add_tool(tools, name, tags, 0);
	else
		json_decref(tags);
	return name != NULL;
}

/* The answer itself, its result, or the list. */
static const json_t *list_of(const json_t *answer)
{
	const json_t *result = json_object_get(answer, "result");

	if (json_is_array(answer))
		return answer;
	return json_object_get(result ? result : answer, "tools");
}

static int read_json(json_t *tools, const char *path, const struct input *input)
{
	char buffer[QUOTE_SIZE];
	json_error_t error;
	json_t *tool;
	size_t i;

	json_t *answer = json_loadb(input->bytes, input->length, JSON_REJECT_DUPLICATES, &error);
	const json_t *list = list_of(answer);
	int code = EXIT_ACCEPTED;
	if (!answer)
		code = fail(
			"%s:%d: got what is no JSON (%s), expected what an MCP server answers to "
			"tools/list, or a name on each line",
			quote(buffer, path), error.line, error.text);
	else if (!json_is_array(list))
		code = fail("%s: got no list of tools, expected {\"tools\":[{\"name\":...}]}",
			quote(buffer, path));
	json_array_foreach(list, i, tool)
	{
		if (code == EXIT_ACCEPTED && !take_tool(tools, tool))
			code = fail("%s: got a tool without a name, at %zu; expected one",
				quote(buffer, path), i);
	}
	json_decref(answer);
	return code;
}

/* ---- Lines ---- */

static int take_line(json_t *tools, const char *path, char *text, size_t line)
{
	char *rest = NULL, *name = strtok_r(text, " \t\r", &rest), *word, buffer[QUOTE_SIZE];
	json_t *tags = json_array(), *tag;

	if (!name || *name == '#') {
		json_decref(tags);
		return EXIT_ACCEPTED;
	}
	while ((word = strtok_r(NULL, " \t\r", &rest))) {
		tag = json_string(word);
		if (!tag)
			break;
		json_array_append_new(tags, tag);
	}
	json_t *good = json_string(name);
	if (!good || word) {
		json_decref(good);
		json_decref(tags);
		return fail("%s:%zu: got broken UTF-8, expected a name and tags",
			quote(buffer, path), line);
	}
	json_decref(good);
	add_tool(tools, name, tags, line);
	return EXIT_ACCEPTED;
}

static int read_lines(json_t *tools, const char *path, struct input *input)
{
	char *rest = input->bytes, *text;
	int code = EXIT_ACCEPTED;

	for (size_t line = 1; code == EXIT_ACCEPTED && (text = strsep(&rest, "\n")); line++)
		code = take_line(tools, path, text, line);
	return code;
}

/* ---- Both ---- */

int toolfile_read(json_t **ret_tools, const char *path)
{
	struct input input = {0};
	json_t *tools = json_array();
	char buffer[QUOTE_SIZE];

	int code = input_read(&input, path, "the tools");
	if (code == EXIT_ACCEPTED && strlen(input.bytes) != input.length)
		code = fail("%s: got a NUL, expected text", quote(buffer, path));
	if (code == EXIT_ACCEPTED)
		code = strchr("{[", input.bytes[strspn(input.bytes, " \t\r\n")]) && input.length > 0
			       ? read_json(tools, path, &input)
			       : read_lines(tools, path, &input);
	if (code == EXIT_ACCEPTED && json_array_size(tools) == 0)
		code = fail("%s: got no tools, expected some", quote(buffer, path));
	input_finish(&input);
	if (code == EXIT_ACCEPTED)
		*ret_tools = tools;
	else
		json_decref(tools);
	return code;
}
