/*
 * drawing.c - nodes, edges and frames.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drawing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "output.h"

json_t *drawing_create(void)
{
	return json_pack("{s:[], s:[], s:[]}", "frames", "nodes", "edges");
}

static size_t add(json_t *drawing, const char *list, json_t *object)
{
	json_t *array = json_object_get(drawing, list);

	json_array_append_new(array, object);
	return json_array_size(array) - 1;
}

static json_t *index_of(size_t index)
{
	return index == DRAWING_OPEN ? json_null() : json_integer((json_int_t)index);
}

size_t drawing_frame(json_t *drawing, size_t within, const char *text)
{
	return add(drawing, "frames",
		json_pack("{s:s, s:o}", "text", text, "within", index_of(within)));
}

__attribute__((format(printf, 1, 0))) static json_t *format_text(const char *format, va_list list)
{
	char *text = NULL;

	if (vasprintf(&text, format, list) < 0)
		exit(fail_memory());
	json_t *string = json_string(text);
	free(text);
	return string;
}

size_t drawing_node(json_t *drawing, size_t within, enum shape shape, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	json_t *text = format_text(format, list);
	va_end(list);
	return add(drawing, "nodes",
		json_pack("{s:o, s:i, s:o}", "text", text, "shape", (int)shape, "within",
			index_of(within)));
}

size_t drawing_edge(json_t *drawing, size_t from, size_t to, const char *text)
{
	return add(drawing, "edges",
		json_pack("{s:o, s:o, s:s?}", "from", index_of(from), "to", index_of(to), "text",
			text));
}

void drawing_write(json_t *drawing, const char *list, size_t index, const char *format, ...)
{
	json_t *object = json_array_get(json_object_get(drawing, list), index);
	const char *before = text_member(object, "text");
	va_list arguments;

	va_start(arguments, format);
	json_t *line = format_text(format, arguments);
	va_end(arguments);
	json_object_set_new(object, "text",
		before ? json_sprintf("%s\n%s", before, json_string_value(line))
		       : json_incref(line));
	json_decref(line);
}
