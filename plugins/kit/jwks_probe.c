/*
 * jwks_probe.c - what there is to say of an issuer's keys, for operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "http_failure.h"
#include "http_hooks.h"
#include "json.h"
#include "jwks_wait.h"

static json_t *keys_json(const struct tpam_keys *keys, bool *failed)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < tpam_keys_count(keys); i++) {
		json_t *key = json_object();
		json_put(key, "kid", json_text(tpam_keys_kid(keys, i)), failed);
		json_put(key, "alg", json_text(tpam_keys_alg(keys, i)), failed);
		json_push(list, key, failed);
	}
	return list;
}

/* Under the lock. Times are seconds since 1970. */
static json_t *describe(const struct source *source, int64_t wall)
{
	int64_t now = http_clock();
	json_t *object = json_object();
	bool failed = !object;

	json_put(object, "issuer", json_text(source->issuer), &failed);
	json_put(object, "jwks_uri", json_text(source->found_uri), &failed);
	json_put(object, "keys", keys_json(source->keys, &failed), &failed);
	json_put(object, "skipped", json_integer((json_int_t)tpam_keys_skipped(source->keys)),
		&failed);
	json_put(object, "fetched_at", json_integer(source->fetched_wall), &failed);
	json_put(object, "refresh_at", json_integer(wall + (source->refresh_at - now) / SECOND),
		&failed);
	json_put(object, "good_until", json_integer(wall + (source->fresh_until - now) / SECOND),
		&failed);
	json_put(object, "stale_until", json_integer(wall + (source->stale_until - now) / SECOND),
		&failed);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

/* 0 with what is to say of the keys, or NULL without memory; or the outcome. */
static int32_t probe(struct tpam_jwks *jwks, struct tpam_call *call, json_t **ret)
{
	struct tpam_http_failure failure;
	int64_t wait = 0, age = 0;
	int code = jwks_search(jwks, call, 0, true, &wait, &age, &failure);

	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	if (code != TPAM_E_UNSET)
		return tpam_http_refuse(jwks->host, call, &failure);
	jwks_lock();
	*ret = describe(jwks->source, jwks->host->clock_wall(jwks->instance) / SECOND);
	jwks_unlock();
	return 0;
}

/* Takes the object, which is NULL without memory. */
static int32_t tell(const struct tpam_host *host, struct tpam_call *call, json_t *object)
{
	char *text = object ? json_write(object, JSON_COMPACT) : NULL;
	int code = TPAM_E_MEMORY;

	if (text)
		code = host->set_text(call, TPAM_FIELD_CLAIMS, text, strlen(text));
	free(text);
	json_decref(object);
	return code == TPAM_E_MEMORY ? tpam_call_no_memory(host, call) : 0;
}

int32_t tpam_jwks_probe(struct tpam_jwks *jwks, struct tpam_call *call)
{
	json_t *object = NULL;
	int32_t outcome = probe(jwks, call, &object);

	return outcome == 0 ? tell(jwks->host, call, object) : outcome;
}

int32_t tpam_jwks_probe_all(struct tpam_jwks *const *jwks, const char *const *names, uint32_t count,
	struct tpam_call *call)
{
	const struct tpam_host *host = NULL;
	json_t *all = json_object();
	bool failed = !all;
	int32_t outcome = 0;

	for (uint32_t i = 0; i < count && outcome == 0; i++) {
		json_t *one = NULL;
		if (!jwks[i])
			continue;
		host = jwks[i]->host;
		outcome = probe(jwks[i], call, &one);
		if (outcome == 0)
			json_put(all, names[i], one, &failed);
	}
	if (outcome == 0 && host && !failed)
		return tell(host, call, all);
	json_decref(all);
	return outcome == 0 && host ? tpam_call_no_memory(host, call) : outcome;
}
