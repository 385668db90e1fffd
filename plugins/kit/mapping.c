/*
 * mapping.c - carries verified claims into the identity, under names that a configuration gives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "claims.h"
#include "fault.h"
#include "text.h"

#define TEXT_MAX 4096

/* An option that names claims, and the field that the first of them which is there fills. */
struct mapping {
	const char *option;
	int32_t field;
	bool list;
};

static const struct mapping mappings[] = {
	{"subject_claim", TPAM_FIELD_SUBJECT, false},
	{"client_claim", TPAM_FIELD_CLIENT_ID, false},
	{"username_claim", TPAM_FIELD_USERNAME, false},
	{"name_claim", TPAM_FIELD_NAME, false},
	{"email_claim", TPAM_FIELD_EMAIL, false},
	{"tenant_claim", TPAM_FIELD_TENANT, false},
	{"scope_claim", TPAM_FIELD_SCOPES, true},
	{"roles_claim", TPAM_FIELD_ROLES, true},
	{"groups_claim", TPAM_FIELD_GROUPS, true},
};

#define MAPPINGS (sizeof(mappings) / sizeof(mappings[0]))

/* For each row the names, which live as long as the instance; in an array of ours where its option has them. */
struct tpam_mapping {
	const struct tpam_host *host;
	const char *const *names[MAPPINGS];
	const char **own[MAPPINGS];
	bool all[MAPPINGS];
};

struct time_claim {
	const char *claim;
	int32_t field;
};

static const struct time_claim times[] = {
	{"iat", TPAM_FIELD_ISSUED_AT},
	{"nbf", TPAM_FIELD_NOT_BEFORE},
	{"exp", TPAM_FIELD_EXPIRES_AT},
	{"auth_time", TPAM_FIELD_AUTH_TIME},
};

struct carrier {
	const struct tpam_host *host;
	struct tpam_call *call;
	const struct tpam_claims *claims;
	struct tpam_fault *fault;
};

static bool text_fits(const struct mapping *mapping, const char *text, size_t length)
{
	if (mapping->field == TPAM_FIELD_SCOPES)
		return text_is_scope(text, length);
	return length > 0 && length <= TEXT_MAX && text_check(text, length, false) == length;
}

static int carry_text(const struct carrier *carrier, const struct mapping *mapping,
	const char *name, const struct json_value *value)
{
	const char *text = value_text(value);

	if (!text || !text_fits(mapping, text, value->length))
		return fault_set(carrier->fault, TPAM_REASON_BAD_CLAIM,
			"text without control characters", name);
	return carrier->host->set_text(carrier->call, mapping->field, text, value->length);
}

static int carry_element(const struct carrier *carrier, const struct mapping *mapping,
	const char *name, const char *text, size_t length)
{
	if (!text_fits(mapping, text, length))
		return fault_set(carrier->fault, TPAM_REASON_BAD_CLAIM,
			"elements without control characters", name);
	return carrier->host->add_text(carrier->call, mapping->field, text, length);
}

/* Only scopes are written as one text with blanks between (RFC 8693, section 4.2). */
static int carry_words(const struct carrier *carrier, const struct mapping *mapping,
	const char *name, const struct json_value *value)
{
	int code = TPAM_OK;

	for (const char *text = value->text + strspn(value->text, " "); *text && code == TPAM_OK;) {
		size_t length = strcspn(text, " ");
		code = carry_element(carrier, mapping, name, text, length);
		text += length;
		text += strspn(text, " ");
	}
	return code;
}

static int carry_elements(const struct carrier *carrier, const struct mapping *mapping,
	const char *name, const struct json_value *list)
{
	const struct document *document = &carrier->claims->document;
	int code = TPAM_OK;

	for (const struct json_value *element = document_first(document, list);
		element && code == TPAM_OK; element = document_next(document, list, element))
		code = value_is(element, VALUE_TEXT)
			       ? carry_element(
					 carrier, mapping, name, element->text, element->length)
			       : fault_set(carrier->fault, TPAM_REASON_BAD_CLAIM, "a list of texts",
					 name);
	return code;
}

static int carry_list(const struct carrier *carrier, const struct mapping *mapping,
	const char *name, const struct json_value *value)
{
	if (value_is(value, VALUE_LIST))
		return carry_elements(carrier, mapping, name, value);
	if (!value_is(value, VALUE_TEXT))
		return fault_set(
			carrier->fault, TPAM_REASON_BAD_CLAIM, "text or a list of texts", name);
	/* Others may hold blanks: the role "billing admin" is not the role "admin". */
	if (mapping->field != TPAM_FIELD_SCOPES)
		return carry_element(carrier, mapping, name, value->text, value->length);
	return carry_words(carrier, mapping, name, value);
}

