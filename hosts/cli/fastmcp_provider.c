/*
 * fastmcp_provider.c - a section [provider:NAME] as parameters of a class of FastMCP.
 *
 * Each option that the section sets is carried over, or makes no difference, or is lost: there is no fourth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "fastmcp_value.h"
#include "output.h"

struct kind {
	const char *plugin;
	const char *class;
	const char *audience; /* parameter; NULL: the class compares none */
	bool by_client;       /* the client binds tokens, and not the audience */
	const struct carried *options;
};

static const struct carried common[] = {{"plugin", IGNORED, NULL}, {"audience", IGNORED, NULL},
	{"credential", ONLY, "bearer"}, {"link", IGNORED, NULL}, {"expire_soon", IGNORED, NULL},
	{"guard_client", IGNORED, NULL}, {"guard_upstream", IGNORED, NULL},
	{"cache_ttl", IGNORED, NULL}, {"cache_negative_ttl", IGNORED, NULL},
	{"cache", IGNORED, NULL}, {"jwks_refresh", IGNORED, NULL}, {"jwks_cooldown", IGNORED, NULL},
	{"jwks_stale", IGNORED, NULL}, {"jwks_folder", IGNORED, NULL},
	{"connect_timeout", IGNORED, NULL}, {"timeout", IGNORED, NULL},
	{"token_scopes", ONLY, "keep"}, {NULL, IGNORED, NULL}};

static const struct carried jwt[] = {{"issuer", TEXT, "issuer"}, {"jwks_uri", TEXT, "jwks_uri"},
	{"algorithms", ALGORITHM, "algorithm"}, {"public_key_file", PEM, "public_key"},
	{"secret", SECRET, "public_key"}, {"metadata_url", IGNORED, NULL},
	{"tokens", ONLY, "access"},
	{"jwks_file", NOT_THERE, "publish the keys, and name them by jwks_uri"},
	{NULL, IGNORED, NULL}};

static const struct carried introspect[] = {{"endpoint", TEXT, "introspection_url"},
	{"client_id", TEXT, "client_id"}, {"client_secret", SECRET, "client_secret"},
	{"client_auth", ONLY, "client_secret_basic"}, {"accept", ONLY, "opaque"},
	{"timeout", SECONDS, "timeout_seconds"}, {NULL, IGNORED, NULL}};

static const struct carried client[] = {{"client_id", TEXT, "client_id"},
	{"client_secret", SECRET, "client_secret"}, {"userinfo", IGNORED, NULL},
	{"tokens", ONLY, "access"}, {"accept", ONLY, "gho ghu"},
	{"timeout", SECONDS, "timeout_seconds"}, {NULL, IGNORED, NULL}};

/* As tokens of AuthKit are verified: FastMCP's own class compares no audience. */
static const struct carried authkit[] = {
	{"authkit_domain", TEXT, "issuer"}, {"tokens", ONLY, "connect"}, {NULL, IGNORED, NULL}};

static const struct kind kinds[] = {
	{"bearer", "JWTVerifier", "audience", false, jwt},
	{"oidc", "JWTVerifier", "audience", false, jwt},
	{"introspect", "IntrospectionTokenVerifier", NULL, false, introspect},
	{"github", "GitHubProvider", NULL, true, client},
	{"google", "GoogleProvider", NULL, true, client},
	{"workos", "JWTVerifier", "audience", false, authkit},
};

/* ---- Options ---- */

static const struct carried *find_carried(const struct carried *list, const char *option)
{
	for (; list->option; list++)
		if (strcmp(list->option, option) == 0)
			return list;
	return NULL;
}

static void lose_option(struct fastmcp *fastmcp, const json_t *option)
{
	const char *key = text_member(option, "key");

	fastmcp_say(fastmcp->lost, text_member(option, "at"),
		"%s: FastMCP's %s has nothing like it", key, fastmcp->class->name);
}

/* True if there is nothing among the words that is not in `allowed`. */
static bool is_only(const json_t *words, const char *allowed)
{
	json_t *list = fastmcp_words(allowed), *word, *other;
	size_t i, j, found = 0;

	json_array_foreach(words, i, word) json_array_foreach(list, j, other) found +=
		json_equal(word, other) ? 1 : 0;
	json_decref(list);
	return json_array_size(words) > 0 && found == json_array_size(words);
}

static void take_option(
	struct fastmcp *fastmcp, const struct carried *carried, const json_t *option)
{
	const char *at = text_member(option, "at"), *value = text_member(option, "value");
	json_t *words = fastmcp_words(value);

	if (carried->way == TEXT)
		take_text(fastmcp, at, carried, words);
	else if (carried->way == ALGORITHM)
		take_algorithm(fastmcp, at, carried, words);
	else if (carried->way == SECRET)
		take_secret(fastmcp, at, carried, value);
	else if (carried->way == SECONDS)
		take_seconds(fastmcp, at, carried, value);
	else if (carried->way == PEM)
		take_pem(fastmcp, at, carried, words);
	else if (carried->way == NOT_THERE)
		fastmcp_say(fastmcp->impossible, at, "%s: FastMCP's %s has nothing like it; %s",
			carried->option, fastmcp->class->name, carried->key);
	else if (carried->way == ONLY && !is_only(words, carried->key))
		lose_option(fastmcp, option);
	json_decref(words);
}

static void take_options(struct fastmcp *fastmcp, const struct kind *kind, const json_t *options)
{
	json_t *option;
	size_t i;

	json_array_foreach(options, i, option)
	{
		const char *key = text_member(option, "key");
		const struct carried *carried = find_carried(kind->options, key);
		if (json_is_true(json_object_get(option, "default")))
			continue;
		if (!carried)
			carried = find_carried(common, key);
		if (carried)
			take_option(fastmcp, carried, option);
		else
			lose_option(fastmcp, option);
	}
}

