/*
 * config.h - what a [provider:NAME] section with plugin = introspect says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef INTROSPECT_CONFIG_H
#define INTROSPECT_CONFIG_H

#include <stdint.h>

#include <tokenpam/http.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#include "client_auth.h"

#define INTROSPECT_SALT 32

struct introspect {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *endpoint;
	const char *issuer; /* NULL: none is configured */
	const char *hint;   /* NULL: none is given */
	int64_t cache;      /* seconds; 0: not at all */
	struct client client;
	struct tpam_http *http;
	struct tpam_mapping *mapping;
	unsigned char
		salt[INTROSPECT_SALT]; /* what tokens are hashed with to find equal questions */
};

/* How a token of ours may look: "prefix:WORD" (*ret_prefix is WORD), "opaque", "jwt". */
enum kind { KIND_NONE, KIND_PREFIX, KIND_OPAQUE, KIND_JWT };
enum kind accept_kind(const char *accept, const char **ret_prefix);

extern const struct tpam_option *const introspect_options[];

int32_t introspect_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void introspect_close(void *state);

#endif
