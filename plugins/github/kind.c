/*
 * kind.c - the kinds of GitHub's tokens, by their prefixes.
 *
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kind.h"

#include <string.h>

struct row {
	const char *prefix;
	const char *name;
	const char *refusal;
};

static const struct row rows[KINDS] = {
	[KIND_NONE] = {"", "", NULL},
	[KIND_GHO] = {"gho_", "gho", NULL},
	[KIND_GHU] = {"ghu_", "ghu", NULL},
	[KIND_GHP] = {"ghp_", "ghp", NULL},
	[KIND_PAT] = {"github_pat_", "github_pat", NULL},
	[KIND_GHS] = {"ghs_", "ghs", "the token of an installation names no user"},
	[KIND_GHR] = {"ghr_", "ghr", "a refresh token is for GitHub alone"},
};

const char *kind_prefix(enum kind kind)
{
	return rows[kind].prefix;
}

const char *kind_name(enum kind kind)
{
	return rows[kind].name;
}

const char *kind_refusal(enum kind kind)
{
	return rows[kind].refusal;
}

enum kind kind_named(const char *name)
{
	for (int kind = KIND_NONE + 1; kind < KINDS; kind++)
		if (strcmp(rows[kind].name, name) == 0)
			return (enum kind)kind;
	return KIND_NONE;
}

enum kind kind_of(const char *token, size_t length)
{
	for (int kind = KIND_NONE + 1; kind < KINDS; kind++) {
		size_t size = strlen(rows[kind].prefix);
		if (length >= size && memcmp(token, rows[kind].prefix, size) == 0)
			return (enum kind)kind;
	}
	return KIND_NONE;
}

/*
 * Letters, digits and '_' so far; '.' and '-' are in the signed tokens that GitHub gives to installations
 * since 2026.
 */
static bool is_token_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '-';
}

bool kind_is_whole(enum kind kind, const char *token, size_t length)
{
	size_t size = strlen(rows[kind].prefix);

	if (length == size || length > TOKEN_MAX)
		return false;
	for (size_t i = size; i < length; i++)
		if (!is_token_byte(token[i]))
			return false;
	return true;
}
