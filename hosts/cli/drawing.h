/*
 * drawing.h - what is configured as nodes and edges, for programs that draw such.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include <stddef.h>

#include <jansson.h>

#include <tokenpam/tokenpam.h>

/* No frame is around it. */
#define DRAWING_OPEN SIZE_MAX

enum shape { SHAPE_TERMINAL, SHAPE_STEP, SHAPE_CHOICE, SHAPE_NOTE };

/* An empty drawing, to be given back with json_decref(). Running out of memory in one ends the program. */
json_t *drawing_create(void);

/* A frame around what is added in it; within another one, or DRAWING_OPEN. */
size_t drawing_frame(json_t *drawing, size_t within, const char *text);

/* Text is as it comes; a line feed begins a line. */
size_t drawing_node(json_t *drawing, size_t within, enum shape shape, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
size_t drawing_edge(json_t *drawing, size_t from, size_t to, const char *text);

/* Adds a line to what a node or an edge says. */
void drawing_write(json_t *drawing, const char *list, size_t index, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Prints it in the language of Graphviz, or of Mermaid. EXIT_ACCEPTED. */
int drawing_print_dot(const json_t *drawing);
int drawing_print_mermaid(const json_t *drawing);

/* Where a step leads. */
struct exits {
	size_t accepted;
	size_t refused;
};

/* Draws the rules of a group, with its verdict as the first node. Gives the node at which it begins. */
size_t drawing_group(json_t *drawing, const json_t *rules, const char *name, struct exits exits);

/* What becomes of a request to a service, by its description. */
json_t *drawing_of_service(const json_t *description);

/* Which services ask which providers. EXIT_ACCEPTED, or the exit code after a message. */
int drawing_of_all(struct tpam_engine *engine, const json_t *overview, json_t **ret_drawing);

#endif
