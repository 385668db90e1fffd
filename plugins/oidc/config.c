/*
 * config.c - what a [provider:NAME] section with plugin = oidc says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "opaque.h"

static const char *const tokens_words[] = {
	[TOKENS_ACCESS] = "access", [TOKENS_ID] = "id", [TOKENS_BOTH] = "both", NULL};
static const char *const opaque_words[] = {[OPAQUE_NEVER] = "never",
	[OPAQUE_INTROSPECTION] = "introspection",
	[OPAQUE_USERINFO] = "userinfo",
	NULL};
static const char *const userinfo_words[] = {[USERINFO_NEVER] = "never",
	[USERINFO_MISSING] = "missing",
	[USERINFO_ALWAYS] = "always",
	NULL};
static const char *const email_words[] = {[EMAIL_ANY] = "any", [EMAIL_VERIFIED] = "required", NULL};

const struct tpam_option *const oidc_options[] = {
	TPAM_OPTION(TPAM_TYPE_URL, TPAM_OPTION_REQUIRED, "issuer", NULL,
		"The OpenID provider whose tokens these are: compared with iss byte for byte, and "
		"where its metadata is found."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "client_id", NULL,
		"Our client ids at the provider: required for ID tokens, which must be made for "
		"one of them, as access tokens must where audience = none."),
	TPAM_OPTION_ENUM("tokens", tokens_words, "access",
		"Which kinds of token are taken: access tokens, ID tokens, or both."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "algorithms", NULL,
		"Signature algorithms that are allowed; every asymmetric one unless given."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "jwks_uri", NULL,
		"Where the provider publishes its JWK set, if not where its metadata says."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "metadata_url", NULL,
		"Where the provider publishes its metadata, if not at a well-known place of OpenID "
		"or RFC 8414."),
	TPAM_OPTION(TPAM_TYPE_BOOL, 0, "large_rsa", "off",
		"Whether RSA keys of more than 4096 bits are used, up to 8192; each costs ever "
		"more to verify with."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "max_age", NULL,
		"How long after iat a token is accepted at most."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "typ", "at+jwt JWT none",
		"Values of the header typ that are accepted; none stands for a token without it."),
	TPAM_OPTION_ENUM("userinfo", userinfo_words, "never",
		"When the userinfo endpoint is asked about an access token: never, where user "
		"name, name or e-mail address are missing, or always."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "userinfo_endpoint", NULL,
		"The userinfo endpoint, if not where the metadata says."),
	TPAM_OPTION_ENUM("opaque", opaque_words, "never",
		"Who is asked about access tokens that are no JSON Web Tokens: never anybody, the "
		"introspection endpoint, or the userinfo endpoint alone."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "accept", NULL,
		"How those look: prefix:WORD, or opaque for any that is no JSON Web Token; no "
		"other is sent."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "introspection_endpoint", NULL,
		"The introspection endpoint, if not where the metadata says."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "introspection_client", NULL,
		"Who we are to the introspection endpoint; else the first client_id."),
	TPAM_INTROSPECTION_OPTIONS,
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "30s",
		"How long the verdict on an opaque token may be kept, at most until it expires; "
		"0s: never."),
	TPAM_OPTION_ENUM("email_verified", email_words, "any",
		"Whether an e-mail address that the provider has not verified refuses: required or "
		"any."),
	TPAM_CLAIM_OPTIONS("sub", "scope scp", "client_id azp", "roles", "groups", "org_id tid",
		"preferred_username", "name", "email"),
	TPAM_JWKS_OPTIONS, TPAM_HTTP_OPTIONS, NULL};

static const char *text(const struct oidc *oidc, const char *option)
{
	return oidc->host->option_text(oidc->instance, option, 0);
}

static int choice(const struct oidc *oidc, const char *option)
{
	int64_t number = 0;

	(void)oidc->host->option_number(oidc->instance, option, 0, &number);
	return (int)number;
}

static int problem(const struct oidc *oidc, const char *option, const char *expected)
{
	oidc->host->problem(oidc->instance, option, 0, text(oidc, option), expected);
	return TPAM_E_CONFIG;
}

static int tokens_open(struct oidc *oidc)
{
	static const char *const options[] = {"client_id", NULL};

	oidc->clients = tpam_option_texts(oidc->host, oidc->instance, options);
	if (!oidc->clients)
		return TPAM_E_MEMORY;
	if (oidc->tokens == TOKENS_ACCESS)
		return TPAM_OK;
	if (oidc->clients[0])
		return oidc->tokens == TOKENS_ID ? oidc->host->bind_by_client(oidc->instance)
						 : TPAM_OK;
	return problem(oidc, "tokens", "client_id beside it: an ID token is for one client");
}

/* Whose a token is and what it may, by whatever claims: nobody else adds to that. */
static int own_open(struct oidc *oidc)
{
	static const char *const options[] = {"subject_claim", "client_claim", "scope_claim", NULL};

	oidc->own = tpam_option_texts(oidc->host, oidc->instance, options);
	return oidc->own ? TPAM_OK : TPAM_E_MEMORY;
}

