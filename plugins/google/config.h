/*
 * config.h - what a [provider:NAME] section with plugin = google says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_CONFIG_H
#define GOOGLE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/http.h>
#include <tokenpam/jwks.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

/* The issuer of all identities: sub is the same whichever form a token names. */
#define GOOGLE_ISSUER "https://accounts.google.com"

/*
 * Which kinds of token are taken, when the userinfo endpoint is asked, the more the later, and which addresses count: in
 * the order of the words.
 */
enum tokens { TOKENS_ACCESS, TOKENS_ID, TOKENS_BOTH };
enum userinfo { USERINFO_NEVER, USERINFO_WANTED, USERINFO_MISSING, USERINFO_ALWAYS };
enum email { EMAIL_VERIFIED, EMAIL_ANY };

struct google {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char **clients;  /* ours; this and the next two NULL-terminated */
	const char **domains;  /* in small letters; none: everybody's */
	const char **services; /* addresses and unique ids of service accounts */
	enum tokens tokens;
	enum userinfo userinfo;
	enum email email;
	int64_t cache; /* seconds; 0: never */
	const char *tokeninfo_url;
	const char *userinfo_url;
	struct tpam_http *http;
	struct tpam_jwks *jwks;
	struct tpam_rules *rules;
	struct tpam_mapping *mapping;
};

extern const struct tpam_option *const google_options[];

/* Both forms of iss, NULL-terminated. */
extern const char *const google_issuers[];

int32_t google_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void google_close(void *state);

#endif
