/*
 * accept.c - whose a token is that says nothing of itself: what the option accept says of its looks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/oauth.h>

#define TOKEN_MAX (256 * 1024) /* the loader's max_token is the limit that counts */

struct tpam_accept {
	const struct tpam_host *host;
	const char **prefixes; /* NULL-terminated */
	const char *issuer;    /* of JSON Web Tokens; NULL: none is ours */
	bool opaque;
};

/* ---- Reading the option ---- */

/* WORD of prefix:WORD, NULL where it is none. */
static const char *prefix_of(const char *word)
{
	static const char mark[] = "prefix:";
	size_t length = sizeof(mark) - 1;

	return strncmp(word, mark, length) == 0 && word[length] ? word + length : NULL;
}

/* What would have been right instead; NULL where the word is. */
static const char *word_take(
	struct tpam_accept *accept, const char *word, const char *issuer, bool jwt, size_t *at)
{
	const char *prefix = prefix_of(word);

	if (prefix)
		accept->prefixes[(*at)++] = prefix;
	else if (strcmp(word, "opaque") == 0)
		accept->opaque = true;
	else if (!jwt)
		return "prefix:WORD or opaque";
	else if (strcmp(word, "jwt") != 0)
		return "prefix:WORD, opaque or jwt";
	else if (!issuer)
		return "issuer beside jwt, since that is how its tokens are told";
	else
		accept->issuer = issuer;
	return NULL;
}

static int words_take(struct tpam_accept *accept, struct tpam_instance *instance, bool jwt)
{
	const char *issuer = jwt ? accept->host->option_text(instance, "issuer", 0) : NULL;
	const char *word, *expected;
	size_t at = 0;
	int code = TPAM_OK;

	for (uint32_t i = 0; (word = accept->host->option_text(instance, "accept", i)); i++) {
		if (!(expected = word_take(accept, word, issuer, jwt, &at)))
			continue;
		accept->host->problem(instance, "accept", i, word, expected);
		code = TPAM_E_CONFIG;
	}
	return code;
}

int tpam_accept_open(struct tpam_accept **ret, const struct tpam_host *host,
	struct tpam_instance *instance, uint32_t flags)
{
	struct tpam_accept *accept = calloc(1, sizeof(*accept));
	int code = TPAM_E_MEMORY;

	if (!accept)
		return code;
	accept->host = host;
	accept->prefixes = calloc(host->option_count(instance, "accept") + 1, sizeof(char *));
	if (accept->prefixes)
		code = words_take(accept, instance, (flags & TPAM_ACCEPT_JWT) != 0);
	if (code == TPAM_OK)
		*ret = accept;
	else
		tpam_accept_destroy(accept);
	return code;
}

void tpam_accept_destroy(struct tpam_accept *accept)
{
	if (!accept)
		return;
	free(accept->prefixes);
	free(accept);
}

/* ---- Whose token it is ---- */

static bool has_prefix(const struct tpam_accept *accept, const char *token, size_t length)
{
	for (size_t i = 0; accept->prefixes[i]; i++) {
		size_t size = strlen(accept->prefixes[i]);
		if (length >= size && memcmp(token, accept->prefixes[i], size) == 0)
			return true;
	}
	return false;
}

static int32_t foreign(const struct tpam_accept *accept, struct tpam_call *call, const char *got)
{
	return tpam_call_end(accept->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
		"a token as accept says", got);
}

/* A JSON Web Token, by its unverified issuer and nothing else. */
static int32_t check_jwt(
	const struct tpam_accept *accept, struct tpam_call *call, struct tpam_jws *jws)
{
	bool object = false;

	if (!accept->issuer)
		return foreign(accept, call, "a JSON Web Token");
	const char *issuer = tpam_jws_unverified_issuer(jws, &object);
	if (!issuer && errno == ENOMEM)
		return tpam_call_no_memory(accept->host, call);
	if (issuer && strcmp(issuer, accept->issuer) == 0)
		return 0;
	return tpam_call_end(accept->host, call, TPAM_FOREIGN, TPAM_REASON_WRONG_ISSUER,
		accept->issuer, issuer ? "another issuer" : "no issuer");
}

static int32_t check_other(const struct tpam_accept *accept, struct tpam_call *call)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, accept->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(accept->host, call);
	if (code == TPAM_OK)
		return check_jwt(accept, call, jws);
	/* Where a part cannot be read it is nobody's JSON Web Token, and nothing that is opaque. */
	if (code == TPAM_E_ARGUMENT && accept->opaque)
		return 0;
	return foreign(
		accept, call, code == TPAM_E_ARGUMENT ? "another" : "a broken JSON Web Token");
}

int32_t tpam_accept_check(const struct tpam_accept *accept, struct tpam_call *call)
{
	uint64_t length = 0;
	const char *token = accept->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	if (length > TOKEN_MAX)
		return tpam_call_end(accept->host, call, TPAM_INVALID, TPAM_REASON_TOO_LARGE,
			"a token of at most 256 KiB", "a larger one");
	return has_prefix(accept, token, (size_t)length) ? 0 : check_other(accept, call);
}
