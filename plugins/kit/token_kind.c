/*
 * token_kind.c - which kind of an issuer's tokens this is, and whether it was issued to us.
 *
 * An ID token tells a client who signed in, and is no key to anything: whoever takes it for an access token
 * lets every client's log file in. All are signed with the same keys, so they are told apart by what they say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include <tokenpam/oauth.h>

/* A claim, or one with a certain value, that only this kind has. The first that fits decides. */
struct mark {
	const char *claim;
	const char *value; /* NULL: any */
	enum tpam_token_kind kind;
};

static const struct mark marks[] = {
	/* Security events: logout tokens look like ID tokens in all else. */
	{"events", NULL, TPAM_TOKEN_OTHER},
	/* Keycloak, Amazon Cognito. */
	{"typ", "Refresh", TPAM_TOKEN_OTHER},
	{"typ", "Offline", TPAM_TOKEN_OTHER},
	{"typ", "Logout", TPAM_TOKEN_OTHER},
	{"token_use", "refresh", TPAM_TOKEN_OTHER},
	{"typ", "ID", TPAM_TOKEN_ID},
	{"token_use", "id", TPAM_TOKEN_ID},
	{"nonce", NULL, TPAM_TOKEN_ID},
	{"at_hash", NULL, TPAM_TOKEN_ID},
	{"c_hash", NULL, TPAM_TOKEN_ID},
	{"s_hash", NULL, TPAM_TOKEN_ID},
};

static bool bears(const struct tpam_claims *claims, const struct mark *mark)
{
	const char *text = tpam_claims_text(claims, mark->claim);

	if (!mark->value)
		return tpam_claims_has(claims, mark->claim);
	return text && strcasecmp(text, mark->value) == 0;
}

static bool is_at_jwt(const struct tpam_jws *jws)
{
	const char *typ = tpam_jws_typ(jws);

	return typ &&
	       (strcasecmp(typ, "at+jwt") == 0 || strcasecmp(typ, "application/at+jwt") == 0);
}

static bool is_ours(const char *const *clients, const char *client, size_t length)
{
	for (size_t i = 0; clients[i]; i++)
		if (strlen(clients[i]) == length && memcmp(clients[i], client, length) == 0)
			return true;
	return false;
}

/* A text is one audience, blanks and all. */
static const char *audience(const struct tpam_claims *claims, size_t index, size_t *ret_length)
{
	const char *one = tpam_claims_text(claims, "aud");

	if (!one)
		return tpam_claims_element(claims, "aud", index, ret_length);
	*ret_length = strlen(one);
	return index == 0 ? one : NULL;
}

static bool for_us(const char *const *clients, const struct tpam_claims *claims)
{
	const char *client;
	size_t length = 0;

	for (size_t i = 0; (client = audience(claims, i, &length)); i++)
		if (is_ours(clients, client, length))
			return true;
	return false;
}

enum tpam_token_kind tpam_token_kind(
	const struct tpam_jws *jws, const struct tpam_claims *claims, const char *const *clients)
{
	if (is_at_jwt(jws))
		return TPAM_TOKEN_ACCESS;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (bears(claims, &marks[i]))
			return marks[i].kind;
	return for_us(clients, claims) ? TPAM_TOKEN_ID : TPAM_TOKEN_ACCESS;
}

/* Whoever it was issued to is one of us, and must be named where it is for others, too. */
int32_t tpam_id_token_check(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_claims *claims, const char *const *clients)
{
	const char *azp = tpam_claims_text(claims, "azp");
	size_t length = 0;

	if (!tpam_claims_has(claims, "iat"))
		return tpam_call_end(
			host, call, TPAM_INVALID, TPAM_REASON_MISSING_CLAIM, "iat", "none");
	if (!tpam_claims_has(claims, "azp"))
		return audience(claims, 1, &length)
			       ? tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_MISSING_CLAIM,
					 "azp in an ID token for several audiences", "none")
			       : 0;
	if (azp && is_ours(clients, azp, strlen(azp)))
		return 0;
	return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT, clients[0],
		azp ? azp : "azp that is no text");
}

int32_t tpam_client_check(const struct tpam_host *host, const struct tpam_instance *instance,
	struct tpam_call *call, const struct tpam_claims *claims, const char *const *clients)
{
	const char *name, *client = NULL;

	for (uint32_t i = 0; !client && (name = host->option_text(instance, "client_claim", i));
		i++)
		client = tpam_claims_text(claims, name);
	if (client && is_ours(clients, client, strlen(client)))
		return 0;
	return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT, clients[0],
		client ? client : "none");
}
