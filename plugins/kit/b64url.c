/*
 * b64url.c - base64url of RFC 7515: no padding, one spelling for each run of bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "b64url.h"
#include "secret.h"

/* 0x40 marks what is not of the alphabet, so that one test of the collected bits finds any. */
#define X 0x40
/* clang-format off */
static const unsigned char digits[256] = {
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  62, X,  X,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X,  X,  X,  X,  X,  X,
	X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X,  X,  X,  X,  63,
	X,  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
};
/* clang-format on */
#undef X

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t b64url_decoded_size(size_t length)
{
	return length / 4 * 3 + length % 4 * 3 / 4;
}

size_t b64url_encoded_size(size_t length)
{
	return length / 3 * 4 + (length % 3 * 4 + 2) / 3;
}

/* Two or three characters at the end: one or two bytes, and bits that must be zero. */
static bool decode_tail(unsigned char *out, const unsigned char *in, size_t rest)
{
	unsigned a = digits[in[0]], b = digits[in[1]], c = rest == 3 ? digits[in[2]] : 0;
	uint32_t group = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6;

	if ((a | b | c) & 0x40 || group & (rest == 3 ? 0xFFU : 0xFFFFU))
		return false;
	out[0] = (unsigned char)(group >> 16);
	if (rest == 3)
		out[1] = (unsigned char)(group >> 8);
	return true;
}

bool b64url_decode(unsigned char *out, const char *text, size_t length)
{
	const unsigned char *in = (const unsigned char *)text;
	unsigned bad = 0;

	if (length % 4 == 1)
		return false;
	for (; length >= 4; length -= 4, in += 4, out += 3) {
		unsigned a = digits[in[0]], b = digits[in[1]], c = digits[in[2]], d = digits[in[3]];
		bad |= a | b | c | d;
		uint32_t group = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
		out[0] = (unsigned char)(group >> 16);
		out[1] = (unsigned char)(group >> 8);
		out[2] = (unsigned char)group;
	}
	if (bad & 0x40)
		return false;
	return length == 0 || decode_tail(out, in, length);
}

void b64url_encode(char *out, const unsigned char *bytes, size_t length)
{
	for (; length > 0; bytes += 3) {
		size_t take = length < 3 ? length : 3;
		uint32_t group = (uint32_t)bytes[0] << 16;
		if (take > 1)
			group |= (uint32_t)bytes[1] << 8;
		if (take > 2)
			group |= bytes[2];
		for (size_t i = 0; i <= take; i++)
			*out++ = alphabet[group >> (18 - 6 * i) & 63];
		length -= take;
	}
}

unsigned char *b64url_decode_new(const char *text, size_t length, size_t *ret_length)
{
	size_t size = b64url_decoded_size(length);
	unsigned char *bytes = secret_take(size + 1);

	if (!bytes) {
		errno = ENOMEM;
		return NULL;
	}
	if (!b64url_decode(bytes, text, length)) {
		secret_free(bytes, size);
		errno = EINVAL;
		return NULL;
	}
	bytes[size] = '\0';
	*ret_length = size;
	return bytes;
}

char *b64url_encode_new(const unsigned char *bytes, size_t length)
{
	size_t size = b64url_encoded_size(length);
	char *text = malloc(size + 1);

	if (!text)
		return NULL;
	b64url_encode(text, bytes, length);
	text[size] = '\0';
	return text;
}
