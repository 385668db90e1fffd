/*
 * keys.c - reads a private key, and tells what the kit does not like.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "input.h"
#include "keys.h"

/* What came may be the token's, and a terminal would obey it. */
int fail_fault(const char *label, const struct tpam_fault *fault)
{
	const char *reason = tpam_reason_name(fault->reason);

	fprintf(stderr, "tokenpam: %s%s%s", label ? label : "", label ? ": " : "",
		reason ? reason : "refused");
	if (fault->got[0]) {
		fputs(": got ", stderr);
		print_text(stderr, fault->got);
	}
	if (fault->expected[0])
		fprintf(stderr, "%s expected %s", fault->got[0] ? "," : ":", fault->expected);
	fputc('\n', stderr);
	return EXIT_MISUSED;
}

int keys_read_private(struct tpam_signer **ret_signer, const char *path)
{
	struct tpam_fault fault = {0};
	struct input input;
	char buffer[QUOTE_SIZE];

	int code = input_private(&input, path, "a private key");
	if (code != EXIT_ACCEPTED)
		return code;
	int parsed = tpam_signer_parse(ret_signer, input.bytes, input.length, &fault);
	input_finish(&input);
	if (parsed == TPAM_OK)
		return EXIT_ACCEPTED;
	if (parsed == TPAM_E_CONFIG)
		return fail_fault(quote(buffer, path), &fault);
	return fail("%s: %s", quote(buffer, path), tpam_code_text(parsed));
}

int fail_algorithm(const struct verb *verb, const char *name)
{
	const char *meant = nearest(name, tpam_alg_names());
	char buffer[QUOTE_SIZE];

	quote_operand(buffer, name);
	if (meant)
		return misuse(verb,
			"--alg: got %s, expected an algorithm that is known; did you mean \"%s\"?",
			buffer, meant);
	return misuse(verb,
		"--alg: got %s, expected RS256 to RS512, PS256 to PS512, ES256 to ES512, EdDSA "
		"or HS256 to HS512",
		buffer);
}
