/*
 * requirement.h - what hub, service and tool demand of an identity.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_REQUIREMENT_H
#define CORE_REQUIREMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "claim.h"
#include "identity.h"
#include "list.h"
#include "report.h"
#include "scopes.h"
#include "settings.h"
#include "trace.h"

enum requirement_level { LEVEL_HUB, LEVEL_SERVICE, LEVEL_TOOL };

/* In the order in which they are looked at. */
enum requirement_kind {
	DENY_SUBJECT,
	ALLOW_SUBJECT,
	REQUIRE_TENANT,
	REQUIRE_ROLES,
	REQUIRE_ANY_ROLE,
	REQUIRE_ANY_GROUP,
	REQUIRE_CLAIM,
	REQUIRE_ACR,
	MAX_AUTH_AGE,
	REQUIRE_SCOPES,
	REQUIRE_ANY_SCOPE,
	REQUIREMENT_KINDS
};

/* Their keys, for lists of keys that a section may have. */
#define REQUIREMENT_KEYS                                                                           \
	"deny_subject", "allow_subject", "require_tenant", "require_roles", "require_any_role",    \
		"require_any_group", "require_claim", "acr", "max_auth_age", "require_scopes",     \
		"require_any_scope"

/* What is said of a claim: NAME is VALUE, NAME at least NUMBER, ... */
enum claim_test {
	CLAIM_IS,
	CLAIM_IS_NOT,
	CLAIM_IN,
	CLAIM_NOT_IN,
	CLAIM_EXISTS,
	CLAIM_AT_LEAST,
	CLAIM_AT_MOST
};

/* One line, or all that a section says of subjects. */
struct requirement {
	enum requirement_kind kind;
	enum requirement_level level;
	struct list
		words; /* scopes, roles, groups, tenants, subjects, values of acr or of a claim */
	struct place *places; /* of each word */
	struct list
		*implying; /* of scopes: for each word what will do instead; NULL: itself alone */
	char *claim;       /* its name */
	enum claim_test test;
	long double bound; /* of at least, at most: holds every integer and every real exactly */
	bool requested;    /* the tenant must be the one that the request asks for */
	int64_t seconds;   /* of max_auth_age */
	char *written;     /* "require_scopes = A B" */
	const char *value; /* what of it stands behind the key */
	char *at_text;     /* "file:line" */
	struct place at;
};

struct requirements {
	struct requirement *list;
	size_t count;
};

struct requirement_context {
	const struct scopes *scopes;
	bool development;
	struct tpam_report *report;
};

/* Adds all that a section, which may be NULL, demands. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY. */
int requirements_read(struct requirements *ret, struct section *section,
	enum requirement_level level, const struct requirement_context *context);
void requirements_finish(struct requirements *requirements);

/* Adds a word that is not there yet. TPAM_OK or TPAM_E_MEMORY. */
int requirement_add_word(struct requirement *requirement, const char *text, struct place at);

/* Reads `NAME OP VALUE...`. The same codes. */
int requirement_read_claim(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context);

/* The key of a kind. */
const char *requirement_key(enum requirement_kind kind);

/* The field of an identity that a kind looks at; 0: none that a provider could leave out. */
int32_t requirement_field(enum requirement_kind kind);

/*
 * True if it looks at a field, `like` is NULL or some value like it would meet it, alone or with others, and `known` is
 * NULL or does not meet it by itself.
 */
bool requirement_wants_field(
	const struct requirement *requirement, int32_t field, const char *like, const char *known);

/* Who is asked about. */
struct subject {
	const struct identity *identity;
	const char *id;     /* "provider:subject" */
	const char *tenant; /* that the request asks for; NULL: none */
	int64_t now;        /* seconds since 1970 */
	int64_t leeway;
	struct claims claims;
};

struct subject subject_of(const struct identity *identity, const char *id, const char *tenant);

/* True if the subject meets it; never where memory is short, which subject->claims.failed says. */
bool requirement_met(const struct requirement *requirement, struct subject *subject);

/*
 * Fills in the record of one that is not met: outcome, reason, expected, got, and what the challenge says of it.
 * `missing` are the scopes that are, by a list of the record's arena. False without memory.
 */
bool requirement_explain(const struct requirement *requirement, struct subject *subject,
	struct trace_record *record, struct list *missing);

/* Adds the scopes that a client should ask for. False without memory. */
bool requirement_wants(
	const struct requirement *requirement, struct arena *arena, struct list *scopes);

/* What `require_claim` says of a claim (requirement_claim.c). */
bool requirement_claim_met(const struct requirement *requirement, struct subject *subject);

#endif
