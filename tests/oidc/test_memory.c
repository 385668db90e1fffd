/*
 * test_memory.c - the n-th allocation of the plugins oidc and userinfo fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "../torture/answering.h"
#include "../torture/issuing.h"
#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define INI(lines)                                                                                 \
	"[tokenpam]\nmode = development\n[provider:op]\ncache_ttl = 0s\ncache_negative_ttl "       \
	"= 0s\n" lines "\n[service:notes]\naudience = notes\nauth = decisive op\n"
#define OIDC "plugin = oidc\nissuer = https://op.example\nclient_id = web mobile\n"

static const char asks[] = INI(OIDC "userinfo = always\nemail_verified = required");
static const char idents[] = INI(OIDC "tokens = id");
static const char accesses[] = INI(OIDC "tokens = access");
/* Tokens that say nothing: their provider is asked, by one way or the other. */
static const char introspection[] =
	INI(OIDC "opaque = introspection\naccept = opaque\nclient_secret = s3cret\n"
		 "userinfo = missing");
static const char userinfo[] = INI(OIDC "opaque = userinfo\naccept = opaque prefix:op_");
static const char plain[] =
	INI("plugin = userinfo\nendpoint = https://chat.example/me\nclient_id = web\n"
	    "accept = opaque jwt\nissuer = https://chat.example\nexpires_claim = expires\n"
	    "subject_claim = user.id");

enum token { ACCESS, IDENT, OPAQUE, TOKENS };

/* A token, what is said of it, and what becomes of it. */
struct scene {
	const char *ini;
	enum token token;
	const char *says;
	int32_t outcome;
};

#define GOOD "{\"sub\":\"alice\",\"client_id\":\"web\"}"

static const struct scene scenes[] = {
	{asks, ACCESS,
		"{\"sub\":\"alice\",\"email\":\"alice@example.com\",\"email_verified\":true,"
		"\"groups\":[\"staff\"]}",
		TPAM_SUCCESS},
	{asks, ACCESS, "{\"sub\":\"mallory\"}", TPAM_INVALID},
	{asks, ACCESS, "{\"sub\":", TPAM_UNAVAILABLE},
	{asks, ACCESS, "{\"sub\":\"alice\",\"email\":\"a@example.com\"}", TPAM_DENIED},
	{idents, IDENT, "", TPAM_SUCCESS},
	{accesses, IDENT, "", TPAM_INVALID},
	{introspection, OPAQUE,
		"{\"active\":true,\"sub\":\"alice\",\"aud\":[\"notes\"],\"scope\":\"read "
		"write\",\"exp\":4000000000,\"email\":\"alice@example.com\"}",
		TPAM_SUCCESS},
	{introspection, OPAQUE, "{\"active\":false}", TPAM_INVALID},
	{userinfo, OPAQUE, GOOD, TPAM_SUCCESS},
	{userinfo, OPAQUE, "{\"sub\":\"alice\"}", TPAM_INVALID},
	{plain, OPAQUE,
		"{\"user\":{\"id\":\"7\"},\"azp\":\"web\",\"expires\":\"2096-10-02T07:06:40Z\"}",
		TPAM_SUCCESS},
	{plain, OPAQUE, GOOD, TPAM_INVALID},
	{plain, OPAQUE, "{", TPAM_UNAVAILABLE},
};

static char *header_by(const char *typ, const char *audience)
{
	char claims[256];

	(void)snprintf(claims, sizeof(claims),
		"{\"iss\":\"https://op.example\",\"sub\":\"alice\",\"aud\":\"%s\",\"iat\":1,"
		"\"exp\":4000000000}",
		audience);
	return issuing_authorization(typ, claims);
}

static void test_opens(void)
{
	static const char *const all[] = {asks, introspection, userinfo, plain};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		lacking_opens(all[i]);
}

int main(void)
{
	struct answer endpoint = {.status = 200};

	sandbox_begin();
	issuing_begin("ES256");
	char *const tokens[TOKENS] = {[ACCESS] = header_by("at+jwt", "notes"),
		[IDENT] = header_by(NULL, "web"),
		[OPAQUE] = strdup("Bearer opaque-token")};
	answering_with(&endpoint, 1);
	lacking_begin(asks);
	test_opens();
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		endpoint.body = scenes[i].says;
		lacking_decides(scenes[i].ini, tokens[scenes[i].token], scenes[i].outcome);
	}
	for (size_t i = 0; i < TOKENS; i++)
		free(tokens[i]);
	issuing_end();
	sandbox_end();
	return lacking_end(answering_count() > 100);
}
