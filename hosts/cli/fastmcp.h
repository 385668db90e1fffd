/*
 * fastmcp.h - what FastMCP and tokenpam are configured with, in both directions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_FASTMCP_H
#define CLI_FASTMCP_H

#include <jansson.h>

#include "options.h"

/* What is in the way of every variable's name. */
#define FASTMCP_VARIABLE "FASTMCP_SERVER_AUTH"

/* A class of FastMCP that decides about tokens, as it is in 2.12 to 2.14. */
struct fastmcp_class {
	const char *name;
	const char *module;
	const char *prefix; /* of its variables, behind FASTMCP_SERVER_AUTH_ */
	const char *const
		*keys; /* parameters; in capitals, behind the prefix, they are its variables */
};

extern const struct fastmcp_class fastmcp_classes[];
extern const size_t fastmcp_class_count;

/* NULL if there is none of that name. */
const struct fastmcp_class *fastmcp_class_find(const char *name);

/* The variable of a parameter, such as FASTMCP_SERVER_AUTH_JWT_ISSUER. */
#define FASTMCP_NAME_SIZE 128
const char *fastmcp_variable(
	char buffer[FASTMCP_NAME_SIZE], const struct fastmcp_class *class, const char *key);

/*
 * What one service, or one set of variables, comes to. Texts in `params` are literal, but "${env:NAME}" stands for a
 * variable of the environment; what else has "${" in it never gets there.
 */
struct fastmcp {
	const struct fastmcp_class *class;
	json_t *params;     /* by name, in the order of `keys` */
	json_t *impossible; /* "FILE:LINE: text": nothing can be made of it */
	json_t *lost;       /* the same: what is left out, or weaker there */
	json_t *notes;      /* what is different in any case */
};

void fastmcp_init(struct fastmcp *fastmcp);
void fastmcp_finish(struct fastmcp *fastmcp);

/* Adds a line to one of the lists; `at` is the place, or NULL. */
void fastmcp_say(json_t *list, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* NAME of "${env:NAME}", in `buffer`; NULL if the text is anything else. */
const char *fastmcp_reference(char buffer[FASTMCP_NAME_SIZE], const char *text);

/* A value of a configuration as an array of its words, without their quotes. */
json_t *fastmcp_words(const char *value);

/* ---- export ---- */

/* What a service, as tpam_engine_describe() tells it, comes to in FastMCP. */
void fastmcp_from_service(struct fastmcp *fastmcp, const json_t *service, const char *base_url);

/* What a section of the plugin comes to; false if FastMCP has nothing of the kind. */
void fastmcp_from_provider(
	struct fastmcp *fastmcp, const json_t *service, const char *name, const json_t *provider);

/* Writes it for people and programs. EXIT_ACCEPTED, or EXIT_REFUSED after a message where a format cannot hold a value. */
int fastmcp_write_json(const struct fastmcp *fastmcp);
int fastmcp_write_env(const struct fastmcp *fastmcp, const char *service);
int fastmcp_write_python(const struct fastmcp *fastmcp, const char *service);

#endif
