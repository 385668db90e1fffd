/*
 * suite.h - a file of tests of a configuration: who somebody is, and what becomes of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SUITE_H
#define CLI_SUITE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "options.h"

/* A place in the file, from 1, in bytes. */
struct spot {
	unsigned line;
	unsigned column;
};

struct word {
	char *text; /* quotes removed */
	struct spot at;
	bool quoted; /* some of it */
};

struct words {
	struct word *list;
	size_t count;
	size_t end; /* of the last word, in the line */
};

/* ---- What a file says ---- */

enum recipe_kind {
	RECIPE_IDENTITY = 1, /* what a provider says of somebody */
	RECIPE_TOKEN = 2     /* a token, from a file or made for the test */
};

/* What a value looks like. */
enum form { FORM_WORD, FORM_WORDS, FORM_SWITCH, FORM_DURATION, FORM_CLAIM, FORM_OUTCOME };

struct recipe_key {
	const char *name;
	unsigned kinds; /* bits of enum recipe_kind */
	enum form form;
	enum tpam_field field; /* of an identity; 0: none */
};

/* One line of a recipe. */
struct entry {
	const struct recipe_key *key;
	struct spot at; /* of the value */
	struct words words;
	const char *claim; /* its name */
	const char *value; /* as written */
	int64_t number;
};

struct recipe {
	const char *name;
	enum recipe_kind kind;
	struct spot at;
	struct entry *entries;
	size_t count;
};

/* One line of [test]. */
struct attempt {
	struct spot at;
	char *text;        /* what stands before the arrow */
	struct words who;  /* names of recipes; none: nobody */
	const char *token; /* a file that the line itself names; NULL: none */
	const char *service;
	const char *tool; /* NULL: none */
	struct spot target_at;
	const char *items[TPAM_ITEM_CLIENT_CERTIFICATE + 1]; /* of the request */
	struct spot items_at[TPAM_ITEM_CLIENT_CERTIFICATE + 1];
	struct words tags;
	int64_t auth_age; /* -1: as the recipe says */
	int32_t outcome;
	int32_t reason;      /* 0: any */
	struct words scopes; /* missing, or with an outcome that accepts granted */
	bool scopes_said;
};

struct suite {
	const char *path;
	const char *config; /* a file; NULL: not said */
	const char *environment;
	struct recipe *recipes;
	size_t recipe_count;
	struct attempt *attempts;
	size_t attempt_count;
	size_t errors; /* told of */
	void **taken;  /* all memory of the above */
	size_t taken_count;
};

/* ---- Reading (suite_read.c, suite_recipe.c, suite_value.c, suite_test.c, suite_words.c) ---- */

/* Reads a file whole, and tells all that is wrong with it. EXIT_ACCEPTED or EXIT_MISUSED; to be finished in any case. */
int suite_read(struct suite *suite, const char *path);
void suite_finish(struct suite *suite);

/* Tells what is wrong: "FILE:LINE:COLUMN: got ..., expected ...". */
void suite_complain(struct suite *suite, struct spot at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Cleared memory that lasts as long as the suite. Without memory the program ends. */
void *suite_take(struct suite *suite, size_t size);
char *suite_text(struct suite *suite, const char *text, size_t length);

/* Room for one more element; `list` is the suite's. */
void *suite_grow(struct suite *suite, void *list, size_t count, size_t size);

/* Splits a line from `from` on; a comment ends it. False after a complaint. */
bool suite_split(
	struct suite *suite, const char *line, size_t from, unsigned number, struct words *ret);

/* Reads the value of a line into an entry whose `words` and `at` are set. False after a complaint. */
bool suite_read_value(struct suite *suite, struct entry *entry, const char *raw);

/* Reads KEY = VALUE of the last recipe, or with `head` of what stands before the first section. */
void suite_read_key(struct suite *suite, bool head, const char *line, unsigned number);

/* Reads a line of [test]. */
void suite_read_test(struct suite *suite, const char *line, unsigned number);

/* A file that another one names, seen from where that lies. */
char *suite_path(struct suite *suite, const char *name);

/* ---- Names (suite_known.c, suite_check.c) ---- */

/* What is configured, asked once. */
struct known {
	struct tpam_engine *engine;
	json_t *overview;
	json_t *services; /* by name; null where there is none */
};

int known_open(struct known *known, struct tpam_engine *engine);
void known_finish(struct known *known);

/* NULL where there is none of that name. */
const json_t *known_service(struct known *known, const char *name);
const json_t *known_provider(const struct known *known, const char *name);

/* The name among "services" or "providers" that was probably meant; NULL if none is near. */
const char *known_nearest(const struct known *known, const char *key, const char *name);

/* Complains about names that mean nothing in the configuration, and warns of tools that are probably mistyped. */
void suite_check(struct suite *suite, struct known *known);

/* NULL where there is none. */
const struct recipe *suite_recipe(const struct suite *suite, const char *name);

/* The line of a key; NULL where there is none. */
const struct entry *recipe_entry(const struct recipe *recipe, const char *key);
const char *recipe_text(const struct recipe *recipe, const char *key);

/* ---- Deciding (suite_run.c, suite_token.c) ---- */

/* Adds what the recipe says to a simulation. `auth_age` as of an attempt. TPAM_OK, or a code with the entry to blame in *ret_entry. */
int recipe_say(struct tpam_simulation *simulation, const struct recipe *recipe, int64_t auth_age,
	const struct entry **ret_entry);

/* Decides. EXIT_ACCEPTED, or EXIT_MISUSED after a complaint. */
int attempt_run(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct options *options, struct tpam_result **ret_result);

/* Adds the token of an attempt to a request. The same codes. */
int attempt_present(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct options *options, struct tpam_request *request);

/* True if the result is what the line expects. */
bool attempt_met(const struct attempt *attempt, const struct tpam_result *result);

/* ---- Telling (suite_print.c) ---- */

struct tally {
	size_t passed;
	size_t failed;
	size_t lost;   /* files that could not be run */
	json_t *tests; /* for JSON */
};

void tally_add(struct tally *tally, const struct suite *suite, const struct attempt *attempt,
	const struct tpam_result *result, const struct options *options);

/* A file that could not be run is none that passed. */
void tally_lose(struct tally *tally, const char *path, const struct options *options);
int tally_print(struct tally *tally, const struct options *options);

#endif
