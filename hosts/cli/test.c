/*
 * test.c - 'tokenpam test': what becomes of whom, as somebody expects it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine.h"
#include "input.h"
#include "suite.h"

#define FILES_MOST 1000

static int run_tests(struct suite *suite, struct tpam_engine *engine, const struct options *options,
	struct tally *tally)
{
	for (size_t i = 0; i < suite->attempt_count; i++) {
		struct tpam_result *result = NULL;
		if (attempt_run(suite, &suite->attempts[i], engine, options, &result) ==
			EXIT_ACCEPTED)
			tally_add(tally, suite, &suite->attempts[i], result, options);
		tpam_result_unref(result);
	}
	return suite->errors ? EXIT_MISUSED : EXIT_ACCEPTED;
}

static int check_and_run(struct suite *suite, struct tpam_engine *engine,
	const struct options *options, struct tally *tally)
{
	struct known known;

	int code = known_open(&known, engine);
	if (code == EXIT_ACCEPTED)
		suite_check(suite, &known);
	known_finish(&known);
	if (code != EXIT_ACCEPTED || suite->errors)
		return EXIT_MISUSED;
	return run_tests(suite, engine, options, tally);
}

/* The command line's configuration counts before the file's own. */
static int load(struct suite *suite, const struct options *options, struct tpam_engine **ret_engine)
{
	struct options own = *options;

	if (!options->config && !options->environment) {
		own.config = suite->config;
		own.environment = suite->environment;
	}
	if (own.config || own.environment)
		return engine_start(&own, ret_engine);
	suite_complain(suite, (struct spot){1, 1},
		"got no configuration, expected config = FILE or environment = NAME before the "
		"first section, -c or -e");
	return EXIT_MISUSED;
}

static int run_file(const char *path, const struct options *options, struct tally *tally)
{
	struct suite suite;
	struct tpam_engine *engine = NULL;

	int code = suite_read(&suite, path);
	if (code == EXIT_ACCEPTED)
		code = load(&suite, options, &engine);
	if (code == EXIT_ACCEPTED)
		code = check_and_run(&suite, engine, options, tally);
	tpam_engine_close(engine);
	suite_finish(&suite);
	return code;
}

/* One file that cannot be read does not keep the others from being run. */
static int run(const struct options *options)
{
	struct tally tally = {0};

	if (options->json && options->tap)
		return misuse(options->verb, "got --json and --tap, expected one of them");
	input_protect();
	if (options->tap)
		puts("TAP version 13");
	for (size_t i = 0; i < options->operand_count; i++)
		if (run_file(options->operands[i], options, &tally) != EXIT_ACCEPTED)
			tally_lose(&tally, options->operands[i], options);
	int code = tally_print(&tally, options);
	if (tally.lost > 0)
		return EXIT_MISUSED;
	return code == EXIT_ACCEPTED && tally.failed > 0 ? EXIT_REFUSED : code;
}

const struct verb verb_test = {
	.name = "test",
	.operands = "FILE...",
	.summary = "run tests of a configuration",
	.help = "Runs the tests in files, and tells of each that fails what came, what was\n"
		"expected, and the rule that decided. A test is a line:\n\n"
		"  config = production.ini\n\n"
		"  [identity:alice]\n"
		"  provider = corp\n"
		"  subject  = alice\n"
		"  roles    = editor\n\n"
		"  [test]\n"
		"  alice  my-api/edit   -> success\n"
		"  alice  my-api/reset  -> denied missing_scope admin\n"
		"  nobody my-api        -> no_credential\n\n"
		"An identity is what a provider says of somebody; it is not asked. A file with a\n"
		"token is @FILE. tokenpam-test(5) has all that a file may say. -c and -e count\n"
		"before the configuration that a file names.\n\n"
		"Exit status: 0 all passed, 1 some failed, 3 a file or a configuration cannot\n"
		"be read.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_JSON | OPTIONS_TEST,
	.least = 1,
	.most = FILES_MOST,
	.run = run,
};
