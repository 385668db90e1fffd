/*
 * kit.h - helpers for providers: JSON Web Keys, Signatures and Tokens, and the payloads to make them from.
 *
 * libtokenpam-kit is a convenience of the plugins that come with tokenpam, with a soname of its own and a
 * weaker promise than provider.h: rebuild when it changes. Hosts do not link it.
 *
 * What it refuses, it refuses for everybody: JWE, JSON serialization, alg "none", crit, b64, keys named by
 * the token, a second spelling of base64url, repeated members, keys that are too small, too large or of
 * another family than the algorithm. docs/architecture.md says why.
 *
 * Conventions are those of tokenpam.h. Objects are immutable once made, and may be shared by threads, except
 * where a function takes them without const.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_KIT_H
#define TOKENPAM_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/codes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TPAM_KIT_API   __attribute__((visibility("default")))
#define TPAM_KIT_CHECK __attribute__((warn_unused_result))

/*
 * Why something was refused: a reason, what would have done
 * and what came, as provider.h's reason() takes them.
 */
struct tpam_fault {
	int32_t reason;
	char expected[160];
	char got[160];
};

struct tpam_host;
struct tpam_instance;
struct tpam_call;

/*
 * How a provider's function ends: gives the reason, and returns the outcome. expected and got: NULL where
 * they say nothing. no_memory is error.
 */
TPAM_KIT_API int32_t tpam_call_end(const struct tpam_host *host, struct tpam_call *call,
	int32_t outcome, int32_t reason, const char *expected, const char *got);
TPAM_KIT_API int32_t tpam_call_refuse(const struct tpam_host *host, struct tpam_call *call,
	int32_t outcome, const struct tpam_fault *fault);
TPAM_KIT_API int32_t tpam_call_no_memory(const struct tpam_host *host, struct tpam_call *call);

/* Frees what the kit handed out to be freed; wipes it first. NULL is fine. */
TPAM_KIT_API void tpam_kit_free(char *text);

/*
 * In open(): the values of the options, which end with NULL, one option after another, NULL-terminated. To
 * be freed with free(); the texts are the instance's. NULL without memory.
 */
TPAM_KIT_API const char **tpam_option_texts(const struct tpam_host *host,
	const struct tpam_instance *instance, const char *const *options) TPAM_KIT_CHECK;

/*
 * In open(): the seconds of an option of TPAM_TYPE_DURATION that is whole seconds or none, 0 for none. What
 * would be less than a second is reported with problem(), and is TPAM_E_CONFIG.
 */
TPAM_KIT_API int tpam_option_seconds(int64_t *ret, const struct tpam_host *host,
	struct tpam_instance *instance, const char *option) TPAM_KIT_CHECK;

/* ---- Algorithms ------------------------------------------------------------------------------ */

/*
 * The names that are known, NULL-terminated: RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA
 * HS256 HS384 HS512 (RFC 7518, RFC 8037). Names are case-sensitive.
 */
TPAM_KIT_API const char *const *tpam_alg_names(void);
TPAM_KIT_API bool tpam_alg_known(const char *name);
TPAM_KIT_API bool tpam_alg_symmetric(const char *name);

/* ---- Keys (RFC 7517, RFC 7518, RFC 8037) ----------------------------------------------------- */

/* A set of keys, counted. Each key has exactly one algorithm. */
struct tpam_keys;

enum tpam_keys_flag {
	TPAM_KEYS_SYMMETRIC =
		1,          /* "oct" keys are welcome: never for a set that came from the network */
	TPAM_KEYS_SKIP = 2, /* a key that cannot be used is left out instead of refusing the set */
	TPAM_KEYS_LARGE_RSA = 4 /* RSA up to 8192 bits instead of 4096 */
};

struct tpam_keys_rules {
	const char *const *
		algorithms; /* NULL-terminated: the others are not used; NULL: all asymmetric ones */
	uint32_t flags;
	uint32_t reserved;
};

