/*
 * config.c - what a [provider:NAME] section with plugin = github says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "config.h"

#define TAKEN_MAX 64

const struct tpam_option *const github_options[] = {
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "accept", "gho ghu",
		"Kinds of token that are taken: gho and ghu of our app, ghp and github_pat that "
		"users make for themselves."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "client_id", NULL,
		"Client id of our app, to which tokens of the kinds gho and ghu must belong; "
		"required with those."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, "client_secret", NULL,
		"Secret of our app, with which GitHub is asked about its tokens; required with "
		"client_id."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "api_url", "https://api.github.com",
		"Where GitHub's API is: https://HOST/api/v3 of Enterprise Server, "
		"https://api.SUBDOMAIN.ghe.com of GHE.com."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "issuer", NULL,
		"Who vouches for the identities, if not the GitHub that api_url is of."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "allow_orgs", NULL,
		"Organizations whose active members are let in; with allow_teams whoever is in "
		"any of both; else anybody."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "allow_teams", NULL,
		"Teams whose members are let in, as ORGANIZATION/TEAM."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "1m",
		"How long a verdict may be kept, at most until the token expires; 0s: never."),
	TPAM_HTTP_OPTIONS, NULL};

static const char *text(const struct github *github, const char *option, uint32_t index)
{
	return github->host->option_text(github->instance, option, index);
}

static int problem(
	const struct github *github, const char *option, uint32_t index, const char *expected)
{
	github->host->problem(
		github->instance, option, index, text(github, option, index), expected);
	return TPAM_E_CONFIG;
}

/* ---- Kinds, and our app ---- */

static int refuse_kind(const struct github *github, uint32_t index, enum kind kind)
{
	char expected[160];

	(void)snprintf(expected, sizeof(expected), "gho, ghu, ghp or github_pat%s%s",
		kind_refusal(kind) ? ": " : "", kind_refusal(kind) ? kind_refusal(kind) : "");
	return problem(github, "accept", index, expected);
}

static void take_kind(struct github *github, uint32_t index, enum kind kind, const char *name)
{
	size_t length = strlen(github->taken);

	(void)snprintf(
		github->taken + length, TAKEN_MAX - length, "%s%s", length > 0 ? " " : "", name);
	github->kinds |= KIND_BIT(kind);
	if (!(KIND_BIT(kind) & KINDS_OF_APPS))
		github->host->warning(github->instance, "accept", index,
			"takes tokens that users made for themselves: they are bound to no app, "
			"and whoever gets to see one can use it here");
}

static int kinds_open(struct github *github)
{
	const char *name;
	int code = TPAM_OK;

	github->taken = calloc(1, TAKEN_MAX);
	if (!github->taken)
		return TPAM_E_MEMORY;
	for (uint32_t i = 0; (name = text(github, "accept", i)); i++) {
		enum kind kind = kind_named(name);
		if (kind == KIND_NONE || kind_refusal(kind)) {
			code = refuse_kind(github, i, kind);
			continue;
		}
		if (!(github->kinds & KIND_BIT(kind)))
			take_kind(github, i, kind, name);
	}
	return code;
}

/* Those that are not taken, too: nobody else is to see them. */
static int prefixes_open(struct github *github)
{
	int code = TPAM_OK;

	for (int kind = KIND_NONE + 1; kind < KINDS && code == TPAM_OK; kind++)
		code = github->host->own_prefix(github->instance, kind_prefix((enum kind)kind));
	return code;
}

/* What GitHub says nothing of, so that requirements of it are warned of. */
static int nothing_open(struct github *github)
{
	static const int32_t fields[] = {TPAM_FIELD_ROLES, TPAM_FIELD_TENANT, TPAM_FIELD_AUTH_TIME};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (github->host->offer(github->instance, fields[i], NULL) == TPAM_E_MEMORY)
			return TPAM_E_MEMORY;
	return TPAM_OK;
}

static int missing(const struct github *github, const char *expected)
{
	github->host->problem(github->instance, NULL, 0, NULL, expected);
	return TPAM_E_CONFIG;
}

static int contradicts(const struct github *github, const char *option)
{
	if (!text(github, option, 0))
		return TPAM_OK;
	return problem(github, option, 0, "none, since accept has neither gho nor ghu");
}

static bool is_client_id(const char *id)
{
	return strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
	       strlen(id);
}

