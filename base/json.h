/*
 * json.h - JSON from outside: jansson behind a strict check of depth, size and repetition.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/*
 * True if objects and arrays nest at most `depth` deep;
 * looks at brackets outside strings and judges nothing else.
 */
bool json_depth_within(const char *text, size_t length, unsigned depth);

/*
 * An object of RFC 8259 without repeated members and without \u0000, nothing behind it. NULL if it is not
 * one, or without memory (`errno` is then ENOMEM).
 */
json_t *json_object_read(const char *text, size_t length, unsigned depth);

/* The same, in memory for secrets, which json_decref() wipes. */
json_t *json_secret_read(const char *text, size_t length, unsigned depth);

/* Sets a member and gives `value` away; `*failed` is set if either is NULL or there is no memory. */
void json_put(json_t *object, const char *key, json_t *value, bool *failed);
void json_push(json_t *array, json_t *value, bool *failed);

/* A string, or null for NULL. */
json_t *json_text(const char *text);

/*
 * The text of a value, to be freed; NULL without memory.
 * json_dumps() would leave out what it finds no memory for.
 */
char *json_write(const json_t *value, size_t flags);

#endif
