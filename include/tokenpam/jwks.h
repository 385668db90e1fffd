/*
 * jwks.h - helpers for providers: the keys that an issuer publishes, kept fresh.
 *
 * A part of libtokenpam-kit, with kit.h's promise. Keys are fetched when a call first needs them, and
 * from then on in the background before their time is over; http.h says in which thread and by which
 * rules. Instances that name the same place by equal clients share what was fetched, also from one
 * generation of a configuration to the next.
 *
 * What it refuses, it refuses for everybody: metadata of another issuer, symmetric keys, keys that
 * kit.h does not take (left out one by one), sets in which no key is left, sets over 256 KiB or 64
 * keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_JWKS_H
#define TOKENPAM_JWKS_H

#include <tokenpam/http.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Metadata of an issuer (OpenID Connect Discovery 1.0, RFC 8414) -------------------------- */

struct tpam_metadata;

/*
 * Where an issuer publishes its metadata, the first place first: OpenID's, then those of RFC 8414
 * (section 3.1, and 5 for OpenID's name at its place). To be freed with tpam_kit_free(). NULL beyond
 * the last, without memory, and where the issuer is no URL for it: https, or http to loopback, without
 * query.
 */
TPAM_KIT_API char *tpam_metadata_url(const char *issuer, uint32_t index);

/*
 * Reads metadata, which must say of itself that it is `issuer`'s, byte for byte. TPAM_OK,
 * TPAM_E_MEMORY, or TPAM_E_CONFIG with `fault`: wrong_issuer, or upstream_malformed.
 */
TPAM_KIT_API int tpam_metadata_parse(struct tpam_metadata **ret, const char *json, size_t length,
	const char *issuer, struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_metadata_destroy(struct tpam_metadata *metadata);

/* A member that is text, NULL if it is none; element `index` of one that is a list of texts. */
TPAM_KIT_API const char *tpam_metadata_text(const struct tpam_metadata *metadata, const char *name);
TPAM_KIT_API const char *tpam_metadata_element(
	const struct tpam_metadata *metadata, const char *name, uint32_t index);

/* ---- Keys ------------------------------------------------------------------------------------ */

/* Where the keys of an issuer come from, for one instance. */
struct tpam_jwks;

/* Texts are copied. */
struct tpam_jwks_options {
	const char *issuer; /* for messages; and whose metadata names the keys, without jwks_uri */
	const char *jwks_uri;     /* of the configuration; NULL: as the issuer's metadata says */
	const char *metadata_url; /* of the configuration; NULL: tpam_metadata_url() */
	const char *const *algorithms; /* as in struct tpam_keys_rules */
	uint32_t key_flags;            /* TPAM_KEYS_LARGE_RSA or 0 */
	uint32_t reserved;
};

/*
 * In open(): from the instance's own options, which are those of TPAM_JWKS_OPTIONS that its descriptor
 * lists. What does not do is reported with problem(). Nothing is fetched.
 */
TPAM_KIT_API int tpam_jwks_open(struct tpam_jwks **ret, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_http *http,
	const struct tpam_jwks_options *options) TPAM_KIT_CHECK;

/* The algorithms that one section may name. */
#define TPAM_ALGORITHMS_MAX 16

/*
 * In open(): what the option algorithms says, NULL-terminated, which may be HMAC's or only others. What
 * does not do is reported with problem(), and is TPAM_E_CONFIG.
 */
TPAM_KIT_API int tpam_algorithms_open(const char *names[TPAM_ALGORITHMS_MAX + 1],
	const struct tpam_host *host, struct tpam_instance *instance,
	bool symmetric) TPAM_KIT_CHECK;

/*
 * tpam_http_open() and tpam_jwks_open() by the options issuer, jwks_uri and metadata_url as well; what
 * does not do is reported. `ret_http`, which may be NULL, is to be given back with tpam_http_unref().
 */
TPAM_KIT_API int tpam_jwks_issuer(struct tpam_jwks **ret, struct tpam_http **ret_http,
	const struct tpam_host *host, struct tpam_instance *instance,
	const struct tpam_keys_rules *rules) TPAM_KIT_CHECK;

/* In close(). NULL is fine. */
TPAM_KIT_API void tpam_jwks_close(struct tpam_jwks *jwks);

/*
 * Verifies the signature of a token with the issuer's keys, which are fetched if need be, and fetched
 * again where the token names a key that is not among them: at most once in jwks_cooldown, and never
 * for a signature that is wrong. 0 if it is verified; TPAM_PENDING, to be returned by the provider; or
 * the outcome, whose reason was given: invalid, or, where nobody could find out, unavailable,
 * rate_limited or error. A token that was issued after the keys were last fetched and names a key that
 * they lack, while the cool-down lasts, is unavailable.
 */
TPAM_KIT_API int32_t tpam_jwks_verify(
	struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws) TPAM_KIT_CHECK;

/*
 * In probe(): fetches the keys anew and puts what came of it into the claims of the call: where they
 * are, names, algorithms, times. 0; TPAM_PENDING; or the outcome, whose reason was given.
 */
TPAM_KIT_API int32_t tpam_jwks_probe(struct tpam_jwks *jwks, struct tpam_call *call) TPAM_KIT_CHECK;

/* The same of several, each under a name of its own; those that are NULL are left out. */
TPAM_KIT_API int32_t tpam_jwks_probe_all(struct tpam_jwks *const *jwks, const char *const *names,
	uint32_t count, struct tpam_call *call) TPAM_KIT_CHECK;

/*
 * The URL that the issuer's metadata, which is fetched if need be, has under a name: 0, and to be freed
 * with tpam_kit_free(); TPAM_PENDING, to be returned by the provider; or the outcome, whose reason was
 * given. Not with a jwks_uri of the configuration, which leaves no metadata. It was learnt from the
 * network, and is to be fetched as such.
 */
TPAM_KIT_API int32_t tpam_jwks_endpoint(struct tpam_jwks *jwks, struct tpam_call *call,
	const char *name, char **ret) TPAM_KIT_CHECK;

/* For a descriptor's list of options; at file scope. TPAM_HTTP_OPTIONS go with them. */
#define TPAM_JWKS_OPTIONS                                                                          \
	TPAM_OPTION(TPAM_TYPE_DURATION, 0, "jwks_refresh", "1h",                                   \
		"How long fetched keys are used at most before they are fetched again; the "       \
		"issuer may say less."),                                                           \
		TPAM_OPTION(TPAM_TYPE_DURATION, 0, "jwks_cooldown", "10s",                         \
			"How long after a fetch for the sake of an unknown key the next such "     \
			"fetch "                                                                   \
			"may be."),                                                                \
		TPAM_OPTION(TPAM_TYPE_DURATION, 0, "jwks_stale", "24h",                            \
			"How long fetched keys go on when their time is over and they cannot be "  \
			"fetched again."),                                                         \
		TPAM_OPTION(TPAM_TYPE_PATH, 0, "jwks_folder", NULL,                                \
			"Folder in which the last good set of keys is kept, for a start while "    \
			"the "                                                                     \
			"issuer is down.")

#ifdef __cplusplus
}
#endif

#endif
