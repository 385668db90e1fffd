/*
 * b64url.h - base64url of RFC 7515: no padding, one spelling for each run of bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_B64URL_H
#define KIT_B64URL_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that `length` characters become; and the other way. */
size_t b64url_decoded_size(size_t length);
size_t b64url_encoded_size(size_t length);

/* False where a character is not of the alphabet, the length is impossible, or unused bits are not zero. */
bool b64url_decode(unsigned char *out, const char *text, size_t length);

/* Writes b64url_encoded_size() characters and no NUL. */
void b64url_encode(char *out, const unsigned char *bytes, size_t length);

/*
 * As decode, into new memory for secrets that is followed by a NUL, to be freed with secret_free(); NULL with errno ENOMEM or
 * EINVAL.
 */
unsigned char *b64url_decode_new(const char *text, size_t length, size_t *ret_length);
/* As encode, into a new string; NULL without memory. */
char *b64url_encode_new(const unsigned char *bytes, size_t length);

#endif
