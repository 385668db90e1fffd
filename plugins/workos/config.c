/*
 * config.c - what a [provider:NAME] section with plugin = workos says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "families.h"

enum tokens { TOKENS_SESSION, TOKENS_CONNECT, TOKENS_BOTH };
enum impersonation { IMPERSONATION_ALLOW, IMPERSONATION_DENY };

static const char *const tokens_words[] = {
	[TOKENS_SESSION] = "session", [TOKENS_CONNECT] = "connect", [TOKENS_BOTH] = "both", NULL};
static const char *const impersonation_words[] = {
	[IMPERSONATION_ALLOW] = "allow", [IMPERSONATION_DENY] = "deny", NULL};

const struct tpam_option *const workos_options[] = {
	TPAM_OPTION_ENUM("tokens", tokens_words, NULL,
		"Which tokens are taken: session with client_id, connect with authkit_domain, both "
		"with both; what is given says it, too."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "client_id", NULL,
		"The client id of our environment: session tokens that AuthKit issued for it are "
		"taken."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "api_url", WORKOS_API,
		"Where the keys of session tokens are fetched: WorkOS's API, or our domain for "
		"it."),
	TPAM_OPTION(TPAM_TYPE_URL, TPAM_OPTION_LIST, "issuer", NULL,
		"More issuers that session tokens may name, byte for byte."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "authkit_domain", NULL,
		"Our AuthKit domain as a URL: tokens of Connect, MCP clients' too, that name it as "
		"their issuer, byte for byte, are taken."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "authkit_url", NULL,
		"Where keys and userinfo of the AuthKit domain are, if not there."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "accept", NULL,
		"Other tokens that the AuthKit domain is asked about: opaque, or prefix:WORD; "
		"nothing binds those to us."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "allow_organizations", NULL,
		"Ids of organizations, org_...; who is in none of them is denied."),
	TPAM_OPTION_ENUM("impersonation", impersonation_words, "allow",
		"Whether somebody of our team may act as a user; the trace names them."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "30s",
		"How long the verdict on an opaque token may be kept; 0s: never."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "max_age", NULL,
		"How long after iat a token is accepted at most."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "email_claim", "email",
		"Claims with the e-mail address, which a JWT template adds. The first that is "
		"there counts, here and below."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "name_claim", "name",
		"Claims with the name for display."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "username_claim", NULL,
		"Claims with the user name."),
	TPAM_OPTION(
		TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "groups_claim", NULL, "Claims with the groups."),
	TPAM_JWKS_OPTIONS, TPAM_HTTP_OPTIONS, NULL};

static const char *text(const struct workos *workos, const char *option)
{
	return workos->host->option_text(workos->instance, option, 0);
}

static int problem(const struct workos *workos, const char *option, uint32_t index, const char *got,
	const char *expected)
{
	workos->host->problem(workos->instance, option, index, got, expected);
	return TPAM_E_CONFIG;
}

bool workos_takes(const struct workos *workos, enum family_name family)
{
	return family == FAMILY_SESSION ? workos->client_id != NULL
					: workos->authkit_domain != NULL;
}

/* ---- What goes with what ---- */

/* An option that only tokens of one family have a use for. */
struct belonging {
	const char *option;
	enum family_name family;
	const char *expected;
};

static const struct belonging belongings[] = {
	{"issuer", FAMILY_SESSION, "client_id beside it: these are issuers of session tokens"},
	{"authkit_url", FAMILY_CONNECT, "authkit_domain beside it"},
	{"accept", FAMILY_CONNECT, "authkit_domain beside it, which is asked about such tokens"},
};

static int words_open(struct workos *workos)
{
	static const char *const expected[] = {
		[TOKENS_SESSION] = "client_id, and no authkit_domain, beside tokens = session",
		[TOKENS_CONNECT] = "authkit_domain, and no client_id, beside tokens = connect",
		[TOKENS_BOTH] = "client_id and authkit_domain beside tokens = both"};
	bool session = workos_takes(workos, FAMILY_SESSION);
	bool connect = workos_takes(workos, FAMILY_CONNECT);
	int64_t wanted = 0;

	if (workos->host->option_number(workos->instance, "tokens", 0, &wanted) == TPAM_OK) {
		if (session == (wanted != TOKENS_CONNECT) && connect == (wanted != TOKENS_SESSION))
			return TPAM_OK;
		return problem(workos, "tokens", 0, text(workos, "tokens"), expected[wanted]);
	}
	if (session || connect)
		return TPAM_OK;
	return problem(workos, NULL, 0, NULL,
		"client_id for session tokens, authkit_domain for tokens of Connect, or both");
}

static int belongings_open(struct workos *workos)
{
	int code = TPAM_OK;

	for (size_t i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++) {
		const struct belonging *belonging = &belongings[i];
		const char *given = text(workos, belonging->option);
		if (given && !workos_takes(workos, belonging->family))
			code = problem(workos, belonging->option, 0, given, belonging->expected);
	}
	return code;
}

static int organizations_open(struct workos *workos)
{
	const char *word;
	int code = TPAM_OK;

	for (uint32_t i = 0;
		(word = workos->host->option_text(workos->instance, "allow_organizations", i)); i++)
		if (strncmp(word, "org_", 4) != 0 || !word[4])
			code = problem(workos, "allow_organizations", i, word,
				"the id of an organization, org_...");
	return code;
}

static int cache_open(struct workos *workos)
{
	return tpam_option_seconds(&workos->cache, workos->host, workos->instance, "cache");
}

static int http_open(struct workos *workos)
{
	return tpam_http_open(&workos->http, workos->host, workos->instance, TPAM_HTTP_PLAIN);
}

static int opaque_open(struct workos *workos)
{
	int code = tpam_accept_open(&workos->accept, workos->host, workos->instance, 0);

	if (code != TPAM_OK || !workos->authkit_domain || !text(workos, "accept"))
		return code;
	workos->userinfo = url_below(workos->authkit_url, "/oauth2/userinfo", "");
	workos->host->warning(workos->instance, "accept", 0,
		"takes any opaque token that its AuthKit domain knows: nothing binds those to us");
	return workos->userinfo ? TPAM_OK : TPAM_E_MEMORY;
}

int32_t workos_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct workos * workos) = {words_open, belongings_open,
		organizations_open, cache_open, opaque_open, http_open, families_open};
	struct workos *workos = calloc(1, sizeof(*workos));
	int64_t number = IMPERSONATION_ALLOW;
	int32_t failed = TPAM_OK;

	if (!workos)
		return TPAM_E_MEMORY;
	workos->host = host;
	workos->instance = instance;
	workos->client_id = text(workos, "client_id");
	workos->authkit_domain = text(workos, "authkit_domain");
	workos->authkit_url = text(workos, "authkit_url");
	if (!workos->authkit_url)
		workos->authkit_url = workos->authkit_domain;
	(void)host->option_number(instance, "impersonation", 0, &number);
	workos->impersonation = number == IMPERSONATION_ALLOW;
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](workos);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = workos;
	else
		workos_close(workos);
	return failed;
}

void workos_close(void *state)
{
	struct workos *workos = state;

	families_close(workos);
	free(workos->userinfo);
	tpam_accept_destroy(workos->accept);
	tpam_http_unref(workos->http);
	free(workos);
}
