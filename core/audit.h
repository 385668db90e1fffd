/*
 * audit.h - one line of JSON for each decision, and for what else an operator wants to find later.
 *
 * Lines are made where a decision ends, and written by a thread of its own, which is started by the first and never before
 * a fork. Nothing that goes wrong here changes a decision.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_config.h"
#include "hooks.h"

#define AUDIT_MARK_SIZE 33 /* 128 bits in hexadecimal digits, and a NUL */

struct audit;
struct decision;

/*
 * Reads [audit]; *ret is NULL without one. Where it says what `before`, which may be NULL, was made of, it is that one
 * with another owner. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY. No thread, no descriptor.
 */
int audit_open(struct audit **ret, struct section *section, struct audit *before, bool development,
	const struct hooks *hooks, struct tpam_report *report);

/* Waits until all is written, and ends the row with a checkpoint. What comes later begins another. NULL is fine. */
void audit_close(struct audit *audit);

/* The last owner closes it. NULL is fine. */
void audit_unref(struct audit *audit);

const struct audit_config *audit_config(const struct audit *audit);

/* Who did what, and what became of it. */
void audit_decision(struct audit *audit, const struct decision *decision);

/* Something else: "reload", "keys_failed" and so on; `provider` NULL: of none. */
void audit_event(struct audit *audit, const char *event, const char *provider, const char *outcome,
	const char *text);

/* Which credential or person it was, for who has the key; false without memory. Any thread. */
bool audit_mark(struct audit *audit, char ret[AUDIT_MARK_SIZE], const void *bytes, size_t length);

/* The lines (audit_record.c), to be freed; NULL without memory. */
char *audit_record_decision(struct audit *audit, const struct decision *decision);
char *audit_record_event(int64_t wall, const char *event, const char *provider, const char *outcome,
	const char *text, uint64_t count);

#endif
