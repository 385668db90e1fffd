/*
 * fastmcp_variables.c - variables of FastMCP: their names, the class that one of them chooses, and which are its.
 *
 * FastMCP ignores variables that it does not know. Here they are errors: a misspelt AUDIENCE would open a service to
 * whatever the issuer makes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fastmcp_import.h"
#include "output.h"

/* ---- Names ---- */

void names_fill(struct names *names)
{
	size_t count = 1;

	*names = (struct names){.text[0] = FASTMCP_VARIABLE, .list[0] = names->text[0]};
	for (size_t i = 0; i < fastmcp_class_count; i++) {
		const struct fastmcp_class *class = &fastmcp_classes[i];
		for (const char *const *key = class->keys; *key && count < NAMES_MAX; key++) {
			names->list[count] = fastmcp_variable(names->text[count], class, *key);
			names->classes[count] = class;
			names->keys[count++] = *key;
		}
	}
}

/* FastMCP takes names in any case. Index, -1: none. */
static int names_find(const struct names *names, const char *name)
{
	for (int i = 0; names->list[i]; i++)
		if (strcasecmp(names->list[i], name) == 0)
			return i;
	return -1;
}

static void complain_name(
	struct import *import, const struct names *names, const char *at, const char *name)
{
	char buffer[QUOTE_SIZE];
	const char *meant = nearest(name, names->list);
	bool ours = strncasecmp(name, FASTMCP_VARIABLE, sizeof(FASTMCP_VARIABLE) - 1) == 0;

	if (meant)
		fastmcp_say(import->errors, at,
			"got variable %s, expected one that FastMCP knows; "
			"did you mean %s?",
			quote(buffer, name), meant);
	else if (ours)
		fastmcp_say(import->errors, at, "got variable %s, expected one that FastMCP knows",
			quote(buffer, name));
}

/* ---- The class ---- */

void import_choose(struct import *import, const char *at, const char *path)
{
	const char *dot = strrchr(path, '.'), *name = dot ? dot + 1 : path;
	const char *names[NAMES_MAX + 1] = {"BearerAuthProvider"};
	char buffer[QUOTE_SIZE];

	for (size_t i = 0; i < fastmcp_class_count; i++)
		names[i + 1] = fastmcp_classes[i].name;
	/* As MCPStore wrote it, and FastMCP had it before 2.14. */
	bool bearer = strcmp(path, "fastmcp.server.auth.BearerAuthProvider") == 0 ||
		      strcmp(path, "fastmcp.server.auth.providers.bearer.BearerAuthProvider") == 0;
	import->class = fastmcp_class_find(bearer ? "JWTVerifier" : name);
	if (!import->class) {
		const char *meant = nearest(name, names);
		fastmcp_say(import->errors, at, "got class %s, expected one of FastMCP's%s%s%s",
			quote(buffer, path), meant ? "; did you mean " : "", meant ? meant : "",
			meant ? "?" : "");
		return;
	}
	size_t length = strlen(import->class->module);
	if (!bearer && (!dot || (size_t)(dot - path) != length ||
			       strncmp(path, import->class->module, length) != 0)) {
		fastmcp_say(import->errors, at, "got class %s, expected %s.%s", quote(buffer, path),
			import->class->module, import->class->name);
		import->class = NULL;
	}
}

/* ---- Variables ---- */

void import_put(struct import *import, const char *key, const char *at, json_t *value)
{
	if (json_object_get(import->params, key))
		fastmcp_say(import->errors, at, "got %s twice", key);
	json_object_set_new(import->params, key, value);
	json_object_set_new(import->places, key, json_string(at));
}

/* ${NAME} alone, as shells and python-dotenv have it, is a reference here, too. */
static json_t *variable_value(
	struct import *import, const char *at, const char *value, bool literal)
{
	char name[FASTMCP_NAME_SIZE];
	json_t *own = strncmp(value, "${", 2) == 0 ? json_sprintf("${env:%s", value + 2) : NULL;

	if (own && !literal && fastmcp_reference(name, json_string_value(own)))
		return own;
	json_decref(own);
	if (strstr(value, "${"))
		fastmcp_say(import->errors, at,
			"got a reference inside a text, expected ${NAME} "
			"alone, or none");
	json_t *text = json_string(value);
	if (!text)
		fastmcp_say(import->errors, at, "got a value that is no UTF-8");
	return text ? text : json_string("");
}

void import_variable(struct import *import, const struct names *names, const char *at,
	const char *name, const char *value, bool literal)
{
	int index = names_find(names, name);

	if (index < 0) {
		complain_name(import, names, at, name);
		return;
	}
	json_t *text = variable_value(import, at, value, literal);
	if (index == 0) {
		json_object_set(import->selected, "path", text);
		json_object_set_new(import->selected, "at", json_string(at));
	} else {
		json_object_set(import->variables, names->list[index], text);
		json_object_set_new(import->places, names->list[index], json_string(at));
	}
	json_decref(text);
}

/* What belongs to the class that is chosen, and what does not. */
void import_sort(struct import *import)
{
	const char *path = json_string_value(json_object_get(import->selected, "path"));
	const char *at = json_string_value(json_object_get(import->selected, "at"));
	struct names names;

	if (!path || !*path) {
		fastmcp_say(import->errors, at,
			"got no " FASTMCP_VARIABLE ", with which FastMCP "
			"protects nothing; expected it to name a class");
		return;
	}
	import_choose(import, at, path);
	names_fill(&names);
	for (int i = 1; import->class && names.list[i]; i++) {
		json_t *value = json_object_get(import->variables, names.list[i]);
		if (!value)
			continue;
		const char *place =
			json_string_value(json_object_get(import->places, names.list[i]));
		if (names.classes[i] == import->class)
			import_put(import, names.keys[i], place, json_incref(value));
		else
			fastmcp_say(import->notes, NULL, "%s: left out, it is not one of %s's",
				names.list[i], import->class->name);
	}
}

/* ---- The environment ---- */

void import_read_environment(struct import *import)
{
	struct names names;

	names_fill(&names);
	for (char **entry = environ; *entry; entry++) {
		char name[FASTMCP_NAME_SIZE];
		size_t length = strcspn(*entry, "=");
		if (length >= sizeof(name) || !(*entry)[length])
			continue;
		memcpy(name, *entry, length);
		name[length] = '\0';
		import_variable(import, &names, name, name, *entry + length + 1, true);
	}
	import_sort(import);
}
