/*
 * fill.c - what a token says of a user, and what else its issuer says (OpenID Connect Core 1.0, section 5.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "fault.h"
#include "json.h"

#define DEPTH 16

/* What a token is, and what it may, is for the token alone to say. */
static const char *const reserved[] = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp",
	"client_id", "scope", "scp", "cnf", "act", "may_act", "auth_time", "acr", "amr", "sid",
	"nonce", "at_hash", "c_hash", "s_hash", "typ", "token_use", NULL};

/* One of the names, or the object that one of them goes into. */
static bool names(const char *const *list, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; list && list[i]; i++)
		if (strncmp(list[i], name, length) == 0 &&
			(list[i][length] == '\0' || list[i][length] == '.'))
			return true;
	return false;
}

/*
 * That an address was verified is said of that address and of no other: where the token has none, what it
 * says of one goes, and where it has another, what is said of this one is not taken.
 */
static bool settle_email(json_t *own, const json_t *more)
{
	const json_t *mine = json_object_get(own, "email"), *other = json_object_get(more, "email");

	if (!mine && other)
		(void)json_object_del(own, "email_verified");
	return mine ? json_equal(mine, other) : other != NULL;
}

static bool fill(json_t *own, json_t *more, const char *const *kept)
{
	bool verified = settle_email(own, more), failed = false;
	const char *name;
	json_t *value;

	json_object_foreach(more, name, value)
	{
		if (names(reserved, name) || names(kept, name) || json_object_get(own, name) ||
			(strcmp(name, "email_verified") == 0 && !verified))
			continue;
		json_put(own, name, json_incref(value), &failed);
	}
	return !failed;
}

/* NULL without memory: both were read once, by rules that are as strict. */
static char *filled(
	const struct tpam_claims *claims, const struct tpam_claims *more, const char *const *kept)
{
	json_t *own = json_object_read(claims->json, claims->length, DEPTH);
	json_t *other = json_object_read(more->json, more->length, DEPTH);
	char *text = own && other && fill(own, other, kept) ? json_write(own, JSON_COMPACT) : NULL;

	json_decref(own);
	json_decref(other);
	return text;
}

int tpam_claims_fill(struct tpam_claims **ret, const struct tpam_claims *claims,
	const struct tpam_claims *more, const char *const *own)
{
	int code = TPAM_E_MEMORY;
	char *text = filled(claims, more, own);
	struct tpam_claims *both = text ? claims_read(text, strlen(text), &code) : NULL;

	tpam_kit_free(text);
	if (!both)
		return code;
	*ret = both;
	return TPAM_OK;
}
