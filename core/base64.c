/*
 * base64.c - strict base64 (RFC 4648, section 4): padded, canonical, nothing skipped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "base64.h"

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

size_t base64_decoded_size(size_t length)
{
	return length / 4 * 3 + 3;
}

bool base64_decode(char *out, size_t *ret_length, const char *text, size_t length)
{
	size_t count = 0, padding = 0;

	if (length == 0 || length % 4 != 0)
		return false;
	while (padding < 2 && text[length - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < length; i += 4) {
		size_t digits = i + 4 == length ? 4 - padding : 4;
		uint32_t group = 0;
		for (size_t j = 0; j < 4; j++) {
			int value = j < digits ? digit(text[i + j]) : 0;
			if (value < 0)
				return false;
			group = group << 6 | (uint32_t)value;
		}
		if (group & ((1U << 8 * (4 - digits)) -
				    1)) /* bits that no byte takes: a second spelling */
			return false;
		for (size_t j = 0; j + 1 < digits; j++)
			out[count++] = (char)(group >> (16 - 8 * j));
	}
	*ret_length = count;
	return true;
}
