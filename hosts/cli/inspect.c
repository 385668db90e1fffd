/*
 * inspect.c - 'tokenpam inspect': shows what a token says of itself, without believing it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tokenpam/tokenpam.h>

#include "input.h"
#include "keys.h"
#include "moment.h"
#include "options.h"
#include "output.h"

/* The last second of the year 9999. */
#define LATEST INT64_C(253402300799)

/* A token, taken apart. */
struct token {
	json_t *header;
	json_t *claims; /* NULL: the payload is no object of JSON with members that are there once */
	size_t payload_size; /* bytes */
	size_t signature_size;
	int64_t now;
};

/* ---- What is no token that can be shown ---- */

static size_t count_dots(const struct input *input)
{
	size_t count = 0;

	for (size_t i = 0; i < input->length; i++)
		count += input->bytes[i] == '.';
	return count;
}

static int complain(const struct input *input)
{
	switch (count_dots(input)) {
	case 2:
		fail("got something like a JSON Web Token that is not in base64url");
		break;
	case 4:
		fail("got what may be an encrypted token (JWE), which only its recipient can read");
		break;
	default:
		fail("got an opaque token: it says nothing by itself; only who issued it, or "
		     "'tokenpam verify', can tell what it is worth");
	}
	return EXIT_REFUSED;
}

/* ---- Times ---- */

static bool read_time(const json_t *value, int64_t *ret_seconds)
{
	double number = json_number_value(value);

	if (!json_is_number(value) || !(number >= 0 && number <= (double)LATEST))
		return false;
	*ret_seconds = json_is_integer(value) ? json_integer_value(value) : (int64_t)number;
	return true;
}

/* ---- For people ---- */

/* A string as it is, anything else as JSON. */
static void add_value(struct table *table, const char *name, const json_t *value, const char *aside)
{
	char *text =
		json_is_string(value)
			? strdup(json_string_value(value))
			: json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);

	if (text)
		table_add(table, aside, "  %-10s  %s", name, text);
	table->failed |= !text;
	free(text);
}

static void add_claim(
	struct table *table, const struct token *token, const char *name, const json_t *value)
{
	char words[MOMENT_SIZE], when[TIME_SIZE];
	const char *moment = NULL;
	int64_t seconds;

	if (read_time(value, &seconds))
		moment = moment_text(words, name, seconds, token->now);
	if (moment && time_text(when, seconds))
		table_add(table, moment, "  %-10s  %s", name, when);
	else
		add_value(table, name, value, NULL);
}

static int print_header(const struct token *token)
{
	struct table table = {0};
	const char *name;
	json_t *value;

	puts("header");
	json_object_foreach(token->header, name, value) add_value(&table, name, value, NULL);
	return print_table(&table);
}

static int print_claims(const struct token *token)
{
	struct table table = {0};
	const char *name;
	json_t *value;

	if (!token->claims) {
		printf("payload\n  %zu bytes that are no JSON object with each member once: no "
		       "claims\n",
			token->payload_size);
		return EXIT_ACCEPTED;
	}
	puts("claims");
	json_object_foreach(token->claims, name, value) add_claim(&table, token, name, value);
	if (!json_object_get(token->claims, "exp"))
		table_add(&table, "never expires by itself", "  %-10s  (none)", "exp");
	return print_table(&table);
}

static void print_signature(const struct token *token)
{
	const char *algorithm = text_member(token->header, "alg");

	fputs("signature\n  ", stdout);
	if (token->signature_size == 0 || !algorithm || strcmp(algorithm, "none") == 0) {
		colour_print(COLOUR_BAD, "not signed at all");
		putchar('\n');
		return;
	}
	print_text(stdout, algorithm);
	printf(", %zu bytes, ", token->signature_size);
	colour_print(COLOUR_DOUBT, "not verified");
	putchar('\n');
}

static int print(const struct token *token)
{
	colour_print(COLOUR_DOUBT, "NOT VERIFIED");
	puts(": this is what the token says of itself, and anybody could have written it");
	int code = print_header(token);
	if (code == EXIT_ACCEPTED)
		code = print_claims(token);
	if (code == EXIT_ACCEPTED)
		print_signature(token);
	return code;
}

/* ---- For programs ---- */

static json_t *expires_in(const struct token *token)
{
	int64_t seconds;

	if (!read_time(json_object_get(token->claims, "exp"), &seconds))
		return json_null();
	return json_integer(seconds - token->now);
}

static int print_as_json(const struct token *token)
{
	json_t *object = json_pack("{s:b, s:O, s:O?, s:i, s:o}", "verified", 0, "header",
		token->header, "claims", token->claims, "signature_bytes",
		(int)token->signature_size, "expires_in", expires_in(token));

	int code = object ? print_json(object) : fail_memory();
	json_decref(object);
	return code;
}

/* ---- Taking apart ---- */

/* Strictly, or what a provider refuses would look well here. */
static json_t *read_object(const char *text, size_t length)
{
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(value))
		return value;
	json_decref(value);
	return NULL;
}

static int take_apart(struct token *token, const struct tpam_jws *jws, const struct input *input)
{
	const char *dot = memrchr(input->bytes, '.', input->length);
	size_t length;

	const char *text = tpam_jws_header_text(jws, &length);
	token->header = read_object(text, length);
	if (!token->header)
		return fail("the header cannot be read");
	text = tpam_jws_unverified_payload(jws, &token->payload_size);
	token->claims = read_object(text, token->payload_size);
	if (dot)
		token->signature_size = (input->length - (size_t)(dot + 1 - input->bytes)) * 3 / 4;
	token->now = (int64_t)time(NULL);
	return EXIT_ACCEPTED;
}

static int show(const struct input *input, bool as_json)
{
	struct tpam_fault fault = {0};
	struct tpam_jws *jws = NULL;
	struct token token = {0};

	int parsed = tpam_jws_parse(&jws, input->bytes, input->length, INPUT_LIMIT, &fault);
	if (parsed == TPAM_E_ARGUMENT)
		return complain(input);
	if (parsed == TPAM_E_CONFIG) {
		fail_fault(NULL, &fault);
		return EXIT_REFUSED;
	}
	if (parsed != TPAM_OK)
		return fail("%s", tpam_code_text(parsed));
	int code = take_apart(&token, jws, input);
	if (code == EXIT_ACCEPTED)
		code = as_json ? print_as_json(&token) : print(&token);
	json_decref(token.header);
	json_decref(token.claims);
	tpam_jws_destroy(jws);
	return code;
}

static int run(const struct options *options)
{
	struct input input;

	int code = input_token(&input, options->operand_count ? options->operands[0] : "-");
	if (code != EXIT_ACCEPTED)
		return code;
	code = show(&input, options->json);
	input_finish(&input);
	return code;
}

const struct verb verb_inspect = {
	.name = "inspect",
	.operands = "[TOKENFILE | -]",
	.summary = "show what a token says of itself, without believing it",
	.help = "Prints header and claims of a JSON Web Token, with its times in words.\n"
		"NOTHING IS VERIFIED: anybody can write such a token. Whether it is worth\n"
		"anything is decided by 'tokenpam verify'.\n\n"
		"The token is read from TOKENFILE, else from standard input.\n\n"
		"Exit status: 0 shown, 1 it is no token that can be read, 3 misused.",
	.options = OPTIONS_JSON,
	.most = 1,
	.run = run,
};
