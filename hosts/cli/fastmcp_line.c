/*
 * fastmcp_line.c - parameters of FastMCP as lines of an INI.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fastmcp_ini.h"
#include "output.h"

#define VALUE_MAX 2048

/* ---- Parameters ---- */

const char *ini_place(const struct ini *ini, const char *key)
{
	return text_member(ini->import->places, key);
}

/* A parameter that is one text; NULL if it is not there or empty. */
const char *ini_get(struct ini *ini, const char *key)
{
	json_t *value = json_object_get(ini->import->params, key);

	json_object_set_new(ini->used, key, json_true());
	if (json_is_array(value))
		fastmcp_say(ini->import->errors, ini_place(ini, key),
			"%s: got a list, expected a text", key);
	const char *text = json_string_value(value);
	return text && *text ? text : NULL;
}

/* The name by which people know a parameter. */
void ini_missing(struct ini *ini, const char *key, const char *why)
{
	char name[FASTMCP_NAME_SIZE];

	fastmcp_say(ini->import->errors, NULL, "got no %s%s, expected %s", key, why,
		fastmcp_variable(name, ini->import->class, key));
}

const char *ini_need(struct ini *ini, const char *key)
{
	const char *text = ini_get(ini, key);

	if (!text)
		ini_missing(ini, key, "");
	return text ? text : "";
}

/* A URL of an upstream; without a scheme it is https, as FastMCP has it, and a slash at its end does not count. */
json_t *ini_need_url(struct ini *ini, const char *key)
{
	const char *text = ini_need(ini, key);
	size_t length = strlen(text);

	if (strncasecmp(text, "http://", 7) == 0)
		fastmcp_say(ini->import->errors, ini_place(ini, key),
			"%s: got an http:// URL, which "
			"anybody on the way can answer; expected https://",
			key);
	if (strstr(text, "${"))
		fastmcp_say(ini->import->errors, ini_place(ini, key),
			"%s: got a reference, expected a URL", key);
	while (length > 0 && text[length - 1] == '/')
		length--;
	return json_sprintf("%s%.*s", strstr(text, "://") ? "" : "https://", (int)length, text);
}

static bool is_texts(const json_t *list)
{
	json_t *element;
	size_t i;

	json_array_foreach(list, i, element) if (!json_is_string(element)) return false;
	return json_is_array(list);
}

/* Parts between commas, or blanks where there is no comma, as FastMCP parses scopes. */
static json_t *split_text(const char *text)
{
	const char *between = strchr(text, ',') ? "," : " \t\r\n";
	json_t *list = json_array();

	while (*text) {
		size_t length = strcspn(text, between), start = strspn(text, " \t\r\n"),
		       end = length;
		while (end > start && isspace((unsigned char)text[end - 1]))
			end--;
		if (end > start)
			json_array_append_new(list, json_stringn(text + start, end - start));
		text += text[length] ? length + 1 : length;
	}
	return list;
}

json_t *ini_list(struct ini *ini, const char *key, bool split)
{
	json_t *value = json_object_get(ini->import->params, key);
	const char *text = json_string_value(value);

	json_object_set_new(ini->used, key, json_true());
	if (json_is_array(value))
		return json_copy(value);
	if (!text || !*text)
		return json_array();
	if (text[strspn(text, " \t")] != '[')
		return split ? split_text(text) : json_pack("[O]", value);
	json_t *list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (is_texts(list))
		return list;
	json_decref(list);
	fastmcp_say(ini->import->errors, ini_place(ini, key),
		"%s: got \"[\", expected a list of texts in JSON", key);
	return json_array();
}

/* ---- Lines ---- */

void ini_comment(struct ini *ini, const char *text)
{
	fprintf(ini->file, "; %s\n", text);
}

static bool fits(const char *value)
{
	for (const unsigned char *at = (const unsigned char *)value; *at; at++)
		if (iscntrl(*at))
			return false;
	return strlen(value) <= VALUE_MAX;
}

static bool is_plain(const char *value)
{
	for (const char *at = value; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._:/@*+-=%?&~,", *at))
			return false;
	return *value != '\0';
}

/* A word of a value: no byte of it is taken for anything else. References stay what they are. */
static void write_word(struct ini *ini, const char *key, const char *value)
{
	char name[FASTMCP_NAME_SIZE];

	if (!fits(value))
		fastmcp_say(ini->import->errors, ini_place(ini, key),
			"%s: got control characters or more "
			"than %d bytes",
			key, VALUE_MAX);
	if (fastmcp_reference(name, value) || is_plain(value)) {
		fputs(value, ini->file);
		return;
	}
	fputc('"', ini->file);
	for (const char *at = value; *at; at++) {
		if (*at == '"' || *at == '\\')
			fputc('\\', ini->file);
		if (strncmp(at, "${", 2) == 0)
			fputc('$', ini->file);
		fputc(*at, ini->file);
	}
	fputc('"', ini->file);
}

void ini_line(struct ini *ini, const char *key, const char *value)
{
	fprintf(ini->file, "%s = ", key);
	write_word(ini, key, value);
	fputc('\n', ini->file);
}

/* Takes the value over. */
void ini_line_json(struct ini *ini, const char *key, json_t *value)
{
	const char *text = json_string_value(value);

	ini_line(ini, key, text ? text : "");
	json_decref(value);
}

void ini_line_words(struct ini *ini, const char *key, const json_t *words)
{
	json_t *word;
	size_t i;

	fprintf(ini->file, "%s =", key);
	json_array_foreach(words, i, word)
	{
		fputc(' ', ini->file);
		if (json_is_string(word))
			write_word(ini, key, json_string_value(word));
		else
			fastmcp_say(ini->import->errors, ini_place(ini, key),
				"%s: got something else than "
				"texts",
				key);
	}
	fputc('\n', ini->file);
}

void ini_provider(struct ini *ini, const char *name, const char *plugin)
{
	fprintf(ini->file, "[provider:%s]\n", name);
	ini_line(ini, "plugin", plugin);
}

/* A secret becomes the variable that has it, or is to have it. */
void ini_secret(struct ini *ini, const char *option, const char *key)
{
	char name[FASTMCP_NAME_SIZE];
	const char *value = ini_need(ini, key);

	if (fastmcp_reference(name, value)) {
		ini_line(ini, option, value);
		return;
	}
	fastmcp_variable(name, ini->import->class, key);
	fprintf(ini->file,
		"; The secret is to be in the environment of whoever loads this, by the name "
		"that FastMCP has for it.\n%s = ${env:%s}\n",
		option, name);
}

void ini_timeout(struct ini *ini)
{
	const char *text = ini_get(ini, "timeout_seconds");
	char *end = NULL;
	long seconds = text ? strtol(text, &end, 10) : 0;

	if (!text)
		return;
	if (seconds < 1 || seconds > 60 || *end)
		fastmcp_say(ini->import->errors, ini_place(ini, "timeout_seconds"),
			"timeout_seconds: got something else than 1 to 60");
	fprintf(ini->file, "timeout = %lds\n", seconds);
}
