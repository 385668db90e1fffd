/*
 * show.c - 'tokenpam show': what is configured, and in which line of which file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "drawing.h"
#include "engine.h"
#include "lines.h"
#include "matrix.h"
#include "output.h"

static bool same_heading(const struct line *a, const struct line *b)
{
	return a->part == b->part && strcmp(a->subject, b->subject) == 0;
}

/* Subjects stand at the left, their parts below them, all else below those. */
static void add_heading(struct table *table, const struct line *line)
{
	const char *part = part_name(line->part);

	if (table->count > 0)
		table_add(table, NULL, "%s", "");
	table_add(table, NULL, "%s", part ? part : line->subject);
}

static int print_lines(const struct lines *lines)
{
	struct table table = {.failed = lines->failed};

	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->list[i];
		if (i == 0 || !same_heading(line, line - 1))
			add_heading(&table, line);
		table_add(&table, line->at, "%*s%s", (int)(2 + 2 * line->depth), "", line->text);
	}
	return print_table(&table);
}

static int print_description(const json_t *description, const struct options *options)
{
	struct lines lines = {0};

	if (options->json)
		return print_json(description);
	if (options->operand_count > 0)
		lines_add_service(&lines, description);
	else
		lines_add_overview(&lines, description);
	int code = print_lines(&lines);
	lines_finish(&lines);
	return code;
}

static int draw(
	struct tpam_engine *engine, const json_t *description, const struct options *options)
{
	json_t *drawing = NULL;
	int code = EXIT_ACCEPTED;

	if (options->operand_count > 0)
		drawing = drawing_of_service(description);
	else
		code = drawing_of_all(engine, description, &drawing);
	if (code == EXIT_ACCEPTED)
		code = options->dot ? drawing_print_dot(drawing) : drawing_print_mermaid(drawing);
	json_decref(drawing);
	return code;
}

static int print(
	struct tpam_engine *engine, const json_t *description, const struct options *options)
{
	if (options->matrix)
		return matrix_show(engine, description, options);
	if (options->dot || options->mermaid)
		return draw(engine, description, options);
	return print_description(description, options);
}

static int run(const struct options *options)
{
	const char *service = options->operands[0];
	struct tpam_engine *engine = NULL;
	json_t *description = NULL;

	if (options->matrix && !service)
		return misuse(options->verb, "got --matrix without SERVICE");
	if (options->dot + options->mermaid + (options->json || options->matrix) > 1)
		return misuse(
			options->verb, "got --dot or --mermaid beside another form of output");
	int code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = engine_describe(engine, service, &description);
	if (code == EXIT_REFUSED)
		code = engine_no_service(engine, service);
	else if (code == EXIT_ACCEPTED)
		code = print(engine, description, options);
	json_decref(description);
	tpam_engine_close(engine);
	return code;
}

const struct verb verb_show = {
	.name = "show",
	.operands = "[SERVICE]",
	.summary = "show what is configured, and where",
	.help = "Shows the effective stack of a service, its requirements and its\n"
		"providers' options, each with the file and line that it comes from and\n"
		"with what it replaced. Without SERVICE it lists services, providers,\n"
		"stacks and files. Secrets are not shown.\n\n"
		"With --matrix it shows who may do what at the service, and what the others\n"
		"lack: nobody, anybody, and all roles, groups and the like that are named, as\n"
		"the engine decides it of them.\n\n"
		"With --dot or --mermaid it draws what becomes of a request: each rule with\n"
		"where its outcomes lead, and the requirements. Without SERVICE it draws which\n"
		"services ask which providers.\n\n"
		"Exit status: 0 shown, 3 there is no such service or the configuration does\n"
		"not load.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_JSON | OPTIONS_SHOW,
	.most = 1,
	.run = run,
};
