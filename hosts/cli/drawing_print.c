/*
 * drawing_print.c - a drawing in the language of Graphviz or of Mermaid.
 *
 * Names come from a configuration and may have in them whatever these languages obey, so each text is quoted such that none
 * of it is anything but text: of Graphviz's, a quote, a backslash (escapes of labels) and an ampersand (entities of HTML);
 * of Mermaid's, all but what is harmless is written as a number.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "drawing.h"
#include "output.h"

/* How a language writes. */
struct language {
	const char *begin, *end;
	const char *frame[3]; /* before, between and behind its number and its text */
	const char *frame_end;
	const char *line_break;
	const char *shapes[4][2];        /* before and behind a text */
	const char *edge, *edge_text[2]; /* between two nodes; before and behind its text */
	bool edge_text_last;
	void (*put)(unsigned char byte);
};

static void put_dot(unsigned char byte)
{
	if (byte == '&')
		fputs("&amp;", stdout);
	else if (byte == '"' || byte == '\\')
		printf("\\%c", byte);
	else
		putchar(byte);
}

/* Bytes of UTF-8 behind ASCII mean nothing there. */
static void put_mermaid(unsigned char byte)
{
	if (byte >= 0x80 || isalnum(byte) || strchr(" _.:/,=*-?+()", byte))
		putchar(byte);
	else
		printf("#%u;", (unsigned int)byte);
}

static const struct language dot = {
	.begin = "digraph tokenpam {\n  fontname=\"sans-serif\"\n  node [fontname=\"sans-serif\", "
		 "shape=box]\n"
		 "  edge [fontname=\"sans-serif\", fontsize=10]\n",
	.end = "}\n",
	.frame = {"subgraph cluster", " { label=\"", "\"\n"},
	.frame_end = "}\n",
	.line_break = "\\n",
	.shapes = {{"[shape=ellipse, label=\"", "\"]"}, {"[label=\"", "\"]"},
		{"[shape=diamond, label=\"", "\"]"}, {"[shape=note, label=\"", "\"]"}},
	.edge = " -> ",
	.edge_text = {" [label=\"", "\"]"},
	.edge_text_last = true,
	.put = put_dot,
};

static const struct language mermaid = {
	.begin = "flowchart TD\n",
	.end = "",
	.frame = {"subgraph f", "[\"", "\"]\n"},
	.frame_end = "end\n",
	.line_break = "<br/>",
	.shapes = {{"([\"", "\"])"}, {"[\"", "\"]"}, {"{\"", "\"}"}, {"[/\"", "\"/]"}},
	.edge = " --> ",
	.edge_text = {"|\"", "\"| "},
	.put = put_mermaid,
};

/* What a terminal would obey is made harmless first. */
static void print_quoted(const struct language *language, const char *text)
{
	char *harmless = NULL;
	size_t size = 0;
	const char *rest = text;

	FILE *file = open_memstream(&harmless, &size);
	if (!file)
		exit(fail_memory());
	while (*rest) {
		size_t length = strcspn(rest, "\n");
		char *line = strndup(rest, length);
		if (!line)
			exit(fail_memory());
		print_text(file, line);
		free(line);
		rest += length;
		if (*rest == '\n')
			fputc(*rest++, file);
	}
	if (fclose(file) != 0)
		exit(fail_memory());
	for (const char *at = harmless; *at; at++) {
		if (*at == '\n')
			fputs(language->line_break, stdout);
		else
			language->put((unsigned char)*at);
	}
	free(harmless);
}

static void print_node(
	const struct language *language, size_t index, const json_t *node, int indent)
{
	json_int_t shape = json_integer_value(json_object_get(node, "shape"));

	printf("%*sn%zu%s", indent, "", index, language->shapes[shape][0]);
	print_quoted(language, text_member(node, "text"));
	printf("%s\n", language->shapes[shape][1]);
}

static bool is_within(const json_t *object, const json_t *frame)
{
	return json_equal(json_object_get(object, "within"), frame);
}

static void print_nodes(
	const struct language *language, const json_t *drawing, const json_t *frame, int indent)
{
	json_t *node;
	size_t i;

	json_array_foreach(json_object_get(drawing, "nodes"), i, node)
	{
		if (is_within(node, frame))
			print_node(language, i, node, indent);
	}
}

/* All that is in a frame, frames too; with null what is in none. Stacks in stacks are as deep as a configuration lets them. */
static void print_frame(
	const struct language *language, const json_t *drawing, const json_t *frame, int indent)
{
	json_t *inner;
	size_t i;

	print_nodes(language, drawing, frame, indent);
	json_array_foreach(json_object_get(drawing, "frames"), i, inner)
	{
		if (!is_within(inner, frame))
			continue;
		json_t *own = json_integer((json_int_t)i);
		printf("%*s%s%zu%s", indent, "", language->frame[0], i, language->frame[1]);
		print_quoted(language, text_member(inner, "text"));
		fputs(language->frame[2], stdout);
		print_frame(language, drawing, own, indent + 2);
		printf("%*s%s", indent, "", language->frame_end);
		json_decref(own);
	}
}

static void print_edge(const struct language *language, const json_t *edge)
{
	const char *text = text_member(edge, "text");
	json_int_t from = json_integer_value(json_object_get(edge, "from"));
	json_int_t to = json_integer_value(json_object_get(edge, "to"));

	printf("  n%lld%s", (long long)from, language->edge);
	if (language->edge_text_last)
		printf("n%lld", (long long)to);
	if (text) {
		fputs(language->edge_text[0], stdout);
		print_quoted(language, text);
		fputs(language->edge_text[1], stdout);
	}
	if (!language->edge_text_last)
		printf("n%lld", (long long)to);
	putchar('\n');
}

static int print(const struct language *language, const json_t *drawing)
{
	json_t *nowhere = json_null(), *edge;
	size_t i;

	fputs(language->begin, stdout);
	print_frame(language, drawing, nowhere, 2);
	json_array_foreach(json_object_get(drawing, "edges"), i, edge)
	{
		print_edge(language, edge);
	}
	fputs(language->end, stdout);
	return EXIT_ACCEPTED;
}

int drawing_print_dot(const json_t *drawing)
{
	return print(&dot, drawing);
}

int drawing_print_mermaid(const json_t *drawing)
{
	return print(&mermaid, drawing);
}
