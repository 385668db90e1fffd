/*
 * config.c - what a [provider:NAME] section with plugin = bearer says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "keys.h"

const struct tpam_option *const bearer_options[] = {
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_REQUIRED, "issuer", NULL,
		"The issuer whose tokens these are: compared with iss byte for byte."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "algorithms", NULL,
		"Signature algorithms that are allowed; every asymmetric one unless given, and "
		"required with secret."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "jwks_uri", NULL,
		"Where the issuer publishes its JWK set; if no key is configured otherwise, it is "
		"looked for in the issuer's metadata."),
	TPAM_OPTION(TPAM_TYPE_URL, 0, "metadata_url", NULL,
		"Where the issuer publishes its metadata, if not at a well-known place of OpenID "
		"or RFC 8414."),
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "jwks_file", NULL, "A file with the issuer's JWK set."),
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "public_key_file", NULL,
		"A file with the issuer's public key or certificate in PEM."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, "secret", NULL,
		"The HMAC secret shared with the issuer, at least as long as the hash."),
	TPAM_OPTION(TPAM_TYPE_BOOL, 0, "large_rsa", "off",
		"Whether RSA keys of more than 4096 bits are used, up to 8192; each costs ever "
		"more to verify with."),
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "max_age", NULL,
		"How long after iat a token is accepted at most."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "typ", "at+jwt JWT none",
		"Values of the header typ that are accepted; none stands for a token without it."),
	TPAM_OPTION(
		TPAM_TYPE_BOOL, 0, "require_exp", "on", "Whether a token without exp is refused."),
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "revocation_file", NULL,
		"A list of jti:, sub: and sid: that are withdrawn, read again when it changes."),
	TPAM_CLAIM_OPTIONS("sub", "scope scp scopes", "client_id azp", "roles role", "groups",
		"tenant_id tenant org_id tid", "preferred_username username", "name", "email"),
	TPAM_JWKS_OPTIONS, TPAM_HTTP_OPTIONS, NULL};

static int revocation_open(struct bearer *bearer)
{
	const char *path = bearer->host->option_text(bearer->instance, "revocation_file", 0);

	return path ? revocation_create(&bearer->revocation, bearer->host, bearer->instance,
			      "revocation_file", path)
		    : TPAM_OK;
}

int32_t bearer_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct bearer *bearer = calloc(1, sizeof(*bearer));

	if (!bearer)
		return TPAM_E_MEMORY;
	bearer->host = host;
	bearer->instance = instance;
	bearer->issuer = host->option_text(instance, "issuer", 0);

	/* Each tells its own problems, so that all of them are heard in one pass. */
	int codes[] = {keys_open(bearer), tpam_rules_open(&bearer->rules, host, instance),
		revocation_open(bearer), tpam_mapping_open(&bearer->mapping, host, instance)};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i] != TPAM_OK) {
			bearer_close(bearer);
			return codes[i];
		}
	}
	*ret_state = bearer;
	return TPAM_OK;
}

void bearer_close(void *state)
{
	struct bearer *bearer = state;

	keys_close(bearer);
	revocation_destroy(bearer->revocation);
	tpam_mapping_destroy(bearer->mapping);
	tpam_rules_destroy(bearer->rules);
	free(bearer);
}
