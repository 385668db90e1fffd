/*
 * memory_google.c - the n-th allocation of the plugin google fails: nothing lost, nobody let in.
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

/* What the endpoints say, by the plugin's steps. */
enum { TOKENINFO, USERINFO };

static struct answer answers[] = {
	[TOKENINFO] = {.to = "tokeninfo", .retry_after = 7},
	[USERINFO] = {.to = "userinfo", .retry_after = 7},
};

static void say(int endpoint, int32_t status, const char *body)
{
	answers[endpoint].status = status;
	answers[endpoint].body = body;
}

#define INI(lines)                                                                                 \
	"[tokenpam]\nmode = development\n[provider:google]\nplugin = google\n"                     \
	"client_id = web mobile\ncache_ttl = 0s\n" lines                                           \
	"\n[service:notes]\naudience = notes\nauth = decisive google\n"

static const char asks[] = INI("hosted_domain = corp.example\ngrant = email:* -> read");
static const char plain[] = INI("service_accounts = bot@p.iam.gserviceaccount.com");
static const char access_only[] = INI("tokens = access");

static char *header_by(const char *client, const char *email)
{
	char claims[512];

	(void)snprintf(claims, sizeof(claims),
		"{\"iss\":\"https://accounts.google.com\",\"sub\":\"110\",\"aud\":\"%s\","
		"\"azp\":\"%s\",\"email\":\"%s\",\"email_verified\":true,\"hd\":\"corp.example\","
		"\"iat\":1,\"exp\":4000000000}",
		client, client, email);
	return issuing_authorization("JWT", claims);
}

static void test_id_tokens(void)
{
	char *person = header_by("web", "al@corp.example"),
	     *service = header_by("notes", "bot@p.iam.gserviceaccount.com"),
	     *other = header_by("web", "bot@q.iam.gserviceaccount.com");

	lacking_decides(asks, person, TPAM_SUCCESS);
	lacking_decides(plain, service, TPAM_SUCCESS);
	lacking_decides(plain, other, TPAM_DENIED);
	lacking_decides(access_only, person, TPAM_INVALID);
	free(person);
	free(service);
	free(other);
}

static void test_access_tokens(void)
{
	static const char token[] = "Bearer ya29.token";
	static const char good[] = "{\"aud\":\"web\",\"azp\":\"web\",\"sub\":\"110\","
				   "\"scope\":\"openid email\",\"exp\":\"4000000000\"}";
	static const char whose[] = "{\"sub\":\"110\",\"email\":\"al@corp.example\","
				    "\"email_verified\":true,\"hd\":\"corp.example\"}";

	say(TOKENINFO, 200, good);
	say(USERINFO, 200, whose);
	lacking_decides(asks, token, TPAM_SUCCESS);
	lacking_decides(plain, token, TPAM_SUCCESS);
	say(USERINFO, 200, "{\"sub\":\"111\"}");
	lacking_decides(asks, token, TPAM_INVALID);
	say(USERINFO, 200, "{\"sub\":");
	lacking_decides(asks, token, TPAM_UNAVAILABLE);
	say(USERINFO, 403, "\"quotaExceeded\"");
	lacking_decides(asks, token, TPAM_RATE_LIMITED);
	say(TOKENINFO, 400, "{\"error\":\"invalid_token\"}");
	lacking_decides(plain, token, TPAM_INVALID);
	say(TOKENINFO, 200, "{\"aud\":\"another\",\"exp\":\"4000000000\"}");
	lacking_decides(plain, token, TPAM_INVALID);
}

int main(void)
{
	sandbox_begin();
	issuing_begin("ES256");
	answering_with(answers, sizeof(answers) / sizeof(answers[0]));
	lacking_begin(asks);
	lacking_opens(asks);
	test_id_tokens();
	test_access_tokens();
	issuing_end();
	sandbox_end();
	return lacking_end(answering_count() > 100);
}
