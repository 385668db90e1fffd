/*
 * jwks_issuer.c - an issuer that publishes its keys, as the options of a section name it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/jwks.h>

static const char *option(
	const struct tpam_host *host, const struct tpam_instance *instance, const char *name)
{
	return host->option_text(instance, name, 0);
}

int tpam_algorithms_open(const char *names[TPAM_ALGORITHMS_MAX + 1], const struct tpam_host *host,
	struct tpam_instance *instance, bool symmetric)
{
	const char *name;
	size_t count = 0;

	for (uint32_t i = 0; (name = host->option_text(instance, "algorithms", i)); i++) {
		bool fits = tpam_alg_known(name) && count < TPAM_ALGORITHMS_MAX;
		if (fits && tpam_alg_symmetric(name) == symmetric) {
			names[count++] = name;
			continue;
		}
		host->problem(instance, "algorithms", i, name,
			symmetric ? "HS256, HS384 or HS512, which go with secret"
				  : "RS256 to RS512, PS256 to PS512, ES256 to ES512 or EdDSA");
		return TPAM_E_CONFIG;
	}
	names[count] = NULL;
	return TPAM_OK;
}

/* Without any source the issuer's metadata names the place, for which the issuer must be a URL. */
static int places_check(const struct tpam_host *host, struct tpam_instance *instance)
{
	const char *issuer = option(host, instance, "issuer");
	const char *jwks_uri = option(host, instance, "jwks_uri");
	const char *metadata_url = option(host, instance, "metadata_url");
	char *url = tpam_metadata_url(issuer, 0);
	bool fine = url || jwks_uri || metadata_url;

	tpam_kit_free(url);
	if (!fine)
		host->problem(instance, "issuer", 0, issuer,
			"an https:// URL whose metadata names the keys, or keys from elsewhere");
	if (jwks_uri && metadata_url)
		host->problem(instance, "metadata_url", 0, metadata_url, "none beside jwks_uri");
	return fine && !(jwks_uri && metadata_url) ? TPAM_OK : TPAM_E_CONFIG;
}

int tpam_jwks_issuer(struct tpam_jwks **ret, struct tpam_http **ret_http,
	const struct tpam_host *host, struct tpam_instance *instance,
	const struct tpam_keys_rules *rules)
{
	struct tpam_http *http = NULL;
	const struct tpam_jwks_options options = {
		.issuer = option(host, instance, "issuer"),
		.jwks_uri = option(host, instance, "jwks_uri"),
		.metadata_url = option(host, instance, "metadata_url"),
		.algorithms = rules->algorithms,
		.key_flags = rules->flags & TPAM_KEYS_LARGE_RSA,
	};

	int code = places_check(host, instance);
	if (code == TPAM_OK)
		code = tpam_http_open(&http, host, instance, TPAM_HTTP_PLAIN);
	if (code == TPAM_OK)
		code = tpam_jwks_open(ret, host, instance, http, &options);
	if (code == TPAM_OK && ret_http)
		*ret_http = tpam_http_ref(http);
	tpam_http_unref(http);
	return code;
}
