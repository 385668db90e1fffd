/*
 * import.c - 'tokenpam import': a configuration from what another program was told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "fastmcp_import.h"
#include "input.h"
#include "newfile.h"
#include "output.h"

static int complain(const json_t *errors)
{
	json_t *error;
	size_t i;

	json_array_foreach(errors, i, error)
	{
		fputs("tokenpam: ", stderr);
		print_text(stderr, json_string_value(error));
		fputc('\n', stderr);
	}
	return json_array_size(errors) > 0 ? EXIT_MISUSED : EXIT_ACCEPTED;
}

static int read_settings(struct import *import)
{
	const char *file = import->options->operands[1];
	struct input input;

	if (!file) {
		import_read_environment(import);
		return complain(import->errors);
	}
	int code = input_read(&input, file, "variables or JSON");
	if (code != EXIT_ACCEPTED)
		return code;
	import_read_text(import, strcmp(file, "-") == 0 ? "standard input" : file, input.bytes,
		input.length);
	input_finish(&input);
	return complain(import->errors);
}

static int write_settings(struct import *import)
{
	const char *key = NULL, *path = import->options->public_file;
	char *text = import_write(import, &key);
	int code = text ? complain(import->errors) : fail_memory();

	if (code == EXIT_ACCEPTED && path && !key)
		code = fail("--public: got no public key for it among the settings");
	if (code == EXIT_ACCEPTED && key)
		code = newfile_write(path, NEWFILE_PUBLIC, key);
	if (code == EXIT_ACCEPTED)
		fputs(text, stdout);
	free(text);
	return code;
}

static int check_words(const struct options *options)
{
	char buffer[QUOTE_SIZE];

	if (strcmp(options->operands[0], "fastmcp") != 0)
		return misuse(options->verb, "got %s, expected fastmcp",
			quote_operand(buffer, options->operands[0]));
	if (options->from_environment == (options->operand_count > 1))
		return misuse(options->verb, "expected a file, or --from-environment");
	if (options->service &&
		!options->service[strspn(options->service,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")])
		return EXIT_ACCEPTED;
	return options->service ? misuse(options->verb,
					  "--service: got %s, expected letters, digits, "
					  "'.', '_' and '-'",
					  quote(buffer, options->service))
				: EXIT_ACCEPTED;
}

static int run(const struct options *options)
{
	int code = check_words(options);

	if (code != EXIT_ACCEPTED)
		return code;
	struct import import = {.options = options,
		.params = json_object(),
		.places = json_object(),
		.variables = json_object(),
		.selected = json_object(),
		.errors = json_array(),
		.notes = json_array()};
	code = read_settings(&import);
	if (code == EXIT_ACCEPTED)
		code = write_settings(&import);
	json_decref(import.params);
	json_decref(import.places);
	json_decref(import.variables);
	json_decref(import.selected);
	json_decref(import.errors);
	json_decref(import.notes);
	return code;
}

const struct verb verb_import = {
	.name = "import",
	.operands = "fastmcp [FILE | -]",
	.summary = "make a configuration of what FastMCP was told",
	.help = "Reads what FastMCP was told, and prints a configuration that does the same, or\n"
		"what is safe where that is not: a file of FASTMCP_SERVER_AUTH_... variables, one\n"
		"a line, or JSON with provider_class, config_params and import_path; with\n"
		"--from-environment the variables of the environment.\n\n"
		"Variables that FastMCP does not know are errors, and so is what would open the\n"
		"service to strangers: no issuer, no audience, HS256 with published keys, "
		"http://.\n"
		"Secrets are not printed: they become references to the environment.\n\n"
		"Exit status: 0 printed, 3 something is wrong with the settings.",
	.options = OPTIONS_IMPORT,
	.least = 1,
	.most = 2,
	.run = run,
};
