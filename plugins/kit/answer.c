/*
 * answer.c - claims that an upstream answers with instead of signing them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>

#include "claims.h"
#include "fault.h"
#include "json.h"
#include "jws.h"

int tpam_claims_from_json(
	struct tpam_claims **ret, const char *json, size_t length, struct tpam_fault *fault)
{
	struct tpam_claims *claims = calloc(1, sizeof(*claims));

	if (!claims)
		return TPAM_E_MEMORY;
	claims->object = json_object_read(json, length, JWS_DEPTH_MAX);
	if (!claims->object) {
		int code = errno == ENOMEM
				   ? TPAM_E_MEMORY
				   : fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED,
					     "a JSON object without repeated members",
					     length > 0 ? "something else" : "an empty answer");
		tpam_claims_destroy(claims);
		return code;
	}
	*ret = claims;
	return TPAM_OK;
}

bool tpam_claims_bool(const struct tpam_claims *claims, const char *name, bool *ret)
{
	const json_t *value = claims_get(claims, name);

	if (!json_is_boolean(value))
		return false;
	*ret = json_is_true(value);
	return true;
}
