/*
 * config.h - what a [provider:NAME] section with plugin = bearer says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BEARER_CONFIG_H
#define BEARER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/jwks.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#include "revocation.h"

struct bearer {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *issuer;
	struct tpam_rules *rules;
	struct tpam_keys *keys; /* configured; NULL: published by the issuer */
	struct tpam_jwks *jwks;
	struct tpam_mapping *mapping;
	struct revocation *revocation; /* NULL: none */
};

extern const struct tpam_option *const bearer_options[];

int32_t bearer_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void bearer_close(void *state);

#endif
