/*
 * keygen.c - 'tokenpam keygen': makes a key to sign tokens with, and the key set that verifies them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "generate.h"
#include "keys.h"
#include "newfile.h"
#include "options.h"

#define USUAL_ALGORITHM "EdDSA"

#define RSA_LEAST 2048
#define RSA_MOST  4096

#define SECRET_MOST   64 /* random bytes; SHA-512 */
#define SECRET_LENGTH ((SECRET_MOST * 8 + 5) / 6)
#define JWK_SIZE      256

/* A key as it goes into files. Each is to be freed by tpam_kit_free(), but for `secret`. */
struct made {
	char *private;
	char *public;                   /* NULL: none */
	char secret[SECRET_LENGTH + 1]; /* "": none */
};

/* ---- Options ---- */

static bool is_rsa(const char *algorithm)
{
	return algorithm[0] == 'R' || algorithm[0] == 'P';
}

static int read_bits(const struct options *options, const char *algorithm, unsigned *ret_bits)
{
	char buffer[QUOTE_SIZE];
	const char *text = options->bits;
	size_t length = text ? strlen(text) : 0;

	*ret_bits = 0;
	if (!text)
		return EXIT_ACCEPTED;
	quote_operand(buffer, text);
	if (length == 0 || length > 5 || strspn(text, "0123456789") != length)
		return misuse(options->verb, "--bits: got %s, expected a number", buffer);
	*ret_bits = (unsigned)strtoul(text, NULL, 10);
	if (is_rsa(algorithm))
		return *ret_bits >= RSA_LEAST && *ret_bits <= RSA_MOST
			       ? EXIT_ACCEPTED
			       : misuse(options->verb, "--bits: got %s, expected %d to %d for RSA",
					 buffer, RSA_LEAST, RSA_MOST);
	if (strcmp(algorithm, "EdDSA") == 0 && *ret_bits == 448)
		return EXIT_ACCEPTED;
	return misuse(options->verb, "--bits: got %s, expected %s", buffer,
		strcmp(algorithm, "EdDSA") == 0 ? "448, or none for Ed25519"
						: "none, since the algorithm has one size");
}

static int check_options(const struct options *options, const char *algorithm)
{
	bool symmetric = tpam_alg_known(algorithm) && tpam_alg_symmetric(algorithm);

	if (!tpam_alg_known(algorithm))
		return fail_algorithm(options->verb, algorithm);
	if (!options->out)
		return misuse(
			options->verb, "got no --out FILE, expected a file for the private key");
	if (symmetric && options->public_file)
		return misuse(options->verb,
			"got --public, but %s has no public key: expected --secret FILE, or "
			"neither",
			algorithm);
	if (!symmetric && options->secret_file)
		return misuse(options->verb,
			"got --secret, which goes with HS256 to HS512: expected --public FILE, or "
			"neither");
	return EXIT_ACCEPTED;
}

/* ---- Making ---- */

/*
 * A secret that is text, so that a configuration can take it from a file: secret = ${file:...}. What an HMAC is made
 * with are the characters themselves.
 */
static int make_secret(struct made *made, struct tpam_signer **ret_signer, const char *algorithm)
{
	uint8_t bytes[SECRET_MOST];
	char encoded[(SECRET_LENGTH * 8 + 5) / 6 + 1], jwk[JWK_SIZE];
	struct tpam_fault fault = {0};
	size_t size = strtoul(algorithm + 2, NULL, 10) / 8;

	/* So few bytes come whole or not at all. */
	if (size > sizeof(bytes) || getrandom(bytes, size, 0) != (ssize_t)size)
		return fail("random bytes: %s", strerror(errno));
	size_t length = generate_text(made->secret, bytes, size);
	generate_text(encoded, (const uint8_t *)made->secret, length);
	int used = snprintf(jwk, sizeof(jwk), "{\"kty\":\"oct\",\"alg\":\"%s\",\"k\":\"%s\"}",
		algorithm, encoded);
	int code = used > 0 && (size_t)used < sizeof(jwk)
			   ? tpam_signer_parse(ret_signer, jwk, (size_t)used, &fault)
			   : TPAM_E_LIMIT;
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(encoded, sizeof(encoded));
	explicit_bzero(jwk, sizeof(jwk));
	if (code == TPAM_E_CONFIG)
		return fail_fault(NULL, &fault);
	return code == TPAM_OK ? EXIT_ACCEPTED : fail("%s", tpam_code_text(code));
}

