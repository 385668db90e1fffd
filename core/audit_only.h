/*
 * audit_only.h - services that decide and record, and for a while refuse nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_ONLY_H
#define CORE_AUDIT_ONLY_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "settings.h"

/* How far ahead its end may lie: a rehearsal that nobody ends is no rehearsal. */
#define AUDIT_ONLY_DAYS_MAX 90

struct audit_only {
	bool set;
	int64_t until; /* seconds since 1970; INT64_MAX: nobody said when it ends */
	char *written; /* "audit_only = until 2026-12-01", for the trace; NULL: not set */
	char *at_text; /* "file:line" */
};

struct audit_only_context {
	int64_t now;  /* seconds since 1970 */
	bool audited; /* the configuration has an audit */
	bool claimed; /* an acceptance says that somebody is who the host says they are */
	bool development;
	struct tpam_report *report;
};

/*
 * Reads the key of [service:NAME], and warns where it makes that the service refuses nobody. TPAM_OK, TPAM_E_CONFIG
 * (reported) or TPAM_E_MEMORY; `ret` is to be finished in any case.
 */
int audit_only_read(
	struct audit_only *ret, struct section *section, const struct audit_only_context *context);
void audit_only_finish(struct audit_only *audit_only);

/* True if nobody is refused at that time, in seconds since 1970. */
bool audit_only_holds(const struct audit_only *audit_only, int64_t now);

#endif
