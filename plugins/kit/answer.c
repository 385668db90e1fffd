/*
 * answer.c - claims that an upstream answers with instead of signing them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "claims.h"
#include "fault.h"

int tpam_claims_from_json(
	struct tpam_claims **ret, const char *json, size_t length, struct tpam_fault *fault)
{
	int code;
	struct tpam_claims *claims = claims_read(json, length, &code);

	if (!claims)
		return code == TPAM_E_MEMORY
			       ? code
			       : fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED,
					 "a JSON object without repeated members",
					 length > 0 ? "something else" : "an empty answer");
	*ret = claims;
	return TPAM_OK;
}

bool tpam_claims_bool(const struct tpam_claims *claims, const char *name, bool *ret)
{
	const struct json_value *value = claims_get(claims, name);

	if (!value_is(value, VALUE_TRUE) && !value_is(value, VALUE_FALSE))
		return false;
	*ret = value_is(value, VALUE_TRUE);
	return true;
}
