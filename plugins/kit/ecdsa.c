/*
 * ecdsa.c - ECDSA signatures: JOSE writes r and s side by side, OpenSSL wants DER.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "key.h"

/* An INTEGER: leading zeros gone, one before a high bit. Returns its end; NULL for zero, which no signature has. */
static unsigned char *put_integer(unsigned char *out, const unsigned char *number, size_t length)
{
	while (length > 0 && *number == 0) {
		number++;
		length--;
	}
	if (length == 0)
		return NULL;
	size_t pad = *number & 0x80 ? 1 : 0;
	*out++ = 0x02;
	*out++ = (unsigned char)(length + pad);
	if (pad)
		*out++ = 0;
	memcpy(out, number, length);
	return out + length;
}

size_t ecdsa_to_der(unsigned char der[ECDSA_DER_MAX], const unsigned char *raw, size_t half)
{
	unsigned char body[ECDSA_DER_MAX];
	unsigned char *end = put_integer(body, raw, half);

	end = end ? put_integer(end, raw + half, half) : NULL;
	if (!end)
		return 0;
	size_t length = (size_t)(end - body), head = 2;
	der[0] = 0x30;
	if (length < 0x80) {
		der[1] = (unsigned char)length;
	} else {
		der[1] = 0x81;
		der[2] = (unsigned char)length;
		head = 3;
	}
	memcpy(der + head, body, length);
	return head + length;
}

/* Copies an INTEGER to the right end of `half` bytes; its end, NULL if it does not fit. */
static const unsigned char *take_integer(
	unsigned char *out, size_t half, const unsigned char *in, const unsigned char *end)
{
	if (end - in < 2 || in[0] != 0x02 || in[1] >= 0x80 || end - in - 2 < in[1])
		return NULL;
	size_t length = in[1];
	in += 2;
	while (length > half && *in == 0) {
		in++;
		length--;
	}
	if (length > half)
		return NULL;
	memset(out, 0, half - length);
	memcpy(out + half - length, in, length);
	return in + length;
}

bool ecdsa_from_der(unsigned char *raw, size_t half, const unsigned char *der, size_t length)
{
	const unsigned char *end = der + length;
	size_t head = length > 1 && der[1] == 0x81 ? 3 : 2;

	if (length < head || der[0] != 0x30)
		return false;
	const unsigned char *next = take_integer(raw, half, der + head, end);
	return next && take_integer(raw + half, half, next, end) == end;
}
