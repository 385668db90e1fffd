/*
 * audit_config.h - what [audit] says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_CONFIG_H
#define CORE_AUDIT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_sink.h"
#include "list.h"
#include "report.h"
#include "settings.h"

#define AUDIT_SINKS_MAX 16

/* Members of a record that may be left out; time, event and outcome are always there. */
enum audit_field {
	AUDIT_REQUEST_ID,
	AUDIT_SERVICE,
	AUDIT_TOOL,
	AUDIT_TAGS,
	AUDIT_PROVIDER,
	AUDIT_IDENTITY,
	AUDIT_EMAIL,
	AUDIT_CLIENT,
	AUDIT_TENANT,
	AUDIT_ROLES,
	AUDIT_GROUPS,
	AUDIT_STATUS,
	AUDIT_REASON,
	AUDIT_RULE,
	AUDIT_EXPECTED,
	AUDIT_GOT,
	AUDIT_NEEDED,
	AUDIT_GRANTED,
	AUDIT_MISSING,
	AUDIT_TOKEN_SCOPES,
	AUDIT_CACHED,
	AUDIT_LATENCY,
	AUDIT_ADDRESS,
	AUDIT_CREDENTIAL,
	AUDIT_CLAIMS,
	AUDIT_FIELDS
};

struct audit_config {
	struct list sinks; /* as written */
	uint32_t fields;   /* bits of enum audit_field */
	size_t queue;      /* records */
	size_t queue_size; /* bytes of them */
	bool block;
	bool hash_identity;
	bool chain;
	char *chain_key;       /* NULL: none */
	char *fingerprint_key; /* NULL: a random one */
};

extern const char *const audit_keys[];

/* TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY; to be finished in any case. */
int audit_config_read(struct audit_config *ret, struct section *section, bool development,
	struct tpam_report *report);
void audit_config_finish(struct audit_config *config);
bool audit_config_same(const struct audit_config *one, const struct audit_config *other);

#endif
