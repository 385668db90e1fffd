/*
 * text.h - questions about text: is it UTF-8, a name, a number; what did the writer mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Offset of the first byte that is not well-formed UTF-8, NUL, another control character (C0, DEL, C1) or,
 * with `tab` false, a tab; `length` if there is none.
 */
size_t text_check(const char *text, size_t length, bool tab);

/* [a-z][a-z0-9_]*, at most 40 bytes: keys and options. */
bool text_is_key(const char *text, size_t length);

/* [A-Za-z0-9._-]+, at most 128 bytes: names of providers, stacks, services. */
bool text_is_name(const char *text, size_t length);

/* A token of RFC 9110: header names, schemes. */
bool text_is_token(const char *text, size_t length);

/* A scope of RFC 6749: printable ASCII without blank, quote and backslash, at most 256 bytes. */
bool text_is_scope(const char *text, size_t length);

/*
 * `*` is any run of bytes, '/' too, `?` any one byte, all else itself. In linear space and at worst n*m time.
 */
bool text_glob(const char *pattern, const char *text);

/* Some text matches both patterns; true, too, where both are longer than 512 bytes. */
bool text_globs_meet(const char *pattern, const char *other);

/* Bytes of the pattern that are neither `*` nor `?`; true in *ret_glob if there is one of those. */
size_t text_glob_literals(const char *pattern, bool *ret_glob);

/*
 * The candidate that `text` was probably meant to be (edit distance with transpositions, at most a third of
 * its length and at most 3), NULL if none is near. `candidates` is NULL-terminated.
 */
const char *text_nearest(const char *text, const char *const *candidates);

#endif
