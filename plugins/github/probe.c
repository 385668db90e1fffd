/*
 * probe.c - whether GitHub is there and knows our app, for operators who ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "address.h"
#include "app.h"
#include "probe.h"

#define PROBE_BYTES 18
#define PROBE_SIZE  (sizeof("gho_") + 2 * PROBE_BYTES)

/* A token that nobody ever issued. */
static bool make_token(char ret[PROBE_SIZE])
{
	unsigned char bytes[PROBE_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	memcpy(ret, "gho_", 4);
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(ret + 4 + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

/* That it is none of ours is right: only whoever knows client and secret is told so. */
static int32_t probe_app(const struct look *look)
{
	const struct tpam_http_answer *answer = NULL;
	char token[PROBE_SIZE];

	if (!make_token(token))
		return look_no_memory(look);
	int32_t outcome = app_ask(look, token, &answer);
	if (outcome != 0)
		return outcome;
	if (app_is_unknown(answer))
		outcome = look_is_githubs(look, answer);
	else
		outcome = app_status(look, answer);
	if (outcome != 0 || app_is_unknown(answer))
		return outcome == 0 ? TPAM_SUCCESS : outcome;
	return look_loud(look, TPAM_REASON_MISCONFIGURED, "a refusal of a token that nobody issued",
		"HTTP 200");
}

/* What needs no token; where nothing is told without one, that is told as GitHub tells it. */
static int32_t probe_api(const struct look *look)
{
	static const int32_t statuses[] = {401, 403, 404, 429, 0};
	static const char *const types[] = {"application/json", NULL};
	const struct github *github = look->github;
	const struct tpam_http_answer *answer = NULL;
	struct tpam_http_failure failure;
	int64_t seconds = 0;
	char *url = address_format("%s/meta", github->api);

	if (!url)
		return look_no_memory(look);
	const struct tpam_http_request request = {.url = url,
		.configured = github->api,
		.types = types,
		.statuses = statuses,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON};
	int code = tpam_http_fetch(github->http, github->host, github->instance, look->call, "meta",
		&request, &answer, &failure);
	free(url);
	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	if (code != TPAM_OK)
		return look_failed(look, &failure);
	int32_t status = tpam_http_status(answer);
	int32_t outcome = status == 200 ? 0 : look_limited(look, answer, &seconds);
	if (outcome == 0 && status != 200)
		outcome = look_is_githubs(look, answer);
	if (outcome == 0 && status == 404)
		outcome = look_loud(
			look, TPAM_REASON_MISCONFIGURED, "GitHub's API at api_url", "HTTP 404");
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

int32_t github_probe(void *state, struct tpam_call *call)
{
	struct github *github = state;
	const struct look look = {.github = github, .host = github->host, .call = call};

	return github->client_id ? probe_app(&look) : probe_api(&look);
}
