/*
 * client_open.c - who we are to an endpoint, as the options of a section say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/provider.h>

#include "client_auth.h"

#define KEY_FILE_MAX 16384
#define DEMAND_MAX   128

/* In the order of the words of TPAM_INTROSPECTION_OPTIONS. */
static const char *const auth_words[CLIENT_AUTHS] = {
	[CLIENT_SECRET_BASIC] = "client_secret_basic",
	[CLIENT_SECRET_POST] = "client_secret_post",
	[CLIENT_PRIVATE_KEY_JWT] = "private_key_jwt",
	[CLIENT_MTLS] = "mtls",
	[CLIENT_NONE] = "none",
};

struct opening {
	struct client *client;
	const struct tpam_host *host;
	struct tpam_instance *instance;
};

static const char *text(const struct opening *opening, const char *option)
{
	return opening->host->option_text(opening->instance, option, 0);
}

static int problem(
	const struct opening *opening, const char *option, const char *got, const char *expected)
{
	opening->host->problem(opening->instance, option, 0, got, expected);
	return TPAM_E_CONFIG;
}

enum need { MAY, MUST, MUST_NOT };

/* What each way of proving it needs; what it has no use for was meant for another. */
struct demand {
	const char *option;
	enum need by[CLIENT_AUTHS];
};

static const struct demand demands[] = {
	{"client_id", {MUST, MUST, MUST, MUST, MAY}},
	{"client_secret", {MUST, MUST, MUST_NOT, MUST_NOT, MUST_NOT}},
	{"private_key_file", {MUST_NOT, MUST_NOT, MUST, MUST_NOT, MUST_NOT}},
	{"assertion_audience", {MUST_NOT, MUST_NOT, MAY, MUST_NOT, MUST_NOT}},
	{"tls_certificate", {MAY, MAY, MAY, MUST, MAY}},
	{"tls_key", {MAY, MAY, MAY, MUST, MAY}},
};

/* "OPTION beside client_auth = WORD", or none of it. */
static const char *demand_text(
	char ret[DEMAND_MAX], const char *option, enum need need, enum client_auth auth)
{
	char *end = stpcpy(ret, need == MUST ? option : "none");

	end = stpcpy(end, " beside client_auth = ");
	(void)stpcpy(end, auth_words[auth]);
	return ret;
}

static int demands_open(const struct opening *opening)
{
	enum client_auth auth = opening->client->auth;
	char expected[DEMAND_MAX];
	int code = TPAM_OK;

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		const char *option = demands[i].option;
		enum need need = demands[i].by[auth];
		/* Where the id comes from is for the plugin to say. */
		bool given = i == 0 ? opening->client->id != NULL : text(opening, option) != NULL;
		if (need == MUST && !given)
			code = problem(
				opening, NULL, NULL, demand_text(expected, option, need, auth));
		else if (need == MUST_NOT && given)
			code = problem(
				opening, option, option, demand_text(expected, option, need, auth));
	}
	return code;
}

static int key_read(
	const struct opening *opening, const char *path, const char *json, size_t length)
{
	static const char expected[] = "a file with a private JWK, RSA, EC or OKP";
	struct client *client = opening->client;
	struct tpam_fault fault = {0};
	int code = tpam_signer_parse(&client->signer, json, length, &fault);

	if (code == TPAM_E_CONFIG)
		return problem(opening, "private_key_file", fault.got[0] ? fault.got : path,
			fault.expected[0] ? fault.expected : expected);
	if (code == TPAM_OK && tpam_alg_symmetric(tpam_signer_alg(client->signer)))
		return problem(opening, "private_key_file", "an HMAC secret", expected);
	return code;
}

static int key_open(const struct opening *opening)
{
	const char *path = text(opening, "private_key_file");
	char *bytes = NULL;
	uint64_t length = 0;

	if (opening->client->auth != CLIENT_PRIVATE_KEY_JWT || !path)
		return TPAM_OK;
	int code = opening->host->read_file(
		opening->instance, path, TPAM_FILE_SECRET, KEY_FILE_MAX, &bytes, &length);
	if (code == TPAM_E_MEMORY)
		return code;
	if (code != TPAM_OK)
		return problem(opening, "private_key_file", path,
			"a file of at most 16 KiB that can be read, and by nobody else that should "
			"not");
	code = key_read(opening, path, bytes, (size_t)length);
	opening->host->release(bytes, length);
	return code;
}

int client_open(struct client *client, const struct tpam_host *host, struct tpam_instance *instance)
{
	const struct opening opening = {client, host, instance};
	int64_t number = CLIENT_SECRET_BASIC;

	(void)host->option_number(instance, "client_auth", 0, &number);
	client->auth = (enum client_auth)number;
	client->secret = text(&opening, "client_secret");
	client->audience = text(&opening, "assertion_audience");
	if (client->auth == CLIENT_NONE)
		host->warning(
			instance, "client_auth", 0, "asks its endpoint without saying who asks");
	int code = demands_open(&opening), key = key_open(&opening);
	return code == TPAM_OK ? key : code;
}
