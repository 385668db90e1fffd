/*
 * main.c - the program tokenpam: finds the verb, runs it, and makes sure that its output arrived.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "complete.h"
#include "options.h"
#include "output.h"

static const struct verb *const verbs[] = {
	&verb_verify,
	&verb_init,
	&verb_check,
	&verb_test,
	&verb_show,
	&verb_diff,
	&verb_plugin,
	&verb_explain,
	&verb_why,
	&verb_hash,
	&verb_mint,
	&verb_keygen,
	&verb_inspect,
	&verb_jws,
	&verb_audit,
	&verb_replay,
	&verb_export,
	&verb_import,
	NULL,
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]) - 1)

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static int unknown_verb(const char *name)
{
	const char *names[VERB_COUNT + 2] = {"help"};
	char buffer[QUOTE_SIZE];

	for (size_t i = 0; i < VERB_COUNT; i++)
		names[i + 1] = verbs[i]->name;
	const char *meant = nearest(name, names);
	if (meant)
		return fail("got verb %s, expected one that 'tokenpam help' lists; did you mean "
			    "\"%s\"?",
			quote_operand(buffer, name), meant);
	return fail("got verb %s, expected one that 'tokenpam help' lists",
		quote_operand(buffer, name));
}

static int print_overview(FILE *file, int code)
{
	fputs("usage: tokenpam VERB [OPTION]... [OPERAND]...\n"
	      "       tokenpam help [VERB] | --help | --version\n\n",
		file);
	for (size_t i = 0; i < VERB_COUNT; i++)
		fprintf(file, "  %-8s  %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\nExit status: 0 accepted or done, 1 refused or different, 2 could not find out,\n"
	      "3 misconfigured or misused. 'tokenpam help VERB' tells more; see also "
	      "tokenpam(1).\n",
		file);
	return code;
}

static int print_help(const struct verb *verb)
{
	print_usage(stdout, verb);
	printf("\n%s\n\nOptions:\n", verb->help);
	print_options(stdout, verb);
	return EXIT_ACCEPTED;
}

static int print_version(void)
{
	printf("tokenpam %s\n", tpam_version());
	return EXIT_ACCEPTED;
}

static int run_help(int argc, char **argv)
{
	if (argc < 2)
		return print_overview(stdout, EXIT_ACCEPTED);
	if (argc > 2)
		return fail("help: got %d operands, expected at most one verb", argc - 1);
	const struct verb *verb = find_verb(argv[1]);
	if (!verb)
		return unknown_verb(argv[1]);
	return print_help(verb);
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct options options = {.verb = verb};

	int code = options_parse(&options, verb, argc, argv);
	if (code == EXIT_ACCEPTED)
		code = options.help ? print_help(verb) : verb->run(&options);
	options_finish(&options);
	return code;
}

/* Options that take the place of a verb. */
static int run_program_option(const char *option)
{
	char buffer[QUOTE_SIZE];

	if (strcmp(option, "--version") == 0 || strcmp(option, "-V") == 0)
		return print_version();
	if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0)
		return print_overview(stdout, EXIT_ACCEPTED);
	return fail("got %s, expected a verb, --help or --version", quote_operand(buffer, option));
}

static int run(int argc, char **argv)
{
	if (argc < 2)
		return print_overview(stderr, EXIT_MISUSED);
	if (argv[1][0] == '-')
		return run_program_option(argv[1]);
	if (strcmp(argv[1], "help") == 0)
		return run_help(argc - 1, argv + 1);
	if (strcmp(argv[1], "complete") == 0)
		return complete(verbs, argc == 3 ? argv[2] : NULL);
	const struct verb *verb = find_verb(argv[1]);
	if (!verb)
		return unknown_verb(argv[1]);
	return run_verb(verb, argc - 1, argv + 1);
}

/*
 * Occupies standard descriptors that the caller closed, so that no file opened later is taken for
 * one of them. They are opened the wrong way round: using them still fails.
 */
static int occupy_descriptors(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", modes[fd]) != fd)
			return EXIT_MISUSED;
	}
	return EXIT_ACCEPTED;
}

/* An answer that did not arrive is no answer. */
static int finish_output(int code)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	return fail("standard output: %s", errno ? strerror(errno) : "could not be written");
}

int main(int argc, char **argv)
{
	if (occupy_descriptors() != EXIT_ACCEPTED)
		return EXIT_MISUSED;
	json_init();
	colour_init();
	return finish_output(run(argc, argv));
}
