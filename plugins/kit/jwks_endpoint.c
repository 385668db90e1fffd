/*
 * jwks_endpoint.c - an endpoint of an issuer, as its metadata names it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "http_failure.h"
#include "jwks_wait.h"
#include "memory.h"
#include "url.h"

/* Under the lock. Keys of an earlier run may be there without the metadata that led to them. */
static int find(const struct source *source, const char *name, char **ret,
	struct tpam_http_failure *failure)
{
	char expected[128];
	const char *text = source->metadata ? tpam_metadata_text(source->metadata, name) : NULL;

	(void)snprintf(expected, sizeof(expected), "metadata with %s", name);
	if (!source->metadata && source->failed) {
		*failure = source->failure;
		return TPAM_E_SYSTEM;
	}
	if (!source->metadata)
		return failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_UNREACHABLE,
			expected, "keys alone");
	if (!text || strlen(text) > URL_MAX)
		return failure_set(failure, TPAM_ERROR, TPAM_REASON_UPSTREAM_MALFORMED, expected,
			text ? "one that is too long" : "none");
	*ret = text_copy(text, strlen(text));
	return *ret ? TPAM_OK : failure_no_memory(failure);
}

int32_t tpam_jwks_endpoint(
	struct tpam_jwks *jwks, struct tpam_call *call, const char *name, char **ret)
{
	struct tpam_http_failure failure;
	const struct tpam_keys *keys = NULL;
	uint64_t version = 0;
	int code = jwks_keys(jwks, call, &keys, &version, &failure);

	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	if (code == TPAM_OK) {
		jwks_lock();
		code = find(jwks->source, name, ret, &failure);
		jwks_unlock();
	}
	return code == TPAM_OK ? 0 : tpam_http_refuse(jwks->host, call, &failure);
}
