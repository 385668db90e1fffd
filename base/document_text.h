/*
 * document_text.h - parts of reading a JSON document: its strings, and its names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_DOCUMENT_TEXT_H
#define BASE_DOCUMENT_TEXT_H

#include <stddef.h>

#include "document.h"

/*
 * Unescapes a string in its place; `text` is behind its opening quote. Returns what is behind the closing one, and ends
 * the string with a NUL; NULL if it does not end, is no UTF-8, or holds control characters, NUL or half a surrogate pair.
 */
char *document_unescape(char *text, const char *end, size_t *ret_length);

/* DOCUMENT_BAD if two members of an object have one name, whatever their escapes. */
enum document_code document_repeats(
	const struct document *document, const struct json_value *object);

#endif
