/*
 * config.c - what a [provider:NAME] section with plugin = introspect says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "config.h"

#define KEY_FILE_MAX 16384
#define DEMAND_MAX   128

static const char *const auth_words[CLIENT_AUTHS + 1] = {
	[CLIENT_SECRET_BASIC] = "client_secret_basic",
	[CLIENT_SECRET_POST] = "client_secret_post",
	[CLIENT_PRIVATE_KEY_JWT] = "private_key_jwt",
	[CLIENT_MTLS] = "mtls",
	[CLIENT_NONE] = "none",
};

const struct tpam_option *const introspect_options[] = {
	TPAM_OPTION(TPAM_TYPE_URL, TPAM_OPTION_REQUIRED, "endpoint", NULL,
		"The introspection endpoint of the issuer."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST | TPAM_OPTION_REQUIRED, "accept", NULL,
		"How its tokens look: prefix:WORD, opaque for any that is no JSON Web Token, jwt "
		"for those of issuer; no other is sent."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "issuer", NULL,
		"The issuer of its identities, and what iss must be where an answer has it; else "
		"the name of the provider section."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "client_id", NULL, "Who we are to the endpoint."),
	TPAM_OPTION_ENUM("client_auth", auth_words, "client_secret_basic", "How we prove it."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, "client_secret", NULL,
		"The secret for client_secret_basic and client_secret_post."),
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "private_key_file", NULL,
		"A file with the private JWK for private_key_jwt."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "assertion_audience", NULL,
		"For whom private_key_jwt signs; else the endpoint."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "token_type_hint", "access_token",
		"What the endpoint is told to look for first; none tells nothing."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "token_type", "Bearer none",
		"Values of token_type that are accepted; none stands for an answer without it."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "30s",
		"How long the verdict on a good token may be kept, at most until it expires; 0s: "
		"never."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "subject_claim", "sub",
		"Members with the subject. The first that is there counts, here and below."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "scope_claim", "scope",
		"Members with the scopes: a text split at blanks, or a list."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "client_claim", "client_id azp",
		"Members with the client."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "roles_claim", "roles role",
		"Members with the roles."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "groups_claim", "groups",
		"Members with the groups."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "tenant_claim", "tenant_id tenant org_id tid",
		"Members with the tenant."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "username_claim",
		"username preferred_username", "Members with the user name."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "name_claim", "name",
		"Members with the name for display."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "email_claim", "email",
		"Members with the e-mail address."),
	TPAM_HTTP_OPTIONS, NULL};

enum kind accept_kind(const char *accept_word, const char **ret_prefix)
{
	static const char prefix[] = "prefix:";
	size_t length = sizeof(prefix) - 1;

	if (strcmp(accept_word, "opaque") == 0)
		return KIND_OPAQUE;
	if (strcmp(accept_word, "jwt") == 0)
		return KIND_JWT;
	if (strncmp(accept_word, prefix, length) != 0 || !accept_word[length])
		return KIND_NONE;
	*ret_prefix = accept_word + length;
	return KIND_PREFIX;
}

static const char *text(const struct introspect *introspect, const char *option)
{
	return introspect->host->option_text(introspect->instance, option, 0);
}

static int problem(const struct introspect *introspect, const char *option, uint32_t index,
	const char *got, const char *expected)
{
	introspect->host->problem(introspect->instance, option, index, got, expected);
	return TPAM_E_CONFIG;
}

static int accept_open(struct introspect *introspect)
{
	const char *word, *prefix;
	int code = TPAM_OK;

	for (uint32_t i = 0;
		(word = introspect->host->option_text(introspect->instance, "accept", i)); i++) {
		enum kind kind = accept_kind(word, &prefix);
		if (kind == KIND_NONE)
			code = problem(introspect, "accept", i, word, "prefix:WORD, opaque or jwt");
		else if (kind == KIND_JWT && !introspect->issuer)
			code = problem(introspect, "accept", i, word,
				"issuer beside jwt, since that is how its tokens are told");
	}
	return code;
}

/* ---- Who we are ---- */

enum need { MAY, MUST, MUST_NOT };

/* What each way of proving it needs; what it has no use for was meant for another. */
struct demand {
	const char *option;
	enum need by[CLIENT_AUTHS];
};

static const struct demand demands[] = {
	{"client_id", {MUST, MUST, MUST, MUST, MAY}},
	{"client_secret", {MUST, MUST, MUST_NOT, MUST_NOT, MUST_NOT}},
	{"private_key_file", {MUST_NOT, MUST_NOT, MUST, MUST_NOT, MUST_NOT}},
	{"assertion_audience", {MUST_NOT, MUST_NOT, MAY, MUST_NOT, MUST_NOT}},
	{"tls_certificate", {MAY, MAY, MAY, MUST, MAY}},
	{"tls_key", {MAY, MAY, MAY, MUST, MAY}},
};

