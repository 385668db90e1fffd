/*
 * access.h - access tokens: tokeninfo says what they are, userinfo whose, where somebody wants to know.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_ACCESS_H
#define GOOGLE_ACCESS_H

#include "config.h"

/* The outcome, whose reason was given; TPAM_PENDING. */
int32_t access_judge(const struct google *google, struct tpam_call *call);

#endif