/* ---- The audience ---- */

/* Values of "audience" as words: the service's, else the provider's. */
static json_t *find_audience(const json_t *service, const json_t *provider, const char **ret_at)
{
	json_t *list = json_object_get(service, "audience"), *words = json_array(), *option;
	size_t i;

	if (json_array_size(list) == 0)
		list = json_object_get(provider, "options");
	json_array_foreach(list, i, option)
	{
		if (strcmp(text_member(option, "key"), "audience") != 0)
			continue;
		json_t *more = fastmcp_words(text_member(option, "value"));
		json_array_extend(words, more);
		json_decref(more);
		*ret_at = text_member(option, "at");
	}
	return words;
}

static void take_audience(struct fastmcp *fastmcp, const struct kind *kind, const json_t *service,
	const json_t *provider)
{
	const char *at = NULL;
	json_t *words = find_audience(service, provider, &at), *word;
	bool given = true;
	size_t i;

	json_array_foreach(words, i, word) given =
		can_be_given(fastmcp, at, "audience", json_string_value(word)) && given;
	if (kind->by_client || json_array_size(words) == 0 || is_only(words, "none"))
		given = false;
	if (given && kind->audience)
		put_words(fastmcp, kind->audience, words);
	else if (given)
		fastmcp_say(fastmcp->lost, at, "audience: FastMCP's %s compares none",
			fastmcp->class->name);
	json_decref(words);
}

/* ---- What a class cannot be without, or does in any case ---- */

static void finish_jwt(struct fastmcp *fastmcp, const char *at)
{
	json_t *params = fastmcp->params;

	if (!json_object_get(params, "jwks_uri") && !json_object_get(params, "public_key"))
		fastmcp_say(fastmcp->impossible, at,
			"got no jwks_uri, expected one: FastMCP's "
			"JWTVerifier does not look for the issuer's metadata");
	if (!json_object_get(params, "algorithm")) {
		fastmcp_say(fastmcp->lost, at,
			"algorithms: got none, which are all; FastMCP takes "
			"exactly one, RS256 unless told");
		json_object_set_new(params, "algorithm", json_string("RS256"));
	}
	fastmcp_say(fastmcp->notes, NULL,
		"FastMCP takes tokens without exp, does not look at nbf, "
		"iat and typ, and allows no leeway");
}

static void finish_authkit(struct fastmcp *fastmcp, const char *at)
{
	const char *domain = text_member(fastmcp->params, "issuer");
	char buffer[FASTMCP_NAME_SIZE];

	if (!domain)
		fastmcp_say(fastmcp->impossible, at,
			"got no authkit_domain, expected one: FastMCP "
			"verifies tokens of AuthKit's Connect alone");
	else if (fastmcp_reference(buffer, domain))
		fastmcp_say(
			fastmcp->impossible, at, "authkit_domain: got a reference, expected a URL");
	else
		json_object_set_new(
			fastmcp->params, "jwks_uri", json_sprintf("%s/oauth2/jwks", domain));
	json_object_set_new(fastmcp->params, "algorithm", json_string("RS256"));
	finish_jwt(fastmcp, at);
}

/* Those that sign people in themselves have a secret that who only verifies does without. */
static void finish_proxy(struct fastmcp *fastmcp, const char *at)
{
	char buffer[FASTMCP_NAME_SIZE];

	if (!json_object_get(fastmcp->params, "client_id"))
		fastmcp_say(fastmcp->impossible, at, "got no client_id, expected one");
	if (!json_object_get(fastmcp->params, "client_secret")) {
		fastmcp_variable(buffer, fastmcp->class, "client_secret");
		json_object_set_new(
			fastmcp->params, "client_secret", json_sprintf("${env:%s}", buffer));
		fastmcp_say(fastmcp->notes, at,
			"client_secret: FastMCP signs people in itself; put our "
			"app's secret into %s",
			buffer);
	}
	fastmcp_say(fastmcp->notes, NULL,
		"FastMCP's %s gives clients tokens of its own, where tokenpam "
		"takes the upstream's",
		fastmcp->class->name);
}

static void finish_introspection(struct fastmcp *fastmcp, const char *at)
{
	static const char *const needed[] = {"introspection_url", "client_id", "client_secret"};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!json_object_get(fastmcp->params, needed[i]))
			fastmcp_say(fastmcp->impossible, at, "got no %s, expected one", needed[i]);
	fastmcp_say(
		fastmcp->notes, NULL, "FastMCP's IntrospectionTokenVerifier is in 2.13 and later");
}

void fastmcp_from_provider(
	struct fastmcp *fastmcp, const json_t *service, const char *name, const json_t *provider)
{
	const char *plugin = text_member(provider, "plugin"), *at = text_member(provider, "at");
	const struct kind *kind = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].plugin, plugin) == 0)
			kind = &kinds[i];
	if (!kind) {
		fastmcp_say(fastmcp->impossible, at,
			"provider %s: FastMCP has nothing like plugin %s", name, plugin);
		return;
	}
	fastmcp->class = fastmcp_class_find(kind->class);
	take_options(fastmcp, kind, json_object_get(provider, "options"));
	take_audience(fastmcp, kind, service, provider);
	if (kind->by_client)
		finish_proxy(fastmcp, at);
	else if (kind->options == authkit)
		finish_authkit(fastmcp, at);
	else if (kind->options == introspect)
		finish_introspection(fastmcp, at);
	else
		finish_jwt(fastmcp, at);
}
