/*
 * payload.c - builds the claims of a token from the command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tokenpam/kit.h>
#include <tokenpam/tokenpam.h>

#include "expiry.h"
#include "payload.h"

#define USUAL_LIFETIME "1h"
#define NAME_LIMIT     256

static int judge(const struct options *options, int code, const char *option, const char *value)
{
	char buffer[QUOTE_SIZE];

	if (code == TPAM_OK)
		return EXIT_ACCEPTED;
	if (code == TPAM_E_ARGUMENT)
		return misuse(options->verb, "--%s: got %s, which has no form that would do",
			option, quote_operand(buffer, value));
	return fail("%s", tpam_code_text(code));
}

/* ---- Claims with an option of their own ---- */

struct text_claim {
	const char *claim;
	const char *option;
	size_t offset;
};

/* Names as RFC 7519, RFC 8693 and RFC 9068 have them; tenants have no standard name. */
static const struct text_claim texts[] = {
	{"sub", "subject", offsetof(struct options, subject)},
	{"client_id", "client", offsetof(struct options, client)},
	{"tenant_id", "tenant", offsetof(struct options, tenant)},
	{"name", "name", offsetof(struct options, name)},
	{"jti", "jti", offsetof(struct options, token_id)},
};

static int add_texts(struct tpam_payload *payload, const struct options *options)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const void *member = (const char *)options + texts[i].offset;
		const char *text = *(const char *const *)member;
		if (!text)
			continue;
		int code = judge(options, tpam_payload_set_text(payload, texts[i].claim, text),
			texts[i].option, text);
		if (code != EXIT_ACCEPTED)
			return code;
	}
	return EXIT_ACCEPTED;
}

static int add_list(struct tpam_payload *payload, const struct options *options,
	const struct many *values, const char *claim, const char *option)
{
	for (size_t i = 0; i < values->count; i++) {
		int code = judge(options, tpam_payload_add(payload, claim, values->list[i]), option,
			values->list[i]);
		if (code != EXIT_ACCEPTED)
			return code;
	}
	return EXIT_ACCEPTED;
}

static int add_scopes(
	struct tpam_payload *payload, const struct options *options, const char *words)
{
	char *copy = strdup(words), *rest = copy, *word;
	int code = copy ? EXIT_ACCEPTED : fail_memory();

	while (code == EXIT_ACCEPTED && (word = strsep(&rest, " ")))
		if (*word)
			code = judge(options, tpam_payload_add_scope(payload, word), "scope", word);
	free(copy);
	return code;
}

static int add_lists(struct tpam_payload *payload, const struct options *options)
{
	int code = add_list(payload, options, &options->roles, "roles", "role");

	if (code == EXIT_ACCEPTED)
		code = add_list(payload, options, &options->groups, "groups", "group");
	for (size_t i = 0; i < options->words.count && code == EXIT_ACCEPTED; i++)
		code = add_scopes(payload, options, options->words.list[i]);
	return code;
}

/* ---- Any claim ---- */

/* What begins like JSON is meant to be JSON. */
static int set_claim(struct tpam_payload *payload, const char *name, const char *value)
{
	int code = tpam_payload_set_json(payload, name, value);

	if (code == TPAM_E_ARGUMENT && !strchr("{[\"", value[0]))
		code = tpam_payload_set_text(payload, name, value);
	return code;
}

static bool seen_before(const struct many *claims, size_t index, size_t length)
{
	for (size_t i = 0; i < index; i++)
		if (strncmp(claims->list[i], claims->list[index], length + 1) == 0)
			return true;
	return false;
}

/* They come last and replace: a token that is wrong on purpose is made so. */
static int add_claims(struct tpam_payload *payload, const struct options *options)
{
	const struct many *claims = &options->claims;
	char name[NAME_LIMIT];

	for (size_t i = 0; i < claims->count; i++) {
		const char *claim = claims->list[i];
		size_t length = strcspn(claim, "=");
		if (length == 0 || length >= sizeof(name) || !claim[length])
			return misuse(options->verb, "--claim: expected NAME=VALUE");
		memcpy(name, claim, length);
		name[length] = '\0';
		if (seen_before(claims, i, length))
			return misuse(options->verb, "--claim: got a claim twice");
		int code = judge(
			options, set_claim(payload, name, claim + length + 1), "claim", claim);
		if (code != EXIT_ACCEPTED)
			return code;
	}
	return EXIT_ACCEPTED;
}

/* ---- All ---- */

static int add_times(struct tpam_payload *payload, const struct options *options)
{
	const char *text = options->lifetime ? options->lifetime : USUAL_LIFETIME;
	char buffer[QUOTE_SIZE];
	int64_t lifetime;

	if (!duration_parse(text, &lifetime) || lifetime == 0)
		return misuse(options->verb, "--lifetime: got %s, expected 90s, 15m, 1h, 30d",
			quote(buffer, text));
	return judge(options, tpam_payload_set_times(payload, (int64_t)time(NULL), lifetime),
		"lifetime", text);
}

/* Who signs, and for whom: the command line's word counts before the configuration's. */
static int add_ends(
	struct tpam_payload *payload, const struct options *options, const struct target *target)
{
	const char *issuer = options->issuer ? options->issuer : target->issuer;

	if (!issuer && options->service)
		return misuse(options->verb,
			"the provider's issuer is a reference or missing: expected --iss TEXT");
	if (!issuer)
		return misuse(options->verb, "got no issuer, expected --iss TEXT or -s SERVICE");
	int code = judge(options, tpam_payload_set_text(payload, "iss", issuer), "iss", issuer);
	if (code != EXIT_ACCEPTED)
		return code;
	if (options->audiences.count > 0 || !target->audience)
		return add_list(payload, options, &options->audiences, "aud", "aud");
	return judge(options, tpam_payload_add(payload, "aud", target->audience), "aud",
		target->audience);
}

static int fill(
	struct tpam_payload *payload, const struct options *options, const struct target *target)
{
	int code = add_ends(payload, options, target);

	if (code == EXIT_ACCEPTED)
		code = add_texts(payload, options);
	if (code == EXIT_ACCEPTED)
		code = add_times(payload, options);
	if (code == EXIT_ACCEPTED)
		code = add_lists(payload, options);
	if (code == EXIT_ACCEPTED)
		code = add_claims(payload, options);
	return code;
}

int payload_build(char **ret_payload, const struct options *options, const struct target *target)
{
	struct tpam_payload *payload = tpam_payload_create();
	char *text = NULL;

	if (!payload)
		return fail_memory();
	int code = fill(payload, options, target);
	if (code == EXIT_ACCEPTED) {
		text = tpam_payload_json(payload);
		code = text ? EXIT_ACCEPTED : fail_memory();
	}
	tpam_payload_destroy(payload);
	if (code == EXIT_ACCEPTED)
		*ret_payload = text;
	return code;
}
