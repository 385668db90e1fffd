/*
 * check_tools.c - 'tokenpam check --tools': which of the tools that a host has no rule covers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check_tools.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"
#include "toolfile.h"

#define WORD_BITS 64

/* What the library is given: names, and the tags of each. */
struct named {
	const char **names;
	const char *const **tags;
	size_t count;
};

static const char **texts_of(const json_t *array)
{
	const char **texts = calloc(json_array_size(array) + 1, sizeof(*texts));
	json_t *text;
	size_t i;

	json_array_foreach(array, i, text)
	{
		if (texts)
			texts[i] = json_string_value(text);
	}
	return texts;
}

static bool named_begin(struct named *named, const json_t *tools)
{
	size_t count = json_array_size(tools);

	named->names = calloc(count + 1, sizeof(*named->names));
	named->tags = calloc(count + 1, sizeof(*named->tags));
	for (; named->names && named->tags && named->count < count; named->count++) {
		const json_t *tool = json_array_get(tools, named->count);
		named->names[named->count] = text_member(tool, "name");
		named->tags[named->count] = texts_of(json_object_get(tool, "tags"));
		if (!named->tags[named->count])
			return false;
	}
	return named->names && named->tags;
}

static void named_finish(struct named *named)
{
	for (size_t i = 0; named->tags && named->tags[i]; i++)
		free((void *)(uintptr_t)named->tags[i]);
	free((void *)(uintptr_t)named->tags);
	free(named->names);
}

/* ---- Telling ---- */

static void tell(const char *path, const json_t *tool, const char *service, bool closed)
{
	json_int_t line = json_integer_value(json_object_get(tool, "line"));

	print_text(stdout, path);
	if (line > 0)
		printf(":%lld", (long long)line);
	fputs(": warning: got tool \"", stdout);
	print_text(stdout, text_member(tool, "name"));
	printf("\", which no rule of [service:%s] covers, so that %s; expected a section "
	       "[tool:%s/...] for it\n",
		service, closed ? "it is open to nobody" : "whoever may use the service may use it",
		service);
}

static void tell_all(
	const char *path, const json_t *tools, const json_t *description, const uint64_t *bits)
{
	const char *unlisted = text_member(json_object_get(description, "tools"), "unlisted");
	const char *section = text_member(description, "section");
	const char *service = section ? strchr(section, ':') + 1 : "?";
	json_t *tool;
	size_t i;

	json_array_foreach(tools, i, tool)
	{
		if (!(bits[i / WORD_BITS] >> i % WORD_BITS & 1))
			tell(path, tool, service, unlisted && strcmp(unlisted, "deny") == 0);
	}
}

/* ---- Looking ---- */

static int look(struct tpam_engine *engine, const char *service, const char *path,
	const json_t *tools, const json_t *description)
{
	uint64_t *bits = calloc(json_array_size(tools) / WORD_BITS + 1, sizeof(*bits));
	struct tpam_tools *list = NULL;
	struct named named = {0};

	int code = named_begin(&named, tools) && bits ? TPAM_OK : TPAM_E_MEMORY;
	if (code == TPAM_OK)
		code = tpam_tools_create(
			&list, engine, service, named.names, named.tags, named.count);
	if (code == TPAM_OK) {
		tpam_tools_listed(list, bits);
		tell_all(path, tools, description, bits);
	}
	tpam_tools_destroy(list);
	named_finish(&named);
	free(bits);
	if (code == TPAM_E_LIMIT)
		return fail("got more tools than 65536, or a name or tag that is too long, "
			    "expected fewer");
	return code == TPAM_OK ? EXIT_ACCEPTED : fail("%s", tpam_code_text(code));
}

/* The only one there is, where none is named. */
static int service_of(struct tpam_engine *engine, const struct options *options, char **ret)
{
	json_t *overview = NULL;

	int code = engine_describe(engine, NULL, &overview);
	const json_t *services = json_object_get(overview, "services");
	const char *name = options->service;
	if (code == EXIT_ACCEPTED && !name && json_array_size(services) != 1)
		code = misuse(options->verb, "got --tools without --service, expected both where "
					     "there is not one service alone");
	if (code == EXIT_ACCEPTED) {
		*ret = strdup(name ? name : json_string_value(json_array_get(services, 0)));
		code = *ret ? code : fail_memory();
	}
	json_decref(overview);
	return code;
}

int check_tools(struct tpam_engine *engine, const struct options *options)
{
	json_t *tools = NULL, *description = NULL;
	char *service = NULL;

	int code = toolfile_read(&tools, options->tools);
	if (code == EXIT_ACCEPTED)
		code = service_of(engine, options, &service);
	if (code == EXIT_ACCEPTED)
		code = engine_describe(engine, service, &description);
	if (code == EXIT_REFUSED)
		code = engine_no_service(engine, service);
	else if (code == EXIT_ACCEPTED)
		code = look(engine, service, options->tools, tools, description);
	json_decref(description);
	json_decref(tools);
	free(service);
	return code;
}
