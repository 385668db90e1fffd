/*
 * keys.c - where the keys of a bearer section come from: a file, a secret, or what the issuer publishes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "keys.h"

#define KEYS_FILE_MAX (256 * 1024)

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
	return fine;
}

/* The configured algorithms; a secret is for one of them. */
static int algorithms_open(
	const struct bearer *bearer, const char *names[TPAM_ALGORITHMS_MAX + 1], bool is_secret)
{
	const struct tpam_host *host = bearer->host;
	int code = tpam_algorithms_open(names, host, bearer->instance, is_secret);

	if (code != TPAM_OK || !is_secret || (names[0] && !names[1]))
		return code;
	host->problem(bearer->instance, "secret", 0, NULL,
		"algorithms = HS256, HS384 or HS512 beside secret");
	return TPAM_E_CONFIG;
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
		bearer->host->warning(bearer->instance, source->option, 0,
			"some keys of the set cannot be used and are left out");
	return code;
}

int keys_open(struct bearer *bearer)
{
	const char *names[TPAM_ALGORITHMS_MAX + 1];
	const struct source *source = source_find(bearer);
	int64_t large = 0;

	if (!source || !source_is_alone(bearer, source) ||
		algorithms_open(bearer, names, source->way == WAY_SECRET) != TPAM_OK)
		return TPAM_E_CONFIG;
	(void)bearer->host->option_number(bearer->instance, "large_rsa", 0, &large);
	const struct tpam_keys_rules rules = {.algorithms = names[0] ? names : NULL,
		.flags = TPAM_KEYS_SKIP | (large ? TPAM_KEYS_LARGE_RSA : 0)};
	if (source->way != WAY_NETWORK)
		return configured_open(bearer, source, &rules);
	return tpam_jwks_issuer(&bearer->jwks, NULL, bearer->host, bearer->instance, &rules);
}

void keys_close(struct bearer *bearer)
{
	tpam_keys_unref(bearer->keys);
	tpam_jwks_close(bearer->jwks);
}