static int make_pair(
	const struct options *options, struct tpam_signer **ret_signer, const char *algorithm)
{
	struct tpam_fault fault = {0};
	unsigned bits;

	int code = read_bits(options, algorithm, &bits);
	if (code != EXIT_ACCEPTED)
		return code;
	int made = tpam_signer_generate(ret_signer, algorithm, bits, &fault);
	if (made == TPAM_E_CONFIG)
		return fail_fault(NULL, &fault);
	return made == TPAM_OK ? EXIT_ACCEPTED : fail("%s", tpam_code_text(made));
}

static int make(const struct options *options, struct made *made, const char *algorithm)
{
	struct tpam_signer *signer = NULL;
	bool symmetric = tpam_alg_symmetric(algorithm);

	if (symmetric && options->bits) {
		unsigned bits;
		return read_bits(options, algorithm, &bits);
	}
	int code = symmetric ? make_secret(made, &signer, algorithm)
			     : make_pair(options, &signer, algorithm);
	if (code != EXIT_ACCEPTED)
		return code;
	made->private = tpam_signer_json(signer);
	made->public = symmetric ? NULL : tpam_signer_public_json(signer);
	tpam_signer_destroy(signer);
	return made->private && (symmetric || made->public) ? EXIT_ACCEPTED : fail_memory();
}

/* ---- Writing ---- */

/* At once, since the private key depends on it. */
static int print(const char *text)
{
	if (puts(text) >= 0 && fflush(stdout) == 0)
		return EXIT_ACCEPTED;
	fail("standard output: %s", strerror(errno));
	/* It has been said; main() need not. */
	clearerr(stdout);
	return EXIT_MISUSED;
}

/* What others than the signer need. */
static int publish(const struct options *options, const struct made *made)
{
	if (options->secret_file)
		return newfile_write(options->secret_file, NEWFILE_PRIVATE, made->secret);
	if (!made->public)
		return EXIT_ACCEPTED;
	return options->public_file
		       ? newfile_write(options->public_file, NEWFILE_PUBLIC, made->public)
		       : print(made->public);
}

/* A private key whose public half got lost is left to nobody. */
static int write_files(const struct options *options, const struct made *made)
{
	int code = newfile_write(options->out, NEWFILE_PRIVATE, made->private);
	if (code != EXIT_ACCEPTED)
		return code;
	code = publish(options, made);
	if (code != EXIT_ACCEPTED)
		unlink(options->out);
	return code;
}

static int run(const struct options *options)
{
	const char *algorithm = options->algorithm ? options->algorithm : USUAL_ALGORITHM;
	struct made made = {0};

	input_protect();
	int code = check_options(options, algorithm);
	if (code == EXIT_ACCEPTED)
		code = make(options, &made, algorithm);
	if (code == EXIT_ACCEPTED)
		code = write_files(options, &made);
	tpam_kit_free(made.private);
	tpam_kit_free(made.public);
	explicit_bzero(made.secret, sizeof(made.secret));
	return code;
}

const struct verb verb_keygen = {
	.name = "keygen",
	.operands = "--out FILE",
	.summary = "make a key to sign tokens with",
	.help = "Makes a key for RS256 to RS512, PS256 to PS512, ES256 to ES512, EdDSA\n"
		"(Ed25519) or HS256 to HS512. The private key goes to a new file that only\n"
		"its owner can read, as a JWK, for 'tokenpam mint --key FILE'. The public\n"
		"key goes to standard output, or with --public to a new file, as a JWK set,\n"
		"for jwks_file = FILE of a provider with plugin = bearer:\n\n"
		"  tokenpam keygen --out keys/corp.key --public keys/corp.jwks\n\n"
		"An HS key has no public half: who verifies can sign, too. --secret writes\n"
		"the secret itself to a new file, for secret = ${file:FILE} of a provider:\n\n"
		"  tokenpam keygen --alg HS256 --out corp.key --secret corp.secret\n\n"
		"A file that is there is not written over.\n\n"
		"Exit status: 0 made, 3 misused, or a file could not be written.",
	.options = OPTIONS_KEYGEN,
	.run = run,
};
