/*
 * minting.c - makes and signs a token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "minting.h"
#include "payload.h"

#define USUAL_TYPE "at+jwt"
#define TYPE_LIMIT 64

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

int minting_make(char **ret_token, const struct options *options, const struct target *target)
{
	char *payload = NULL;

	int code = payload_build(&payload, options, target);
	if (code == EXIT_ACCEPTED && options->is_unsigned) {
		*ret_token = payload;
		return code;
	}
	if (code == EXIT_ACCEPTED)
		code = sign(options, target, payload, ret_token);
	tpam_kit_free(payload);
	return code;
}
