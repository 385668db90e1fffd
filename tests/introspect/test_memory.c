/*
 * test_memory.c - the n-th allocation of the plugin introspect fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/kit.h>
#include <tokenpam/tokenpam.h>

#include "../torture/answering.h"
#include "../torture/issuing.h"
#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define INI(lines)                                                                                 \
	"[tokenpam]\nmode = development\n[provider:as]\nplugin = introspect\n"                     \
	"endpoint = https://as.example/introspect\nissuer = https://as.example\n"                  \
	"accept = opaque jwt\nclient_id = us\ncache = 0s\n" lines                                  \
	"\n[service:notes]\naudience = notes\nauth = decisive as\n"

static const char secret[] = INI("client_secret = s3cret");
static const char key[] = INI("client_auth = private_key_jwt\nprivate_key_file = key.jwk");

/* A token, what is said of it, and what becomes of it. */
struct scene {
	const char *ini;
	const char *authorization;
	const char *says;
	int32_t outcome;
};

#define OPAQUE "Bearer opaque"
#define SIGNED "Bearer eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUifQ.AAAA"
#define GOOD                                                                                       \
	"{\"active\":true,\"sub\":\"alice\",\"aud\":[\"notes\"],\"iss\":\"https://as.example\","   \
	"\"scope\":\"read write\",\"exp\":4000000000,\"jti\":\"one\"}"

static const struct scene scenes[] = {
	{secret, OPAQUE, GOOD, TPAM_SUCCESS},
	{key, SIGNED, GOOD, TPAM_SUCCESS},
	{secret, OPAQUE, "{\"active\":false}", TPAM_INVALID},
	{secret, OPAQUE, "{\"active\":", TPAM_UNAVAILABLE},
};

static void write_key(void)
{
	char *json = issuing_key();

	sandbox_write("key.jwk", json);
	tpam_kit_free(json);
}

int main(void)
{
	struct answer endpoint = {.status = 200};

	sandbox_begin();
	issuing_begin("ES256");
	write_key();
	answering_with(&endpoint, 1);
	lacking_begin(secret);
	lacking_opens(secret);
	lacking_opens(key);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		endpoint.body = scenes[i].says;
		lacking_decides(scenes[i].ini, scenes[i].authorization, scenes[i].outcome);
	}
	issuing_end();
	sandbox_end();
	return lacking_end(answering_count() > 20);
}
