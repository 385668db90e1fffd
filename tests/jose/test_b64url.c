/*
 * test_b64url.c - base64url: every run of bytes has one spelling, and every spelling but that one is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>

#include "../unit/check.h"
#include "b64url.h"
#include "secret.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct row {
	const char *bytes;
	const char *text;
};

/* RFC 4648, section 10, and the two characters in which base64url is another. */
static const struct row rows[] = {
	{"", ""},
	{"f", "Zg"},
	{"fo", "Zm8"},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg"},
	{"fooba", "Zm9vYmE"},
	{"foobar", "Zm9vYmFy"},
	{"\xFB\xFF\xBF", "-_-_"},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = strlen(rows[i].bytes), got = 0;
		char *text = b64url_encode_new((const unsigned char *)rows[i].bytes, length);
		unsigned char *bytes = b64url_decode_new(rows[i].text, strlen(rows[i].text), &got);
		CHECK_TEXT(text, rows[i].text);
		CHECK(bytes && got == length && memcmp(bytes, rows[i].bytes, length) == 0);
		CHECK(bytes && bytes[got] == '\0');
		free(text);
		secret_free(bytes, got);
	}
}

static void test_lengths(void)
{
	unsigned char in[200], out[200];
	char text[300];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)(i * 151 + 7);
	for (size_t length = 0; length <= sizeof(in); length++) {
		size_t size = b64url_encoded_size(length);
		b64url_encode(text, in, length);
		CHECK(b64url_decoded_size(size) == length);
		CHECK(b64url_decode(out, text, size) && memcmp(in, out, length) == 0);
		CHECK(strspn(text, alphabet) >= size);
	}
	for (size_t length = 1; length < 200; length += 4) {
		memset(text, 'A', length);
		CHECK(!b64url_decode(out, text, length));
	}
}

/* Of the 64 characters that may stand at the end, as many as there are values of the bits that count are right. */
static void test_tails(void)
{
	unsigned char out[8];
	unsigned two = 0, three = 0, two_right = 0, three_right = 0;

	for (size_t i = 0; i < 64; i++) {
		for (size_t j = 0; j < 64; j++) {
			const char text[] = {'Q', 'U', 'J', 'D', alphabet[i], alphabet[j]};
			const char more[] = {'A', alphabet[i], alphabet[j]};
			two += b64url_decode(out, text, 6);
			two_right += j % 16 == 0;
			three += b64url_decode(out, more, 3);
			three_right += j % 4 == 0;
		}
	}
	CHECK(two == two_right && three == three_right);
}

static void test_characters(void)
{
	unsigned char out[16];

	for (unsigned c = 0; c < 256; c++) {
		bool known = c != 0 && strchr(alphabet, (int)c);
		for (size_t at = 0; at < 8; at++) {
			char text[] = "AAAAAAAA";
			text[at] = (char)c;
			CHECK(b64url_decode(out, text, 8) == known);
		}
		for (size_t at = 0; at < 2; at++) {
			char text[] = "AAAAAA";
			text[4 + at] = (char)c;
			bool tail = known && (at == 0 || strchr("AQgw", (int)c));
			CHECK(b64url_decode(out, text, 6) == tail);
		}
	}
}

static void test_new(void)
{
	size_t length = 77;

	errno = 0;
	CHECK(!b64url_decode_new("Zm9vYg==", 8, &length) && errno == EINVAL && length == 77);
	CHECK(!b64url_decode_new("Zh", 2, &length) && errno == EINVAL);
	CHECK(!b64url_decode_new("A", 1, &length) && errno == EINVAL);
}

int main(void)
{
	test_rows();
	test_lengths();
	test_tails();
	test_characters();
	test_new();
	return check_end();
}
