/*
 * liboauth2.c - liboauth2 with one key (its method jwk), without and with its cache of results in shared memory.
 *
 * It checks the times; issuer and audience are compared here. It writes out every line of its log, those too that
 * nobody takes, so that there is a row without a log and one with the log that its servers give it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include <oauth2/cfg.h>
#include <oauth2/log.h>
#include <oauth2/oauth2.h>
#include <oauth2/util.h>

#include "bench.h"
#include "claims.h"

struct shared {
	oauth2_log_t *log;
	oauth2_cfg_token_verify_t *rules;
};

static void drop(oauth2_log_sink_t *sink, const char *file, unsigned long line,
	const char *function, oauth2_log_level_t level, const char *text)
{
	(void)sink;
	(void)file;
	(void)line;
	(void)function;
	(void)level;
	(void)text;
}

static void *open_with(const char *cache, const struct bench_material *material, bool log)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	char text[256];

	if (!shared)
		abort();
	oauth2_log_sink_t *sink = oauth2_log_sink_create(OAUTH2_LOG_ERROR, drop, NULL);
	oauth2_log_t *made = oauth2_init(OAUTH2_LOG_ERROR, sink);
	shared->log = log ? made : NULL;
	(void)snprintf(text, sizeof(text),
		"verify.exp=required&verify.nbf=required&verify.cache=%s&expiry=86400", cache);
	char *problem = oauth2_cfg_token_verify_add_options(
		NULL, &shared->rules, "jwk", material->jwk, text);
	return problem ? NULL : shared;
}

/* A cache that nobody has made is none. */
static void *open_plain(const struct bench_row *row, const struct bench_material *material)
{
	(void)row;
	return open_with("none", material, false);
}

/* A cache of its own for each, of the size that it has when nothing is said. */
static void *open_cached_with(
	const struct bench_row *row, const struct bench_material *material, bool log)
{
	char name[64], text[256];

	(void)snprintf(name, sizeof(name), "%s-%s", material->alg, row->name);
	(void)snprintf(text, sizeof(text), "name=%s&max_entries=1000", name);
	char *problem = oauth2_cfg_set_cache(NULL, NULL, "shm", text);
	return problem ? NULL : open_with(name, material, log);
}

static void *open_cached(const struct bench_row *row, const struct bench_material *material)
{
	return open_cached_with(row, material, false);
}

static void *open_logged(const struct bench_row *row, const struct bench_material *material)
{
	return open_cached_with(row, material, true);
}

static bool verify(void *state, const char *token)
{
	const struct shared *shared = state;
	json_t *claims = NULL;
	bool good = oauth2_token_verify(shared->log, NULL, shared->rules, token, &claims) &&
		    claims_good(claims);

	json_decref(claims);
	return good;
}

const struct bench_row bench_rows[] = {
	{.name = "plain", .open = open_plain, .verify = verify},
	{.name = "cache-1", .open = open_cached, .verify = verify},
	{.name = "cache-1000", .tokens = 1000, .open = open_cached, .verify = verify},
	{.name = "cache-1000-log", .tokens = 1000, .open = open_logged, .verify = verify},
	{.name = NULL},
};

const struct bench_figure bench_figures[] = {{.name = NULL}};
