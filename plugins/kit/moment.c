/*
 * moment.c - times that upstreams write as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "moment.h"

#include "claims.h"

bool tpam_moment_read(const char *text, int64_t *ret)
{
	return moment_read(text, ret) && *ret >= 0 && *ret <= CLAIMS_TIME_MAX;
}

bool tpam_claims_time(const struct tpam_claims *claims, const char *name, int64_t *ret)
{
	const struct json_value *value = claims_get(claims, name);
	const char *text = value_text(value);

	return text ? tpam_moment_read(text, ret) : claims_time(value, ret);
}
