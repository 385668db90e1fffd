/*
 * matrix.h - who may do what: all whom a configuration names, and all tools that a service names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_MATRIX_H
#define CLI_MATRIX_H

#include <jansson.h>

#include <tokenpam/tokenpam.h>

#include "options.h"

#define MATRIX_PEOPLE_MAX  1024
#define MATRIX_ANSWERS_MAX 65536

/* What people are by that the configuration names (matrix_people.c). */
struct matrix_kind {
	const char *name;    /* of a grant's matcher too */
	const char *keys[3]; /* of the requirements that name such; NULL-terminated */
	enum tpam_field field;
};

extern const struct matrix_kind matrix_kinds[]; /* behind the last one without a name */

/* What of a description is asked again and again. Borrowed from it. */
struct matrix {
	struct tpam_engine *engine;
	const json_t *description;
	const char *service;
	json_t *providers;    /* names of those that identify somebody, in the order of the rules */
	bool tenant;          /* somebody's has to be the one that is asked for */
	const char *username; /* what has to be the name that is asked for; NULL: nothing */
};

/*
 * Who may come, as an array of objects: kind, value, said, provider; nobody first. Those of one kind and value follow
 * each other. What a reference stands for is left out, with a message.
 */
json_t *matrix_people(const struct matrix *matrix);

/* What may be asked for, as an array of objects: name, tool, tags. The service itself first. */
json_t *matrix_tools(const struct matrix *matrix);

/* Asks for all tools as one of the people. EXIT_ACCEPTED with an array of answers, or EXIT_MISUSED after a message. */
int matrix_decide(const struct matrix *matrix, const json_t *person, const json_t *tools,
	json_t **ret_answers);

/* What came of it: answer, outcome, reason, missing_scopes, at. */
json_t *matrix_answer(const struct tpam_result *result);

/* "yes", or what is missing (matrix_needs.c). To be freed. */
char *matrix_needs(const struct tpam_result *result);

/* Prints it for people (matrix_print.c). EXIT_ACCEPTED or EXIT_MISUSED. */
int matrix_print(const json_t *all);

/* 'tokenpam show --matrix' (matrix.c). */
int matrix_show(
	struct tpam_engine *engine, const json_t *description, const struct options *options);

#endif
