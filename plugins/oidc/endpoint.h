/*
 * endpoint.h - where the provider is asked about its tokens and their users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_ENDPOINT_H
#define OIDC_ENDPOINT_H

#include "config.h"

/* An endpoint that the configuration or the metadata names, for as long as a run lasts. */
struct found {
	struct tpam_endpoint endpoint;
	char *url; /* of the metadata; NULL */
};

/*
 * The endpoint `configured`, or, if that is NULL, the one that the metadata has under `name`. 0;
 * TPAM_PENDING; or the outcome, whose reason was given. To be finished in any case.
 */
int32_t endpoint_find(struct found *ret, const struct oidc *oidc, struct tpam_call *call,
	const char *configured, const char *name);
void endpoint_finish(struct found *found);

#endif
