/*
 * kind.h - the kinds of GitHub's tokens, by their prefixes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_KIND_H
#define GITHUB_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
	KIND_NONE, /* nothing of GitHub's */
	KIND_GHO,
	KIND_GHU,
	KIND_GHP,
	KIND_PAT,
	KIND_GHS,
	KIND_GHR,
	KINDS
};

#define KIND_BIT(kind) (1U << (kind))
#define KINDS_OF_APPS  (KIND_BIT(KIND_GHO) | KIND_BIT(KIND_GHU))

#define TOKEN_MAX 1024

/* What tokens of the kind begin with, '_' too. */
const char *kind_prefix(enum kind kind);

/* As options and refusals name it. */
const char *kind_name(enum kind kind);

/* Why tokens of the kind name no user; NULL if they do. */
const char *kind_refusal(enum kind kind);

/* The kind that an option names; KIND_NONE. */
enum kind kind_named(const char *name);

enum kind kind_of(const char *token, size_t length);

/* What follows the prefix is what GitHub makes tokens of, so that it can be written anywhere as it is. */
bool kind_is_whole(enum kind kind, const char *token, size_t length);

#endif
