/*
 * config.h - what a [provider:NAME] section with plugin = github says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_CONFIG_H
#define GITHUB_CONFIG_H

#include <stdatomic.h>
#include <stdint.h>

#include <tokenpam/http.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#include "kind.h"
#include "names.h"

struct github {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	struct tpam_http *http;
	char *api;    /* without a slash at its end */
	char *issuer; /* what vouches for the numbers of its users */
	unsigned kinds;
	char *taken;           /* their names, for refusals */
	const char *client_id; /* of our app; NULL: tokens of apps are not taken */
	char *check_url;       /* where GitHub is asked whether a token is of it */
	char *basic;           /* who asks there */
	struct names allow_orgs, allow_teams;
	int64_t cache;                 /* seconds; 0: not at all */
	_Atomic int64_t patient_until; /* monotonic: GitHub told our app to wait */
};

extern const struct tpam_option *const github_options[];

int32_t github_open(const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);
void github_close(void *state);

/* Whether nobody is let in but members of some organizations or teams. */
bool github_is_closed(const struct github *github);

#endif
