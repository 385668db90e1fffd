/*
 * names.h - a list of texts, each of them once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_NAMES_H
#define GITHUB_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_MAX 8192

struct names {
	char **items;
	size_t count;
	size_t room;
};

/* Adds a copy of what is not there yet. False without memory, or beyond NAMES_MAX. */
bool names_add(struct names *names, const char *text, size_t length);

/* The same with small letters in the place of A to Z, as GitHub compares. */
bool names_add_small(struct names *names, const char *text);

bool names_has(const struct names *names, const char *text);
void names_finish(struct names *names);

#endif
