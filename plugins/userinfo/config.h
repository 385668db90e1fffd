/*
 * config.h - what a [provider:NAME] section with plugin = userinfo says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef USERINFO_CONFIG_H
#define USERINFO_CONFIG_H

#include <stdint.h>

#include <tokenpam/oauth.h>

struct userinfo {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char **clients; /* ours; NULL-terminated; none: audience = none */
	int64_t cache;        /* seconds; 0: not at all */
	struct tpam_endpoint endpoint;
	struct tpam_accept *accept;
	struct tpam_mapping *mapping;
};

extern const struct tpam_option *const userinfo_options[];

int32_t userinfo_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void userinfo_close(void *state);

#endif
