/*
 * claims.h - the claims of a verified token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_CLAIMS_H
#define KIT_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <tokenpam/kit.h>

#define CLAIMS_TIME_MAX INT64_C(253402300799) /* the end of the year 9999 */

struct tpam_claims {
	json_t *object;
};

/* The claim, as tpam_claims_text() finds it; NULL. */
const json_t *claims_get(const struct tpam_claims *claims, const char *name);

/* A number between 0 and CLAIMS_TIME_MAX, fraction cut. */
bool claims_time(const json_t *value, int64_t *ret);

#endif
