/*
 * keys.c - where the keys of a bearer section come from: a file, a secret, or what the issuer publishes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "keys.h"

#define KEYS_FILE_MAX  (256 * 1024)
#define ALGORITHMS_MAX 16

enum way { WAY_FILE, WAY_SECRET, WAY_NETWORK };

/* One at most is configured; none means that the issuer's metadata names the place. */
struct source {
	const char *option;
	enum way way;
	int (*read)(struct tpam_keys **ret, const char *bytes, size_t length,
		const struct tpam_keys_rules *rules, struct tpam_fault *fault);
};

static int read_secret(struct tpam_keys **ret, const char *bytes, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	return tpam_keys_from_secret(ret, bytes, length, rules, fault);
}

static const struct source sources[] = {
	{"jwks_file", WAY_FILE, tpam_keys_parse},
	{"public_key_file", WAY_FILE, tpam_keys_from_pem},
	{"secret", WAY_SECRET, read_secret},
	{"jwks_uri", WAY_NETWORK, NULL},
};

static const struct source discovery = {"issuer", WAY_NETWORK, NULL};

/* What says something about the network, and is in vain where the keys are at hand. */
static const char *const network_options[] = {
	"metadata_url", "jwks_folder", "ca_file", "tls_certificate", "tls_key", "proxy", NULL};

static const char *text(const struct bearer *bearer, const char *option)
{
	return bearer->host->option_text(bearer->instance, option, 0);
}

/* Reported and NULL if there are several. */
static const struct source *source_find(const struct bearer *bearer)
{
	const struct source *found = NULL;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const char *value = text(bearer, sources[i].option);
		if (!value)
			continue;
		if (found) {
			bearer->host->problem(bearer->instance, sources[i].option, 0, value,
				"one of jwks_uri, jwks_file, public_key_file and secret");
			return NULL;
		}
		found = &sources[i];
	}
	return found ? found : &discovery;
}

/* Options that go ill with the source; reported and false if there are any. */
static bool source_is_alone(const struct bearer *bearer, const struct source *source)
{
	const char *option;
	bool fine = true;

	for (size_t i = 0; source->way != WAY_NETWORK && (option = network_options[i]); i++) {
		if (!text(bearer, option))
			continue;
		bearer->host->problem(bearer->instance, option, 0, text(bearer, option),
			"nothing where the keys are configured and not fetched");
		fine = false;
	}
	if (text(bearer, "jwks_uri") && text(bearer, "metadata_url")) {
		bearer->host->problem(bearer->instance, "metadata_url", 0,
			text(bearer, "metadata_url"), "none beside jwks_uri");
		fine = false;
	}
	return fine;
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

static int file_read(struct bearer *bearer, const struct source *source,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	const struct tpam_host *host = bearer->host;
	const char *path = text(bearer, source->option);
	char *bytes = NULL;
	uint64_t length = 0;

	int code = host->read_file(bearer->instance, path, 0, KEYS_FILE_MAX, &bytes, &length);
	if (code != TPAM_OK) {
		host->problem(bearer->instance, source->option, 0, path, "a file that can be read");
		return code;
	}
	code = source->read(&bearer->keys, bytes, length, rules, fault);
	host->release(bytes, length);
	return code;
}

static int configured_open(
	struct bearer *bearer, const struct source *source, const struct tpam_keys_rules *rules)
{
	const char *value = text(bearer, source->option);
	struct tpam_fault fault = {0};

	int code = source->way == WAY_FILE
			   ? file_read(bearer, source, rules, &fault)
			   : source->read(&bearer->keys, value, strlen(value), rules, &fault);
	if (code == TPAM_E_CONFIG && fault.reason != 0)
		bearer->host->problem(bearer->instance, source->option, 0,
			fault.got[0] ? fault.got : NULL, fault.expected);
	if (code == TPAM_OK && tpam_keys_skipped(bearer->keys) > 0)
		bearer->host->log(bearer->instance, TPAM_LOG_WARNING,
			"some keys of the set cannot be used and are left out");
	return code;
}

/* Without any source the issuer's metadata names the place, for which the issuer must be a URL. */
static bool issuer_is_fine(const struct bearer *bearer)
{
	char *url = tpam_metadata_url(bearer->issuer, 0);
	bool fine = url || text(bearer, "jwks_uri") || text(bearer, "metadata_url");

	tpam_kit_free(url);
	if (!fine)
		bearer->host->problem(bearer->instance, "issuer", 0, bearer->issuer,
			"an https:// URL whose metadata names the keys, or keys from elsewhere");
	return fine;
}

static int published_open(struct bearer *bearer, const struct tpam_keys_rules *rules)
{
	struct tpam_http *http = NULL;
	const struct tpam_jwks_options options = {
		.issuer = bearer->issuer,
		.jwks_uri = text(bearer, "jwks_uri"),
		.metadata_url = text(bearer, "metadata_url"),
		.algorithms = rules->algorithms,
		.key_flags = rules->flags & TPAM_KEYS_LARGE_RSA,
	};

	if (!issuer_is_fine(bearer))
		return TPAM_E_CONFIG;
	int code = tpam_http_open(&http, bearer->host, bearer->instance, TPAM_HTTP_PLAIN);
	if (code == TPAM_OK)
		code = tpam_jwks_open(
			&bearer->jwks, bearer->host, bearer->instance, http, &options);
	tpam_http_unref(http);
	return code;
}

int keys_open(struct bearer *bearer)
{
	const char *names[ALGORITHMS_MAX + 1];
	const struct source *source = source_find(bearer);
	int64_t large = 0;

	if (!source || !source_is_alone(bearer, source) ||
		!algorithms_read(bearer, names, source->way == WAY_SECRET))
		return TPAM_E_CONFIG;
	(void)bearer->host->option_number(bearer->instance, "large_rsa", 0, &large);
	const struct tpam_keys_rules rules = {.algorithms = names[0] ? names : NULL,
		.flags = TPAM_KEYS_SKIP | (large ? TPAM_KEYS_LARGE_RSA : 0)};
	return source->way == WAY_NETWORK ? published_open(bearer, &rules)
					  : configured_open(bearer, source, &rules);
}

void keys_close(struct bearer *bearer)
{
	tpam_keys_unref(bearer->keys);
	tpam_jwks_close(bearer->jwks);
}
