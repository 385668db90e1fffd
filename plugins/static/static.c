/*
 * static.c - tokens that the operator issued by hand, kept as hashes in files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "tokens.h"

#define PREFIX "prefix:"

struct instance {
	const struct tpam_host *host;
	const struct tpam_instance *instance;
	struct tokens tokens;
};

static bool is_prefix(const char *accept)
{
	return strncmp(accept, PREFIX, strlen(PREFIX)) == 0 && accept[strlen(PREFIX)];
}

static void check_accept(const struct tpam_host *host, struct tpam_instance *instance)
{
	for (uint32_t i = 0; i < host->option_count(instance, "accept"); i++) {
		const char *accept = host->option_text(instance, "accept", i);
		if (!is_prefix(accept) && strcmp(accept, "opaque") != 0)
			host->problem(instance, "accept", i, accept, "prefix:WORD or opaque");
	}
}

static int32_t read_tokens(
	struct instance *state, const struct tpam_host *host, struct tpam_instance *instance)
{
	uint32_t files = host->option_count(instance, "tokens");
	int32_t code = TPAM_OK;
	for (uint32_t i = 0; i < files && code == TPAM_OK; i++)
		code = tokens_read(
			&state->tokens, host, instance, host->option_text(instance, "tokens", i));
	if (code == TPAM_OK)
		tokens_sort(&state->tokens, host, instance);
	if (code == TPAM_OK && state->tokens.count == 0)
		host->log(instance, TPAM_LOG_WARNING, "has no tokens and accepts none");
	return code;
}

/* What the list says of fields that requirements look at, and what it has no word for. */
static const struct {
	int32_t field;
	enum token_field of; /* TOKEN_FIELDS: none */
} offers[] = {
	{TPAM_FIELD_SUBJECT, TOKEN_SUBJECT},
	{TPAM_FIELD_SCOPES, TOKEN_SCOPES},
	{TPAM_FIELD_ROLES, TOKEN_ROLES},
	{TPAM_FIELD_GROUPS, TOKEN_GROUPS},
	{TPAM_FIELD_TENANT, TOKEN_TENANT},
	{TPAM_FIELD_CLAIMS, TOKEN_FIELDS},
	{TPAM_FIELD_AUTH_TIME, TOKEN_FIELDS},
};

static int32_t offer_one(const struct tpam_host *host, struct tpam_instance *instance,
	int32_t field, const char *value, size_t length)
{
	char *copy = strndup(value, length);
	int32_t code = copy ? host->offer(instance, field, copy) : TPAM_E_MEMORY;

	free(copy);
	return code;
}

/* A list has commas between; a subject or a tenant is one text, commas and all. */
static int32_t offer_all(const struct tpam_host *host, struct tpam_instance *instance,
	int32_t field, const char *values)
{
	bool whole = field == TPAM_FIELD_SUBJECT || field == TPAM_FIELD_TENANT;
	const char *element;
	size_t length = 0;
	int32_t code = TPAM_OK;

	if (whole && values)
		return host->offer(instance, field, values);
	while (code == TPAM_OK && (element = token_element(&values, &length)))
		code = offer_one(host, instance, field, element, length);
	return code;
}

/* More than are worth naming count as any. Where there is no token yet, nothing is known of those to come. */
static int32_t offer(
	const struct tokens *tokens, const struct tpam_host *host, struct tpam_instance *instance)
{
	if (tokens->count == 0)
		return TPAM_OK;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		int32_t code = host->offer(instance, offers[i].field, NULL);
		size_t count = offers[i].of == TOKEN_FIELDS ? 0 : tokens->count;
		for (size_t j = 0; j < count && code == TPAM_OK; j++)
			code = offer_all(host, instance, offers[i].field,
				tokens->list[j].values[offers[i].of]);
		if (code == TPAM_E_MEMORY)
			return code;
	}
	return TPAM_OK;
}

static void close_instance(void *state)
{
	struct instance *instance = state;
	tokens_finish(&instance->tokens);
	free(instance);
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct instance *state = calloc(1, sizeof(*state));
	if (!state)
		return TPAM_E_MEMORY;
	state->host = host;
	state->instance = instance;
	check_accept(host, instance);
	int32_t code = read_tokens(state, host, instance);
	if (code == TPAM_OK)
		code = offer(&state->tokens, host, instance);
	if (code == TPAM_OK)
		*ret_state = state;
	else
		close_instance(state);
	return code;
}

/* A token that is not in the list may be somebody else's, unless we were told how ours look. */
static bool is_our_kind(const struct instance *state, const char *bytes, size_t length)
{
	for (uint32_t i = 0; i < state->host->option_count(state->instance, "accept"); i++) {
		const char *accept = state->host->option_text(state->instance, "accept", i);
		const char *prefix = accept + strlen(PREFIX);
		if (!is_prefix(accept))
			return true;
		if (length >= strlen(prefix) && memcmp(bytes, prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct instance *instance = state;
	const struct tpam_host *host = instance->host;
	unsigned char hash[TOKEN_HASH_SIZE];
	uint64_t length = 0;
	const char *bytes = host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	if (!bytes || EVP_Digest(bytes, (size_t)length, hash, NULL, EVP_sha256(), NULL) != 1) {
		host->reason(call, TPAM_REASON_NO_MEMORY, "a SHA-256 of the token", NULL);
		return TPAM_ERROR;
	}
	const struct token *token = tokens_find(&instance->tokens, hash);
	OPENSSL_cleanse(hash, sizeof(hash));
	if (!token) {
		host->reason(call, TPAM_REASON_UNKNOWN_TOKEN, "a token of the list", NULL);
		return is_our_kind(instance, bytes, (size_t)length) ? TPAM_INVALID : TPAM_FOREIGN;
	}
	const char *issuer = host->option_text(instance->instance, "issuer", 0);
	if (issuer)
		host->set_text(call, TPAM_FIELD_ISSUER, issuer, strlen(issuer));
	token_identify(token, host, call); /* the loader compares the time of expiry */
	return TPAM_SUCCESS;
}

static const struct tpam_option *const options[] = {
	TPAM_OPTION(TPAM_TYPE_PATH, TPAM_OPTION_LIST, "tokens", NULL,
		"Files of tokens, a hash and who has it on each line."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "accept", NULL,
		"How its tokens look: prefix:WORD, or opaque for any; those not listed are then "
		"invalid."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "issuer", NULL,
		"The issuer of its identities; else the name of the provider section."),
	NULL};

static const char *const credentials[] = {"bearer", "basic", "header:X-API-Key", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "static",
	.version = "1",
	.summary = "Takes tokens from a list that holds their hashes.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_NONE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = options,
	.open = open_instance,
	.close = close_instance,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
