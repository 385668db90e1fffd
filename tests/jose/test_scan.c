/*
 * test_scan.c - the scan for the issuer agrees with the strict parser about every object that the parser takes.
 *
 * Objects are random, from a seed that is printed when they disagree; TEST_SEED and TEST_COUNT choose others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "../unit/check.h"
#include "json.h"
#include "jws.h"
#include "memory.h"

static uint64_t state;

static unsigned any(unsigned below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % below;
}

static const char *one_of(const char *const *list, unsigned count)
{
	return list[any(count)];
}

#define ONE_OF(list) one_of(list, sizeof(list) / sizeof((list)[0]))

static void put_blanks(struct buffer *out)
{
	static const char *const blanks[] = {"", "", "", " ", "\n", "\t \r\n"};
	buffer_text(out, ONE_OF(blanks));
}

static void put_text(struct buffer *out)
{
	static const char *const pieces[] = {"a", "iss", "\\\"", "\\\\", "\\u0069", "\\u00e9", "é",
		"{", "}", "[", "]", ",", ":", "\\ud83d\\ude00", "https:\\/\\/x", "\\n", "'", " "};

	buffer_text(out, "\"");
	for (unsigned i = any(5); i > 0; i--)
		buffer_text(out, ONE_OF(pieces));
	buffer_text(out, "\"");
}

static void put_value(struct buffer *out, unsigned depth);

static void put_members(struct buffer *out, unsigned depth, bool object)
{
	/* Members whose names read the same make the parser refuse the whole, which is no matter. */
	static const char *const names[] = {"iss", "\\u0069ss", "is\\u0073", "ISS", "issx", "is",
		"a", "b", "c", "d", "e", "\\\"iss\\\"", "i\\u0073s ", "x\\\\"};

	buffer_text(out, object ? "{" : "[");
	unsigned count = any(5);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			buffer_text(out, ",");
		put_blanks(out);
		if (object) {
			buffer_format(out, "\"%s\"", ONE_OF(names));
			put_blanks(out);
			buffer_text(out, ":");
		}
		put_blanks(out);
		put_value(out, depth + 1);
		put_blanks(out);
	}
	buffer_text(out, object ? "}" : "]");
}

static void put_value(struct buffer *out, unsigned depth)
{
	static const char *const words[] = {
		"0", "-1", "1.5e3", "true", "false", "null", "12345678901234567", "\"\""};
	unsigned kind = any(6);

	if (kind < 3)
		put_text(out);
	else if (kind == 3 || depth > 17)
		buffer_text(out, ONE_OF(words));
	else
		put_members(out, depth, kind == 4);
}

/* Another byte here and there, so that what is no JSON is looked at, too. */
static void spoil(struct buffer *text)
{
	static const char bytes[] = "{}[]\",:\\ \0u0is9\x80";

	for (unsigned i = any(3); i > 0 && text->length > 0; i--)
		text->data[any((unsigned)text->length)] = bytes[any(sizeof(bytes))];
}

static bool agrees(const struct buffer *text)
{
	bool object = false;
	char *found = scan_member(text->data, text->length, "iss", &object);
	json_t *strict = json_object_read(text->data, text->length, JWS_DEPTH_MAX);
	const char *wanted = json_string_value(json_object_get(strict, "iss"));
	bool same = !strict ||
		    (object && (wanted && found ? strcmp(wanted, found) == 0 : wanted == found));

	json_decref(strict);
	free(found);
	return same;
}

static bool try_one(uint64_t seed, size_t *ret_parsed)
{
	struct buffer text = BUFFER(1 << 20);

	state = seed;
	put_members(&text, 1, true);
	if (any(3) == 0)
		spoil(&text);
	bool same = agrees(&text);
	json_t *strict = json_object_read(text.data, text.length, JWS_DEPTH_MAX);
	*ret_parsed += strict != NULL;
	json_decref(strict);
	if (!same)
		fprintf(stderr, "seed %llu: %.*s\n", (unsigned long long)seed, (int)text.length,
			text.data);
	buffer_finish(&text);
	return same;
}

