/*
 * document_text.h - the strings of a JSON document.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_DOCUMENT_TEXT_H
#define BASE_DOCUMENT_TEXT_H

#include <stddef.h>

/*
 * Unescapes a string in its place; `text` is behind its opening quote. Returns what is behind the closing one, and ends
 * the string with a NUL; NULL if it does not end, is no UTF-8, or holds control characters, NUL or half a surrogate pair.
 */
char *document_unescape(char *text, const char *end, size_t *ret_length);

#endif
