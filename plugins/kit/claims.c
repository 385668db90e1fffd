/*
 * claims.c - reads the claims of a verified token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "fault.h"
#include "json.h"
#include "jws.h"

#define PATH_MAX_BYTES 256

int tpam_claims_parse(
	struct tpam_claims **ret, const struct tpam_jws *jws, struct tpam_fault *fault)
{
	if (!jws->verified)
		return fault_set(fault, TPAM_REASON_BAD_SIGNATURE, "a verified token", "another");
	struct tpam_claims *claims = calloc(1, sizeof(*claims));
	if (!claims)
		return TPAM_E_MEMORY;
	claims->object = json_object_read(jws->payload, jws->payload_length, JWS_DEPTH_MAX);
	if (!claims->object) {
		int code =
			errno == ENOMEM
				? TPAM_E_MEMORY
				: fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
					  "claims that are a JSON object without repeated members",
					  "another payload");
		tpam_claims_destroy(claims);
		return code;
	}
	*ret = claims;
	return TPAM_OK;
}

void tpam_claims_destroy(struct tpam_claims *claims)
{
	if (!claims)
		return;
	json_decref(claims->object);
	free(claims);
}

/* A claim of that very name, else the way through objects that its dots show. */
const json_t *claims_get(const struct tpam_claims *claims, const char *name)
{
	const json_t *value = json_object_get(claims->object, name);
	char part[PATH_MAX_BYTES];

	if (value || !strchr(name, '.'))
		return value;
	value = claims->object;
	while (value && *name) {
		size_t length = strcspn(name, ".");
		if (length >= sizeof(part))
			return NULL;
		memcpy(part, name, length);
		part[length] = '\0';
		value = json_object_get(value, part);
		name += length + (name[length] == '.');
	}
	return value;
}

bool claims_time(const json_t *value, int64_t *ret)
{
	if (json_is_integer(value)) {
		json_int_t number = json_integer_value(value);
		if (number < 0 || number > CLAIMS_TIME_MAX)
			return false;
		*ret = number;
		return true;
	}
	double number = json_real_value(value);
	if (!json_is_real(value) || !(number >= 0 && number <= (double)CLAIMS_TIME_MAX))
		return false;
	*ret = (int64_t)number;
	return true;
}

bool tpam_claims_has(const struct tpam_claims *claims, const char *name)
{
	return claims_get(claims, name) != NULL;
}

const char *tpam_claims_text(const struct tpam_claims *claims, const char *name)
{
	return json_string_value(claims_get(claims, name));
}

bool tpam_claims_number(const struct tpam_claims *claims, const char *name, int64_t *ret)
{
	return claims_time(claims_get(claims, name), ret);
}

bool tpam_claims_true(const struct tpam_claims *claims, const char *name)
{
	return json_is_true(claims_get(claims, name));
}

/* Word `index` of a string split at blanks. */
static const char *word(const char *text, size_t index, size_t *ret_length)
{
	for (;;) {
		text += strspn(text, " ");
		size_t length = strcspn(text, " ");
		if (length == 0)
			return NULL;
		if (index-- == 0) {
			*ret_length = length;
			return text;
		}
		text += length;
	}
}

const char *tpam_claims_element(
	const struct tpam_claims *claims, const char *name, size_t index, size_t *ret_length)
{
	const json_t *value = claims_get(claims, name);

	if (json_is_string(value))
		return word(json_string_value(value), index, ret_length);
	const json_t *element = json_array_get(value, index);
	if (!json_is_string(element))
		return NULL;
	*ret_length = json_string_length(element);
	return json_string_value(element);
}
