/*
 * config.h - what a [provider:NAME] section with plugin = workos says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WORKOS_CONFIG_H
#define WORKOS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/http.h>
#include <tokenpam/jwks.h>
#include <tokenpam/kit.h>
#include <tokenpam/oauth.h>
#include <tokenpam/provider.h>

/* The two families of tokens, told apart by their issuer; the words of `tokens` are in this order. */
enum family_name { FAMILY_SESSION, FAMILY_CONNECT, FAMILIES };

/* What is known of a family. It is taken where it has keys. */
struct family {
	struct tpam_jwks *jwks;
	struct tpam_rules *rules;
	struct tpam_mapping *mapping;
	const char *issuer; /* of its identities, whichever form a token has */
};

#define ISSUER_FORMS 6 /* that are there without any option */

struct workos {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	struct tpam_http *http;
	struct family families[FAMILIES];
	const char *client_id;         /* NULL: no session tokens */
	const char *authkit_domain;    /* NULL: no tokens of Connect */
	const char *authkit_url;       /* where the domain is reached */
	char *forms[ISSUER_FORMS + 1]; /* issuers of session tokens that follow from others */
	const char **issuers;          /* all of them, NULL-terminated */
	const char *domain[2];         /* authkit_domain, NULL-terminated */
	char *userinfo;                /* NULL: no opaque tokens */
	struct tpam_accept *accept;
	bool impersonation; /* whether it is allowed */
	int64_t cache;      /* seconds for verdicts on opaque tokens; 0: never */
};

extern const struct tpam_option *const workos_options[];

int32_t workos_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void workos_close(void *state);

/* Whether a family is taken. */
bool workos_takes(const struct workos *workos, enum family_name family);

#endif
