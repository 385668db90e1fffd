/*
 * check.c - 'tokenpam check': what is wrong with a configuration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "check_tools.h"
#include "engine.h"
#include "online.h"

static int run(const struct options *options)
{
	struct tpam_engine *engine = NULL;
	char *config = NULL;

	if (options->service && !options->tools)
		return misuse(options->verb, "got --service without --tools");
	int code = engine_config(options, &config);
	if (code == EXIT_ACCEPTED)
		code = engine_load(options, config, stdout, &engine);
	if (code == EXIT_ACCEPTED && options->tools)
		code = check_tools(engine, options);
	if (code == EXIT_ACCEPTED && options->online)
		code = online_check(engine);
	tpam_engine_close(engine);
	free(config);
	return code;
}

const struct verb verb_check = {
	.name = "check",
	.operands = "",
	.summary = "say what is wrong with a configuration",
	.help = "Loads a configuration with its plugins and prints what it finds, one line\n"
		"each: file:line:column: got ..., expected ... . Warnings have 'warning:'\n"
		"after the place. Nothing is fetched from the network, unless --online asks for\n"
		"it: then providers tell what they found, such as an issuer's keys. With --tools\n"
		"it warns of tools of the host that no rule covers.\n\n"
		"Exit status: 0 it loads, 3 it does not; with --online 2 if a provider cannot\n"
		"find out, 3 if it is misconfigured.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_CHECK,
	.run = run,
};
