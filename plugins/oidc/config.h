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

/* Which kinds of token are taken, when the userinfo endpoint is asked, which addresses count: in the order of the words. */
enum tokens { TOKENS_ACCESS, TOKENS_ID, TOKENS_BOTH };
enum userinfo { USERINFO_NEVER, USERINFO_MISSING, USERINFO_ALWAYS };
enum email { EMAIL_ANY, EMAIL_VERIFIED };

struct oidc {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *issuer;
	const char **clients; /* ours; NULL-terminated */
	const char **own;     /* claims that the token alone may have; NULL-terminated */
	enum tokens tokens;
	enum userinfo userinfo;
	enum email email;
	const char *userinfo_endpoint; /* of the configuration; NULL: as the metadata says */
	const char *metadata_url;
	struct tpam_http *http;
	struct tpam_jwks *jwks;
	struct tpam_rules *rules;
	struct tpam_mapping *mapping;
};

extern const struct tpam_option *const oidc_options[];

int32_t oidc_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void oidc_close(void *state);

#endif
