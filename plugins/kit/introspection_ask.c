/*
 * introspection_ask.c - puts the question about a token to the endpoint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "introspection.h"

#define SHARE_SIZE (2 * EVP_MAX_MD_SIZE + 1)
#define LOG_MAX    400

/* Equal tokens are one question, and its name tells nothing to who does not know the salt. */
static bool share_name(char ret[SHARE_SIZE], const struct tpam_introspection *introspection,
	const char *token, size_t length)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (!HMAC(EVP_sha256(), introspection->salt, sizeof(introspection->salt),
		    (const unsigned char *)token, length, digest, &size))
		return false;
	for (unsigned i = 0; i < size; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	explicit_bzero(digest, sizeof(digest));
	return true;
}

/* Sends the question, or gets what came of it: TPAM_OK, TPAM_PENDING, or a code with `failure`. */
static int fetch(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call,
	const struct question *question, const char *share, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	static const char *const types[] = {"application/json", NULL};
	const struct tpam_http_header headers[] = {
		{"Content-Type", "application/x-www-form-urlencoded"},
		{question->authorization ? "Authorization" : NULL, question->authorization},
		{NULL, NULL}};
	/* An assertion is good for one request, so what carries one is not sent again. */
	uint32_t again =
		introspection->client.auth == CLIENT_PRIVATE_KEY_JWT ? 0 : TPAM_HTTP_IDEMPOTENT;
	const struct tpam_http_request request = {
		.method = "POST",
		.url = endpoint->url,
		.configured = endpoint->configured,
		.headers = headers,
		.body = question->body,
		.body_length = question->length,
		.types = types,
		.share = share,
		.flags = TPAM_HTTP_OURS | again,
	};

	return tpam_http_fetch(endpoint->http, introspection->host, introspection->instance, call,
		"introspect", &request, ret, failure);
}

static int32_t refuse_failure(const struct tpam_introspection *introspection,
	struct tpam_call *call, const struct tpam_http_failure *failure)
{
	const struct tpam_host *host = introspection->host;
	char text[LOG_MAX];

	if (failure->outcome == TPAM_ERROR && failure->fault.reason != TPAM_REASON_NO_MEMORY) {
		(void)snprintf(text, sizeof(text), "asking the endpoint: got %s, expected %s",
			failure->fault.got[0] ? failure->fault.got : "nothing",
			failure->fault.expected[0] ? failure->fault.expected : "an answer");
		host->log(introspection->instance, TPAM_LOG_ERROR, text);
	}
	return tpam_http_refuse(host, call, failure);
}

static void nothing(void *memory)
{
	(void)memory;
}

/* The question about a token, and its name; to be finished in any case. */
static int prepare(const struct tpam_introspection *introspection, const char *url,
	const char *token, size_t length, struct question *ret, char share[SHARE_SIZE])
{
	int64_t now = introspection->host->clock_wall(introspection->instance) / 1000000000;

	if (!share_name(share, introspection, token, length))
		return TPAM_E_MEMORY;
	return question_write(
		ret, &introspection->client, url, token, length, introspection->hint, now);
}

int32_t introspection_put(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call, const char *token,
	size_t length, const struct tpam_http_answer **ret)
{
	void **asked = introspection->host->slot(call, introspection, "asked", nothing);
	struct question question = {0};
	struct tpam_http_failure failure;
	char share[SHARE_SIZE] = "";
	int code = asked ? TPAM_OK : TPAM_E_MEMORY;

	if (code == TPAM_OK && !*asked)
		code = prepare(introspection, endpoint->url, token, length, &question, share);
	if (code != TPAM_OK) {
		question_finish(&question);
		return tpam_call_no_memory(introspection->host, call);
	}
	code = fetch(introspection, endpoint, call, &question, share, ret, &failure);
	question_finish(&question);
	if (code == TPAM_PENDING)
		*asked = call; /* anything but NULL */
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return refuse_failure(introspection, call, &failure);
}
