/*
 * test_json.c - JSON from outside: an object, of bounded depth, each member once, nothing behind it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>

#include "check.h"
#include "json.h"

#define DEPTH 4

struct row {
	const char *text;
	bool good;
};

static const struct row rows[] = {
	{"{}", true},
	{" {\"a\": [1, 2.5, true, null, \"x\"]}\n", true},
	{"{\"a\":{\"b\":{\"c\":{}}}}", true},
	{"{\"a\":[[[1]]]}", true},
	{"{\"a\":\"[[[[[[{{{{{{\"}", true},
	{"{\"a\":\"\\\"[[[[[[\"}", true},
	{"{\"a\":\"\\\\\",\"b\":[[[]]]}", true},
	{"{\"a\":[],\"b\":[],\"c\":[],\"d\":[],\"e\":[]}", true},
	{"{\"\xC3\xBC\":\"\xE2\x82\xAC\"}", true},
	{"{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}", false}, /* one too deep */
	{"{\"a\":[[[[1]]]]}", false},
	{"", false},
	{" ", false},
	{"[]", false},
	{"\"text\"", false},
	{"1", false},
	{"null", false},
	{"{", false},
	{"}", false},
	{"{}}", false},
	{"{} {}", false},
	{"{},", false},
	{"{}x", false},
	{"{\"a\":1,\"a\":1}", false},
	{"{\"a\":{\"b\":1,\"b\":2}}", false},
	{"{\"a\":1,\"\\u0061\":2}", false}, /* the same name in another spelling */
	{"{\"a\":\"\\u0000\"}", false},
	{"{\"\\u0000\":1}", false},
	{"{\"a\":\"\\uD800\"}", false},
	{"{\"a\":\"\xFF\"}", false},
	{"{\"a\":\"\xC0\x80\"}", false},
	{"{\"a\":\"\n\"}", false},
	{"{'a':1}", false},
	{"{a:1}", false},
	{"{\"a\":1,}", false},
	{"{\"a\":01}", false},
	{"{\"a\":NaN}", false},
	{"{\"a\":1e999}", false},
	{"{\"a\":99999999999999999999}", false}, /* beyond what can be kept exactly */
	{"// c\n{}", false},
	{"\xEF\xBB\xBF{}", false},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		errno = ENOMEM; /* of somebody else */
		json_t *value = json_object_read(rows[i].text, strlen(rows[i].text), DEPTH);
		if ((value != NULL) != rows[i].good)
			fprintf(stderr, "row %zu: %s\n", i, rows[i].text);
		CHECK((value != NULL) == rows[i].good);
		CHECK(value || errno != ENOMEM);
		json_decref(value);
	}
	CHECK(!json_object_read("{}\0", 3, DEPTH));
	CHECK(!json_object_read(
		"{\"a\":15\0}", 9, DEPTH)); /* jansson passes over it behind a number */
	CHECK(!json_object_read(NULL, 0, DEPTH));
}

static void test_depth(void)
{
	CHECK(json_depth_within("[[[]]]", 6, 3));
	CHECK(!json_depth_within("[[[]]]", 6, 2));
	CHECK(json_depth_within("[[]][[]]", 8, 2));
	CHECK(json_depth_within("\"\\\"[[[[\"", 8, 1));
	CHECK(!json_depth_within("]]]][[", 6, 1));
	CHECK(json_depth_within("\"\\", 2, 1));
	CHECK(json_depth_within("", 0, 0));
	CHECK(!json_depth_within("{", 1, 0));
}

/* What is given away is not leaked, whatever fails; the sanitizers look. */
static void test_put(void)
{
	bool failed = false;
	json_t *object = json_object();
	json_put(object, "a", json_text("x"), &failed);
	json_put(object, "b", json_text(NULL), &failed);
	CHECK(!failed && json_is_null(json_object_get(object, "b")));
	json_put(object, "c", NULL, &failed);
	CHECK(failed);
	failed = false;
	json_put(NULL, "c", json_integer(1), &failed);
	CHECK(failed);
	failed = false;
	json_put(object, "d", json_string("\xFF"), &failed);
	CHECK(failed);
	json_decref(object);

	json_t *array = json_array();
	failed = false;
	json_push(array, json_integer(1), &failed);
	CHECK(!failed && json_array_size(array) == 1);
	json_push(NULL, json_integer(1), &failed);
	CHECK(failed);
	json_decref(array);
}

int main(void)
{
	test_rows();
	test_depth();
	test_put();
	return check_end();
}
