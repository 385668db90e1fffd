/*
 * mint.c - 'tokenpam mint': makes and signs a token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "keys.h"
#include "payload.h"

#define USUAL_TYPE "at+jwt"
#define TYPE_LIMIT 64

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

/* NULL in `ret_type`: none. */
static int find_type(
	const struct options *options, const struct target *target, const char **ret_type)
{
	const char *type = options->type ? options->type : target->type;
	char buffer[QUOTE_SIZE];

	if (!type)
		type = USUAL_TYPE;
	for (const char *at = type; *at; at++)
		if (*at <= ' ' || *at > '~' || at - type >= TYPE_LIMIT)
			return misuse(options->verb,
				"--typ: got %s, expected a word as at+jwt or JWT",
				quote_operand(buffer, type));
	if (!type[0])
		return misuse(options->verb, "--typ: got nothing, expected a word, or \"none\"");
	*ret_type = strcmp(type, "none") == 0 ? NULL : type;
	return EXIT_ACCEPTED;
}

static int read_key(
	const struct options *options, const struct target *target, struct tpam_signer **ret_signer)
{
	char buffer[QUOTE_SIZE];

	if (options->key)
		return keys_read_private(ret_signer, options->key);
	if (!target->key)
		return fail("the provider has no jwks_file beside which a private key could be: "
			    "expected --key FILE");
	if (access(target->key, F_OK) != 0)
		return fail("there is no %s beside the provider's jwks_file: expected that, or "
			    "--key FILE",
			quote(buffer, target->key));
	return keys_read_private(ret_signer, target->key);
}

/* A token that the provider would refuse is made with --iss and --aud instead of -s. */
static int check_algorithm(const struct target *target, const struct tpam_signer *signer)
{
	char buffer[QUOTE_SIZE];

	if (target_allows(target, tpam_signer_alg(signer)))
		return EXIT_ACCEPTED;
	return fail("got a key for %s, expected one for the provider's algorithms, %s",
		tpam_signer_alg(signer), quote(buffer, target->algorithms));
}

static int sign(const struct options *options, const struct target *target, const char *payload,
	char **ret_token)
{
	struct tpam_signer *signer = NULL;
	const char *type = NULL;

	int code = find_type(options, target, &type);
	if (code == EXIT_ACCEPTED)
		code = read_key(options, target, &signer);
	if (code == EXIT_ACCEPTED)
		code = check_algorithm(target, signer);
	if (code == EXIT_ACCEPTED) {
		*ret_token = tpam_signer_sign(signer, type, payload, strlen(payload));
		code = *ret_token ? EXIT_ACCEPTED : fail("the token could not be signed");
	}
	tpam_signer_destroy(signer);
	return code;
}

static int print(const struct options *options, const struct target *target)
{
	char *payload = NULL, *token = NULL;

	int code = payload_build(&payload, options, target);
	if (code == EXIT_ACCEPTED && !options->is_unsigned)
		code = sign(options, target, payload, &token);
	if (code == EXIT_ACCEPTED)
		puts(options->is_unsigned ? payload : token);
	tpam_kit_free(payload);
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
