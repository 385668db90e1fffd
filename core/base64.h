/*
 * base64.h - strict base64 (RFC 4648, section 4): padded, canonical, nothing skipped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_BASE64_H
#define CORE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that `length` characters can become at most. */
size_t base64_decoded_size(size_t length);

/*
 * False if it is not base64, has a second spelling or wrong padding; `out` has base64_decoded_size() bytes.
 */
bool base64_decode(char *out, size_t *ret_length, const char *text, size_t length);

#endif