/*
 * Reads a JWK set, or a single JWK: at most 256 KiB and 64 keys. A key without "alg" takes the one algorithm
 * that its family and curve leave; for RSA RS256, unless `algorithms` names one other RSA algorithm alone;
 * for "oct" the one that `algorithms` names. "use" other than sig, "key_ops" without verify, a name over 256
 * bytes, a repeated (kid, alg), RSA below 2048 bits or with an exponent that is even, 1 or above 2^33, a
 * point off its curve, a low-order Ed25519 or Ed448 key, an HMAC secret shorter than its hash: refused, or
 * left out with TPAM_KEYS_SKIP. Private members are ignored. TPAM_OK, TPAM_E_CONFIG with `fault`,
 * TPAM_E_MEMORY. A set in which nothing is left is TPAM_E_CONFIG.
 */
TPAM_KIT_API int tpam_keys_parse(struct tpam_keys **ret, const char *json, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault) TPAM_KIT_CHECK;

/*
 * One public key, or certificate, in PEM, without a name:
 * RSA, EC or EdDSA. The algorithm as for a JWK without "alg".
 */
TPAM_KIT_API int tpam_keys_from_pem(struct tpam_keys **ret, const char *pem, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault) TPAM_KIT_CHECK;

/* One HMAC secret, for the one HS algorithm that `rules` names. */
TPAM_KIT_API int tpam_keys_from_secret(struct tpam_keys **ret, const void *secret, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault) TPAM_KIT_CHECK;

TPAM_KIT_API struct tpam_keys *tpam_keys_ref(struct tpam_keys *keys);
TPAM_KIT_API void tpam_keys_unref(struct tpam_keys *keys);

TPAM_KIT_API size_t tpam_keys_count(const struct tpam_keys *keys);
TPAM_KIT_API size_t tpam_keys_skipped(const struct tpam_keys *keys);
/* The name ("" if it has none) and algorithm of key `index`; NULL beyond the last. */
TPAM_KIT_API const char *tpam_keys_kid(const struct tpam_keys *keys, size_t index);
TPAM_KIT_API const char *tpam_keys_alg(const struct tpam_keys *keys, size_t index);

/* ---- Signatures (RFC 7515, compact) ---------------------------------------------------------- */

/* A compact JWS, taken apart. The token is copied. */
struct tpam_jws;

/*
 * Takes a token apart and reads its header, at most 4 KiB of it. TPAM_OK; TPAM_E_ARGUMENT where it is no
 * compact JWS at all (somebody else's kind of token); TPAM_E_CONFIG where header or payload cannot be read,
 * with `fault`; TPAM_E_LIMIT above `limit` bytes; TPAM_E_MEMORY. What else is wrong with it (crit, an unknown
 * alg, a signature that is no base64url) is told by tpam_jws_verify(), so that its issuer can be asked for
 * first.
 */
