/*
 * puppet.h - what a test hands to the plugin "puppet" as the request's host pointer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_PLUGINS_PUPPET_H
#define TESTS_PLUGINS_PUPPET_H

#include <tokenpam/provider.h>

struct puppet;

/* Plays the provider: `name` is the instance's. */
typedef int32_t puppet_fn(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name);

/* First member of what the test makes of it; a function that is NULL ignores. */
struct puppet {
	puppet_fn *auth;
	puppet_fn *account;
	puppet_fn *session;
};

#endif