/* "OPTION beside client_auth = WORD", or none of it. */
static const char *demand_text(
	char ret[DEMAND_MAX], const char *option, enum need need, enum client_auth auth)
{
	char *end = stpcpy(ret, need == MUST ? option : "none");

	end = stpcpy(end, " beside client_auth = ");
	(void)stpcpy(end, auth_words[auth]);
	return ret;
}

static int demands_open(struct introspect *introspect)
{
	enum client_auth auth = introspect->client.auth;
	char expected[DEMAND_MAX];
	int code = TPAM_OK;

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		const char *option = demands[i].option;
		enum need need = demands[i].by[auth];
		bool given = text(introspect, option) != NULL;
		if (need == MUST && !given)
			code = problem(introspect, NULL, 0, NULL,
				demand_text(expected, option, need, auth));
		else if (need == MUST_NOT && given)
			code = problem(introspect, option, 0, option,
				demand_text(expected, option, need, auth));
	}
	return code;
}

static int key_read(
	struct introspect *introspect, const char *path, const char *json, size_t length)
{
	static const char expected[] = "a file with a private JWK, RSA, EC or OKP";
	struct tpam_fault fault = {0};
	int code = tpam_signer_parse(&introspect->client.signer, json, length, &fault);

	if (code == TPAM_E_CONFIG)
		return problem(introspect, "private_key_file", 0, fault.got[0] ? fault.got : path,
			fault.expected[0] ? fault.expected : expected);
	if (code == TPAM_OK && tpam_alg_symmetric(tpam_signer_alg(introspect->client.signer)))
		return problem(introspect, "private_key_file", 0, "an HMAC secret", expected);
	return code;
}

static int key_open(struct introspect *introspect)
{
	const char *path = text(introspect, "private_key_file");
	char *bytes = NULL;
	uint64_t length = 0;

	if (introspect->client.auth != CLIENT_PRIVATE_KEY_JWT || !path)
		return TPAM_OK;
	int code = introspect->host->read_file(
		introspect->instance, path, 1, KEY_FILE_MAX, &bytes, &length);
	if (code == TPAM_E_MEMORY)
		return code;
	if (code != TPAM_OK)
		return problem(introspect, "private_key_file", 0, path,
			"a file of at most 16 KiB that can be read, and by nobody else that should "
			"not");
	code = key_read(introspect, path, bytes, (size_t)length);
	introspect->host->release(bytes, length);
	return code;
}

static void client_open(struct introspect *introspect)
{
	struct client *client = &introspect->client;
	int64_t number = CLIENT_SECRET_BASIC;
	const char *audience = text(introspect, "assertion_audience");

	(void)introspect->host->option_number(introspect->instance, "client_auth", 0, &number);
	client->auth = (enum client_auth)number;
	client->id = text(introspect, "client_id");
	client->secret = text(introspect, "client_secret");
	client->audience = audience ? audience : introspect->endpoint;
	if (client->auth == CLIENT_NONE)
		introspect->host->log(introspect->instance, TPAM_LOG_WARNING,
			"asks its endpoint without saying who asks");
}

/* ---- The rest ---- */

static int cache_open(struct introspect *introspect)
{
	int64_t milliseconds = 0;

	if (introspect->host->option_number(introspect->instance, "cache", 0, &milliseconds) !=
		TPAM_OK)
		return TPAM_OK;
	introspect->cache = milliseconds / 1000;
	if (milliseconds == 0 || introspect->cache > 0)
		return TPAM_OK;
	return problem(introspect, "cache", 0, text(introspect, "cache"), "0s, or at least 1s");
}

static int salt_open(struct introspect *introspect)
{
	return RAND_bytes(introspect->salt, sizeof(introspect->salt)) == 1 ? TPAM_OK
									   : TPAM_E_SYSTEM;
}

static int mapping_open(struct introspect *introspect)
{
	return tpam_mapping_open(&introspect->mapping, introspect->host, introspect->instance);
}

static int http_open(struct introspect *introspect)
{
	return tpam_http_open(
		&introspect->http, introspect->host, introspect->instance, TPAM_HTTP_PLAIN);
}

int32_t introspect_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct introspect * introspect) = {accept_open, demands_open,
		key_open, cache_open, http_open, salt_open, mapping_open};
	struct introspect *introspect = calloc(1, sizeof(*introspect));
	int32_t failed = TPAM_OK;

	if (!introspect)
		return TPAM_E_MEMORY;
	introspect->host = host;
	introspect->instance = instance;
	introspect->endpoint = text(introspect, "endpoint");
	introspect->issuer = text(introspect, "issuer");
	introspect->hint = text(introspect, "token_type_hint");
	if (introspect->hint && strcmp(introspect->hint, "none") == 0)
		introspect->hint = NULL;
	client_open(introspect);
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](introspect);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = introspect;
	else
		introspect_close(introspect);
	return failed;
}

void introspect_close(void *state)
{
	struct introspect *introspect = state;

	tpam_http_unref(introspect->http);
	tpam_mapping_destroy(introspect->mapping);
	tpam_signer_destroy(introspect->client.signer);
	explicit_bzero(introspect->salt, sizeof(introspect->salt));
	free(introspect);
}
