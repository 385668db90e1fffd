/*
 * test_base64.c - base64 has one spelling for each text, and every other is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base64.h"
#include "check.h"

struct good {
	const char *text;
	const char *plain;
	size_t length;
};

/* RFC 4648, section 10, and bytes that are no text. */
static const struct good goods[] = {
	{"Zg==", "f", 1},
	{"Zm8=", "fo", 2},
	{"Zm9v", "foo", 3},
	{"Zm9vYg==", "foob", 4},
	{"Zm9vYmE=", "fooba", 5},
	{"Zm9vYmFy", "foobar", 6},
	{"AAAA", "\0\0\0", 3},
	{"AA==", "\0", 1},
	{"//79", "\xFF\xFE\xFD", 3},
	{"+/+/", "\xFB\xFF\xBF", 3},
	{"dXNlcjpwYXNz", "user:pass", 9},
};

static const char *const bads[] = {
	"",
	"Z",
	"Zg",
	"Zg=",
	"Zm9",
	"Zm9vY",
	"====",
	"=",
	"Z===",
	"Zg=v",
	"Z=g=",
	"=Zg=",
	"Zm8=Zm8=",
	"Zh==",
	"Zm9=",
	"Zm8=\n",
	"Zm 9v",
	" Zm9v",
	"Zm9v ",
	"Zm9-",
	"Zm9_",
	"Zm9.",
	"Zm\t9",
	"Zm9\xFF",
	"Zm9v====",
	"Zg==Zg==",
};

static void test_good(void)
{
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		char out[64];
		size_t length = 0;
		CHECK(base64_decoded_size(strlen(goods[i].text)) >= goods[i].length);
		CHECK(base64_decode(out, &length, goods[i].text, strlen(goods[i].text)));
		CHECK(length == goods[i].length && memcmp(out, goods[i].plain, length) == 0);
	}
}

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		char out[64];
		size_t length = 7;
		CHECK(!base64_decode(out, &length, bads[i], strlen(bads[i])));
		CHECK(length == 7);
	}
	char out[8];
	size_t length = 7;
	CHECK(!base64_decode(out, &length, "Zm9\0", 4));
}

/* Of the 64 * 64 last groups "xy==" those with the low bits 0 are spellings, and no other. */
static void test_last_bits(void)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned two = 0, three = 0;
	for (size_t i = 0; i < 64; i++) {
		const char pair[] = {'A', digits[i], '=', '='},
			   triple[] = {'A', 'A', digits[i], '='};
		char out[8];
		size_t length;
		two += base64_decode(out, &length, pair, 4);
		three += base64_decode(out, &length, triple, 4);
	}
	CHECK(two == 4 && three == 16);
}

int main(void)
{
	test_good();
	test_bad();
	test_last_bits();
	return check_end();
}
