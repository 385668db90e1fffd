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
#include "audit_mac.h"
#include "hooks.h"
#include "tally.h"

struct audit;
struct decision;

struct audit_context {
	struct audit *before; /* of the configuration that runs; NULL: none */
	bool silent;          /* what it says is checked, and *ret is NULL */
	bool development;
	const struct hooks *hooks;
	struct tally *tally;
	struct tpam_report *report;
};

/* What is known of an audit that need not be written by us. */
struct audit_facts {
	struct audit_mac
		*rows;     /* with the key of its rows, for who checks them; NULL: there are none */
	struct list sinks; /* "file:/var/log/audit.jsonl", "stderr" and so on */
};

/*
 * Reads [audit]; *ret is NULL without one. Where it says what the one before was made of, it is that one with another
 * owner. Facts are the caller's to give back, in failure too. TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY. No
 * thread, no descriptor.
 */
int audit_open(struct audit **ret, struct audit_facts *ret_facts, struct section *section,
	const struct audit_context *context);
void audit_facts_finish(struct audit_facts *facts);

/* Ends the row with a checkpoint once all is written, without waiting; what comes later begins another. NULL is fine. */
void audit_rest(struct audit *audit);

/* Waits until all is written, and ends the row and the thread; what comes later begins others. NULL is fine. */
void audit_close(struct audit *audit);

/* Another owner. The last one closes it. NULL is fine. */
struct audit *audit_ref(struct audit *audit);
void audit_unref(struct audit *audit);

/* True if nobody but the caller has it, and nothing is left to be written: to close it takes no time. */
bool audit_is_over(struct audit *audit);

/* Those of configurations that ran before, some of which may still be written. */
struct audits {
	struct audit **list;
	size_t count;
};

/* Ends the row of one as audit_rest() does, and remembers it. Without memory it is waited for. NULL is fine. */
void audits_retire(struct audits *audits, struct audit *audit);
void audits_close(struct audits *audits);

const struct audit_config *audit_config(const struct audit *audit);

/* Who did what, and what became of it. */
void audit_decision(struct audit *audit, const struct decision *decision);

/* Something else: "reload", "keys_failed" and so on; what is NULL is left out. */
void audit_event(struct audit *audit, const char *event, const char *provider, const char *outcome,
	const char *text);

/* Which credential or person it was, for who has the key; false without memory. Any thread. */
bool audit_mark(
	const struct audit *audit, char ret[AUDIT_MAC_SIZE], const void *bytes, size_t length);

/* ---- The lines (audit_record.c), to be freed; NULL without memory ---- */

char *audit_record_decision(const struct audit *audit, const struct decision *decision);

struct audit_event_record {
	const char *event;
	const char *provider;
	const char *outcome;
	const char *sink;
	const char *text;
	uint64_t count; /* 0: none */
};
char *audit_record_event(int64_t wall, const struct audit_event_record *record);

#endif