TPAM_KIT_API int tpam_jws_parse(struct tpam_jws **ret, const char *token, size_t length,
	size_t limit, struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_jws_destroy(struct tpam_jws *jws);

/*
 * The same of the credential of a call, which is there: taken apart once for all rules of a request that look
 * at it. The object is the request's, is not to be destroyed, and counts as verified for nobody but the one
 * who verified it last. To be used in the function that asked for it, and asked for again in each run.
 */
TPAM_KIT_API int tpam_jws_of_call(struct tpam_jws **ret, const struct tpam_host *host,
	struct tpam_call *call, size_t limit, struct tpam_fault *fault) TPAM_KIT_CHECK;

/* Members of the header; NULL where absent. Nobody vouches for them. */
TPAM_KIT_API const char *tpam_jws_alg(const struct tpam_jws *jws);
TPAM_KIT_API const char *tpam_jws_kid(const struct tpam_jws *jws);
TPAM_KIT_API const char *tpam_jws_typ(const struct tpam_jws *jws);

/* Header and payload as text, whatever is in it, for showing: nothing of it is verified. */
TPAM_KIT_API const char *tpam_jws_header_text(const struct tpam_jws *jws, size_t *ret_length);
TPAM_KIT_API const char *tpam_jws_unverified_payload(
	const struct tpam_jws *jws, size_t *ret_length);

/*
 * The "iss" of a payload that nobody has verified, to find out whose token it is, and for nothing else: a
 * scan that builds nothing and goes no deeper than 16. NULL where there is none, it is no text, or the
 * payload is no JSON object; *ret_object then says whether it could be one. errno is ENOMEM where memory ran
 * out, which says nothing about whose it is, else 0.
 */
TPAM_KIT_API const char *tpam_jws_unverified_issuer(struct tpam_jws *jws, bool *ret_object);

/*
 * Verifies the signature with the one key that fits: the named one with the token's algorithm, or, where the
 * token names none, the only one with its algorithm; a key without a name fits any name if it is alone.
 * TPAM_OK, or TPAM_E_CONFIG with `fault`: unknown_key (only then may a fresher set be worth a look),
 * wrong_algorithm, bad_signature.
 */
TPAM_KIT_API int tpam_jws_verify(struct tpam_jws *jws, const struct tpam_keys *keys,
	struct tpam_fault *fault) TPAM_KIT_CHECK;

/* The payload, once verified; NULL before. */
TPAM_KIT_API const char *tpam_jws_payload(const struct tpam_jws *jws, size_t *ret_length);

/* ---- Claims (RFC 7519, RFC 9068) ------------------------------------------------------------- */

/* The claims of a verified token. */
struct tpam_claims;

/* The payload of a verified token, parsed strictly. TPAM_E_CONFIG with `fault`: malformed_token. */
TPAM_KIT_API int tpam_claims_parse(struct tpam_claims **ret, const struct tpam_jws *jws,
	struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_claims_destroy(struct tpam_claims *claims);

/*
 * The claims of an answer that an upstream vouches for by the connection it came over, and not by a
 * signature (RFC 7662), parsed as strictly. TPAM_E_CONFIG with `fault`: upstream_malformed.
 */
TPAM_KIT_API int tpam_claims_from_json(struct tpam_claims **ret, const char *json, size_t length,
	struct tpam_fault *fault) TPAM_KIT_CHECK;

/*
 * The claims of a token, filled up with what the issuer says of its user elsewhere: what is there stays, what
 * a token is and may (the registered claims, scopes, and the claims that `own` names, NULL-terminated or
 * NULL) is never taken, and email_verified goes with the address that it is said of. TPAM_OK or TPAM_E_MEMORY.
 */
TPAM_KIT_API int tpam_claims_fill(struct tpam_claims **ret, const struct tpam_claims *claims,
	const struct tpam_claims *more, const char *const *own) TPAM_KIT_CHECK;

enum tpam_claims_flag {
	TPAM_CLAIMS_NO_EXP = 1,     /* "exp" may be missing */
	TPAM_CLAIMS_NO_SUB = 2,     /* "sub" may be missing */
	TPAM_CLAIMS_CNF_CHECKED = 4 /* the caller has checked the proof that "cnf" wants */
};

/* What a token must say. Lists are NULL-terminated; NULL leaves a check out. */
struct tpam_claims_rules {
	int64_t now;     /* seconds since 1970 */
	int64_t leeway;  /* seconds */
	int64_t max_age; /* seconds since "iat" (required then); 0: any */
	const char *issuer;
	const char *const *audiences;
	const char *const
		*types; /* of the header's "typ", without "application/"; "" stands for none */
	uint32_t flags;
	uint32_t reserved;
};

/*
 * Checks typ (`jws` may be NULL where `types` is), iss, aud, exp, nbf, iat, sub, cnf. Strings are compared byte for byte; times must be numbers
 * between 0 and the year 9999, fractions are cut. TPAM_OK, or TPAM_E_CONFIG with `fault`; `ret_outcome` is
 * then TPAM_INVALID or TPAM_EXPIRED.
 */
TPAM_KIT_API int tpam_claims_check(const struct tpam_claims *claims, const struct tpam_jws *jws,
	const struct tpam_claims_rules *rules, int32_t *ret_outcome,
	struct tpam_fault *fault) TPAM_KIT_CHECK;

/*
 * Claims by name; "a.b" goes into the object a where there is no claim a.b, "a.b.c" into a.b before a.
 * text: NULL where it is no string. number: false where it is no number. bool: false where it is
 * neither true nor false. time: seconds since 1970, from a number, or from a text as
 * RFC 3339 has it; false where it is neither. The list functions take an array of strings, or a string
 * split at blanks; element `index` in a buffer of the caller's, false beyond the last.
 */
TPAM_KIT_API bool tpam_claims_has(const struct tpam_claims *claims, const char *name);
TPAM_KIT_API const char *tpam_claims_text(const struct tpam_claims *claims, const char *name);
TPAM_KIT_API bool tpam_claims_number(
	const struct tpam_claims *claims, const char *name, int64_t *ret);
TPAM_KIT_API bool tpam_claims_time(
	const struct tpam_claims *claims, const char *name, int64_t *ret);
TPAM_KIT_API bool tpam_claims_true(const struct tpam_claims *claims, const char *name);
TPAM_KIT_API bool tpam_claims_bool(const struct tpam_claims *claims, const char *name, bool *ret);
TPAM_KIT_API const char *tpam_claims_element(
	const struct tpam_claims *claims, const char *name, size_t index, size_t *ret_length);

/*
 * What the options subject_claim, client_claim, username_claim, name_claim, email_claim, tenant_claim,
 * scope_claim, roles_claim and groups_claim of an instance say, read once, in open(). TPAM_OK or
 * TPAM_E_MEMORY. To be destroyed in close(); NULL is fine.
 */
struct tpam_mapping;
TPAM_KIT_API int tpam_mapping_open(struct tpam_mapping **ret, const struct tpam_host *host,
	const struct tpam_instance *instance) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_mapping_destroy(struct tpam_mapping *mapping);

/* Those options, for a descriptor's list at file scope, with what each says by itself: provider.h comes before. */
#define TPAM_CLAIM_OPTIONS(subject, scope, client, roles, groups, tenant, username, name, email)   \
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "subject_claim", subject,                    \
		"Claims with the subject. The first that is there counts, here and below."),       \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "scope_claim", scope,                \
			"Claims with the scopes: a text split at blanks, or a list."),             \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "client_claim", client,              \
			"Claims with the client."),                                                \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "roles_claim", roles,                \
			"Claims with the roles."),                                                 \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "groups_claim", groups,              \
			"Claims with the groups."),                                                \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "tenant_claim", tenant,              \
			"Claims with the tenant."),                                                \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "username_claim", username,          \
			"Claims with the user name."),                                             \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "name_claim", name,                  \
			"Claims with the name for display."),                                      \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "email_claim", email,                \
			"Claims with the e-mail address.")

