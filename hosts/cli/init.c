/*
 * init.c - 'tokenpam init': a first configuration, tried out before it is written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"
#include "newfile.h"
#include "online.h"
#include "output.h"

#define VALUE_MAX 2048
#define LINES_MAX 64
#define SCRATCH   ".tokenpam-XXXXXX.ini"

/* What the operands say. Texts are argv's. */
struct plan {
	const char *plugin;
	const char *provider;
	const char *service;
	const char *audience;
	char **lines; /* the other operands: options of the provider */
	size_t count;
};

/* ---- Operands ---- */

static int read_operand(struct plan *plan, const struct options *options, char *operand)
{
	const struct {
		const char *key;
		const char **to;
	} own[] = {{"service", &plan->service}, {"audience", &plan->audience},
		{"name", &plan->provider}};
	char buffer[QUOTE_SIZE];
	size_t length = strcspn(operand, "=");
	const char *value = operand + length + 1;

	if (!operand[length] || length == 0 || !*value)
		return misuse(options->verb, "got %s, expected OPTION=VALUE",
			quote_operand(buffer, operand));
	/* The file is read by lines, and quotes would end its values. */
	if (strlen(value) > VALUE_MAX || strpbrk(value, "\"\r\n"))
		return misuse(options->verb,
			"%.*s: got a value with quotes, line feeds or too many bytes", (int)length,
			operand);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strncmp(own[i].key, operand, length) != 0 || own[i].key[length])
			continue;
		*own[i].to = value;
		return EXIT_ACCEPTED;
	}
	plan->lines[plan->count++] = operand;
	return EXIT_ACCEPTED;
}

static int read_plan(struct plan *plan, const struct options *options)
{
	int code = EXIT_ACCEPTED;

	*plan = (struct plan){.plugin = options->operands[0], .provider = "issuer"};
	plan->lines = calloc(options->operand_count, sizeof(char *));
	if (!plan->lines)
		return fail_memory();
	for (size_t i = 1; i < options->operand_count && code == EXIT_ACCEPTED; i++)
		code = read_operand(plan, options, options->operands[i]);
	if (code == EXIT_ACCEPTED && plan->service && !plan->audience)
		code = misuse(options->verb,
			"got a service without audience=, expected what its tokens are made for");
	if (!plan->service)
		plan->service = "api";
	return code;
}

/* ---- What is secret has no place on a command line ---- */

static bool is_secret(const json_t *plugin, const char *name, size_t length)
{
	const json_t *option;
	size_t i;

	json_array_foreach(json_object_get(plugin, "options"), i, option)
	{
		const char *known = text_member(option, "name");
		if (known && strlen(known) == length && strncmp(known, name, length) == 0)
			return json_is_true(json_object_get(option, "secret"));
	}
	return false;
}

static int check_secrets(const struct plan *plan, const struct options *options)
{
	char *path = NULL, *text = NULL;
	json_t *plugin = NULL;
	int code = engine_plugin_path(options, &path);

	if (code != EXIT_ACCEPTED)
		return code;
	/* What is wrong with the plugin is told when the configuration is loaded. */
	if (tpam_plugin_describe(plan->plugin, path, &text, NULL) == TPAM_OK)
		code = take_json(text, &plugin);
	for (size_t i = 0; i < plan->count && code == EXIT_ACCEPTED; i++) {
		size_t length = strcspn(plan->lines[i], "=");
		if (is_secret(plugin, plan->lines[i], length) &&
			strncmp(plan->lines[i] + length + 1, "${", 2) != 0)
			code = misuse(options->verb,
				"%.*s: got a secret, expected a reference to one: ${file:PATH}, "
				"${env:NAME} or ${cred:NAME}",
				(int)length, plan->lines[i]);
	}
	json_decref(plugin);
	free(path);
	return code;
}

/* ---- The file ---- */

/* Quotes keep blanks and comment signs. */
static void write_line(FILE *file, const char *key, size_t length, const char *value)
{
	const char *quotes = strpbrk(value, " \t;#") && strncmp(value, "${", 2) != 0 ? "\"" : "";

	fprintf(file, "%.*s = %s%s%s\n", (int)length, key, quotes, value, quotes);
}

static void write_keys(FILE *file, const json_t *facts)
{
	const json_t *key;
	const char *uri = text_member(facts, "jwks_uri");
	size_t i;

	if (!uri)
		return;
	fprintf(file, "; Its keys are at %s; today:\n", uri);
	json_array_foreach(json_object_get(facts, "keys"), i, key)
	{
		const char *alg = text_member(key, "alg"), *kid = text_member(key, "kid");
		fprintf(file, ";     %s, %s\n", alg ? alg : "?",
			kid && *kid ? kid : "without name");
	}
}

