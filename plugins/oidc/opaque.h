/*
 * opaque.h - access tokens that say nothing by themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OIDC_OPAQUE_H
#define OIDC_OPAQUE_H

#include "config.h"

/* In open(): what the options say of them; what does not do is reported. And in close(). */
int opaque_open(struct oidc *oidc);
void opaque_close(struct oidc *oidc);

/* An outcome for a token that is no JSON Web Token. */
int32_t opaque_authenticate(const struct oidc *oidc, struct tpam_call *call);

/* 0 if the endpoints that the options need are there, and know us; else the outcome. */
int32_t opaque_probe(const struct oidc *oidc, struct tpam_call *call);

#endif