enum tpam_mapped_flag {
	TPAM_MAPPED_ALL = 1 /* of a list: whatever is there counts, and not the first alone */
};

/* The claims with a field of the identity, where no option has them to say. */
struct tpam_mapped {
	int32_t field; /* 0 ends a list */
	uint32_t flags;
	const char *claims[4]; /* NULL-terminated */
};

/*
 * The same with some fields fixed, by a list that lives as long as the mapping; the options, those that the
 * descriptor lists, are for the others.
 */
TPAM_KIT_API int tpam_mapping_create(struct tpam_mapping **ret, const struct tpam_host *host,
	const struct tpam_instance *instance, const struct tpam_mapped *fixed) TPAM_KIT_CHECK;

/*
 * Carries claims into the identity of a call: subject, client, user name, name, e-mail, tenant, scopes, roles
 * and groups, each from the first claim that is there of those that the mapping names for it, audiences,
 * times, jti and the claims as they are. TPAM_OK; TPAM_E_CONFIG with `fault`: bad_claim; or what a setter
 * said.
 */
TPAM_KIT_API int tpam_claims_carry(const struct tpam_claims *claims,
	const struct tpam_mapping *mapping, struct tpam_call *call,
	struct tpam_fault *fault) TPAM_KIT_CHECK;

/* ---- JSON of an upstream --------------------------------------------------------------------- */

