/*
 * ask.c - puts the question about a token to the endpoint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "ask.h"

#define SHARE_SIZE (2 * EVP_MAX_MD_SIZE + 1)
#define LOG_MAX    400

/* Equal tokens are one question, and its name tells nothing to who does not know the salt. */
static bool share_name(
	char ret[SHARE_SIZE], const struct introspect *introspect, const char *token, size_t length)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (!HMAC(EVP_sha256(), introspect->salt, sizeof(introspect->salt),
		    (const unsigned char *)token, length, digest, &size))
		return false;
	for (unsigned i = 0; i < size; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	explicit_bzero(digest, sizeof(digest));
	return true;
}

/* Sends the question, or gets what came of it: TPAM_OK, TPAM_PENDING, or a code with `failure`. */
static int fetch(const struct introspect *introspect, struct tpam_call *call,
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
		introspect->client.auth == CLIENT_PRIVATE_KEY_JWT ? 0 : TPAM_HTTP_IDEMPOTENT;
	const struct tpam_http_request request = {
		.method = "POST",
		.url = introspect->endpoint,
		.configured = introspect->endpoint,
		.headers = headers,
		.body = question->body,
		.body_length = question->length,
		.types = types,
		.share = share,
		.flags = TPAM_HTTP_OURS | again,
	};

	return tpam_http_fetch(introspect->http, introspect->host, introspect->instance, call,
		"introspect", &request, ret, failure);
}

static int32_t refuse_failure(const struct introspect *introspect, struct tpam_call *call,
	const struct tpam_http_failure *failure)
{
	char text[LOG_MAX];

	if (failure->outcome == TPAM_ERROR && failure->fault.reason != TPAM_REASON_NO_MEMORY) {
		(void)snprintf(text, sizeof(text), "asking the endpoint: got %s, expected %s",
			failure->fault.got[0] ? failure->fault.got : "nothing",
			failure->fault.expected[0] ? failure->fault.expected : "an answer");
		introspect->host->log(introspect->instance, TPAM_LOG_ERROR, text);
	}
	return tpam_http_refuse(introspect->host, call, failure);
}

static void nothing(void *memory)
{
	(void)memory;
}

/* The question about a token, and its name; to be finished in any case. */
static int prepare(const struct introspect *introspect, const char *token, size_t length,
	struct question *ret, char share[SHARE_SIZE])
{
	int64_t now = introspect->host->clock_wall(introspect->instance) / 1000000000;

	if (!share_name(share, introspect, token, length))
		return TPAM_E_MEMORY;
	return question_write(ret, &introspect->client, token, length, introspect->hint, now);
}

int32_t ask(const struct introspect *introspect, struct tpam_call *call, const char *token,
	size_t length, const struct tpam_http_answer **ret)
{
	void **asked = introspect->host->slot(call, introspect, "asked", nothing);
	struct question question = {0};
	struct tpam_http_failure failure;
	char share[SHARE_SIZE] = "";
	int code = asked ? TPAM_OK : TPAM_E_MEMORY;

	if (code == TPAM_OK && !*asked)
		code = prepare(introspect, token, length, &question, share);
	if (code != TPAM_OK) {
		question_finish(&question);
		return tpam_call_no_memory(introspect->host, call);
	}
	code = fetch(introspect, call, &question, share, ret, &failure);
	question_finish(&question);
	if (code == TPAM_PENDING)
		*asked = call; /* anything but NULL */
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return refuse_failure(introspect, call, &failure);
}
