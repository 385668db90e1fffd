/*
 * json.c - reads and prints what the library says in JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "output.h"

/* Without memory jansson 2.14 drops bytes and goes on, so the program ends before it can. */
static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (!memory && size > 0)
		_exit(fail_memory());
	return memory;
}

void json_init(void)
{
	json_set_alloc_funcs(allocate, free);
}

int print_json(const json_t *value)
{
	/* In ASCII, since a terminal obeys some of the other characters. */
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	if (!text)
		return fail_memory();
	puts(text);
	free(text);
	return EXIT_ACCEPTED;
}

int take_json(char *text, json_t **ret_value)
{
	json_error_t error;

	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	tpam_free(text);
	if (!value)
		return fail("the library's answer cannot be read: %s", error.text);
	*ret_value = value;
	return EXIT_ACCEPTED;
}

const char *text_member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static char *join(const json_t *array)
{
	char *text = NULL;
	size_t size = 0, i;
	bool whole = true;
	json_t *element;

	FILE *file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	json_array_foreach(array, i, element)
	{
		char *plain = plain_text(element);
		whole = whole && plain;
		fprintf(file, "%s%s", i ? " " : "", plain ? plain : "");
		free(plain);
	}
	if (fclose(file) == 0 && whole)
		return text;
	free(text);
	return NULL;
}

char *plain_text(const json_t *value)
{
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return json_is_array(value) ? join(value) : json_dumps(value, JSON_ENCODE_ANY);
}
