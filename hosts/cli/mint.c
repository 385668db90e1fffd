/*
 * mint.c - 'tokenpam mint': makes and signs a token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/kit.h>

#include "input.h"
#include "minting.h"

static int check_options(const struct options *options)
{
	if (!options->subject)
		return misuse(options->verb, "got no --subject NAME, expected whose token it is");
	if (options->service)
		return EXIT_ACCEPTED;
	if (options->provider)
		return misuse(options->verb,
			"got -p without -s, expected the service that the token is for, too");
	if (options->config || options->environment)
		return misuse(options->verb, "got a configuration without -s, expected the service "
					     "that the token is for");
	if (!options->key && !options->is_unsigned)
		return misuse(
			options->verb, "got no key, expected --key FILE, -s SERVICE or --unsigned");
	return EXIT_ACCEPTED;
}

static int print(const struct options *options, const struct target *target)
{
	char *token = NULL;

	int code = minting_make(&token, options, target);
	if (code == EXIT_ACCEPTED)
		puts(token);
	tpam_kit_free(token);
	return code;
}

static int run(const struct options *options)
{
	struct target target = {0};

	input_protect();
	int code = check_options(options);
	if (code == EXIT_ACCEPTED && options->service)
		code = target_read(&target, options);
	if (code == EXIT_ACCEPTED)
		code = print(options, &target);
	target_finish(&target);
	return code;
}

const struct verb verb_mint = {
	.name = "mint",
	.operands = "--subject NAME",
	.summary = "make and sign a token",
	.help = "Prints a JSON Web Token that says who somebody is and what they may do,\n"
		"signed with a private key as 'tokenpam keygen' makes it.\n\n"
		"With -s SERVICE the configuration says the rest: the audience is the\n"
		"service's, else the provider's, issuer and typ are the provider's, and the\n"
		"key is beside its jwks_file: keys/corp.key for keys/corp.jwks. The provider\n"
		"is that of the service that has an issuer, or the one that -p names.\n"
		"--iss, --aud, --typ and --key count before the configuration.\n\n"
		"  tokenpam mint -e development -s notes --subject alice --scope notes.read\n"
		"  tokenpam mint --key corp.key --iss https://login.example.com \\\n"
		"    --aud https://notes.example.com --subject alice --role editor\n\n"
		"--claim comes last and replaces what other options say: exp=0 makes an\n"
		"expired token. A private key comes from a file that others cannot read, or\n"
		"from standard input, never from the command line.\n\n"
		"Exit status: 0 printed, 3 misconfigured or misused.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_MINT,
	.run = run,
};
