/*
 * config.c - what a [provider:NAME] section with plugin = introspect says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "config.h"

const struct tpam_option *const introspect_options[] = {
	TPAM_OPTION(TPAM_TYPE_URL, TPAM_OPTION_REQUIRED, "endpoint", NULL,
		"The introspection endpoint of the issuer."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST | TPAM_OPTION_REQUIRED, "accept", NULL,
		"How its tokens look: prefix:WORD, opaque for any that is no JSON Web Token, jwt "
		"for those of issuer; no other is sent."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "issuer", NULL,
		"The issuer of its identities, and what iss must be where an answer has it; else "
		"the name of the provider section."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "client_id", NULL, "Who we are to the endpoint."),
	TPAM_INTROSPECTION_OPTIONS,
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "30s",
		"How long the verdict on a good token may be kept, at most until it expires; 0s: "
		"never."),
	TPAM_CLAIM_OPTIONS("sub", "scope", "client_id azp", "roles role", "groups",
		"tenant_id tenant org_id tid", "username preferred_username", "name", "email"),
	TPAM_HTTP_OPTIONS, NULL};

static const char *text(const struct introspect *introspect, const char *option)
{
	return introspect->host->option_text(introspect->instance, option, 0);
}

static int accept_open(struct introspect *introspect)
{
	return tpam_accept_open(
		&introspect->accept, introspect->host, introspect->instance, TPAM_ACCEPT_JWT);
}

static int introspection_open(struct introspect *introspect)
{
	const struct tpam_introspection_options options = {
		.client_id = text(introspect, "client_id"), .issuer = introspect->issuer};

	return tpam_introspection_open(
		&introspect->introspection, introspect->host, introspect->instance, &options);
}

static int cache_open(struct introspect *introspect)
{
	return tpam_option_seconds(
		&introspect->cache, introspect->host, introspect->instance, "cache");
}

static int mapping_open(struct introspect *introspect)
{
	return tpam_mapping_open(&introspect->mapping, introspect->host, introspect->instance);
}

static int http_open(struct introspect *introspect)
{
	return tpam_http_open(&introspect->endpoint.http, introspect->host, introspect->instance,
		TPAM_HTTP_PLAIN);
}

int32_t introspect_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct introspect * introspect) = {
		accept_open, introspection_open, cache_open, http_open, mapping_open};
	struct introspect *introspect = calloc(1, sizeof(*introspect));
	int32_t failed = TPAM_OK;

	if (!introspect)
		return TPAM_E_MEMORY;
	introspect->host = host;
	introspect->instance = instance;
	introspect->issuer = text(introspect, "issuer");
	introspect->endpoint.url = introspect->endpoint.configured = text(introspect, "endpoint");
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](introspect);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = introspect;
	else
		introspect_close(introspect);
	return failed;
}

void introspect_close(void *state)
{
	struct introspect *introspect = state;

	tpam_accept_destroy(introspect->accept);
	tpam_introspection_close(introspect->introspection);
	tpam_http_unref(introspect->endpoint.http);
	tpam_mapping_destroy(introspect->mapping);
	free(introspect);
}
