/*
 * config.c - what a [provider:NAME] section with plugin = bearer says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define KEYS_FILE_MAX  (256 * 1024)
#define ALGORITHMS_MAX 16

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

const struct tpam_option *const bearer_options[] = {&issuer, &algorithms, &jwks_file,
	&public_key_file, &secret, &max_age, &typ, &require_exp, &revocation_file, &subject_claim,
	&scope_claim, &client_claim, &roles_claim, &groups_claim, &tenant_claim, &username_claim,
	&name_claim, &email_claim, NULL};

/* Where the keys come from, and how they are read. */
struct source {
	const char *option;
	bool file;
	int (*read)(struct tpam_keys **ret, const char *bytes, size_t length,
		const struct tpam_keys_rules *rules, struct tpam_fault *fault);
};

static int read_secret(struct tpam_keys **ret, const char *bytes, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	return tpam_keys_from_secret(ret, bytes, length, rules, fault);
}

static const struct source sources[] = {
	{"jwks_file", true, tpam_keys_parse},
	{"public_key_file", true, tpam_keys_from_pem},
	{"secret", false, read_secret},
};

/* The one source that is configured; reported and NULL if there is none or there are several. */
static const struct source *source_find(const struct bearer *bearer)
{
	const struct source *found = NULL;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const char *value =
			bearer->host->option_text(bearer->instance, sources[i].option, 0);
		if (!value)
			continue;
		if (found) {
			bearer->host->problem(bearer->instance, sources[i].option, 0, value,
				"one of jwks_file, public_key_file and secret");
			return NULL;
		}
		found = &sources[i];
	}
	if (!found)
		bearer->host->problem(bearer->instance, NULL, 0, NULL,
			"one of jwks_file, public_key_file and secret");
	return found;
}

/* The configured algorithms, into `names`; reported and false if one is unknown or goes ill with the source. */
static bool algorithms_read(
	const struct bearer *bearer, const char *names[ALGORITHMS_MAX + 1], bool is_secret)
{
	const struct tpam_host *host = bearer->host;
	const char *name;
	size_t count = 0;

	for (uint32_t i = 0; (name = host->option_text(bearer->instance, "algorithms", i)); i++) {
		bool fits = tpam_alg_known(name) && count < ALGORITHMS_MAX;
		if (fits && tpam_alg_symmetric(name) == is_secret) {
			names[count++] = name;
			continue;
		}
		host->problem(bearer->instance, "algorithms", i, name,
			is_secret ? "HS256, HS384 or HS512, which go with secret"
				  : "RS256 to RS512, PS256 to PS512, ES256 to ES512 or EdDSA");
		return false;
	}
	names[count] = NULL;
	if (is_secret && count != 1) {
		host->problem(bearer->instance, "secret", 0, NULL,
			"algorithms = HS256, HS384 or HS512 beside secret");
		return false;
	}
	return true;
}

static int source_read(struct bearer *bearer, const struct source *source,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	const struct tpam_host *host = bearer->host;
	const char *value = host->option_text(bearer->instance, source->option, 0);
	char *bytes = NULL;
	uint64_t length = 0;

	if (!source->file)
		return source->read(&bearer->keys, value, strlen(value), rules, fault);
	int code = host->read_file(bearer->instance, value, 0, KEYS_FILE_MAX, &bytes, &length);
	if (code != TPAM_OK) {
		host->problem(
			bearer->instance, source->option, 0, value, "a file that can be read");
		return code;
	}
	code = source->read(&bearer->keys, bytes, length, rules, fault);
	host->release(bytes, length);
	return code;
}

static int keys_open(struct bearer *bearer)
{
	const char *names[ALGORITHMS_MAX + 1];
	const struct source *source = source_find(bearer);
	struct tpam_fault fault = {0};

	if (!source || !algorithms_read(bearer, names, !source->file))
		return TPAM_E_CONFIG;
	const struct tpam_keys_rules rules = {
		.algorithms = names[0] ? names : NULL, .flags = TPAM_KEYS_SKIP};
	int code = source_read(bearer, source, &rules, &fault);
	if (code == TPAM_E_CONFIG && fault.reason != 0)
		bearer->host->problem(bearer->instance, source->option, 0,
			fault.got[0] ? fault.got : NULL, fault.expected);
	if (code == TPAM_OK && tpam_keys_skipped(bearer->keys) > 0)
		bearer->host->log(bearer->instance, TPAM_LOG_WARNING,
			"some keys of the set cannot be used and are left out");
	return code;
}

static int types_open(struct bearer *bearer)
{
	uint32_t count = bearer->host->option_count(bearer->instance, "typ");

	bearer->types = calloc(count + 1, sizeof(char *));
	if (!bearer->types)
		return TPAM_E_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		const char *type = bearer->host->option_text(bearer->instance, "typ", i);
		bearer->types[i] = strcmp(type, "none") == 0 ? "" : type;
	}
	return TPAM_OK;
}

/* Less than a second would become 0, which stands for any age. */
static int max_age_open(struct bearer *bearer)
{
	const struct tpam_host *host = bearer->host;
	int64_t milliseconds = 0;

	if (host->option_number(bearer->instance, "max_age", 0, &milliseconds) != TPAM_OK)
		return TPAM_OK;
	bearer->max_age = milliseconds / 1000;
	if (bearer->max_age > 0)
		return TPAM_OK;
	host->problem(bearer->instance, "max_age", 0,
		host->option_text(bearer->instance, "max_age", 0), "at least 1s");
	return TPAM_E_CONFIG;
}

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
	int64_t number = 0;

	if (!bearer)
		return TPAM_E_MEMORY;
	bearer->host = host;
	bearer->instance = instance;
	bearer->issuer = host->option_text(instance, "issuer", 0);
	bearer->require_exp =
		host->option_number(instance, "require_exp", 0, &number) == TPAM_OK && number == 1;

	/* Each tells its own problems, so that all of them are heard in one pass. */
	int codes[] = {keys_open(bearer), types_open(bearer), max_age_open(bearer),
		revocation_open(bearer)};
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

	tpam_keys_unref(bearer->keys);
	revocation_destroy(bearer->revocation);
	free(bearer->types);
	free(bearer);
}
