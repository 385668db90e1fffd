/*
 * fastmcp_import.h - settings of FastMCP on their way to an INI.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_FASTMCP_IMPORT_H
#define CLI_FASTMCP_IMPORT_H

#include "fastmcp.h"

struct import {
	const struct fastmcp_class *class; /* NULL: unknown, and there is an error */
	json_t *params;                    /* by key: texts or lists of texts */
	json_t *places;                    /* where they stand, by key and by variable */
	json_t *variables;                 /* by name, before they are sorted by class */
	json_t *selected;                  /* the variable that names the class */
	json_t *errors;
	json_t *notes;
	const struct options *options;
};

#define NAMES_MAX 256

/* All variables there are, each in a place of its own. */
struct names {
	char text[NAMES_MAX][FASTMCP_NAME_SIZE];
	const char *list[NAMES_MAX + 1];
	const struct fastmcp_class *classes[NAMES_MAX];
	const char *keys[NAMES_MAX];
};

void names_fill(struct names *names);

/* Takes the class of "MODULE.NAME", which stands at `at`. */
void import_choose(struct import *import, const char *at, const char *path);

/* A parameter of that class; takes the value over. */
void import_put(struct import *import, const char *key, const char *at, json_t *value);

/* One variable, which may be none of FastMCP's. `literal`: "${" has no meaning in it. */
void import_variable(struct import *import, const struct names *names, const char *at,
	const char *name, const char *value, bool literal);

/* When all are there: chooses the class, and puts what is its. */
void import_sort(struct import *import);

void import_read_lines(struct import *import, const char *file, char *text, size_t length);

/* Reads a file's content, which it changes, or the environment. What is wrong goes to the errors. */
void import_read_text(struct import *import, const char *file, char *text, size_t length);
void import_read_environment(struct import *import);

/*
 * The INI. To be freed; NULL without memory. What is wrong goes to the errors, and the text is worth nothing then.
 * `ret_key` gets a public key that must be in a file; it belongs to `params`.
 */
char *import_write(struct import *import, const char **ret_key);

#endif
