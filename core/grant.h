/*
 * grant.h - what upstream says of somebody, and which scopes that gives here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_GRANT_H
#define CORE_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"
#include "list.h"
#include "settings.h"
#include "trace.h"

struct instance_context;

/* The words before the colon, and what each looks at. */
enum grant_matcher {
	GRANT_SCOPE, /* the token's own */
	GRANT_ROLE,
	GRANT_GROUP,
	GRANT_ORG,   /* a group without '/' and ':' */
	GRANT_EMAIL, /* verified */
	GRANT_SUBJECT,
	GRANT_TENANT,
	GRANT_CLAIM,
	GRANT_ANY,
	GRANT_MATCHERS
};

extern const int32_t grant_fields[GRANT_MATCHERS]; /* 0: none */
extern const char *const grant_names[GRANT_MATCHERS + 1];

/* One line. */
struct grant {
	struct place at; /* of the matcher */
	char *written;   /* the matcher, as in the file */
	enum grant_matcher matcher;
	char *claim;   /* its name; NULL: another matcher */
	char *pattern; /* NULL: any */
	struct list scopes;
	struct list withheld;
	char *note; /* "grant at FILE:LINE: MATCHER -> SCOPE...", for the trace */
};

/* Of one provider. */
struct grants {
	bool keep; /* the token's own scopes count, too */
	struct grant *list;
	size_t count;
};

enum token_scopes { TOKEN_SCOPES_UNSET, TOKEN_SCOPES_KEEP, TOKEN_SCOPES_DROP };

/*
 * Reads all `grant =` of the section of a provider. `drops`: whose tokens' scopes do not count by themselves. Nothing in
 * *ret where the token's own scopes are all there is to it. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY.
 */
int grants_read(struct grants **ret, struct section *section, enum token_scopes scopes, bool drops,
	const struct instance_context *context);
void grants_destroy(struct grants *grants);

/*
 * Whether one of them looks at a field, `like` is NULL or some value like it (* and ? stand for anything) would match, and
 * `known` is NULL or does not match.
 */
bool grants_want(const struct grants *grants, int32_t field, const char *like, const char *known);

/*
 * Replaces the scopes of an identity by what it is granted, and notes why in the record of its rule. False without
 * memory.
 */
bool grants_apply(
	const struct grants *grants, struct identity *identity, struct trace_record *record);

#endif
