/*
 * plugin.c - 'tokenpam plugin': which plugins there are, and what options they take.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"

static int describe(
	const struct options *options, const char *name, const char *path, json_t **ret_plugin)
{
	struct tpam_report *report = NULL;
	char *text = NULL;

	int described = tpam_plugin_describe(name, path, &text, &report);
	int code = engine_findings(report, stderr, options->verbose);
	if (described != TPAM_OK && tpam_report_errors(report) == 0)
		fail("%s", tpam_code_text(described));
	tpam_report_destroy(report);
	if (described != TPAM_OK)
		return EXIT_MISUSED;
	if (code != EXIT_ACCEPTED)
		tpam_free(text);
	return code == EXIT_ACCEPTED ? take_json(text, ret_plugin) : code;
}

static int list_names(const char *path, json_t **ret_names)
{
	char *text = NULL;

	int code = tpam_plugin_list(path, &text);
	if (code != TPAM_OK)
		return fail("plugins: %s", tpam_code_text(code));
	return take_json(text, ret_names);
}

static int print_list(const struct options *options, const json_t *names, const char *path)
{
	struct table table = {0};
	int worst = EXIT_ACCEPTED;
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
	{
		json_t *plugin = NULL;
		if (describe(options, json_string_value(name), path, &plugin) != EXIT_ACCEPTED) {
			table_add(&table, "(does not load)", "%s", json_string_value(name));
			worst = EXIT_MISUSED;
			continue;
		}
		table_add(&table, text_member(plugin, "summary"), "%s", json_string_value(name));
		json_decref(plugin);
	}
	int code = print_table(&table);
	return code == EXIT_ACCEPTED ? worst : code;
}

static int list(const struct options *options, const char *path)
{
	json_t *names = NULL;

	if (options->operand_count > 1)
		return misuse(options->verb, "list: got an operand, expected none");
	int code = list_names(path, &names);
	if (code != EXIT_ACCEPTED)
		return code;
	code = options->json ? print_json(names) : print_list(options, names, path);
	json_decref(names);
	return code;
}

/* What is worth saying of a member of the descriptor; absent and empty ones are not. */
static void add_member(struct table *table, const json_t *plugin, const char *key)
{
	const json_t *value = json_object_get(plugin, key);

	if (!value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
		return;
	char *text = plain_text(value);
	if (text)
		table_add(table, text, "%s", key);
	table->failed |= !text;
	free(text);
}

static void add_flags(FILE *file, const json_t *option)
{
	static const char *const flags[] = {
		"required", "list", "repeatable", "secret", "deprecated"};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (json_is_true(json_object_get(option, flags[i])))
			fprintf(file, ", %s", flags[i]);
}

/* "duration, required, default 30s: how long ..." */
static char *option_text(const json_t *option)
{
	const char *type = text_member(option, "type"), *help = text_member(option, "help");
	const char *fallback = text_member(option, "default");
	const json_t *words = json_object_get(option, "values");
	char *text = NULL, *values = words ? plain_text(words) : NULL;
	size_t size = 0;

	FILE *file = open_memstream(&text, &size);
	if (!file) {
		free(values);
		return NULL;
	}
	fputs(type ? type : "text", file);
	if (values && words && json_array_size(words) > 0)
		fprintf(file, " (%s)", values);
	add_flags(file, option);
	if (fallback)
		fprintf(file, ", default %s", fallback);
	fprintf(file, ": %s", help ? help : "");
	free(values);
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

static int print_options_of(const json_t *plugin)
{
	struct table table = {0};
	json_t *option;
	size_t i;

	json_array_foreach(json_object_get(plugin, "options"), i, option)
	{
		const char *name = text_member(option, "name");
		char *text = option_text(option);
		table_add(&table, text, "  %s", name ? name : "?");
		table.failed |= !text;
		free(text);
	}
	if (table.count > 0)
		puts("\noptions");
	return print_table(&table);
}

static int print_plugin(const json_t *plugin)
{
	static const char *const members[] = {"name", "version", "summary", "path", "role",
		"groups", "binding", "flags", "inputs", "inputs_needed", "credentials", "outcomes"};
	struct table table = {0};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		add_member(&table, plugin, members[i]);
	int code = print_table(&table);
	return code == EXIT_ACCEPTED ? print_options_of(plugin) : code;
}

static int show(const struct options *options, const char *path)
{
	json_t *plugin = NULL;

	if (options->operand_count < 2)
		return misuse(
			options->verb, "show: got no name, expected one that 'plugin list' prints");
	int code = describe(options, options->operands[1], path, &plugin);
	if (code != EXIT_ACCEPTED)
		return code;
	code = options->json ? print_json(plugin) : print_plugin(plugin);
	json_decref(plugin);
	return code;
}

static const struct {
	const char *name;
	int (*run)(const struct options *options, const char *path);
} actions[] = {
	{"list", list},
	{"show", show},
};

#define ACTION_COUNT (sizeof(actions) / sizeof(actions[0]))

static int run(const struct options *options)
{
	char buffer[QUOTE_SIZE], *path = NULL;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (strcmp(options->operands[0], actions[i].name) != 0)
			continue;
		int code = engine_plugin_path(options, &path);
		if (code == EXIT_ACCEPTED)
			code = actions[i].run(options, path);
		free(path);
		return code;
	}
	return misuse(options->verb, "got %s, expected \"list\" or \"show\"",
		quote_operand(buffer, options->operands[0]));
}

const struct verb verb_plugin = {
	.name = "plugin",
	.operands = "list | show NAME",
	.summary = "list the plugins, or show what one takes",
	.help = "list prints the plugins of the plugin folders, one line each. show prints\n"
		"what a plugin is for, what it reads of a request and which options it\n"
		"takes. NAME is as in plugin = NAME of a configuration: a bare name, or the\n"
		"path of a file.\n\n"
		"Exit status: 0 shown, 3 a plugin does not load.",
	.options = OPTIONS_PLUGINS | OPTIONS_JSON,
	.least = 1,
	.most = 2,
	.run = run,
};
