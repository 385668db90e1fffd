/*
 * config.c - what a [provider:NAME] section with plugin = bearer says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "keys.h"

#define OPTION(id, key, kind, bits, standard, text)                                                \
	static const struct tpam_option id = {.size = sizeof(struct tpam_option),                  \
		.type = kind,                                                                      \
		.flags = bits,                                                                     \
		.name = key,                                                                       \
		.fallback = standard,                                                              \
		.help = text}

OPTION(issuer, "issuer", TPAM_TYPE_TEXT, TPAM_OPTION_REQUIRED, NULL,
	"The issuer whose tokens these are: compared with iss byte for byte.");
OPTION(algorithms, "algorithms", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL,
	"Signature algorithms that are allowed; every asymmetric one unless given, and required "
	"with secret.");
OPTION(jwks_uri, "jwks_uri", TPAM_TYPE_URL, 0, NULL,
	"Where the issuer publishes its JWK set; if no key is configured otherwise, it is looked "
	"for "
	"in the issuer's metadata.");
OPTION(metadata_url, "metadata_url", TPAM_TYPE_URL, 0, NULL,
	"Where the issuer publishes its metadata, if not at a well-known place of OpenID or RFC "
	"8414.");
OPTION(large_rsa, "large_rsa", TPAM_TYPE_BOOL, 0, "off",
	"Whether RSA keys of more than 4096 bits are used, up to 8192; each costs ever more to "
	"verify with.");
OPTION(jwks_file, "jwks_file", TPAM_TYPE_PATH, 0, NULL, "A file with the issuer's JWK set.");
OPTION(public_key_file, "public_key_file", TPAM_TYPE_PATH, 0, NULL,
	"A file with the issuer's public key or certificate in PEM.");
OPTION(secret, "secret", TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, NULL,
	"The HMAC secret shared with the issuer, at least as long as the hash.");
OPTION(max_age, "max_age", TPAM_TYPE_DURATION, 0, NULL,
	"How long after iat a token is accepted at most.");
OPTION(typ, "typ", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "at+jwt JWT none",
	"Values of the header typ that are accepted; none stands for a token without it.");
OPTION(require_exp, "require_exp", TPAM_TYPE_BOOL, 0, "on",
	"Whether a token without exp is refused.");
OPTION(revocation_file, "revocation_file", TPAM_TYPE_PATH, 0, NULL,
	"A list of jti:, sub: and sid: that are withdrawn, read again when it changes.");
OPTION(subject_claim, "subject_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "sub",
	"Claims with the subject.");
OPTION(scope_claim, "scope_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "scope scp scopes",
	"Claims with the scopes: a text split at blanks, or a list. The first that is there "
	"counts, here and below.");
OPTION(client_claim, "client_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "client_id azp",
	"Claims with the client.");
OPTION(roles_claim, "roles_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "roles role",
	"Claims with the roles.");
OPTION(groups_claim, "groups_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "groups",
	"Claims with the groups.");
OPTION(tenant_claim, "tenant_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST,
	"tenant_id tenant org_id tid", "Claims with the tenant.");
OPTION(username_claim, "username_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST,
	"preferred_username username", "Claims with the user name.");
OPTION(name_claim, "name_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "name",
	"Claims with the name for display.");
OPTION(email_claim, "email_claim", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "email",
	"Claims with the e-mail address.");

const struct tpam_option *const bearer_options[] = {&issuer, &algorithms, &jwks_uri, &metadata_url,
	&jwks_file, &public_key_file, &secret, &large_rsa, &max_age, &typ, &require_exp,
	&revocation_file, &subject_claim, &scope_claim, &client_claim, &roles_claim, &groups_claim,
	&tenant_claim, &username_claim, &name_claim, &email_claim, TPAM_JWKS_OPTIONS,
	TPAM_HTTP_OPTIONS, NULL};

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
