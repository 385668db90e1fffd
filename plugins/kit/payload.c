/*
 * payload.c - builds the claims of a user's token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "b64url.h"
#include "claims.h"
#include "json.h"
#include "memory.h"
#include "text.h"

#define VALUE_DEPTH 15
#define VALUE_MAX   (64 * 1024)

struct tpam_payload {
	json_t *object;
};

struct tpam_payload *tpam_payload_create(void)
{
	struct tpam_payload *payload = calloc(1, sizeof(*payload));

	if (!payload)
		return NULL;
	payload->object = json_object();
	if (payload->object)
		return payload;
	free(payload);
	return NULL;
}

void tpam_payload_destroy(struct tpam_payload *payload)
{
	if (!payload)
		return;
	json_decref(payload->object);
	free(payload);
}

static bool text_fits(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length <= VALUE_MAX && text_check(text, length, false) == length;
}

static int set(struct tpam_payload *payload, const char *claim, json_t *value)
{
	if (!text_fits(claim)) {
		json_decref(value);
		return TPAM_E_ARGUMENT;
	}
	return value && json_object_set_new(payload->object, claim, value) == 0 ? TPAM_OK
										: TPAM_E_MEMORY;
}

int tpam_payload_set_text(struct tpam_payload *payload, const char *claim, const char *text)
{
	return text_fits(text) ? set(payload, claim, json_string(text)) : TPAM_E_ARGUMENT;
}

int tpam_payload_set_number(struct tpam_payload *payload, const char *claim, int64_t number)
{
	return set(payload, claim, json_integer(number));
}

/* Any JSON value: read as the one member of an object, so that the strict reader judges it. */
int tpam_payload_set_json(struct tpam_payload *payload, const char *claim, const char *json)
{
	if (strlen(json) > VALUE_MAX)
		return TPAM_E_ARGUMENT;
	char *text = text_format("{\"value\":%s}", json);
	json_t *object = text ? json_object_read(text, strlen(text), VALUE_DEPTH + 1) : NULL;
	int code = !text || (!object && errno == ENOMEM) ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;

	if (object && json_object_size(object) == 1)
		code = set(payload, claim, json_incref(json_object_get(object, "value")));
	json_decref(object);
	free(text);
	return code;
}

int tpam_payload_add(struct tpam_payload *payload, const char *claim, const char *text)
{
	json_t *value = json_object_get(payload->object, claim);

	if (!text_fits(text))
		return TPAM_E_ARGUMENT;
	if (!value && strcmp(claim, "aud") == 0)
		return set(payload, claim, json_string(text));
	if (!json_is_array(value)) {
		json_t *list = json_array();
		if (value && (!list || json_array_append(list, value) != 0)) {
			json_decref(list);
			return TPAM_E_MEMORY;
		}
		int code = set(payload, claim, list);
		if (code != TPAM_OK)
			return code;
		value = json_object_get(payload->object, claim);
	}
	return json_array_append_new(value, json_string(text)) == 0 ? TPAM_OK : TPAM_E_MEMORY;
}

int tpam_payload_add_scope(struct tpam_payload *payload, const char *scope)
{
	const char *before = json_string_value(json_object_get(payload->object, "scope"));

	if (!text_is_scope(scope, strlen(scope)))
		return TPAM_E_ARGUMENT;
	char *text = before ? text_format("%s %s", before, scope) : text_copy(scope, strlen(scope));
	int code = text ? tpam_payload_set_text(payload, "scope", text) : TPAM_E_MEMORY;
	free(text);
	return code;
}

static int set_random_id(struct tpam_payload *payload)
{
	unsigned char random[16];

	if (RAND_bytes(random, sizeof(random)) != 1)
		return TPAM_E_SYSTEM;
	char *text = b64url_encode_new(random, sizeof(random));
	int code = text ? tpam_payload_set_text(payload, "jti", text) : TPAM_E_MEMORY;
	free(text);
	return code;
}

int tpam_payload_set_times(struct tpam_payload *payload, int64_t now, int64_t lifetime)
{
	if (now < 0 || lifetime <= 0 || now > CLAIMS_TIME_MAX - lifetime)
		return TPAM_E_ARGUMENT;
	int code = tpam_payload_set_number(payload, "iat", now);
	if (code == TPAM_OK)
		code = tpam_payload_set_number(payload, "nbf", now);
	if (code == TPAM_OK)
		code = tpam_payload_set_number(payload, "exp", now + lifetime);
	if (code == TPAM_OK && !json_object_get(payload->object, "jti"))
		code = set_random_id(payload);
	return code;
}

char *tpam_payload_json(const struct tpam_payload *payload)
{
	return json_write(payload->object, JSON_COMPACT);
}
