/*
 * bearer.h - for tests of the plugin bearer: a key of the issuer, its tokens, an engine on a clock that stands still.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_JOSE_BEARER_H
#define TESTS_JOSE_BEARER_H

#include <stdatomic.h>

#include <tokenpam/kit.h>
#include <tokenpam/tokenpam.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"

static struct tpam_signer *bearer_signer;
static atomic_llong bearer_now; /* seconds */

static inline int64_t bearer_clock(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	(void)kind;
	return atomic_load(&bearer_now) * INT64_C(1000000000);
}

static inline void bearer_begin(int64_t now)
{
	struct tpam_fault fault;

	sandbox_begin();
	atomic_store(&bearer_now, now);
	if (tpam_signer_generate(&bearer_signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	char *set = tpam_signer_public_json(bearer_signer);
	if (!set)
		abort();
	sandbox_write("keys.json", set);
	tpam_kit_free(set);
}

static inline void bearer_end(void)
{
	tpam_signer_destroy(bearer_signer);
	sandbox_end();
}

/* "Bearer TOKEN" with these claims beside iss, sub and aud; to be freed with tpam_kit_free(). */
static inline char *bearer_authorization(const char *claims)
{
	char payload[1024];
	(void)snprintf(payload, sizeof(payload),
		"{\"iss\":\"https://issuer.example\",\"sub\":\"alice\",\"aud\":\"notes\",%s}",
		claims);
	char *token = tpam_signer_sign(bearer_signer, "at+jwt", payload, strlen(payload));
	size_t size = token ? strlen(token) + sizeof("Bearer ") : 0;
	char *text = token ? malloc(size) : NULL;
	if (!text)
		abort();
	(void)snprintf(text, size, "Bearer %s", token);
	tpam_kit_free(token);
	return text;
}

/* Writes bearer.ini, with lines more for [tokenpam] and for the provider. */
static inline void bearer_config(const char *tokenpam, const char *provider)
{
	char text[1024];
	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n%s\n[provider:ours]\nplugin = bearer\n"
		"issuer = https://issuer.example\njwks_file = keys.json\n%s\n"
		"[service:notes]\naudience = notes\nauth = required ours\n",
		tokenpam, provider);
	sandbox_write("bearer.ini", text);
}

static inline struct tpam_engine *bearer_engine(tpam_log_fn *log)
{
	return sandbox_engine(
		"bearer.ini", (struct tpam_engine_options){.clock = bearer_clock, .log = log});
}

/* What becomes of the token. */
static inline int32_t bearer_ask(
	struct tpam_engine *engine, const char *authorization, int32_t *ret_reason)
{
	struct tpam_request *request = sandbox_request("notes", authorization);
	struct tpam_result *result = NULL;
	if (tpam_authenticate(engine, request, &result) != TPAM_OK)
		abort();
	int32_t outcome = tpam_result_outcome(result);
	*ret_reason = tpam_result_reason(result);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return outcome;
}

#endif
