/*
 * engine.c - opens an engine as the command line says, and tells what is wrong if it cannot.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"
#include "paths.h"

#define SERVICE_LIMIT 1000 /* names that a mistyped one is compared with */

/* The least important level that is printed. */
static int log_level = TPAM_LOG_ERROR;

static void print_log(void *data, int level, const char *text)
{
	(void)data;
	if (level > log_level)
		return;
	flockfile(stderr);
	fputs("tokenpam: ", stderr);
	print_text(stderr, text);
	fputc('\n', stderr);
	funlockfile(stderr);
}

int engine_config(const struct options *options, char **ret_path)
{
	struct paths paths;

	if (options->config) {
		char *path = strdup(options->config);
		if (!path)
			return fail_memory();
		*ret_path = path;
		return EXIT_ACCEPTED;
	}
	int code = paths_init(&paths);
	if (code != EXIT_ACCEPTED)
		return code;
	code = paths_environment(&paths, options->environment, ret_path);
	paths_finish(&paths);
	return code;
}

int engine_plugin_path(const struct options *options, char **ret_path)
{
	struct paths paths;

	int code = paths_init(&paths);
	if (code != EXIT_ACCEPTED)
		return code;
	char *path = options->plugin_path ? strdup(options->plugin_path) : paths.plugins;
	if (!options->plugin_path)
		paths.plugins = NULL;
	paths_finish(&paths);
	if (options->plugin_path && !path)
		return fail_memory();
	*ret_path = path;
	return EXIT_ACCEPTED;
}

int engine_findings(const struct tpam_report *report, FILE *file, bool warnings)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		if (!warnings && tpam_report_get(report, i)->severity != TPAM_SEVERITY_ERROR)
			continue;
		char *line = tpam_report_line(report, i);
		if (!line)
			return fail_memory();
		print_text(file, line);
		fputc('\n', file);
		tpam_free(line);
	}
	return EXIT_ACCEPTED;
}

static int load(const struct options *options, const char *config, FILE *findings,
	tpam_clock_fn *clock, struct tpam_engine **ret_engine)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	char *plugin_path = NULL;

	int code = engine_plugin_path(options, &plugin_path);
	if (code != EXIT_ACCEPTED)
		return code;
	log_level = options->verbose ? TPAM_LOG_DEBUG : TPAM_LOG_ERROR;
	struct tpam_engine_options how = {.size = sizeof(how),
		.config = config,
		.plugin_path = plugin_path,
		.log = print_log,
		.clock = clock,
		.flags = options->audit ? 0 : TPAM_ENGINE_SILENT_AUDIT};
	int opened = tpam_engine_open(&engine, &how, &report);
	code = engine_findings(report, findings, findings == stdout || options->verbose);
	if (opened != TPAM_OK) {
		code = EXIT_MISUSED;
		if (tpam_report_errors(report) == 0)
			fail("%s", tpam_code_text(opened));
	}
	if (code == EXIT_ACCEPTED)
		*ret_engine = engine;
	else if (opened == TPAM_OK)
		tpam_engine_close(engine);
	tpam_report_destroy(report);
	free(plugin_path);
	return code;
}

int engine_load(const struct options *options, const char *config, FILE *findings,
	struct tpam_engine **ret_engine)
{
	return load(options, config, findings, NULL, ret_engine);
}

int engine_start_at(
	const struct options *options, tpam_clock_fn *clock, struct tpam_engine **ret_engine)
{
	char *config = NULL;

	int code = engine_config(options, &config);
	if (code == EXIT_ACCEPTED)
		code = load(options, config, stderr, clock, ret_engine);
	free(config);
	return code;
}

int engine_start(const struct options *options, struct tpam_engine **ret_engine)
{
	return engine_start_at(options, NULL, ret_engine);
}

int engine_describe(struct tpam_engine *engine, const char *service, json_t **ret_json)
{
	char *text = NULL;

	int code = tpam_engine_describe(engine, service, &text);
	if (code == TPAM_E_UNSET)
		return EXIT_REFUSED;
	if (code != TPAM_OK)
		return fail("%s", tpam_code_text(code));
	return take_json(text, ret_json);
}

const char *engine_setting(const json_t *description, const char *key)
{
	json_t *setting;
	size_t i;

	json_array_foreach(json_object_get(description, "settings"), i, setting)
	{
		const char *own = text_member(setting, "key");
		if (own && strcmp(own, key) == 0)
			return text_member(setting, "value");
	}
	return NULL;
}

int engine_no_service(struct tpam_engine *engine, const char *service)
{
	const char *names[SERVICE_LIMIT + 1] = {NULL};
	char buffer[QUOTE_SIZE];
	json_t *all, *name;
	size_t i, count = 0;

	int code = engine_describe(engine, NULL, &all);
	if (code != EXIT_ACCEPTED)
		return EXIT_MISUSED;
	json_array_foreach(json_object_get(all, "services"), i, name)
	{
		const char *text =
			json_is_object(name) ? text_member(name, "name") : json_string_value(name);
		if (text && count < SERVICE_LIMIT)
			names[count++] = text;
	}
	const char *meant = nearest(service, names);
	quote_operand(buffer, service);
	if (meant)
		fail("got service %s, expected a configured one; did you mean \"%s\"?", buffer,
			meant);
	else
		fail("got service %s, expected a configured one", buffer);
	json_decref(all);
	return EXIT_MISUSED;
}