static int app_write(struct github *github, const char *secret)
{
	if (!is_client_id(github->client_id))
		return problem(github, "client_id", 0, "letters, digits and ._-");
	github->check_url = address_format(
		"%s/applications/%s/token", github->api ? github->api : "", github->client_id);
	if (!github->check_url)
		return TPAM_E_MEMORY;
	github->basic = tpam_http_basic(github->client_id, secret);
	return github->basic ? TPAM_OK : TPAM_E_MEMORY;
}

/* All that lacks is told, not only the first. */
static int app_open(struct github *github)
{
	const char *secret = text(github, "client_secret", 0);
	int code = TPAM_OK;

	github->client_id = text(github, "client_id", 0);
	if (!github->kinds)
		return TPAM_E_CONFIG; /* which was told */
	if (!(github->kinds & KINDS_OF_APPS)) {
		code = contradicts(github, "client_id");
		int other = contradicts(github, "client_secret");
		return code == TPAM_OK ? other : code;
	}
	if (!github->client_id)
		code = missing(github, "client_id, since accept has gho or ghu");
	if (!secret)
		code = missing(github, "client_secret, since accept has gho or ghu");
	return code == TPAM_OK ? app_write(github, secret) : code;
}

/* ---- Where it is ---- */

static int api_open(struct github *github)
{
	const char *url = text(github, "api_url", 0);

	if (strpbrk(url, "?#"))
		return problem(github, "api_url", 0, "a URL without query");
	github->api = address_of_api(url);
	return github->api ? TPAM_OK : TPAM_E_MEMORY;
}

static int issuer_open(struct github *github)
{
	const char *given = text(github, "issuer", 0);
	bool known = true;

	if (!github->api)
		return TPAM_E_CONFIG; /* which was told */
	github->issuer = given ? strdup(given) : address_of_issuer(github->api, &known);
	if (!known)
		return missing(github,
			"issuer, since api_url is neither https://api.github.com, nor "
			"https://HOST/api/v3, nor https://api.SUBDOMAIN.ghe.com");
	return github->issuer ? TPAM_OK : TPAM_E_MEMORY;
}

/* ---- Who is let in ---- */

static bool is_team(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash && slash > name && slash[1] && !strpbrk(slash + 1, "/:");
}

static bool is_org(const char *name)
{
	return !strpbrk(name, "/:");
}

static int allowed_open(const struct github *github, const char *option, struct names *ret,
	bool (*fits)(const char *name), const char *expected)
{
	const char *name;
	int code = TPAM_OK;

	for (uint32_t i = 0; (name = text(github, option, i)); i++) {
		if (!fits(name))
			code = problem(github, option, i, expected);
		else if (!names_add_small(ret, name))
			return TPAM_E_MEMORY;
	}
	return code;
}

static int orgs_open(struct github *github)
{
	return allowed_open(
		github, "allow_orgs", &github->allow_orgs, is_org, "the login of an organization");
}

static int teams_open(struct github *github)
{
	return allowed_open(
		github, "allow_teams", &github->allow_teams, is_team, "ORGANIZATION/TEAM");
}

bool github_is_closed(const struct github *github)
{
	return github->allow_orgs.count > 0 || github->allow_teams.count > 0;
}

/* ---- The rest ---- */

static int cache_open(struct github *github)
{
	return tpam_option_seconds(&github->cache, github->host, github->instance, "cache");
}

static int http_open(struct github *github)
{
	return tpam_http_open(&github->http, github->host, github->instance, TPAM_HTTP_PLAIN);
}

int32_t github_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct github * github) = {kinds_open, prefixes_open,
		nothing_open, api_open, issuer_open, app_open, orgs_open, teams_open, cache_open,
		http_open};
	struct github *github = calloc(1, sizeof(*github));
	int32_t failed = TPAM_OK;

	if (!github)
		return TPAM_E_MEMORY;
	github->host = host;
	github->instance = instance;
	atomic_init(&github->patient_until, 0);
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](github);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = github;
	else
		github_close(github);
	return failed;
}

void github_close(void *state)
{
	struct github *github = state;

	tpam_http_unref(github->http);
	tpam_kit_free(github->basic);
	names_finish(&github->allow_orgs);
	names_finish(&github->allow_teams);
	free(github->check_url);
	free(github->taken);
	free(github->api);
	free(github->issuer);
	free(github);
}
