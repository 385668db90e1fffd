/*
 * config.h - what a [provider:NAME] section with plugin = oidc says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_CONFIG_H
#define OIDC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/jwks.h>
#include <tokenpam/oauth.h>

/*
 * Which kinds of token are taken, who is asked about those that say nothing, when the userinfo endpoint is
 * asked about others, which addresses count: in the order of the words.
 */
enum tokens { TOKENS_ACCESS, TOKENS_ID, TOKENS_BOTH };
enum opaque { OPAQUE_NEVER, OPAQUE_INTROSPECTION, OPAQUE_USERINFO };
enum userinfo { USERINFO_NEVER, USERINFO_MISSING, USERINFO_ALWAYS };
enum email { EMAIL_ANY, EMAIL_VERIFIED };

struct oidc {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *issuer;
	const char **clients; /* ours; NULL-terminated */
	const char **own;     /* claims that the token alone may have; NULL-terminated */
	enum tokens tokens;
	enum opaque opaque;
	enum userinfo userinfo;
	enum email email;
	const char *userinfo_endpoint; /* of the configuration; NULL: as the metadata says */
	const char *introspection_endpoint;
	const char *metadata_url;
	int64_t cache; /* seconds, of what was asked about; 0: not at all */
	struct tpam_http *http;
	struct tpam_jwks *jwks;
	struct tpam_rules *rules;
	struct tpam_mapping *mapping;
	struct tpam_accept *accept;               /* of opaque tokens */
	struct tpam_introspection *introspection; /* with OPAQUE_INTROSPECTION */
};

extern const struct tpam_option *const oidc_options[];

int32_t oidc_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void oidc_close(void *state);

#endif
