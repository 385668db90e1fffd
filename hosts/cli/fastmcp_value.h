/*
 * fastmcp_value.h - values of options as FastMCP can be given them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_FASTMCP_VALUE_H
#define CLI_FASTMCP_VALUE_H

#include "fastmcp.h"

/* What becomes of an option. */
enum way {
	IGNORED,   /* makes no difference to who is accepted */
	TEXT,      /* one text */
	ALGORITHM, /* one of those that FastMCP knows */
	SECRET,
	SECONDS, /* whole ones */
	PEM,     /* a file with a public key */
	ONLY,    /* what the class does by itself if it is among the words of `key`, else lost */
	NOT_THERE /* cannot be done without, and FastMCP has nothing like it: `key` says what to do instead */
};

struct carried {
	const char *option;
	enum way way;
	const char *key;
};

/* A value that cannot be given is told among what is impossible or lost. */
bool can_be_given(struct fastmcp *fastmcp, const char *at, const char *key, const char *word);
void put_words(struct fastmcp *fastmcp, const char *param, const json_t *words);
void take_text(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, json_t *words);
void take_algorithm(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, json_t *words);
void take_secret(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, const char *value);
void take_seconds(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, const char *value);
void take_pem(struct fastmcp *fastmcp, const char *at, const struct carried *carried,
	const json_t *words);

#endif
