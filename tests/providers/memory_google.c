/*
 * memory_google.c - the n-th allocation of the plugin google fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/http.h>
#include <tokenpam/jwks.h>
#include <tokenpam/tokenpam.h>

#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define VISIBLE __attribute__((visibility("default")))

/* What an endpoint says; the pointer to an answer is one to this. */
struct said {
	int32_t status;
	const char *body;
};

static struct tpam_keys *keys;
static struct said tokeninfo, userinfo;
static unsigned fetches;

VISIBLE int32_t tpam_jwks_verify(
	struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_fault fault;

	(void)jwks;
	(void)call;
	return tpam_jws_verify(jws, keys, &fault) == TPAM_OK ? 0 : TPAM_ERROR;
}

VISIBLE int tpam_http_fetch(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	(void)http;
	(void)host;
	(void)instance;
	(void)call;
	(void)request;
	(void)failure;
	fetches++;
	*ret = (const struct tpam_http_answer *)(const void *)(strcmp(step, "tokeninfo") == 0
								       ? &tokeninfo
								       : &userinfo);
	return TPAM_OK;
}

VISIBLE int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	return ((const struct said *)(const void *)answer)->status;
}

VISIBLE int64_t tpam_http_retry_after(const struct tpam_http_answer *answer)
{
	(void)answer;
	return 7;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	const char *body = ((const struct said *)(const void *)answer)->body;

	*ret_length = strlen(body);
	return body;
}

#define INI(lines)                                                                                 \
	"[tokenpam]\nmode = development\n[provider:google]\nplugin = google\n"                     \
	"client_id = web mobile\ncache_ttl = 0s\n" lines                                           \
	"\n[service:notes]\naudience = notes\nauth = decisive google\n"

static const char asks[] = INI("hosted_domain = corp.example\ngrant = email:* -> read");
static const char plain[] = INI("service_accounts = bot@p.iam.gserviceaccount.com");
static const char access_only[] = INI("tokens = access");

static char *header_by(const struct tpam_signer *signer, const char *client, const char *email)
{
	char payload[512];

	(void)snprintf(payload, sizeof(payload),
		"{\"iss\":\"https://accounts.google.com\",\"sub\":\"110\",\"aud\":\"%s\","
		"\"azp\":\"%s\",\"email\":\"%s\",\"email_verified\":true,\"hd\":\"corp.example\","
		"\"iat\":1,\"exp\":4000000000}",
		client, client, email);
	char *token = tpam_signer_sign(signer, "JWT", payload, strlen(payload));
	size_t size = strlen(token) + sizeof("Bearer ");
	char *text = malloc(size);
	(void)snprintf(text, size, "Bearer %s", token);
	tpam_kit_free(token);
	return text;
}

static struct tpam_signer *signer_make(void)
{
	const struct tpam_keys_rules rules = {.flags = 0};
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	char *set = tpam_signer_public_json(signer);
	if (tpam_keys_parse(&keys, set, strlen(set), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(set);
	return signer;
}

static void test_id_tokens(const struct tpam_signer *signer)
{
	char *person = header_by(signer, "web", "al@corp.example"),
	     *service = header_by(signer, "notes", "bot@p.iam.gserviceaccount.com"),
	     *other = header_by(signer, "web", "bot@q.iam.gserviceaccount.com");

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
	const struct said good = {200, "{\"aud\":\"web\",\"azp\":\"web\",\"sub\":\"110\","
				       "\"scope\":\"openid email\",\"exp\":\"4000000000\"}"};
	const struct said whose = {200, "{\"sub\":\"110\",\"email\":\"al@corp.example\","
					"\"email_verified\":true,\"hd\":\"corp.example\"}"};

	tokeninfo = good;
	userinfo = whose;
	lacking_decides(asks, token, TPAM_SUCCESS);
	lacking_decides(plain, token, TPAM_SUCCESS);
	userinfo = (struct said){200, "{\"sub\":\"111\"}"};
	lacking_decides(asks, token, TPAM_INVALID);
	userinfo = (struct said){200, "{\"sub\":"};
	lacking_decides(asks, token, TPAM_UNAVAILABLE);
	userinfo = (struct said){403, "\"quotaExceeded\""};
	lacking_decides(asks, token, TPAM_RATE_LIMITED);
	tokeninfo = (struct said){400, "{\"error\":\"invalid_token\"}"};
	lacking_decides(plain, token, TPAM_INVALID);
	tokeninfo = (struct said){200, "{\"aud\":\"another\",\"exp\":\"4000000000\"}"};
	lacking_decides(plain, token, TPAM_INVALID);
}

int main(void)
{
	struct tpam_signer *signer = signer_make();

	sandbox_begin();
	lacking_begin(asks);
	lacking_opens(asks);
	test_id_tokens(signer);
	test_access_tokens();
	tpam_signer_destroy(signer);
	tpam_keys_unref(keys);
	sandbox_end();
	return lacking_end(fetches > 100);
}
