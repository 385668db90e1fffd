/*
 * config.h - what a [provider:NAME] section with plugin = introspect says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef INTROSPECT_CONFIG_H
#define INTROSPECT_CONFIG_H

#include <stdint.h>

#include <tokenpam/oauth.h>

struct introspect {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *issuer; /* NULL: none is configured */
	int64_t cache;      /* seconds; 0: not at all */
	struct tpam_endpoint endpoint;
	struct tpam_accept *accept;
	struct tpam_introspection *introspection;
	struct tpam_mapping *mapping;
};

extern const struct tpam_option *const introspect_options[];

int32_t introspect_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void introspect_close(void *state);

#endif
