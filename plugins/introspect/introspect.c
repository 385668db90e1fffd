/*
 * introspect.c - tokens that their issuer is asked about (RFC 7662).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "answer.h"
#include "config.h"

#define TOKEN_MAX  (256 * 1024) /* the loader's max_token is the limit that counts */
#define SHARE_SIZE (2 * EVP_MAX_MD_SIZE + 1)
#define LOG_MAX    400

static int32_t say(const struct introspect *introspect, struct tpam_call *call, int32_t outcome,
	int32_t reason, const char *expected, const char *got)
{
	introspect->host->reason(call, reason, expected, got);
	return outcome;
}

static int32_t no_memory(const struct introspect *introspect, struct tpam_call *call)
{
	return say(introspect, call, TPAM_ERROR, TPAM_REASON_NO_MEMORY, NULL, NULL);
}

/* ---- Whose token it is ---- */

static bool accepts(const struct introspect *introspect, enum kind kind)
{
	const char *accept, *prefix;

	for (uint32_t i = 0;
		(accept = introspect->host->option_text(introspect->instance, "accept", i)); i++)
		if (accept_kind(accept, &prefix) == kind)
			return true;
	return false;
}

static bool has_prefix(const struct introspect *introspect, const char *token, size_t length)
{
	const char *accept, *prefix;

	for (uint32_t i = 0;
		(accept = introspect->host->option_text(introspect->instance, "accept", i)); i++)
		if (accept_kind(accept, &prefix) == KIND_PREFIX && length >= strlen(prefix) &&
			memcmp(token, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

/* A JSON Web Token, by its unverified issuer and nothing else; 0 if it is ours. */
static int32_t recognise_jwt(
	const struct introspect *introspect, struct tpam_call *call, struct tpam_jws *jws)
{
	bool object = false;

	if (!accepts(introspect, KIND_JWT))
		return say(introspect, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
			"a token as accept says", "a JSON Web Token");
	const char *issuer = tpam_jws_unverified_issuer(jws, &object);
	if (!issuer && errno == ENOMEM)
		return no_memory(introspect, call);
	if (issuer && strcmp(issuer, introspect->issuer) == 0)
		return 0;
	return say(introspect, call, TPAM_FOREIGN, TPAM_REASON_WRONG_ISSUER, introspect->issuer,
		issuer ? "another issuer" : "no issuer");
}

static int32_t recognise_other(const struct introspect *introspect, struct tpam_call *call,
	const char *token, size_t length)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_parse(&jws, token, length, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return no_memory(introspect, call);
	if (code == TPAM_OK) {
		int32_t outcome = recognise_jwt(introspect, call, jws);
		tpam_jws_destroy(jws);
		return outcome;
	}
	/* Where a part cannot be read it is nobody's JSON Web Token, and nothing that is opaque. */
	if (code == TPAM_E_ARGUMENT && accepts(introspect, KIND_OPAQUE))
		return 0;
	return say(introspect, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND, "a token as accept says",
		code == TPAM_E_ARGUMENT ? "another" : "a broken JSON Web Token");
}

/* 0 if the token is ours. Nobody else's goes over the network. */
static int32_t recognise(const struct introspect *introspect, struct tpam_call *call,
	const char *token, size_t length)
{
	if (length > TOKEN_MAX)
		return say(introspect, call, TPAM_INVALID, TPAM_REASON_TOO_LARGE,
			"a token of at most 256 KiB", "a larger one");
	if (has_prefix(introspect, token, length))
		return 0;
	return recognise_other(introspect, call, token, length);
}

/* ---- Asking ---- */

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

/*
 * An outcome that refuses, TPAM_PENDING, or 0 with the answer. Once the question is under way,
 * later runs need not write it again, nor sign for it: the step stands for it.
 */
static int32_t ask(const struct introspect *introspect, struct tpam_call *call, const char *token,
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
		return no_memory(introspect, call);
	}
	code = fetch(introspect, call, &question, share, ret, &failure);
	question_finish(&question);
	if (code == TPAM_PENDING)
		*asked = call; /* anything but NULL */
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return refuse_failure(introspect, call, &failure);
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct introspect *introspect = state;
	const struct tpam_http_answer *answer = NULL;
	uint64_t length = 0;
	const char *token = introspect->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	int32_t outcome = recognise(introspect, call, token, (size_t)length);
	if (outcome == 0)
		outcome = ask(introspect, call, token, (size_t)length, &answer);
	if (outcome == 0)
		outcome = answer_judge(introspect, call, answer);
	return outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "introspect",
	.version = "1",
	.summary = "Asks the issuer about a token (RFC 7662).",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) | TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = introspect_options,
	.open = introspect_open,
	.close = introspect_close,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
