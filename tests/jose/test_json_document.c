/*
 * test_json_document.c - what an upstream answers, read and written again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/kit.h>

#include "../unit/check.h"

static struct tpam_json *reads(const char *text)
{
	struct tpam_json *json = NULL;
	struct tpam_fault fault = {0};

	if (tpam_json_read(&json, text, strlen(text), &fault) != TPAM_OK)
		CHECK(!json && fault.reason == TPAM_REASON_UPSTREAM_MALFORMED);
	return json;
}

static void test_refused(void)
{
	static const char *const texts[] = {"", " ", "1", "\"a\"", "null", "[", "[1,]", "[1][2]",
		"[],\"x\":[]", "{\"a\":1,\"a\":2}", "[{\"a\":1,\"a\":2}]", "[\"\\u0000\"]",
		"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "{\"a\":01}", "[1e999]"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tpam_json *json = reads(texts[i]);
		if (json)
			fprintf(stderr, "%s was read\n", texts[i]);
		CHECK(!json);
		tpam_json_destroy(json);
	}
}

static void test_lists(void)
{
	struct tpam_json *json =
		reads(" [ {\"id\": 7, \"in\": {\"x\": \"y\"}}, [], null, true, false, 1.5]");
	const struct tpam_json_value *list = tpam_json_root(json), *at;
	int64_t number = 0;
	size_t count = 0;

	CHECK(tpam_json_is(list, TPAM_JSON_LIST) && !tpam_json_is(list, TPAM_JSON_OBJECT));
	at = tpam_json_first(json, list);
	CHECK(tpam_json_integer(tpam_json_member(json, at, "id"), &number) && number == 7);
	CHECK(!tpam_json_text(tpam_json_member(json, at, "id")));
	CHECK_TEXT(
		tpam_json_text(tpam_json_member(json, tpam_json_member(json, at, "in"), "x")), "y");
	CHECK(!tpam_json_member(json, at, "x") && !tpam_json_member(json, list, "id"));
	CHECK(!tpam_json_first(json, at));
	at = tpam_json_next(json, list, at);
	CHECK(tpam_json_is(at, TPAM_JSON_LIST) && !tpam_json_first(json, at));
	for (; at; at = tpam_json_next(json, list, at))
		count++;
	CHECK(count == 5);
	tpam_json_destroy(json);

	json = reads("[]");
	CHECK(tpam_json_is(tpam_json_root(json), TPAM_JSON_LIST));
	CHECK(!tpam_json_first(json, tpam_json_root(json)));
	tpam_json_destroy(json);
	tpam_json_destroy(NULL);
	CHECK(!tpam_json_text(NULL) && !tpam_json_integer(NULL, &number));
	CHECK(!tpam_json_is(NULL, TPAM_JSON_NULL) && !tpam_json_is(list, 0));
}

static void test_kinds(void)
{
	struct tpam_json *json =
		reads("{\"n\":null,\"t\":true,\"f\":false,\"i\":-3,\"r\":3.0,\"s\":\"\",\"o\":{}}");
	const struct {
		const char *name;
		int32_t kind;
	} members[] = {{"n", TPAM_JSON_NULL}, {"t", TPAM_JSON_TRUE}, {"f", TPAM_JSON_FALSE},
		{"i", TPAM_JSON_INTEGER}, {"r", 0}, {"s", TPAM_JSON_TEXT}, {"o", TPAM_JSON_OBJECT}};
	int64_t number = 0;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct tpam_json_value *value =
			tpam_json_member(json, tpam_json_root(json), members[i].name);
		for (int32_t kind = -1; kind < 9; kind++)
			CHECK(tpam_json_is(value, kind) == (kind > 0 && kind == members[i].kind));
	}
	CHECK(!tpam_json_integer(tpam_json_member(json, tpam_json_root(json), "r"), &number));
	tpam_json_destroy(json);
}

static void test_written(void)
{
	static const char text[] = "{\"login\":\"octo\\u00e9\\\"\",\"id\":9007199254740993,"
				   "\"list\":[1,[],{},null,true,false,-0.5],\"none\":null}";
	struct tpam_json *json = reads("{\"user\":{\"login\":\"octo\\u00e9\\\"\","
				       "\"id\":9007199254740993,\"list\":[1,[],{},null,true,false,"
				       "-0.5],\"none\":null},\"token\":\"secret\"}");
	char *written = tpam_json_write(json, tpam_json_member(json, tpam_json_root(json), "user"));
	struct tpam_json *again = reads(text);
	char *same = tpam_json_write(again, tpam_json_root(again));

	CHECK_TEXT(written, same);
	CHECK(written && !strstr(written, "secret") && strstr(written, "9007199254740993"));
	tpam_kit_free(written);
	tpam_kit_free(same);
	tpam_json_destroy(json);
	tpam_json_destroy(again);
}

int main(void)
{
	test_refused();
	test_lists();
	test_kinds();
	test_written();
	return check_end();
}
