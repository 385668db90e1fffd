/*
 * claims.h - the claims of a verified token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_CLAIMS_H
#define KIT_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/kit.h>

#include "document.h"

#define CLAIMS_TIME_MAX INT64_C(253402300799) /* the end of the year 9999 */

struct tpam_claims {
	struct document document;
	char *json; /* as they came */
	size_t length;
};

/* NULL for what is refused, with *ret_code saying whether for want of memory (TPAM_E_MEMORY) or not (TPAM_E_CONFIG). */
struct tpam_claims *claims_read(const char *json, size_t length, int *ret_code);

/* The claim of that very name; NULL. */
const struct json_value *claims_own(const struct tpam_claims *claims, const char *name);

/* The claim, as tpam_claims_text() finds it; NULL. */
const struct json_value *claims_get(const struct tpam_claims *claims, const char *name);

/* A number between 0 and CLAIMS_TIME_MAX, fraction cut. */
bool claims_time(const struct json_value *value, int64_t *ret);

#endif
