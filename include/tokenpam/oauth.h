/*
 * oauth.h - helpers for providers: whose a token is by its looks, what an issuer says of a token or of its
 * user when it is asked, and of which kind a JSON Web Token is.
 *
 * A part of libtokenpam-kit, with kit.h's promise. Functions that judge return 0 if there is nothing
 * against the token, TPAM_PENDING, to be returned by the provider, or an outcome whose reason was given.
 *
 * A token goes over the network only to the endpoint that the caller names, so whose it is has to be
 * settled before: by tpam_accept_check(), or by its issuer and signature.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_OAUTH_H
#define TOKENPAM_OAUTH_H

#include <tokenpam/http.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Whose token it is, by its looks --------------------------------------------------------- */

/* How the tokens of an instance look, for those that say nothing of themselves. */
struct tpam_accept;

enum tpam_accept_flag {
	TPAM_ACCEPT_JWT = 1 /* jwt is a word, too: JSON Web Tokens of the option issuer */
};

/*
 * In open(): what the option accept says, a list of prefix:WORD for tokens that begin with WORD, opaque for
 * any that is no JSON Web Token, and jwt. What does not do is reported with problem(), and is
 * TPAM_E_CONFIG. Without a value nothing is accepted. To be destroyed in close(); NULL is fine.
 */
TPAM_KIT_API int tpam_accept_open(struct tpam_accept **ret, const struct tpam_host *host,
	struct tpam_instance *instance, uint32_t flags) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_accept_destroy(struct tpam_accept *accept);

/* 0 if the credential of the call looks so; else foreign, invalid above 256 KiB, or error. */
TPAM_KIT_API int32_t tpam_accept_check(
	const struct tpam_accept *accept, struct tpam_call *call) TPAM_KIT_CHECK;

/* ---- Which kind of token it is (OpenID Connect Core 1.0, RFC 9068) ---------------------------- */

enum tpam_token_kind {
	TPAM_TOKEN_ACCESS = 1,
	TPAM_TOKEN_ID = 2,
	TPAM_TOKEN_OTHER = 3 /* a refresh token, a logout token */
};

/*
 * The kind of a JSON Web Token that was verified. RFC 9068 gives access tokens a type of their own; of what
 * lacks it, whatever looks like an ID token is one, and so is what is for one of `clients`, ours,
 * NULL-terminated.
 */
TPAM_KIT_API enum tpam_token_kind tpam_token_kind(const struct tpam_jws *jws,
	const struct tpam_claims *claims, const char *const *clients) TPAM_KIT_CHECK;

/*
 * What is asked of an ID token besides tpam_rules_check() with our clients as its audiences (OpenID Connect
 * Core 1.0, section 3.1.3.7): iat; and azp, one of ours where it is there, and there with several audiences.
 */
TPAM_KIT_API int32_t tpam_id_token_check(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_claims *claims, const char *const *clients) TPAM_KIT_CHECK;

/*
 * 0 if the first of the claims of the option client_claim that is text is one of `clients`; else invalid,
 * wrong_client. For tokens that no audience binds to us.
 */
TPAM_KIT_API int32_t tpam_client_check(const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call,
	const struct tpam_claims *claims, const char *const *clients) TPAM_KIT_CHECK;

/* ---- Endpoints -------------------------------------------------------------------------------- */

/* Where to ask; url and configured as in struct tpam_http_request. */
struct tpam_endpoint {
	struct tpam_http *http;
	const char *url;
	const char *configured;
};

/*
 * What a userinfo endpoint says of the user of the call's own token, which it is shown (OpenID Connect Core
 * 1.0, section 5.3), to be destroyed; or: invalid, inactive where it takes the token no more; denied,
 * missing_upstream_scope where the token may not ask; unavailable, rate_limited, error where nobody knows.
 */
TPAM_KIT_API int32_t tpam_userinfo_ask(const struct tpam_endpoint *endpoint,
	const struct tpam_host *host, const struct tpam_instance *instance, struct tpam_call *call,
	struct tpam_claims **ret) TPAM_KIT_CHECK;

/*
 * The claims of a verified token, filled up with such an answer by tpam_claims_fill(), to be destroyed. The
 * answer must be about the same subject: else invalid, claim_mismatch, or unavailable.
 */
TPAM_KIT_API int32_t tpam_userinfo_fill(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_claims *more, const char *const *own,
	struct tpam_claims **ret) TPAM_KIT_CHECK;

/* In probe(): asks with a token that nobody issued; whether the endpoint is there, and refuses it. */
TPAM_KIT_API int32_t tpam_userinfo_probe(const struct tpam_endpoint *endpoint,
	const struct tpam_host *host, const struct tpam_instance *instance,
	struct tpam_call *call) TPAM_KIT_CHECK;

/* ---- Introspection (RFC 7662) ------------------------------------------------------------------ */

/* Who asks, how that is proved, and what an answer must say. */
struct tpam_introspection;

struct tpam_introspection_options {
	const char *client_id; /* who we are to the endpoint; NULL: nobody */
	const char *issuer;    /* what iss must be where an answer has it; NULL: anything */
	int64_t max_age;       /* seconds since iat, which is required then; 0: any */
};

/*
 * In open(): from the instance's own options, which are TPAM_INTROSPECTION_OPTIONS and TPAM_HTTP_OPTIONS.
 * What does not do is reported with problem(). The texts of `options` live as long as the instance. To be
 * closed in close(); NULL is fine.
 */
TPAM_KIT_API int tpam_introspection_open(struct tpam_introspection **ret,
	const struct tpam_host *host, struct tpam_instance *instance,
	const struct tpam_introspection_options *options) TPAM_KIT_CHECK;
TPAM_KIT_API void tpam_introspection_close(struct tpam_introspection *introspection);

/*
 * Asks about the call's own token. 0 with what the endpoint says of it, to be destroyed, which was judged:
 * active, token_type, iss, the audiences of the call, times, no proof that nobody looks at. Calls with one
 * token that are under way together are one question.
 */
TPAM_KIT_API int32_t tpam_introspection_ask(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call,
	struct tpam_claims **ret) TPAM_KIT_CHECK;

/* In probe(): asks about a token that nobody issued; whether the endpoint knows us, and what it says. */
TPAM_KIT_API int32_t tpam_introspection_probe(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call) TPAM_KIT_CHECK;

/* For a descriptor's list of options; at file scope. */
#define TPAM_INTROSPECTION_OPTIONS                                                                 \
	TPAM_OPTION_ENUM("client_auth",                                                            \
		((const char *const[]){"client_secret_basic", "client_secret_post",                \
			"private_key_jwt", "mtls", "none", NULL}),                                 \
		"client_secret_basic", "How we prove it."),                                        \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, "client_secret", NULL,             \
			"The secret for client_secret_basic and client_secret_post."),             \
		TPAM_OPTION(TPAM_TYPE_PATH, 0, "private_key_file", NULL,                           \
			"A file with the private JWK for private_key_jwt."),                       \
		TPAM_OPTION(TPAM_TYPE_TEXT, 0, "assertion_audience", NULL,                         \
			"For whom private_key_jwt signs; else the endpoint."),                     \
		TPAM_OPTION(TPAM_TYPE_TEXT, 0, "token_type_hint", "access_token",                  \
			"What the endpoint is told to look for first; none tells nothing."),       \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "token_type", "Bearer none",         \
			"Values of token_type that are accepted; none stands for an answer "       \
			"without it.")

#ifdef __cplusplus
}
#endif

#endif
