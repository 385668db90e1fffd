/*
 * scopes.c - the scopes of an access token, some of which have two names.
 *
 * A client that asks for "email" gets a token for the URI, and some answers have one name, some the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "scopes.h"

struct alias {
	const char *name;
	const char *uri;
};

static const struct alias aliases[] = {
	{"email", "https://www.googleapis.com/auth/userinfo.email"},
	{"profile", "https://www.googleapis.com/auth/userinfo.profile"},
};

#define ALIASES (sizeof(aliases) / sizeof(aliases[0]))

static bool has(const struct tpam_claims *claims, const char *scope)
{
	const char *word;
	size_t length = 0;

	for (size_t i = 0; (word = tpam_claims_element(claims, "scope", i, &length)); i++)
		if (strlen(scope) == length && memcmp(scope, word, length) == 0)
			return true;
	return false;
}

bool scopes_have(const struct tpam_claims *claims, const char *scope)
{
	for (size_t i = 0; i < ALIASES; i++)
		if (strcmp(aliases[i].name, scope) == 0 && has(claims, aliases[i].uri))
			return true;
	return has(claims, scope);
}

bool scopes_may_ask(const struct tpam_claims *claims)
{
	return has(claims, "openid") || scopes_have(claims, "email") ||
	       scopes_have(claims, "profile");
}

void scopes_complete(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims)
{
	const struct tpam_host *host = google->host;

	for (size_t i = 0; i < ALIASES; i++) {
		const struct alias *alias = &aliases[i];
		if (!scopes_have(claims, alias->name))
			continue;
		(void)host->add_text(call, TPAM_FIELD_SCOPES, alias->name, strlen(alias->name));
		(void)host->add_text(call, TPAM_FIELD_SCOPES, alias->uri, strlen(alias->uri));
	}
}
