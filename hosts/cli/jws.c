/*
 * jws.c - 'tokenpam jws verify': verifies a signature and nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "input.h"
#include "keys.h"
#include "options.h"

/* An HMAC secret verifies only where that is asked for by name: a public key must not be taken for one. */
static int check_algorithms(const struct options *options, uint32_t *ret_flags)
{
	*ret_flags = TPAM_KEYS_SKIP;
	for (size_t i = 0; i < options->algorithms.count; i++) {
		const char *name = options->algorithms.list[i];
		if (!tpam_alg_known(name))
			return fail_algorithm(options->verb, name);
		if (tpam_alg_symmetric(name))
			*ret_flags |= TPAM_KEYS_SYMMETRIC;
	}
	return EXIT_ACCEPTED;
}

static int read_keys(struct tpam_keys **ret_keys, const struct options *options)
{
	struct tpam_keys_rules rules = {
		.algorithms = options->algorithms.count ? options->algorithms.list : NULL};
	struct tpam_fault fault = {0};
	char buffer[QUOTE_SIZE];
	struct input input;

	int code = check_algorithms(options, &rules.flags);
	if (code == EXIT_ACCEPTED)
		code = input_read(&input, options->jwks, "a key set");
	if (code != EXIT_ACCEPTED)
		return code;
	int parsed = tpam_keys_parse(ret_keys, input.bytes, input.length, &rules, &fault);
	input_finish(&input);
	quote(buffer, options->jwks);
	if (parsed == TPAM_E_CONFIG)
		return fail_fault(buffer, &fault);
	if (parsed != TPAM_OK)
		return fail("%s: %s", buffer, tpam_code_text(parsed));
	if (options->verbose && tpam_keys_skipped(*ret_keys) > 0)
		fail("%s: warning: %zu keys cannot be used and are left out", buffer,
			tpam_keys_skipped(*ret_keys));
	return EXIT_ACCEPTED;
}

static int refuse(int code, const struct tpam_fault *fault)
{
	if (code == TPAM_E_MEMORY)
		return fail_memory();
	if (code == TPAM_E_ARGUMENT)
		fail("got no compact JWS, expected HEADER.PAYLOAD.SIGNATURE in base64url");
	else if (code == TPAM_E_CONFIG)
		fail_fault(NULL, fault);
	else
		fail("%s", tpam_code_text(code));
	return EXIT_REFUSED;
}

static int print_payload(const struct tpam_jws *jws)
{
	size_t length = 0;
	const char *payload = tpam_jws_payload(jws, &length);

	if (!payload)
		return EXIT_REFUSED;
	/* Whether it arrived is looked at by main(). */
	(void)fwrite(payload, 1, length, stdout);
	return EXIT_ACCEPTED;
}

static int verify(const struct tpam_keys *keys, const struct input *input)
{
	struct tpam_fault fault = {0};
	struct tpam_jws *jws = NULL;
	size_t length = input->length;

	/* Lines end so; anything else is the token's own. */
	if (length > 0 && input->bytes[length - 1] == '\n')
		length--;
	int parsed = tpam_jws_parse(&jws, input->bytes, length, INPUT_LIMIT, &fault);
	if (parsed == TPAM_OK)
		parsed = tpam_jws_verify(jws, keys, &fault);
	int code = parsed == TPAM_OK ? print_payload(jws) : refuse(parsed, &fault);
	tpam_jws_destroy(jws);
	return code;
}

static int run(const struct options *options)
{
	struct tpam_keys *keys = NULL;
	char buffer[QUOTE_SIZE];
	struct input input;

	if (strcmp(options->operands[0], "verify") != 0)
		return misuse(options->verb, "got %s, expected \"verify\"",
			quote_operand(buffer, options->operands[0]));
	if (!options->jwks)
		return misuse(options->verb, "got no --jwks FILE, expected a key set");
	if (strcmp(options->jwks, "-") == 0)
		return misuse(options->verb,
			"--jwks: got \"-\", expected a file: standard input is the token");
	int code = read_keys(&keys, options);
	if (code == EXIT_ACCEPTED)
		code = input_read(&input, "-", "a token");
	if (code == EXIT_ACCEPTED) {
		code = verify(keys, &input);
		input_finish(&input);
	}
	tpam_keys_unref(keys);
	return code;
}

const struct verb verb_jws = {
	.name = "jws",
	.operands = "verify --jwks FILE",
	.summary = "verify a signature, and nothing else",
	.help = "Reads a JSON Web Signature in compact form from standard input, verifies it\n"
		"with the key of the set that it names, and prints the payload, byte for\n"
		"byte. Nothing is printed unless the signature is right. What the payload\n"
		"says is not looked at: who is meant, for whom, and until when is decided\n"
		"by 'tokenpam verify'.\n\n"
		"Keys for HS256 to HS512 are used only if --alg names the algorithm.\n\n"
		"Exit status: 0 verified, 1 refused, 3 misused, or the set cannot be used.",
	.options = OPTIONS_JWS,
	.least = 1,
	.most = 1,
	.run = run,
};