static int carry(const struct carrier *carrier, const char *const *names,
	const struct mapping *mapping, bool all)
{
	for (size_t i = 0; names[i]; i++) {
		const struct json_value *value = claims_get(carrier->claims, names[i]);
		if (!value || value_is(value, VALUE_NULL))
			continue;
		int code = mapping->list ? carry_list(carrier, mapping, names[i], value)
					 : carry_text(carrier, mapping, names[i], value);
		if (code != TPAM_OK || !all)
			return code;
	}
	/* Nobody is accepted without a subject. */
	if (mapping->field != TPAM_FIELD_SUBJECT)
		return TPAM_OK;
	return fault_set(carrier->fault, TPAM_REASON_MISSING_CLAIM, names[0], "none");
}

/* A registered claim of one text, under its own name. */
static int carry_own(const struct carrier *carrier, const char *name, int32_t field)
{
	static const struct mapping plain = {NULL, 0, false};
	const struct json_value *value = claims_own(carrier->claims, name);
	const char *text = value_text(value);

	if (!value)
		return TPAM_OK;
	if (!text || !text_fits(&plain, text, value->length))
		return fault_set(carrier->fault, TPAM_REASON_BAD_CLAIM,
			"text without control characters", name);
	return carrier->host->set_text(carrier->call, field, text, value->length);
}

static int carry_audiences(const struct carrier *carrier)
{
	static const struct mapping audiences = {NULL, TPAM_FIELD_AUDIENCES, true};
	const struct json_value *aud = claims_own(carrier->claims, "aud");

	return aud ? carry_list(carrier, &audiences, "aud", aud) : TPAM_OK;
}

static void carry_numbers(const struct carrier *carrier)
{
	int64_t number;

	if (tpam_claims_true(carrier->claims, "email_verified"))
		(void)carrier->host->set_number(carrier->call, TPAM_FIELD_EMAIL_VERIFIED, 1);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (tpam_claims_number(carrier->claims, times[i].claim, &number))
			(void)carrier->host->set_number(carrier->call, times[i].field, number);
}

int tpam_claims_carry(const struct tpam_claims *claims, const struct tpam_mapping *mapping,
	struct tpam_call *call, struct tpam_fault *fault)
{
	const struct carrier carrier = {mapping->host, call, claims, fault};
	int code = TPAM_OK;

	*fault = (struct tpam_fault){0};
	for (size_t i = 0; i < MAPPINGS && code == TPAM_OK; i++)
		code = carry(&carrier, mapping->names[i], &mappings[i], mapping->all[i]);
	if (code == TPAM_OK)
		code = carry_audiences(&carrier);
	if (code == TPAM_OK)
		code = carry_own(&carrier, "iss", TPAM_FIELD_ISSUER);
	if (code == TPAM_OK)
		code = carry_own(&carrier, "jti", TPAM_FIELD_TOKEN_ID);
	if (code != TPAM_OK)
		return code;
	carry_numbers(&carrier);
	return mapping->host->set_text(call, TPAM_FIELD_CLAIMS, claims->json, claims->length);
}

/* ---- Reading the options ---- */

static bool read_fixed(struct tpam_mapping *mapping, size_t row, const struct tpam_mapped *fixed)
{
	for (; fixed && fixed->field; fixed++) {
		if (fixed->field != mappings[row].field)
			continue;
		mapping->names[row] = fixed->claims;
		mapping->all[row] = mappings[row].list && (fixed->flags & TPAM_MAPPED_ALL);
		return true;
	}
	return false;
}

static bool read_option(
	struct tpam_mapping *mapping, size_t row, const struct tpam_instance *instance)
{
	const char *option = mappings[row].option;
	uint32_t count = mapping->host->option_count(instance, option);

	mapping->own[row] = calloc(count + 1, sizeof(char *));
	for (uint32_t i = 0; mapping->own[row] && i < count; i++)
		mapping->own[row][i] = mapping->host->option_text(instance, option, i);
	mapping->names[row] = mapping->own[row];
	return mapping->own[row] != NULL;
}

int tpam_mapping_create(struct tpam_mapping **ret, const struct tpam_host *host,
	const struct tpam_instance *instance, const struct tpam_mapped *fixed)
{
	struct tpam_mapping *mapping = calloc(1, sizeof(*mapping));

	if (!mapping)
		return TPAM_E_MEMORY;
	mapping->host = host;
	for (size_t i = 0; i < MAPPINGS; i++) {
		if (read_fixed(mapping, i, fixed) || read_option(mapping, i, instance))
			continue;
		tpam_mapping_destroy(mapping);
		return TPAM_E_MEMORY;
	}
	*ret = mapping;
	return TPAM_OK;
}

int tpam_mapping_open(struct tpam_mapping **ret, const struct tpam_host *host,
	const struct tpam_instance *instance)
{
	return tpam_mapping_create(ret, host, instance, NULL);
}

void tpam_mapping_destroy(struct tpam_mapping *mapping)
{
	if (!mapping)
		return;
	for (size_t i = 0; i < MAPPINGS; i++)
		free(mapping->own[i]);
	free(mapping);
}
