/*
 * identity.h - who somebody is: the fields that one rule contributes, and how several become one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/codes.h>

#include "arena.h"
#include "list.h"

#define FIELD_LIMIT      (TPAM_FIELD_TOKEN_ID + 1)
#define FIELD_TEXT_MAX   4096 /* of one text or element */
#define FIELD_CLAIMS_MAX (64 * 1024)

struct tpam_instance;

/* Which member counts follows from the kind of the field; unset, all are 0. */
union field {
	const char *text; /* claims: an object on one line */
	struct list list;
	int64_t number;
};

/* What the fields point to is the arena's: copies share it, and nothing is to be freed. */
struct identity {
	const struct tpam_instance *instance; /* whose rule contributed it */
	struct arena *arena;
	struct list token_scopes;        /* before the grants of its provider */
	uint32_t set;                    /* bits of the fields that are */
	union field fields[FIELD_LIMIT]; /* by enum tpam_field */
};

enum field_kind { FIELD_NONE, FIELD_TEXT, FIELD_LIST, FIELD_NUMBER, FIELD_JSON };

/* FIELD_NONE for what is no field. */
enum field_kind field_kind(int32_t field);

/*
 * Set a field, with the checks that provider.h promises:
 * TPAM_OK, TPAM_E_ARGUMENT, TPAM_E_LIMIT or TPAM_E_MEMORY.
 */
int identity_set_text(struct identity *identity, int32_t field, const char *text, size_t length,
	unsigned json_depth);
int identity_set_number(struct identity *identity, int32_t field, int64_t value);
int identity_add_text(struct identity *identity, int32_t field, const char *text, size_t length);

/* True once a subject is set. */
bool identity_complete(const struct identity *identity);

/* True once the field is set. */
bool identity_has(const struct identity *identity, int32_t field);

/* A text field or the claims, NULL if unset; a number, TPAM_TIME_UNSET if unset. */
const char *identity_text(const struct identity *identity, int32_t field);
int64_t identity_number(const struct identity *identity, int32_t field);

/* Forgets what was set. */
void identity_reset(struct identity *identity);

enum scope_merge { SCOPES_FIRST, SCOPES_UNION, SCOPES_INTERSECTION };

/*
 * Makes one identity of the `count` that rules contributed; the first is who it is, the others may join it:
 * the same (issuer, subject), or an instance with link = on. Fields and claims that the first lacks come from
 * the others in their order, the earliest expiry counts, scopes are merged as `merge` says. `identities` is
 * consumed; all have one arena. TPAM_OK, TPAM_E_MEMORY, or TPAM_E_CONTRACT with *ret_conflict, the index of one that may not
 * join.
 */
int identity_merge(struct identity *ret, struct identity *identities, size_t count,
	enum scope_merge merge, size_t *ret_conflict);

#endif
