/*
 * hash.c - 'tokenpam hash': a line for the token file of the plugin static.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "expiry.h"
#include "generate.h"
#include "input.h"
#include "options.h"
#include "output.h"

/* Shorter tokens can be guessed from their hash. */
#define SHORTEST 16

#define HASH_LENGTH 32

/* Words of the line, ready to print. */
struct fields {
	char *scopes;            /* commas between; NULL: none */
	char expires[TIME_SIZE]; /* "": never */
};

/* The file has no way to write quotes and control characters; backslashes would mislead. */
static bool is_writable(const char *text)
{
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\')
			return false;
	}
	return *text != '\0';
}

/* "read  write" becomes "read,write". */
static int join_scopes(const struct options *options, char **ret_scopes)
{
	char *scopes = strdup(options->scopes), *to = scopes;

	if (!scopes)
		return fail_memory();
	for (const char *at = options->scopes; *at;) {
		size_t length = strcspn(at, " ,");
		if (length > 0 && to > scopes)
			*to++ = ',';
		memcpy(to, at, length);
		to += length;
		at += length + strspn(at + length, " ,");
	}
	*to = '\0';
	if (is_writable(scopes)) {
		*ret_scopes = scopes;
		return EXIT_ACCEPTED;
	}
	free(scopes);
	return misuse(options->verb,
		"--scopes: expected words with blanks between, without quotes and backslashes");
}

static int read_expiry(const struct options *options, char expires[TIME_SIZE])
{
	int64_t now = (int64_t)time(NULL), seconds;
	char buffer[QUOTE_SIZE];

	if (!expiry_parse(options->expires, now, &seconds) || !time_text(expires, seconds))
		return misuse(options->verb,
			"--expires: got %s, expected a time as 2027-01-01T00:00:00Z or a duration "
			"as 30d",
			quote(buffer, options->expires));
	if (seconds <= now)
		fail("warning: --expires: %s has passed already", expires);
	return EXIT_ACCEPTED;
}

static int read_fields(const struct options *options, struct fields *fields)
{
	int code = EXIT_ACCEPTED;

	if (options->subject && !is_writable(options->subject))
		return misuse(options->verb, "--subject: expected text without quotes, backslashes "
					     "and control characters");
	if (options->name && !is_writable(options->name))
		return misuse(options->verb,
			"--name: expected text without quotes, backslashes and control characters");
	if (options->expires)
		code = read_expiry(options, fields->expires);
	if (options->scopes && code == EXIT_ACCEPTED)
		code = join_scopes(options, &fields->scopes);
	return code;
}

static int get_token(const struct options *options, struct input *token)
{
	if (options->generate && options->operand_count > 0)
		return misuse(options->verb, "got --generate and TOKENFILE, expected one of them");
	if (options->generate)
		return generate_token(token, options->generate);
	if (options->operand_count == 0)
		return misuse(options->verb, "got no TOKENFILE, expected one, \"-\" or --generate");
	int code = input_token(token, options->operands[0]);
	if (code != EXIT_ACCEPTED || token->length >= SHORTEST || options->weak)
		return code;
	fail("got a token of %zu bytes, expected at least %d: shorter ones can be guessed from the "
	     "hash "
	     "(--weak takes it all the same)",
		token->length, SHORTEST);
	input_finish(token);
	return EXIT_MISUSED;
}

static void print_field(const char *label, const char *value, bool quoted)
{
	const char *mark = quoted ? "\"" : "";

	if (value)
		printf(" %s=%s%s%s", label, mark, value, mark);
}

static int print_line(
	const struct input *token, const struct options *options, const struct fields *fields)
{
	unsigned char hash[HASH_LENGTH];

	if (EVP_Digest(token->bytes, token->length, hash, NULL, EVP_sha256(), NULL) != 1)
		return fail("SHA-256 is not to be had from libcrypto");
	fputs("sha256:", stdout);
	for (size_t i = 0; i < sizeof(hash); i++)
		printf("%02x", (unsigned int)hash[i]);
	print_field("subject", options->subject, options->subject && strchr(options->subject, ' '));
	print_field("scopes", fields->scopes, false);
	print_field("expires", fields->expires[0] ? fields->expires : NULL, false);
	print_field("name", options->name, true);
	putchar('\n');
	return EXIT_ACCEPTED;
}

static int run(const struct options *options)
{
	struct fields fields = {0};
	struct input token = {0};

	int code = read_fields(options, &fields);
	if (code == EXIT_ACCEPTED)
		code = get_token(options, &token);
	if (code == EXIT_ACCEPTED)
		code = print_line(&token, options, &fields);
	input_finish(&token);
	free(fields.scopes);
	return code;
}

const struct verb verb_hash = {
	.name = "hash",
	.operands = "[TOKENFILE | -]",
	.summary = "make a line for the token file of plugin static",
	.help = "Prints the line that makes a token known to the plugin static: its\n"
		"SHA-256, whose it is and what it may do. The token is read from TOKENFILE,\n"
		"or with - from standard input; with --generate a random one is made and\n"
		"written to a new file.\n\n"
		"Exit status: 0 printed, 3 misused.",
	.options = OPTIONS_HASH,
	.most = 1,
	.run = run,
};