/* An object or a list, for who reads more of it than claims. What it hands out lives as long as it does. */
struct tpam_json;
struct tpam_json_value;

enum tpam_json_kind {
	TPAM_JSON_NULL = 1,
	TPAM_JSON_TEXT = 2,
	TPAM_JSON_INTEGER = 3, /* no fraction, no exponent */
	TPAM_JSON_LIST = 4,
	TPAM_JSON_OBJECT = 5,
	TPAM_JSON_TRUE = 6,
	TPAM_JSON_FALSE = 7
};

/*
 * Reads as strictly as claims are read, no deeper than 16, no member twice. TPAM_OK; TPAM_E_MEMORY;
 * TPAM_E_CONFIG with `fault`: upstream_malformed. It is wiped when it is destroyed; NULL is fine there.
 */
TPAM_KIT_API int tpam_json_read(struct tpam_json **ret, const char *text, size_t length,
	struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_json_destroy(struct tpam_json *json);

/*
 * root: the object or list itself. member: NULL where there is none, or `object` is none. first, next: the
 * elements of a list, one after the other; NULL behind the last, or where `list` is none.
 */
TPAM_KIT_API const struct tpam_json_value *tpam_json_root(const struct tpam_json *json);
TPAM_KIT_API const struct tpam_json_value *tpam_json_member(
	const struct tpam_json *json, const struct tpam_json_value *object, const char *name);
TPAM_KIT_API const struct tpam_json_value *tpam_json_first(
	const struct tpam_json *json, const struct tpam_json_value *list);
TPAM_KIT_API const struct tpam_json_value *tpam_json_next(const struct tpam_json *json,
	const struct tpam_json_value *list, const struct tpam_json_value *element);

/* All take NULL, which is of no kind. text: NULL where it is none. integer: false where it is none. */
TPAM_KIT_API bool tpam_json_is(const struct tpam_json_value *value, int32_t kind);
TPAM_KIT_API const char *tpam_json_text(const struct tpam_json_value *value);
TPAM_KIT_API bool tpam_json_integer(const struct tpam_json_value *value, int64_t *ret);

/*
 * Reads a time that is written as text (RFC 3339, with a blank for the T, too), to seconds since 1970; false
 * where it is none, or without an offset.
 */
TPAM_KIT_API bool tpam_moment_read(const char *text, int64_t *ret);

/* A part of it as JSON, to be freed with tpam_kit_free(); NULL without memory. */
TPAM_KIT_API char *tpam_json_write(
	const struct tpam_json *json, const struct tpam_json_value *value) TPAM_KIT_CHECK;

/* ---- Rules of an instance -------------------------------------------------------------------- */

/*
 * What the options issuer, typ, max_age and require_exp (on where the descriptor has none) of an instance
 * demand of its tokens, read once, in open(). What does not do is reported with problem(). To be destroyed in
 * close(); NULL is fine.
 */
struct tpam_rules;
TPAM_KIT_API int tpam_rules_open(struct tpam_rules **ret, const struct tpam_host *host,
	struct tpam_instance *instance) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_rules_destroy(struct tpam_rules *rules);

/*
 * The same for a plugin that knows by itself which issuers its tokens may name, or which types ("" for a
 * token without typ): NULL-terminated lists that live as long as the rules; NULL: as the option says.
 */
TPAM_KIT_API int tpam_rules_create(struct tpam_rules **ret, const struct tpam_host *host,
	struct tpam_instance *instance, const char *const *issuers,
	const char *const *types) TPAM_KIT_CHECK;

/*
 * Whose token it is, by its unverified issuer and nothing else: 0 if it is the instance's; else the outcome,
 * whose reason was given: foreign; invalid where the payload is no object; error.
 */
TPAM_KIT_API int32_t tpam_rules_route(const struct tpam_rules *rules, struct tpam_call *call,
	struct tpam_jws *jws) TPAM_KIT_CHECK;

/*
 * tpam_claims_check() by these rules, for `audiences` or, if that is NULL, those of the call. 0; or the
 * outcome, whose reason was given.
 */
TPAM_KIT_API int32_t tpam_rules_check(const struct tpam_rules *rules, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_jws *jws,
	const char *const *audiences) TPAM_KIT_CHECK;

/* Lets the verdict be kept for as long as max_age leaves. */
TPAM_KIT_API void tpam_rules_keep(
	const struct tpam_rules *rules, struct tpam_call *call, const struct tpam_claims *claims);

/* ---- Signing --------------------------------------------------------------------------------- */

/* A private key with one algorithm. */
struct tpam_signer;

/*
 * Makes a key for an algorithm (RSA: 2048 bits unless `bits`; EdDSA: Ed25519, or Ed448 with bits 448), named
 * by its RFC 7638 thumbprint.
 */
TPAM_KIT_API int tpam_signer_generate(struct tpam_signer **ret, const char *alg, unsigned bits,
	struct tpam_fault *fault) TPAM_KIT_CHECK;

/* Reads a private JWK (as tpam_signer_json() writes it). */
TPAM_KIT_API int tpam_signer_parse(struct tpam_signer **ret, const char *json, size_t length,
	struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_signer_destroy(struct tpam_signer *signer);

TPAM_KIT_API const char *tpam_signer_alg(const struct tpam_signer *signer);
TPAM_KIT_API const char *tpam_signer_kid(const struct tpam_signer *signer);

/*
 * The private JWK, and the set with the public key (the
 * secret itself for HS): to be freed with tpam_kit_free().
 */
TPAM_KIT_API char *tpam_signer_json(const struct tpam_signer *signer);
TPAM_KIT_API char *tpam_signer_public_json(const struct tpam_signer *signer);

/*
 * A compact JWS over `payload`, its header being alg, kid and, if not NULL, typ. To be freed with
 * tpam_kit_free(); NULL without memory.
 */
TPAM_KIT_API char *tpam_signer_sign(
	const struct tpam_signer *signer, const char *typ, const char *payload, size_t length);

/* ---- Payloads: what a user's token says ------------------------------------------------------ */

struct tpam_payload;

TPAM_KIT_API struct tpam_payload *tpam_payload_create(void);
TPAM_KIT_API void tpam_payload_destroy(struct tpam_payload *payload);

/* Set a claim; again replaces. TPAM_OK, TPAM_E_ARGUMENT (not UTF-8, no JSON, empty) or TPAM_E_MEMORY. */
TPAM_KIT_API int tpam_payload_set_text(
	struct tpam_payload *payload, const char *claim, const char *text);
TPAM_KIT_API int tpam_payload_set_number(
	struct tpam_payload *payload, const char *claim, int64_t number);
TPAM_KIT_API int tpam_payload_set_json(
	struct tpam_payload *payload, const char *claim, const char *json);

/* Adds to a claim that is a list ("roles", "groups"); audiences: one is a string, several a list. */
TPAM_KIT_API int tpam_payload_add(
	struct tpam_payload *payload, const char *claim, const char *text);

/* Adds to "scope", blanks between (RFC 9068, section 2.2.3). */
TPAM_KIT_API int tpam_payload_add_scope(struct tpam_payload *payload, const char *scope);

/* Sets iat and nbf to `now`, exp `lifetime` seconds later, and a random jti unless there is one. */
TPAM_KIT_API int tpam_payload_set_times(
	struct tpam_payload *payload, int64_t now, int64_t lifetime);

/* The claims as JSON, to be freed with tpam_kit_free(); NULL without memory. */
TPAM_KIT_API char *tpam_payload_json(const struct tpam_payload *payload);

#ifdef __cplusplus
}
#endif

#endif
