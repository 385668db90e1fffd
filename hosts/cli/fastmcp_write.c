/*
 * fastmcp_write.c - what FastMCP is to be given, as JSON, as variables, and as Python.
 *
 * No value can end the text that it stands in: in Python and JSON by escapes, among variables by refusing what shells,
 * python-dotenv and systemd do not read alike.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fastmcp.h"
#include "output.h"

#define VERSIONS "FastMCP 2.12.1 to 2.14"

/* Calls `put` for each parameter in the order of the class. */
static int each(const struct fastmcp *fastmcp,
	int (*put)(const struct fastmcp *fastmcp, const char *key, const json_t *value))
{
	int code = EXIT_ACCEPTED;

	for (const char *const *key = fastmcp->class->keys; *key && code == EXIT_ACCEPTED; key++) {
		const json_t *value = json_object_get(fastmcp->params, *key);
		if (value)
			code = put(fastmcp, *key, value);
	}
	return code;
}

static void write_comments(const struct fastmcp *fastmcp, const char *service, const char *what)
{
	json_t *line;
	size_t i;

	fputs("# The service ", stdout);
	print_text(stdout, service);
	printf(" as %s of %s, by 'tokenpam export fastmcp'.\n", what, VERSIONS);
	json_array_foreach(fastmcp->lost, i, line)
	{
		fputs("# LOST ", stdout);
		print_text(stdout, json_string_value(line));
		putchar('\n');
	}
	json_array_foreach(fastmcp->notes, i, line)
	{
		fputs("# ", stdout);
		print_text(stdout, json_string_value(line));
		putchar('\n');
	}
}

/* ---- JSON ---- */

int fastmcp_write_json(const struct fastmcp *fastmcp)
{
	json_t *params = json_object();

	for (const char *const *key = fastmcp->class->keys; *key; key++)
		if (json_object_get(fastmcp->params, *key))
			json_object_set(params, *key, json_object_get(fastmcp->params, *key));
	json_t *whole = json_pack("{s:s, s:o, s:s}", "provider_class", fastmcp->class->name,
		"config_params", params, "import_path", fastmcp->class->module);
	int code = print_json(whole);
	json_decref(whole);
	return code;
}

/* ---- Variables ---- */

/* A list, or a text that pydantic would read as JSON and not as text, is written as a list in JSON. */
static char *variable_text(const json_t *value)
{
	json_t *parsed = json_is_string(value)
				 ? json_loads(json_string_value(value), JSON_DECODE_ANY, NULL)
				 : NULL;

	if (json_is_string(value) && !parsed)
		return strdup(json_string_value(value));
	if (json_is_integer(value))
		return json_dumps(value, JSON_ENCODE_ANY);
	json_t *list = json_is_array(value) ? json_copy((json_t *)(uintptr_t)value)
					    : json_pack("[O]", value);
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	json_decref(parsed);
	return text;
}

/* In single quotes all readers see the same, as long as none of these is in them. */
static bool fits_quotes(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at == '\'' || *at == '\\' || (iscntrl(*at) && *at != '\n'))
			return false;
	return true;
}

/* Before anything is written: half of the variables would be other settings. */
static int check_variable(const struct fastmcp *fastmcp, const char *key, const json_t *value)
{
	char *text = variable_text(value);
	int code = text ? EXIT_ACCEPTED : fail_memory();

	(void)fastmcp;
	if (text && !fits_quotes(text)) {
		fail("%s: got a quote, a backslash or a control character, which not every reader "
		     "of variables sees alike; expected --format json or python",
			key);
		code = EXIT_REFUSED;
	}
	free(text);
	return code;
}

static int put_variable(const struct fastmcp *fastmcp, const char *key, const json_t *value)
{
	char name[FASTMCP_NAME_SIZE], other[FASTMCP_NAME_SIZE];

	fastmcp_variable(name, fastmcp->class, key);
	if (json_is_string(value) && fastmcp_reference(other, json_string_value(value))) {
		if (strcmp(name, other) == 0)
			printf("# %s: as the environment has it\n", name);
		else
			printf("%s=\"${%s}\"\n", name, other);
		return EXIT_ACCEPTED;
	}
	char *text = variable_text(value);
	if (!text)
		return fail_memory();
	printf("%s='%s'\n", name, text);
	free(text);
	return EXIT_ACCEPTED;
}

int fastmcp_write_env(const struct fastmcp *fastmcp, const char *service)
{
	int code = each(fastmcp, check_variable);

	if (code != EXIT_ACCEPTED)
		return code;
	write_comments(fastmcp, service, "the variables");
	printf(FASTMCP_VARIABLE "='%s.%s'\n", fastmcp->class->module, fastmcp->class->name);
	return each(fastmcp, put_variable);
}

/* ---- Python ---- */

/* The text is UTF-8, which jansson has made sure of. */
static uint32_t take_character(const unsigned char **at)
{
	static const unsigned char masks[] = {0x7f, 0x1f, 0x0f, 0x07};
	size_t more = **at < 0x80 ? 0 : **at < 0xe0 ? 1 : **at < 0xf0 ? 2 : 3;
	uint32_t character = *(*at)++ & masks[more];

	for (; more > 0 && **at; more--)
		character = character << 6 | (*(*at)++ & 0x3f);
	return character;
}

static void put_literal(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	putchar('"');
	while (*at) {
		uint32_t character = take_character(&at);
		if (character == '"' || character == '\\')
			printf("\\%c", (int)character);
		else if (character >= 0x20 && character < 0x7f)
			putchar((int)character);
		else
			printf(character > 0xffff ? "\\U%08x" : "\\u%04x", character);
	}
	putchar('"');
}

static void put_value(const json_t *value)
{
	char name[FASTMCP_NAME_SIZE];
	json_t *element;
	size_t i;

	if (json_is_string(value) && fastmcp_reference(name, json_string_value(value))) {
		printf("os.environ[\"%s\"]", name);
		return;
	}
	if (json_is_string(value)) {
		put_literal(json_string_value(value));
		return;
	}
	if (json_is_integer(value)) {
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return;
	}
	putchar('[');
	json_array_foreach(value, i, element)
	{
		fputs(i ? ", " : "", stdout);
		put_value(element);
	}
	putchar(']');
}

static int put_argument(const struct fastmcp *fastmcp, const char *key, const json_t *value)
{
	(void)fastmcp;
	printf("    %s=", key);
	put_value(value);
	fputs(",\n", stdout);
	return EXIT_ACCEPTED;
}

static bool has_reference(const json_t *value)
{
	json_t *element;
	const char *key;
	size_t i;

	json_object_foreach(
		(json_t *)(uintptr_t)value, key, element) if (has_reference(element)) return true;
	json_array_foreach(value, i, element) if (has_reference(element)) return true;
	return json_is_string(value) && strstr(json_string_value(value), "${") != NULL;
}

int fastmcp_write_python(const struct fastmcp *fastmcp, const char *service)
{
	write_comments(fastmcp, service, "an object");
	if (has_reference(fastmcp->params))
		puts("import os\n");
	printf("from %s import %s\n\nauth = %s(\n", fastmcp->class->module, fastmcp->class->name,
		fastmcp->class->name);
	int code = each(fastmcp, put_argument);
	puts(")");
	return code;
}
