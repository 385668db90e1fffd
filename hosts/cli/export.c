/*
 * export.c - 'tokenpam export': what another program needs to be configured as a service is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine.h"
#include "fastmcp.h"
#include "output.h"

static void complain(const char *word, const json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		fprintf(stderr, "tokenpam: %s", word);
		print_text(stderr, json_string_value(line));
		fputc('\n', stderr);
	}
}

static int write_out(const struct fastmcp *fastmcp, const struct options *options)
{
	const char *format = options->format ? options->format : "json";
	const char *service = options->operands[1];

	if (strcmp(format, "env") == 0)
		return fastmcp_write_env(fastmcp, service);
	if (strcmp(format, "python") == 0)
		return fastmcp_write_python(fastmcp, service);
	complain("note: ", fastmcp->notes);
	return fastmcp_write_json(fastmcp);
}

/* What cannot be said there is an error, or with --compat a warning. */
static int export(const json_t *service, const struct options *options)
{
	struct fastmcp fastmcp;
	int code = EXIT_REFUSED;

	fastmcp_init(&fastmcp);
	fastmcp_from_service(&fastmcp, service, options->base_url);
	complain(options->compat ? "lost: " : "", fastmcp.lost);
	complain("", fastmcp.impossible);
	if (json_array_size(fastmcp.impossible) > 0)
		fail("FastMCP cannot be configured as this service is");
	else if (json_array_size(fastmcp.lost) > 0 && !options->compat)
		fail("FastMCP cannot be configured as this service is; --compat exports the rest");
	else
		code = write_out(&fastmcp, options);
	fastmcp_finish(&fastmcp);
	return code;
}

static int check_words(const struct options *options)
{
	static const char *const formats[] = {"json", "env", "python"};
	char buffer[QUOTE_SIZE];
	bool known = !options->format;

	if (strcmp(options->operands[0], "fastmcp") != 0)
		return misuse(options->verb, "got %s, expected fastmcp",
			quote_operand(buffer, options->operands[0]));
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		known = known || strcmp(options->format, formats[i]) == 0;
	if (!known)
		return misuse(options->verb, "--format: got %s, expected json, env or python",
			quote(buffer, options->format));
	return EXIT_ACCEPTED;
}

static int run(const struct options *options)
{
	struct tpam_engine *engine = NULL;
	json_t *service = NULL;

	int code = check_words(options);
	if (code == EXIT_ACCEPTED)
		code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = engine_describe(engine, options->operands[1], &service);
	if (code == EXIT_REFUSED)
		code = engine_no_service(engine, options->operands[1]);
	else if (code == EXIT_ACCEPTED)
		code = export(service, options);
	json_decref(service);
	tpam_engine_close(engine);
	return code;
}

const struct verb verb_export = {
	.name = "export",
	.operands = "fastmcp SERVICE",
	.summary = "write what FastMCP needs to be as a service is",
	.help = "Writes what FastMCP has to be given to verify tokens as a service does: JSON\n"
		"with provider_class, config_params and import_path, variables for FastMCP\n"
		"2.12.1 to 2.14, which 3.0 reads no more, or Python. Secrets stay references\n"
		"to the environment.\n\n"
		"FastMCP knows one provider, one algorithm, and scopes. A service that has more\n"
		"is not exported, and what it has is listed by file and line; with --compat the\n"
		"rest is, and FastMCP is then less strict than the service.\n\n"
		"Exit status: 0 written, 1 FastMCP cannot be configured so, 3 there is no such\n"
		"service or the configuration does not load.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_EXPORT,
	.least = 2,
	.most = 2,
	.run = run,
};
