/*
 * fastmcp_read.c - settings of FastMCP: JSON as generate_fastmcp_config() makes it, or a file of variables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "fastmcp_import.h"
#include "output.h"

static void complain_key(struct import *import, const char *file, const char *key)
{
	char buffer[QUOTE_SIZE];
	const char *meant = nearest(key, import->class->keys);

	fastmcp_say(import->errors, file, "config_params: got %s, expected a parameter of %s%s%s%s",
		quote(buffer, key), import->class->name, meant ? "; did you mean " : "",
		meant ? meant : "", meant ? "?" : "");
}

static bool is_parameter(const struct fastmcp_class *class, const char *key)
{
	for (const char *const *known = class->keys; *known; known++)
		if (strcmp(*known, key) == 0)
			return true;
	return false;
}

static bool is_texts(const json_t *value)
{
	json_t *element;
	size_t i;

	json_array_foreach(value, i, element) if (!json_is_string(element)) return false;
	return json_is_array(value) || json_is_string(value);
}

/* Constructors look for JSON in no text but scopes: a list of one says that it is none. */
static json_t *as_given(const char *key, json_t *value)
{
	bool words = strcmp(key, "audience") == 0 || strcmp(key, "issuer") == 0;

	return words && json_is_string(value) ? json_pack("[O]", value) : json_incref(value);
}

static void take_parameters(struct import *import, const char *file, json_t *params)
{
	json_t *value;
	const char *key;

	json_object_foreach(params, key, value)
	{
		if (json_is_null(value))
			continue; /* MCPStore's way to say that nothing was given */
		if (!is_parameter(import->class, key))
			complain_key(import, file, key);
		else if (json_is_integer(value))
			import_put(import, key, file,
				json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value)));
		else if (!is_texts(value))
			fastmcp_say(import->errors, file,
				"config_params: %s: got neither a text nor "
				"a list of texts",
				key);
		else
			import_put(import, key, file, as_given(key, value));
	}
}

static void read_json(struct import *import, const char *file, const char *text, size_t length)
{
	static const char *const known[] = {"provider_class", "config_params", "import_path", NULL};
	char buffer[QUOTE_SIZE];
	json_error_t error;
	json_t *whole = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error), *value;
	const char *name = text_member(whole, known[0]), *module = text_member(whole, known[2]),
		   *key;

	if (!whole)
		fastmcp_say(import->errors, file, "line %d: %s", error.line, error.text);
	json_object_foreach(
		whole, key, value) if (strcmp(key, known[0]) != 0 && strcmp(key, known[1]) != 0 &&
				       strcmp(key, known[2]) != 0) fastmcp_say(import->errors, file,
		"got member %s, expected provider_class, "
		"config_params and import_path",
		quote(buffer, key));
	json_t *path = name && module ? json_sprintf("%s.%s", module, name) : NULL;
	if (path)
		import_choose(import, file, json_string_value(path));
	else if (whole)
		fastmcp_say(import->errors, file,
			"got no provider_class or no import_path, expected both");
	if (import->class)
		take_parameters(import, file, json_object_get(whole, known[1]));
	json_decref(path);
	json_decref(whole);
}

void import_read_text(struct import *import, const char *file, char *text, size_t length)
{
	size_t start = strspn(text, " \t\r\n");

	if (text[start] == '{')
		read_json(import, file, text, length);
	else
		import_read_lines(import, file, text, length);
}
