/*
 * decision.h - one request's way through the stack: what is known so far.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_DECISION_H
#define CORE_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/provider.h>

#include "credential.h"
#include "generation.h"
#include "identity.h"
#include "request.h"
#include "result.h"
#include "service.h"

/* Memory that a provider keeps for the length of the request. */
struct slot {
	const void *owner;
	char *key;
	void *value;
	void (*destroy)(void *);
};

struct decision {
	struct generation *generation;
	const struct tpam_request *request;
	const struct service *service;
	struct tpam_result *result; /* under construction */
	bool no_memory;             /* nothing can be decided any more */

	struct identity *identities; /* contributed so far, in order */
	size_t identity_count;

	/* The group that runs: */
	enum tpam_group group;
	const struct program *program;
	size_t failed; /* record of the failure that the dispatcher recorded; SIZE_MAX: none */
	size_t broken; /* record of a provider that broke its contract; SIZE_MAX: none */
	struct identity offered; /* what the rule that ran last has set */

	struct list
		required_scopes; /* all that the operation needs, granted or not: what a client should ask for */

	struct slot **slots;
	size_t slot_count;
};

/* One rule being run. What host functions of provider.h get. */
struct tpam_call {
	struct decision *decision;
	struct tpam_instance *instance;
	enum tpam_group group;
	size_t record; /* its record in the trace */
	struct identity identity;
	struct credential credential;
	const char *broken; /* how the provider broke its contract; NULL: it did not */
	bool too_large;     /* a field was larger than a limit allows: the credential's fault */
};

/* The record of the rule. */
struct trace_record *call_record(struct tpam_call *call);

/* What a token must be made for: element `index` of the audiences of the service, else of the provider itself. */
const char *call_audience(const struct tpam_call *call, size_t index);

/*
 * Runs rule `rule` of the group and adds its record; what it set is in decision->offered if it may contribute. Returns the outcome, or
 * TPAM_E_CONTRACT, which is none and therefore denies whatever the control says.
 */
int32_t call_run(struct decision *decision, const struct rule *rule);

/* The failure that the caller hears (reason.c): sets outcome, reason and decisive record of the result. */
void decision_blame(struct decision *decision, enum tpam_group group, int32_t status);

/* Adds a record for each requirement that applies, and the scopes that are missing. False if one is. */
bool policy_check(struct decision *decision);

/* Challenges and Retry-After of a refusal. False without memory. */
bool challenge_make(struct decision *decision);

/* The sentence that a client may read. */
const char *outcome_message(int32_t outcome);

#endif