/* The endpoint is asked with an access token, and somebody has to say where it is. */
static int userinfo_open(struct oidc *oidc)
{
	bool fills = oidc->userinfo != USERINFO_NEVER;
	bool asked = fills || oidc->opaque == OPAQUE_USERINFO;

	if (!asked && oidc->userinfo_endpoint)
		return problem(oidc, "userinfo_endpoint", "none beside userinfo = never");
	if (fills && oidc->tokens == TOKENS_ID)
		return problem(oidc, "userinfo", "never beside tokens = id");
	if (asked && text(oidc, "jwks_uri") && !oidc->userinfo_endpoint)
		return problem(oidc, fills ? "userinfo" : "opaque",
			"userinfo_endpoint beside jwks_uri, with which no metadata is read");
	return TPAM_OK;
}

static int keys_open(struct oidc *oidc)
{
	const char *names[TPAM_ALGORITHMS_MAX + 1];
	int code = tpam_algorithms_open(names, oidc->host, oidc->instance, false);
	const struct tpam_keys_rules rules = {
		.algorithms = names, .flags = choice(oidc, "large_rsa") ? TPAM_KEYS_LARGE_RSA : 0};

	if (code != TPAM_OK)
		return code;
	const struct tpam_keys_rules all = {.flags = rules.flags};
	return tpam_jwks_issuer(
		&oidc->jwks, &oidc->http, oidc->host, oidc->instance, names[0] ? &rules : &all);
}

static int rules_open(struct oidc *oidc)
{
	return tpam_rules_open(&oidc->rules, oidc->host, oidc->instance);
}

static int mapping_open(struct oidc *oidc)
{
	return tpam_mapping_open(&oidc->mapping, oidc->host, oidc->instance);
}

int32_t oidc_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct oidc * oidc) = {tokens_open, own_open, opaque_open,
		userinfo_open, keys_open, rules_open, mapping_open};
	struct oidc *oidc = calloc(1, sizeof(*oidc));
	int32_t failed = TPAM_OK;

	if (!oidc)
		return TPAM_E_MEMORY;
	oidc->host = host;
	oidc->instance = instance;
	oidc->issuer = text(oidc, "issuer");
	oidc->metadata_url = text(oidc, "metadata_url");
	oidc->tokens = (enum tokens)choice(oidc, "tokens");
	oidc->userinfo_endpoint = text(oidc, "userinfo_endpoint");
	oidc->introspection_endpoint = text(oidc, "introspection_endpoint");
	oidc->opaque = (enum opaque)choice(oidc, "opaque");
	oidc->userinfo = (enum userinfo)choice(oidc, "userinfo");
	oidc->email = (enum email)choice(oidc, "email_verified");
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](oidc);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = oidc;
	else
		oidc_close(oidc);
	return failed;
}

void oidc_close(void *state)
{
	struct oidc *oidc = state;

	opaque_close(oidc);
	tpam_jwks_close(oidc->jwks);
	tpam_http_unref(oidc->http);
	tpam_rules_destroy(oidc->rules);
	tpam_mapping_destroy(oidc->mapping);
	free(oidc->clients);
	free(oidc->own);
	free(oidc);
}
