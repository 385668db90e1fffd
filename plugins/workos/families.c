/*
 * families.c - session tokens and tokens of Connect: which issuers they name, where their keys are, what their claims
 * mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "families.h"

#define CLIENT_ID_MAX 128

/* Whose a token is and what it may is WorkOS's to say, and for no option. `role` is the highest of `roles`. */
static const struct tpam_mapped session_claims[] = {
	{TPAM_FIELD_SUBJECT, 0, {"sub"}},
	{TPAM_FIELD_CLIENT_ID, 0, {"client_id"}},
	{TPAM_FIELD_TENANT, 0, {"org_id"}},
	{TPAM_FIELD_SCOPES, 0, {"permissions"}},
	{TPAM_FIELD_ROLES, TPAM_MAPPED_ALL, {"roles", "role"}},
	{0, 0, {NULL}},
};

/* Of roles and permissions they say nothing: those are the user's, and the client was given scopes. */
static const struct tpam_mapped connect_claims[] = {
	{TPAM_FIELD_SUBJECT, 0, {"sub"}},
	{TPAM_FIELD_CLIENT_ID, 0, {"client_id"}},
	{TPAM_FIELD_TENANT, 0, {"org_id"}},
	{TPAM_FIELD_SCOPES, 0, {"scope"}},
	{TPAM_FIELD_ROLES, 0, {NULL}},
	{0, 0, {NULL}},
};

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

/* ---- Session tokens ---- */

/* "https://a" and "https://a/": what is put behind either. */
char *url_below(const char *url, const char *path, const char *name)
{
	size_t length = strlen(url), size = length + strlen(path) + strlen(name) + 1;
	char *ret = malloc(size);

	length -= length > 0 && url[length - 1] == '/';
	if (ret)
		(void)snprintf(ret, size, "%.*s%s%s", (int)length, url, path, name);
	return ret;
}

/* It goes into a URL. */
static int client_open(struct workos *workos)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *id = workos->client_id;

	if (!id || (id[strspn(id, letters)] == '\0' && strlen(id) <= CLIENT_ID_MAX))
		return TPAM_OK;
	return problem(workos, "client_id", 0, id, "an id of letters and digits, client_...");
}

/*
 * The forms that were seen, of WorkOS itself and of a domain of ours for its API: which of them an environment has
 * depends on its age and its settings.
 */
static bool forms_make(struct workos *workos)
{
	const char *const bases[] = {WORKOS_API, text(workos, "api_url")};
	char **form = workos->forms;

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		*form++ = url_below(bases[i], "", "");
		*form++ = url_below(bases[i], "/", "");
		*form++ = url_below(bases[i], "/user_management/", workos->client_id);
	}
	for (size_t i = 0; i < ISSUER_FORMS; i++)
		if (!workos->forms[i])
			return false;
	return true;
}

static int issuers_open(struct workos *workos)
{
	uint32_t count = workos->host->option_count(workos->instance, "issuer");
	size_t at = 0;

	if (!workos->client_id)
		return TPAM_OK;
	workos->issuers = calloc(ISSUER_FORMS + count + 1, sizeof(char *));
	if (!workos->issuers || !forms_make(workos))
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < ISSUER_FORMS; i++)
		workos->issuers[at++] = workos->forms[i];
	for (uint32_t i = 0; i < count; i++)
		workos->issuers[at++] = workos->host->option_text(workos->instance, "issuer", i);
	return TPAM_OK;
}

/* ---- Tokens of Connect ---- */

/* Both families are signed with the same keys, so that what tells them apart is the issuer. */
static int domain_open(struct workos *workos)
{
	const char *domain = workos->authkit_domain;

	workos->domain[0] = domain;
	if (!domain)
		return TPAM_OK;
	if (domain[strlen(domain) - 1] == '/')
		return problem(workos, "authkit_domain", 0, domain,
			"no slash at its end, since tokens have none there");
	for (size_t i = 0; workos->issuers && workos->issuers[i]; i++)
		if (strcmp(workos->issuers[i], domain) == 0)
			return problem(workos, "authkit_domain", 0, domain,
				"another URL than the issuers of session tokens");
	return TPAM_OK;
}

/* ---- Both ---- */

/* Takes the URL, NULL where there was no memory for it. Without a client it was told already what lacks. */
static int keys_open(struct workos *workos, struct family *family, char *url)
{
	static const char *const algorithms[] = {"RS256", NULL};
	const struct tpam_jwks_options options = {
		.issuer = family->issuer, .jwks_uri = url, .algorithms = algorithms};
	int code = url ? TPAM_OK : TPAM_E_MEMORY;

	if (url && workos->http)
		code = tpam_jwks_open(
			&family->jwks, workos->host, workos->instance, workos->http, &options);
	free(url);
	return code;
}

/* Their header has no typ; one of RFC 9068, or any JSON Web Token's, is as good. */
static int family_open(struct workos *workos, struct family *family, const char *const *issuers,
	const struct tpam_mapped *claims, char *url)
{
	static const char *const types[] = {"", "JWT", "at+jwt", NULL};
	int code = keys_open(workos, family, url);

	if (code == TPAM_OK)
		code = tpam_rules_create(
			&family->rules, workos->host, workos->instance, issuers, types);
	if (code == TPAM_OK)
		code = tpam_mapping_create(
			&family->mapping, workos->host, workos->instance, claims);
	return code;
}

static int session_open(struct workos *workos)
{
	struct family *family = &workos->families[FAMILY_SESSION];

	family->issuer = WORKOS_API;
	if (!workos->client_id || !workos->issuers)
		return TPAM_OK;
	return family_open(workos, family, workos->issuers, session_claims,
		url_below(text(workos, "api_url"), "/sso/jwks/", workos->client_id));
}

static int connect_open(struct workos *workos)
{
	struct family *family = &workos->families[FAMILY_CONNECT];

	family->issuer = workos->authkit_domain;
	if (!workos->authkit_domain)
		return TPAM_OK;
	return family_open(workos, family, workos->domain, connect_claims,
		url_below(workos->authkit_url, "/oauth2/jwks", ""));
}

/* Session tokens have no audience. */
static int binding_open(struct workos *workos)
{
	if (!workos->client_id || workos->authkit_domain)
		return TPAM_OK;
	return workos->host->bind_by_client(workos->instance);
}

int families_open(struct workos *workos)
{
	static int (*const parts[])(struct workos * workos) = {
		client_open, issuers_open, domain_open, session_open, connect_open, binding_open};
	int failed = TPAM_OK;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && failed == TPAM_OK; i++)
		failed = parts[i](workos);
	return failed;
}

void families_close(struct workos *workos)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		tpam_jwks_close(workos->families[i].jwks);
		tpam_rules_destroy(workos->families[i].rules);
		tpam_mapping_destroy(workos->families[i].mapping);
	}
	for (size_t i = 0; i < ISSUER_FORMS; i++)
		free(workos->forms[i]);
	free(workos->issuers);
}
