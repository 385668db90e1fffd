/*
 * replay.h - decisions of an audit, made once more under another configuration.
 *
 *     replay.c          the verb: reads records, one after the other
 *     replay_decide.c   what would become of one
 *     replay_fields.c   what of somebody that depended on
 *     replay_sum.c      what came of all, and how it is told
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include <tokenpam/tokenpam.h>

#include "audit_read.h"
#include "options.h"

/* What a decision may depend on, and a record may not have. */
enum replay_field {
	REPLAY_PERSON, /* that somebody was recognised, and not anybody let in */
	REPLAY_SUBJECT,
	REPLAY_USERNAME,
	REPLAY_EMAIL,
	REPLAY_TENANT,
	REPLAY_ROLES,
	REPLAY_GROUPS,
	REPLAY_SCOPES,
	REPLAY_CLAIMS,
	REPLAY_AUTH_TIME,
	REPLAY_FIELDS
};

#define REPLAY_BIT(field) (UINT32_C(1) << (field))
#define REPLAY_SETS       (UINT32_C(1) << REPLAY_FIELDS)

/* Why nobody knows how it would come out. */
enum replay_doubt {
	DOUBT_NONE,
	DOUBT_CREDENTIAL,
	DOUBT_OUTAGE,
	DOUBT_IDENTITY,
	DOUBT_HASHED,
	DOUBT_JOINED,
	DOUBT_CUT,
	DOUBT_PROVIDER,
	DOUBT_BEFORE,
	DOUBT_OTHERS,
	DOUBT_USERNAME,
	DOUBT_ACCOUNT,
	DOUBT_SESSION,
	DOUBT_ABSENT, /* of fields that no record of the audit has */
	DOUBTS
};

struct replay {
	struct tpam_engine *engine;
	json_t *overview; /* what is configured */
	json_t *services; /* what is configured of each that was asked for, by its name */
	uint32_t seen;    /* fields that some record has */

	/* What came of it: */
	uint64_t decisions, bad;
	char first[32], last[32];
	uint64_t same[REPLAY_SETS]; /* by the fields that matter and are not in the record */
	uint64_t doubts[DOUBTS];
	uint32_t lacking; /* fields that matter, and no record has */
	json_t *cases;    /* by what they have in common */
	uint64_t more;    /* that differ, beyond as many cases as are kept */
};

/* One record, and what would become of it. */
struct replayed {
	enum replay_doubt doubt;
	uint32_t absent; /* fields that matter, and the record does not have */
	bool same;
	struct tpam_result *result; /* owned; NULL: it was not decided */
};

/* EXIT_ACCEPTED, or EXIT_MISUSED after a message. `ret->result` is the caller's. */
int replay_decide(struct replay *replay, const struct audit_record *record, struct replayed *ret);

/* Whether it is a fingerprint that stands for who it was. */
bool replay_is_hashed(const struct audit_record *record);

/* Fields that the record has; what the decision depended on, or the doubt that something else mattered. */
uint32_t replay_fields_of(const struct audit_record *record);
enum replay_doubt replay_needs(const struct replay *replay, const struct audit_record *record,
	const struct tpam_result *result, uint32_t *ret_needs);
const char *replay_field_name(enum replay_field field);

/* Adds one to the sum, and tells it. EXIT_ACCEPTED: nothing differs; EXIT_REFUSED: something; EXIT_UNKNOWN: nobody knows. */
void replay_add(
	struct replay *replay, const struct audit_record *record, const struct replayed *replayed);
int replay_tell(struct replay *replay, bool json);

#endif
