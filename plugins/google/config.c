/*
 * config.c - what a [provider:NAME] section with plugin = google says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "config.h"

static const char *const tokens_words[] = {
	[TOKENS_ACCESS] = "access", [TOKENS_ID] = "id", [TOKENS_BOTH] = "both", NULL};
static const char *const userinfo_words[] = {[USERINFO_NEVER] = "never",
	[USERINFO_WANTED] = "wanted",
	[USERINFO_MISSING] = "missing",
	[USERINFO_ALWAYS] = "always",
	NULL};
static const char *const email_words[] = {[EMAIL_VERIFIED] = "required", [EMAIL_ANY] = "any", NULL};

const char *const google_issuers[] = {GOOGLE_ISSUER, "accounts.google.com", NULL};

const struct tpam_option *const google_options[] = {
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST | TPAM_OPTION_REQUIRED, "client_id", NULL,
		"Our client ids at Google: tokens that were issued to others are refused."),
	TPAM_OPTION_ENUM("tokens", tokens_words, "both",
		"Which kinds of token are taken: access tokens, ID tokens, or both."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "hosted_domain", NULL,
		"Domains of Google Workspace, in small letters, one of which somebody must belong "
		"to by hd; the e-mail address is not looked at."),
	TPAM_OPTION_ENUM("email_verified", email_words, "required",
		"Whether an e-mail address that Google has not verified refuses: required or any."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "service_accounts", NULL,
		"Service accounts whose tokens are taken, by e-mail address or unique id; none "
		"unless given."),
	TPAM_OPTION_ENUM("userinfo", userinfo_words, "wanted",
		"When the userinfo endpoint is asked about an access token: never, where "
		"hosted_domain, a grant or a requirement looks at what is missing, where name or "
		"e-mail address are missing as well, or always."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "1m",
		"How long the verdict on an access token may be kept, at most until it expires; "
		"0s: never."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "max_age", NULL,
		"How long after iat an ID token is accepted at most."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "jwks_uri", "https://www.googleapis.com/oauth2/v3/certs",
		"Where Google publishes its JWK set."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "tokeninfo_url", "https://oauth2.googleapis.com/tokeninfo",
		"Where Google says what an access token is."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "userinfo_url",
		"https://openidconnect.googleapis.com/v1/userinfo",
		"Where Google says whose an access token is."),
	TPAM_JWKS_OPTIONS, TPAM_HTTP_OPTIONS, NULL};

/* What is in a token or an answer by these names fills these fields; the subject of an access token is found apart. */
static const struct tpam_mapped mapped[] = {
	{TPAM_FIELD_SUBJECT, 0, {"sub", "azp"}},
	{TPAM_FIELD_CLIENT_ID, 0, {"azp", "aud"}},
	{TPAM_FIELD_NAME, 0, {"name"}},
	{TPAM_FIELD_EMAIL, 0, {"email"}},
	{TPAM_FIELD_TENANT, 0, {"hd"}},
	{TPAM_FIELD_SCOPES, 0, {"scope"}},
	{0, 0, {NULL}},
};

static const char *text(const struct google *google, const char *option)
{
	return google->host->option_text(google->instance, option, 0);
}

static int choice(const struct google *google, const char *option)
{
	int64_t number = 0;

	(void)google->host->option_number(google->instance, option, 0, &number);
	return (int)number;
}

static int problem(const struct google *google, const char *option, uint32_t index, const char *got,
	const char *expected)
{
	google->host->problem(google->instance, option, index, got, expected);
	return TPAM_E_CONFIG;
}

static const char **texts(const struct google *google, const char *option)
{
	return tpam_option_texts(
		google->host, google->instance, (const char *const[]){option, NULL});
}

/* hd is compared byte for byte, so what it never is would keep everybody out. */
static bool is_domain(const char *word)
{
	const char *dot = strchr(word, '.');

	return dot && dot != word && dot[1] && !strpbrk(word, "@*/:") &&
	       !strpbrk(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static int lists_open(struct google *google)
{
	int code = TPAM_OK;

	google->clients = texts(google, "client_id");
	google->domains = texts(google, "hosted_domain");
	google->services = texts(google, "service_accounts");
	if (!google->clients || !google->domains || !google->services)
		return TPAM_E_MEMORY;
	for (uint32_t i = 0; google->domains[i]; i++)
		if (!is_domain(google->domains[i]))
			code = problem(google, "hosted_domain", i, google->domains[i],
				"a domain in small letters, as example.com");
	for (uint32_t i = 0; google->services[i]; i++)
		if (!account_is_address(google->services[i]) &&
			!account_is_number(google->services[i]))
			code = problem(google, "service_accounts", i, google->services[i],
				"NAME@PROJECT.iam.gserviceaccount.com, or a unique id");
	return code;
}

/* What says nothing of the tokens that are taken was meant otherwise. */
static int words_open(struct google *google)
{
	int code = TPAM_OK;

	if (google->tokens == TOKENS_ACCESS && text(google, "max_age"))
		code = problem(google, "max_age", 0, text(google, "max_age"),
			"none beside tokens = access, which have no iat");
	if (google->tokens == TOKENS_ID && google->userinfo > USERINFO_WANTED)
		code = problem(google, "userinfo", 0, text(google, "userinfo"),
			"another beside tokens = id, since only access tokens may ask");
	if (google->tokens != TOKENS_ID && google->userinfo == USERINFO_NEVER && google->domains &&
		google->domains[0])
		code = problem(google, "userinfo", 0, text(google, "userinfo"),
			"another beside hosted_domain, or tokens = id: only the userinfo endpoint "
			"tells the hd of an access token");
	return code;
}

static int cache_open(struct google *google)
{
	return tpam_option_seconds(&google->cache, google->host, google->instance, "cache");
}

static int keys_open(struct google *google)
{
	static const char *const algorithms[] = {"RS256", NULL};
	const struct tpam_jwks_options options = {.issuer = GOOGLE_ISSUER,
		.jwks_uri = text(google, "jwks_uri"),
		.algorithms = algorithms};

	int code = tpam_http_open(&google->http, google->host, google->instance, TPAM_HTTP_PLAIN);
	if (code != TPAM_OK)
		return code;
	return tpam_jwks_open(
		&google->jwks, google->host, google->instance, google->http, &options);
}

static int rules_open(struct google *google)
{
	static const char *const types[] = {"JWT", "", NULL};

	return tpam_rules_create(
		&google->rules, google->host, google->instance, google_issuers, types);
}

static int mapping_open(struct google *google)
{
	return tpam_mapping_create(&google->mapping, google->host, google->instance, mapped);
}

int32_t google_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct google * google) = {
		lists_open, words_open, cache_open, keys_open, rules_open, mapping_open};
	struct google *google = calloc(1, sizeof(*google));
	int32_t failed = TPAM_OK;

	if (!google)
		return TPAM_E_MEMORY;
	google->host = host;
	google->instance = instance;
	google->tokens = (enum tokens)choice(google, "tokens");
	google->userinfo = (enum userinfo)choice(google, "userinfo");
	google->email = (enum email)choice(google, "email_verified");
	google->tokeninfo_url = text(google, "tokeninfo_url");
	google->userinfo_url = text(google, "userinfo_url");
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](google);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = google;
	else
		google_close(google);
	return failed;
}

void google_close(void *state)
{
	struct google *google = state;

	tpam_jwks_close(google->jwks);
	tpam_http_unref(google->http);
	tpam_rules_destroy(google->rules);
	tpam_mapping_destroy(google->mapping);
	free(google->clients);
	free(google->domains);
	free(google->services);
	free(google);
}