static void test_random(void)
{
	const char *seed_text = getenv("TEST_SEED"), *count_text = getenv("TEST_COUNT");
	uint64_t seed = seed_text ? strtoull(seed_text, NULL, 10) : 1;
	size_t count = count_text ? strtoull(count_text, NULL, 10) : 50000, wrong = 0, parsed = 0;

	for (size_t i = 0; i < count; i++)
		wrong += !try_one(seed + i, &parsed);
	CHECK(wrong == 0);
	CHECK(parsed > count / 10); /* or nothing was compared */
}

struct row {
	const char *json;
	const char *issuer;
	bool object;
};

static const struct row rows[] = {
	{"{\"iss\":\"x\"}", "x", true},
	{" \r\n{ \"iss\" : \"x\" }", "x", true},
	{"{\"a\":1,\"iss\":\"x\"}", "x", true},
	{"{\"a\":{\"iss\":\"y\"},\"iss\":\"x\"}", "x", true},
	{"{\"a\":[\"iss\",{\"iss\":\"y\"}],\"iss\":\"x\"}", "x", true},
	{"{\"a\":\"\\\",\\\"iss\\\":\\\"y\",\"iss\":\"x\"}", "x", true},
	{"{\"\\u0069\\u0073\\u0073\":\"\\u0078\"}", "x", true},
	{"{\"iss\":\"x\",\"iss\":\"y\"}", "x", true}, /* the parser will refuse it */
	{"{\"iss\":\"x\"", "x", true},
	{"{\"iss\":1}", NULL, true},
	{"{\"iss\":null}", NULL, true},
	{"{\"iss\":[\"x\"]}", NULL, true},
	{"{\"iss\":{\"iss\":\"x\"}}", NULL, true},
	{"{\"iss\":\"x\\u0000\"}", NULL, true},
	{"{\"iss\":\"\\ud800\"}", NULL, true},
	{"{\"iss\":\"\xff\"}", NULL, true},
	{"{\"iss\":\"x", NULL, true},
	{"{\"iss\":\"x\\", NULL, true},
	{"{\"iss\"", NULL, true},
	{"{\"iss\":", NULL, true},
	{"{}", NULL, true},
	{"{", NULL, true},
	{"{\"a\":}", NULL, true},
	{"{\"a\":1 \"iss\":\"x\"}", NULL, true},
	{"{\"a\":]],\"iss\":\"x\"}", NULL, true},
	{"", NULL, false},
	{" ", NULL, false},
	{"[]", NULL, false},
	{"\"iss\"", NULL, false},
	{"null", NULL, false},
	{"\xef\xbb\xbf{\"iss\":\"x\"}", NULL, false},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool object = !rows[i].object;
		char *found = scan_member(rows[i].json, strlen(rows[i].json), "iss", &object);
		CHECK_TEXT(found, rows[i].issuer);
		CHECK(object == rows[i].object);
		free(found);
	}
	bool object = true;
	CHECK(!scan_member("{\"iss\":\"x\"}\0", 12, "iss", &object) && !object);
}

/* An object within so many arrays before the issuer: 16 deep in all is read, more is not. */
static void test_depth(void)
{
	for (int depth = 1; depth <= 20; depth++) {
		bool object = false;
		char brackets[32] = "", closing[32] = "", text[128];
		memset(brackets, '[', (size_t)depth - 1);
		memset(closing, ']', (size_t)depth - 1);
		(void)snprintf(
			text, sizeof(text), "{\"a\":%s1%s,\"iss\":\"x\"}", brackets, closing);
		char *found = scan_member(text, strlen(text), "iss", &object);
		CHECK((found != NULL) == (depth <= JWS_DEPTH_MAX) && object);
		free(found);
	}
}

int main(void)
{
	test_rows();
	test_depth();
	test_random();
	return check_end();
}
