/*
 * claims.c - reads the claims of a verified token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "fault.h"
#include "jws.h"
#include "memory.h"

struct tpam_claims *claims_read(const char *json, size_t length, int *ret_code)
{
	struct tpam_claims *claims = calloc(1, sizeof(*claims));

	*ret_code = TPAM_E_MEMORY;
	if (!claims)
		return NULL;
	claims->json = text_copy(json, length);
	claims->length = length;
	enum document_code code =
		claims->json ? document_read(&claims->document, json, length, JWS_DEPTH_MAX)
			     : DOCUMENT_NO_MEMORY;
	if (code == DOCUMENT_FINE)
		return claims;
	if (code == DOCUMENT_BAD)
		*ret_code = TPAM_E_CONFIG;
	tpam_claims_destroy(claims);
	return NULL;
}

int tpam_claims_parse(
	struct tpam_claims **ret, const struct tpam_jws *jws, struct tpam_fault *fault)
{
	int code;

	if (!jws->verified)
		return fault_set(fault, TPAM_REASON_BAD_SIGNATURE, "a verified token", "another");
	struct tpam_claims *claims = claims_read(jws->payload, jws->payload_length, &code);
	if (!claims)
		return code == TPAM_E_MEMORY
			       ? code
			       : fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
					 "claims that are a JSON object without repeated members",
					 "another payload");
	*ret = claims;
	return TPAM_OK;
}

void tpam_claims_destroy(struct tpam_claims *claims)
{
	if (!claims)
		return;
	document_finish(&claims->document);
	secret_free(claims->json, claims->length);
	free(claims);
}

const struct json_value *claims_own(const struct tpam_claims *claims, const char *name)
{
	return document_member(&claims->document, claims->document.values, name);
}

const struct json_value *claims_get(const struct tpam_claims *claims, const char *name)
{
	return document_path(&claims->document, claims->document.values, name);
}

bool claims_time(const struct json_value *value, int64_t *ret)
{
	if (value_is(value, VALUE_INTEGER)) {
		if (value->integer < 0 || value->integer > CLAIMS_TIME_MAX)
			return false;
		*ret = value->integer;
		return true;
	}
	if (!value_is(value, VALUE_REAL) ||
		!(value->real >= 0 && value->real <= (double)CLAIMS_TIME_MAX))
		return false;
	*ret = (int64_t)value->real;
	return true;
}

bool tpam_claims_has(const struct tpam_claims *claims, const char *name)
{
	return claims_get(claims, name) != NULL;
}

const char *tpam_claims_text(const struct tpam_claims *claims, const char *name)
{
	return value_text(claims_get(claims, name));
}

bool tpam_claims_number(const struct tpam_claims *claims, const char *name, int64_t *ret)
{
	return claims_time(claims_get(claims, name), ret);
}

bool tpam_claims_true(const struct tpam_claims *claims, const char *name)
{
	return value_is(claims_get(claims, name), VALUE_TRUE);
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
	const struct json_value *value = claims_get(claims, name), *element;

	if (value_is(value, VALUE_TEXT))
		return word(value->text, index, ret_length);
	if (!value_is(value, VALUE_LIST))
		return NULL;
	element = document_first(&claims->document, value);
	while (element && index-- > 0)
		element = document_next(&claims->document, value, element);
	if (!value_text(element))
		return NULL;
	*ret_length = element->length;
	return element->text;
}