static void write_service(FILE *file, const struct plan *plan)
{
	const char *mark = plan->audience ? "" : ";";

	if (!plan->audience)
		fputs("; What it is for: tokens that are made for this audience open the "
		      "service.\n",
			file);
	fprintf(file, "%s[service:%s]\n", mark, plan->service);
	if (plan->audience)
		write_line(file, "audience", 8, plan->audience);
	else
		fputs(";audience = https://api.example.com\n", file);
	fprintf(file, "%sauth = decisive %s\n", mark, plan->provider);
}

/* To be freed; NULL without memory. */
static char *write_text(const struct plan *plan, const char *mode, const json_t *facts)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	fprintf(file, "[tokenpam]\nmode = %s\n\n", mode);
	write_keys(file, facts);
	fprintf(file, "[provider:%s]\nplugin = %s\n", plan->provider, plan->plugin);
	for (size_t i = 0; i < plan->count; i++) {
		size_t length = strcspn(plan->lines[i], "=");
		write_line(file, plan->lines[i], length, plan->lines[i] + length + 1);
	}
	fputc('\n', file);
	write_service(file, plan);
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

/* ---- Trying it out ---- */

/* A file beside the one that is to be, so that relative paths mean the same. To be freed. */
static char *scratch_name(const struct options *options)
{
	const char *slash = options->out ? strrchr(options->out, '/') : NULL;
	size_t length = slash ? (size_t)(slash - options->out) + 1 : 0;
	char *name = malloc(length + sizeof(SCRATCH));

	if (!name)
		return NULL;
	if (length > 0)
		memcpy(name, options->out, length);
	memcpy(name + length, SCRATCH, sizeof(SCRATCH));
	return name;
}

static int scratch_write(char *name, const char *text)
{
	int file = mkstemps(name, (int)strlen(strrchr(name, '.')));
	size_t length = strlen(text);

	if (file < 0)
		return fail("%s: %s", name, strerror(errno));
	bool done = write(file, text, length) == (ssize_t)length;
	if (close(file) == 0 && done)
		return EXIT_ACCEPTED;
	unlink(name);
	return fail("%s: cannot be written", name);
}

/* Loads it, wherever that may be, and has the provider find out what it can. */
static int try_out(const struct plan *plan, const struct options *options, json_t **ret_facts)
{
	struct tpam_engine *engine = NULL;
	char *text = write_text(plan, "development", NULL), *name = scratch_name(options);
	int code = text && name ? scratch_write(name, text) : fail_memory();

	if (code == EXIT_ACCEPTED) {
		code = engine_load(options, name, stderr, &engine);
		if (code == EXIT_ACCEPTED)
			code = online_ask(engine, plan->provider, ret_facts);
		tpam_engine_close(engine);
		unlink(name);
	}
	free(text);
	free(name);
	return code;
}

/* Where it will be used, with all that production is strict about. */
static int write_out(const struct options *options, const char *text)
{
	struct tpam_engine *engine = NULL;

	if (!options->out) {
		fputs(text, stdout);
		return EXIT_ACCEPTED;
	}
	char *trimmed = strndup(text, strlen(text) - 1); /* a new file gets its last line feed */
	int code = trimmed ? newfile_write(options->out, NEWFILE_PRIVATE, trimmed) : fail_memory();
	free(trimmed);
	if (code != EXIT_ACCEPTED)
		return code;
	code = engine_load(options, options->out, stderr, &engine);
	tpam_engine_close(engine);
	return code;
}

static int run(const struct options *options)
{
	struct plan plan;
	json_t *facts = NULL;
	char *text = NULL;

	int code = read_plan(&plan, options);
	if (code == EXIT_ACCEPTED)
		code = check_secrets(&plan, options);
	if (code == EXIT_ACCEPTED)
		code = try_out(&plan, options, &facts);
	if (code == EXIT_ACCEPTED) {
		text = write_text(&plan, "production", facts);
		code = text ? write_out(options, text) : fail_memory();
	}
	json_decref(facts);
	free(text);
	free(plan.lines);
	return code;
}

const struct verb verb_init = {
	.name = "init",
	.operands = "PLUGIN OPTION=VALUE...",
	.summary = "write a first configuration for an issuer",
	.help = "Writes a configuration with one provider, once it has been tried out: it loads,\n"
		"and the provider finds what it needs over the network, such as the issuer's\n"
		"keys. For signed tokens the issuer is enough:\n\n"
		"  tokenpam init bearer issuer=https://login.example.com \\\n"
		"      audience=https://api.example.com service=my-api\n\n"
		"service= and audience= are the service's, name= is the provider's name, and all\n"
		"other operands are options of the provider. Secrets are given by reference.\n\n"
		"Exit status: 0 written, 2 the issuer cannot be reached, 3 it would not load.",
	.options = OPTIONS_PLUGINS | OPTIONS_INIT,
	.least = 2,
	.most = LINES_MAX,
	.run = run,
};
