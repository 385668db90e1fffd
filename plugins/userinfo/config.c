/*
 * config.c - what a [provider:NAME] section with plugin = userinfo says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "config.h"

const struct tpam_option *const userinfo_options[] = {
	TPAM_OPTION(TPAM_TYPE_URL, TPAM_OPTION_REQUIRED, "endpoint", NULL,
		"Where the provider says whose the token is that it is shown."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST | TPAM_OPTION_REQUIRED, "accept", NULL,
		"How its tokens look: prefix:WORD, opaque for any that is no JSON Web Token, jwt "
		"for those of issuer; no other is sent."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "issuer", NULL,
		"The issuer of its identities; else the name of the provider section."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "client_id", NULL,
		"Our client ids at the provider, one of which an answer must name; required but "
		"where audience = none."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "expires_claim", NULL,
		"Claims with the time at which the token expires, one of which must be there: "
		"seconds since 1970, or as in ISO 8601."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "email_verified_claim", "email_verified",
		"Claims that are true where the e-mail address was verified."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "cache", "30s",
		"How long the verdict on a good token may be kept, at most until it expires; 0s: "
		"never."),
	TPAM_CLAIM_OPTIONS("sub", "scope", "client_id azp", "roles", "groups", "org_id tenant",
		"preferred_username username", "name", "email"),
	TPAM_HTTP_OPTIONS, NULL};

static int accept_open(struct userinfo *userinfo)
{
	return tpam_accept_open(
		&userinfo->accept, userinfo->host, userinfo->instance, TPAM_ACCEPT_JWT);
}

/*
 * An answer says whose a token is, and not for whom: whoever runs another client of the provider has tokens
 * of its users. Either the client is compared, or somebody has said that it does not matter.
 */
static int clients_open(struct userinfo *userinfo)
{
	static const char *const options[] = {"client_id", NULL};
	const struct tpam_host *host = userinfo->host;

	userinfo->clients = tpam_option_texts(host, userinfo->instance, options);
	if (!userinfo->clients)
		return TPAM_E_MEMORY;
	if (userinfo->clients[0])
		return host->bind_by_client(userinfo->instance);
	if (host->audience_none(userinfo->instance))
		return TPAM_OK;
	host->problem(userinfo->instance, NULL, 0, NULL,
		"client_id, to compare with the client that answers name, or audience = none");
	return TPAM_E_CONFIG;
}

static int cache_open(struct userinfo *userinfo)
{
	return tpam_option_seconds(&userinfo->cache, userinfo->host, userinfo->instance, "cache");
}

static int http_open(struct userinfo *userinfo)
{
	return tpam_http_open(
		&userinfo->endpoint.http, userinfo->host, userinfo->instance, TPAM_HTTP_PLAIN);
}

static int mapping_open(struct userinfo *userinfo)
{
	return tpam_mapping_open(&userinfo->mapping, userinfo->host, userinfo->instance);
}

int32_t userinfo_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	static int (*const parts[])(struct userinfo * userinfo) = {
		accept_open, clients_open, cache_open, http_open, mapping_open};
	struct userinfo *userinfo = calloc(1, sizeof(*userinfo));
	int32_t failed = TPAM_OK;

	if (!userinfo)
		return TPAM_E_MEMORY;
	userinfo->host = host;
	userinfo->instance = instance;
	userinfo->endpoint.url = host->option_text(instance, "endpoint", 0);
	userinfo->endpoint.configured = userinfo->endpoint.url;
	/* Each tells its own problems, so that all of them are heard in one pass. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int code = parts[i](userinfo);
		failed = failed == TPAM_OK ? code : failed;
	}
	if (failed == TPAM_OK)
		*ret_state = userinfo;
	else
		userinfo_close(userinfo);
	return failed;
}

void userinfo_close(void *state)
{
	struct userinfo *userinfo = state;

	tpam_accept_destroy(userinfo->accept);
	tpam_http_unref(userinfo->endpoint.http);
	tpam_mapping_destroy(userinfo->mapping);
	free(userinfo->clients);
	free(userinfo);
}
