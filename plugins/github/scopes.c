/*
 * scopes.c - the scopes of a token, and what is part of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scopes.h"

#include <string.h>

#define SCOPE_MAX 128

struct part {
	const char *scope;
	const char *part;
};

/*
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps : a token is saved
 * without the scopes that another one includes. Of packages and signing keys the page on tokens says so.
 */
static const struct part parts[] = {
	{"repo", "repo:status"},
	{"repo", "repo_deployment"},
	{"repo", "public_repo"},
	{"repo", "repo:invite"},
	{"repo", "security_events"},
	{"admin:repo_hook", "write:repo_hook"},
	{"write:repo_hook", "read:repo_hook"},
	{"admin:org", "write:org"},
	{"write:org", "read:org"},
	{"admin:public_key", "write:public_key"},
	{"write:public_key", "read:public_key"},
	{"admin:gpg_key", "write:gpg_key"},
	{"write:gpg_key", "read:gpg_key"},
	{"admin:ssh_signing_key", "write:ssh_signing_key"},
	{"write:ssh_signing_key", "read:ssh_signing_key"},
	{"user", "read:user"},
	{"user", "user:email"},
	{"user", "user:follow"},
	{"project", "read:project"},
	{"write:packages", "read:packages"},
	{"admin:enterprise", "manage_runners:enterprise"},
	{"admin:enterprise", "manage_billing:enterprise"},
	{"admin:enterprise", "read:enterprise"},
};

/* What a scope of OAuth may be made of, and no comma. */
static bool is_scope(const char *text, size_t length)
{
	if (length == 0 || length > SCOPE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("\"\\,", text[i]))
			return false;
	return true;
}

static bool add(struct names *scopes, const char *text, size_t length, bool *ret_fine)
{
	*ret_fine = is_scope(text, length);
	return !*ret_fine || names_add(scopes, text, length);
}

bool scopes_add(struct names *scopes, const char *scope, bool *ret_fine)
{
	return add(scopes, scope, strlen(scope), ret_fine);
}

bool scopes_read(struct names *scopes, const char *header, bool *ret_fine)
{
	*ret_fine = true;
	for (const char *at = header + strspn(header, ", "); *at; at += strspn(at, ", ")) {
		size_t length = strcspn(at, ", ");
		if (!add(scopes, at, length, ret_fine))
			return false;
		if (!*ret_fine)
			return true;
		at += length;
	}
	return true;
}

/* What is added is looked at in its turn. */
bool scopes_expand(struct names *scopes)
{
	for (size_t i = 0; i < scopes->count; i++)
		for (size_t j = 0; j < sizeof(parts) / sizeof(parts[0]); j++)
			if (strcmp(parts[j].scope, scopes->items[i]) == 0 &&
				!names_add(scopes, parts[j].part, strlen(parts[j].part)))
				return false;
	return true;
}
