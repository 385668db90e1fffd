/*
 * test_payload.c - building the claims of a user's token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <jansson.h>
#include <tokenpam/kit.h>

#include "../unit/check.h"
#include "claims.h"

static void check_json(const struct tpam_payload *payload, const char *expected)
{
	char *json = tpam_payload_json(payload);

	CHECK_TEXT(json, expected);
	tpam_kit_free(json);
}

static void test_texts(void)
{
	struct tpam_payload *payload = tpam_payload_create();

	CHECK(tpam_payload_set_text(payload, "sub", "alice") == TPAM_OK);
	CHECK(tpam_payload_set_text(payload, "sub", "bob") == TPAM_OK);
	CHECK(tpam_payload_set_text(payload, "name", "B\xC3\xB6 \"b\"") == TPAM_OK);
	CHECK(tpam_payload_set_number(payload, "n", -7) == TPAM_OK);
	check_json(payload, "{\"sub\":\"bob\",\"name\":\"B\xC3\xB6 \\\"b\\\"\",\"n\":-7}");
	CHECK(tpam_payload_set_text(payload, "x", "") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_text(payload, "", "x") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_text(payload, "x", "\xFF") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_text(payload, "x", "a\nb") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_text(payload, "\xFF", "x") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_number(payload, "", 1) == TPAM_E_ARGUMENT);
	check_json(payload, "{\"sub\":\"bob\",\"name\":\"B\xC3\xB6 \\\"b\\\"\",\"n\":-7}");
	tpam_payload_destroy(payload);
	tpam_payload_destroy(NULL);
}

static void test_json(void)
{
	static const char *const good[] = {"1", "true", "null", "\"x\"", "[1,2]",
		"{\"a\":{\"b\":[]}}", " 1 ", "1.5", "\"\\u00e9\""};
	static const char *const bad[] = {"", "x", "{", "1,", "1,\"x\":2", "1}",
		"{\"a\":1,\"a\":1}", "NaN", "\"\\u0000\"", "[1", "01", "\"\xFF\"", "1}//",
		"1,\"value\":2", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"};
	struct tpam_payload *payload = tpam_payload_create();

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(tpam_payload_set_json(payload, "x", good[i]) == TPAM_OK);
	check_json(payload, "{\"x\":\"\xC3\xA9\"}");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(tpam_payload_set_json(payload, "x", bad[i]) == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_json(payload, "", "1") == TPAM_E_ARGUMENT);
	check_json(payload, "{\"x\":\"\xC3\xA9\"}");
	tpam_payload_destroy(payload);
}

static void test_lists(void)
{
	struct tpam_payload *payload = tpam_payload_create();

	CHECK(tpam_payload_add(payload, "aud", "a") == TPAM_OK);
	check_json(payload, "{\"aud\":\"a\"}");
	CHECK(tpam_payload_add(payload, "aud", "b") == TPAM_OK);
	CHECK(tpam_payload_add(payload, "aud", "c d") == TPAM_OK);
	check_json(payload, "{\"aud\":[\"a\",\"b\",\"c d\"]}");
	CHECK(tpam_payload_add(payload, "roles", "billing admin") == TPAM_OK);
	CHECK(tpam_payload_add(payload, "roles", "") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_add(payload, "", "x") == TPAM_E_ARGUMENT);
	check_json(payload, "{\"aud\":[\"a\",\"b\",\"c d\"],\"roles\":[\"billing admin\"]}");
	tpam_payload_destroy(payload);

	payload = tpam_payload_create();
	CHECK(tpam_payload_add_scope(payload, "read") == TPAM_OK);
	CHECK(tpam_payload_add_scope(payload, "write") == TPAM_OK);
	CHECK(tpam_payload_add_scope(payload, "a b") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_add_scope(payload, "") == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_add_scope(payload, "a\"") == TPAM_E_ARGUMENT);
	check_json(payload, "{\"scope\":\"read write\"}");
	tpam_payload_destroy(payload);
}

static void test_times(void)
{
	struct tpam_payload *payload = tpam_payload_create();

	CHECK(tpam_payload_set_text(payload, "jti", "mine") == TPAM_OK);
	CHECK(tpam_payload_set_times(payload, 100, 60) == TPAM_OK);
	check_json(payload, "{\"jti\":\"mine\",\"iat\":100,\"nbf\":100,\"exp\":160}");
	CHECK(tpam_payload_set_times(payload, -1, 60) == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_times(payload, 100, 0) == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_times(payload, 100, INT64_MAX) == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_times(payload, CLAIMS_TIME_MAX, 1) == TPAM_E_ARGUMENT);
	CHECK(tpam_payload_set_times(payload, CLAIMS_TIME_MAX - 1, 1) == TPAM_OK);
	tpam_payload_destroy(payload);
}

/* Names of tokens are random. */
static void test_ids(void)
{
	char last[64] = "";

	for (int i = 0; i < 3; i++) {
		struct tpam_payload *payload = tpam_payload_create();
		CHECK(tpam_payload_set_times(payload, 100, 60) == TPAM_OK);
		char *json = tpam_payload_json(payload);
		json_t *object = json ? json_loads(json, 0, NULL) : NULL;
		const char *id = json_string_value(json_object_get(object, "jti"));
		CHECK(id && strlen(id) == 22 && strcmp(id, last) != 0);
		(void)snprintf(last, sizeof(last), "%s", id ? id : "");
		json_decref(object);
		tpam_kit_free(json);
		tpam_payload_destroy(payload);
	}
}

int main(void)
{
	test_texts();
	test_json();
	test_lists();
	test_times();
	test_ids();
	return check_end();
}
