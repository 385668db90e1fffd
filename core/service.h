/*
 * service.h - a service: its programs, its requirements and its tools.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_only.h"
#include "identity.h"
#include "list.h"
#include "program.h"
#include "report.h"
#include "resource.h"
#include "result.h"
#include "requirement.h"
#include "settings.h"
#include "tool.h"

enum inherit { INHERIT_UNSAID, INHERIT_BEFORE, INHERIT_NO };

struct service {
	char *name;
	struct section *section;
	struct place at;
	struct list audiences;
	uint32_t audience_number;      /* the same for equal lists, 0 for none */
	bool own_rules[RESULT_GROUPS]; /* has rules for the group itself */
	bool hub_rules[RESULT_GROUPS]; /* the hub's are part of its program */
	struct program programs[RESULT_GROUPS];
	struct requirements requirements; /* the hub's, then its own */
	struct tools tools;
	struct resource resource;
	bool challenge_union; /* refusals for a scope name those that are granted, too */
	enum scope_merge merge;
	int32_t match_username;  /* the field that a requested user name must equal; 0: none */
	char *match_username_at; /* "file:line" */
	struct audit_only audit_only;
};

struct service_context {
	struct section *hub; /* NULL: none */
	const struct program_names *names;
	const struct scopes *scopes;
	int64_t now;  /* seconds since 1970 */
	bool audited; /* there is an audit */
	bool development;
	struct tpam_report *report;
};

/*
 * Reads [service:NAME]. TPAM_OK, TPAM_E_CONFIG (reported)
 * or TPAM_E_MEMORY; `ret` is to be finished in any case.
 */
int service_read(
	struct service *ret, struct section *section, const struct service_context *context);

void service_finish(struct service *service);

/* Keys that may stand in a section of each kind; NULL-terminated. */
extern const char *const hub_keys[];
extern const char *const service_keys[];
extern const char *const stack_keys[];

#endif
