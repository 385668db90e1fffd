/*
 * fastmcp_value.c - values of options as FastMCP can be given them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "fastmcp_value.h"
#include "input.h"
#include "output.h"

#define PEM_START "-----BEGIN PUBLIC KEY-----"

/* A word that FastMCP can be given: a literal, or a reference to a variable. */
bool can_be_given(struct fastmcp *fastmcp, const char *at, const char *key, const char *word)
{
	char buffer[FASTMCP_NAME_SIZE];

	if (!strstr(word, "${") || fastmcp_reference(buffer, word))
		return true;
	fastmcp_say(fastmcp->impossible, at, "%s: got %s, expected a literal or ${env:NAME}", key,
		word);
	return false;
}

/* One text where there is one word, else a list. */
void put_words(struct fastmcp *fastmcp, const char *param, const json_t *words)
{
	json_t *value =
		json_array_size(words) == 1 ? json_array_get(words, 0) : (json_t *)(uintptr_t)words;

	json_object_set(fastmcp->params, param, value);
}

void take_text(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, json_t *words)
{
	const char *word = json_string_value(json_array_get(words, 0));

	if (json_array_size(words) != 1)
		fastmcp_say(fastmcp->impossible, at,
			"%s: got %zu values, expected one: FastMCP takes "
			"no list",
			carried->option, json_array_size(words));
	else if (can_be_given(fastmcp, at, carried->option, word))
		json_object_set_new(fastmcp->params, carried->key, json_string(word));
}

static bool knows_algorithm(const char *word)
{
	static const char *const known[] = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
		"PS256", "PS384", "PS512", "HS256", "HS384", "HS512"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], word) == 0)
			return true;
	return false;
}

/* FastMCP takes exactly one, so that all others of the list are lost. */
void take_algorithm(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, json_t *words)
{
	const char *chosen = NULL;
	json_t *word;
	size_t i;

	json_array_foreach(words, i, word) if (!chosen && knows_algorithm(json_string_value(word)))
		chosen = json_string_value(word);
	if (!chosen) {
		fastmcp_say(fastmcp->impossible, at,
			"%s: got none that FastMCP knows, expected one of "
			"RS256 to RS512, PS256 to PS512, ES256 to ES512 and HS256 to HS512",
			carried->option);
		return;
	}
	if (json_array_size(words) > 1)
		fastmcp_say(fastmcp->lost, at,
			"%s: got %zu algorithms; FastMCP takes exactly one, %s", carried->option,
			json_array_size(words), chosen);
	json_object_set_new(fastmcp->params, carried->key, json_string(chosen));
}

/* A secret that is not in the environment is to be put there, by the name that FastMCP reads. */
void take_secret(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, const char *value)
{
	char buffer[FASTMCP_NAME_SIZE];
	json_t *words = fastmcp_words(value);
	const char *word = json_string_value(json_array_get(words, 0));

	if (word && fastmcp_reference(buffer, word)) {
		json_object_set_new(fastmcp->params, carried->key, json_string(word));
	} else {
		fastmcp_variable(buffer, fastmcp->class, carried->key);
		json_object_set_new(
			fastmcp->params, carried->key, json_sprintf("${env:%s}", buffer));
		fastmcp_say(fastmcp->notes, at, "%s: put what stands there into %s",
			carried->option, buffer);
	}
	json_decref(words);
}

/* How long to wait is no matter of who is accepted, so that it may be FastMCP's own. */
void take_seconds(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, const char *value)
{
	char *end = NULL;
	long seconds = strtol(value, &end, 10);

	if (seconds > 0 && strcmp(end, "s") == 0)
		json_object_set_new(fastmcp->params, carried->key, json_integer(seconds));
	else
		fastmcp_say(fastmcp->notes, at,
			"%s: got %s, expected whole seconds, such as 10s; FastMCP waits as it "
			"does by itself",
			carried->option, value);
}

/* Relative to the file that names it. */
static char *beside(const char *at, const char *file)
{
	const char *slash = at && file[0] != '/' ? strrchr(at, '/') : NULL;
	char *path = NULL;

	if (asprintf(&path, "%.*s%s", slash ? (int)(slash - at) + 1 : 0, slash ? at : "", file) < 0)
		return NULL;
	return path;
}

void take_pem(
	struct fastmcp *fastmcp, const char *at, const struct carried *carried, const json_t *words)
{
	const char *file = json_string_value(json_array_get(words, 0));
	char *path = file ? beside(at, file) : NULL;
	struct input input = {0};

	if (path && input_read(&input, path, "a public key in PEM") == EXIT_ACCEPTED &&
		strlen(input.bytes) == input.length &&
		strncmp(input.bytes, PEM_START, sizeof(PEM_START) - 1) == 0)
		json_object_set_new(fastmcp->params, carried->key, json_string(input.bytes));
	if (!json_object_get(fastmcp->params, carried->key))
		fastmcp_say(fastmcp->impossible, at,
			"%s: got no file that begins with \"" PEM_START "\", expected one",
			carried->option);
	input_finish(&input);
	free(path);
}
