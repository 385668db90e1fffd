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
#include "dispatch.h"
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

struct decision;

/* What the provider is asked. */
enum call_phase {
	PHASE_ASK,     /* for a verdict */
	PHASE_RECHECK, /* whether one that was found holds */
	PHASE_STALE    /* whether one that is no longer fresh may stand in */
};

/* One rule being run. What host functions of provider.h get. */
struct tpam_call {
	struct decision *decision;
	struct tpam_instance *instance;
	enum tpam_group group;
	size_t record;                       /* its record in the trace */
	const struct credential *credential; /* what was found; never NULL */
	const char *broken; /* how the provider broke its contract; NULL: it did not */
	bool too_large;     /* a field was larger than a limit allows: the credential's fault */
	bool guarded;       /* the guard has counted the credential */
	bool told;          /* the provider was not asked: a simulation says what it says */
	int64_t began;      /* of the first run, monotonic */
	int64_t wall;       /* a look at the clock that is recent enough; 0: none */
	enum call_phase phase;
	int32_t kept_outcome;  /* of the verdict that is being rechecked */
	int64_t cache_seconds; /* as the provider asked */
	uint64_t flushed;      /* flushes of the instance before it was asked */
	unsigned runs;
	struct identity identity; /* last: it is reset only where it was set */
};

/* Where the run of a rule stands that does not end at once. */
enum call_state {
	CALL_NONE,      /* no rule is under way */
	CALL_PARKED,    /* the provider waits for its waker */
	CALL_OFFLOADED, /* a worker runs the provider, and the decision is the worker's */
	CALL_ANSWERED   /* a worker has run it; `answer` is the outcome */
};

struct port;
struct tpam_operation;

struct decision {
	struct generation *generation; /* the result's, and its own where it is shared */
	const struct tpam_request *request;
	const struct tpam_simulation *simulation; /* NULL: providers are asked */
	const struct service *service;
	struct tpam_result *result; /* under construction */
	bool no_memory;             /* nothing can be decided any more */
	size_t step;                /* of decide.c */

	struct identity *identities; /* contributed so far, in order */
	size_t identity_count;

	/* The group that runs: */
	enum tpam_group group;
	const struct program *program;
	struct dispatch dispatch;
	bool dispatching; /* the dispatcher has begun and not ended */
	size_t failed;    /* record of the failure that the dispatcher recorded; SIZE_MAX: none */
	size_t broken;    /* record of a provider that broke its contract; SIZE_MAX: none */

	int64_t began; /* monotonic; 0 where nobody asks */
	int64_t clock; /* monotonic, when the rule before ended; 0: it is a while ago */
	struct credential looked_at; /* what there was in the place where a rule looked last */

	/* The rule that runs: */
	struct tpam_call call;
	enum call_state state;
	int32_t answer;

	struct slot **slots;
	size_t slot_count;

	struct tpam_operation *operation; /* how it may wait; NULL: it may not */

	/* While a worker may have it: */
	struct pin own;
	struct tpam_request *shared;
	struct port *port; /* where it is handed back; its lock guards state, answer and orphan */
	bool orphan;       /* nobody waits for it any more: the worker destroys it */
	struct decision *next_job; /* under the pool's lock */
};

/*
 * A decision that ends in the call that it began in. Takes the pin, also in failure, which is for want of memory. To be
 * finished before the result is given away to others.
 */
bool decision_begin(struct decision *decision, struct pin pin, const struct tpam_request *request);
void decision_finish(struct decision *decision);

/*
 * One that may outlive the call, and its result; has a pin of its own beside the caller's. NULL without memory. The request is shared, and must not change until the
 * decision is destroyed.
 */
struct decision *decision_create(struct pin pin, const struct tpam_request *request);
void decision_destroy(struct decision *decision);

/*
 * Goes on until there is a result, or nothing for want of memory (true), or the rule that runs waits (false).
 */
bool decision_run(struct decision *decision);

/* Ends a decision because of its deadline: unavailable. */
void decision_expire(struct decision *decision, int32_t reason);

/* Makes who was not recognised nobody in particular, without a scope. False without memory. */
bool decision_become_anonymous(struct decision *decision);

/* Lets a refusal pass where the service refuses nobody yet (enforce.c). False without memory. */
bool decision_enforce(struct decision *decision);

/* Makes the result whole, once it is decided. False without memory. */
bool decision_settle(struct decision *decision);

/* Hands the result out, once: TPAM_OK or TPAM_E_MEMORY. Counts and logs it. */
int decision_result(
	struct decision *decision, struct tpam_engine *engine, struct tpam_result **ret);

/* Forgets the identities after the first `mark`. */
void decision_rewind(struct decision *decision, size_t mark);

/* True if the request's deadline has passed. */
bool decision_late(const struct decision *decision);

/* The record of the rule. */
struct trace_record *call_record(struct tpam_call *call);

/*
 * What a token must be made for: element `index` of the
 * audiences of the service, else of the provider itself.
 */
const char *call_audience(const struct tpam_call *call, size_t index);

/* Why the rule ends as it does, into its record. */
void call_reason(struct tpam_call *call, int32_t reason, const char *expected, const char *got);

/* Tells a broken contract, and gives what stands for it: TPAM_E_CONTRACT. */
int32_t call_broke(struct tpam_call *call, const char *how);

/*
 * What a provider's outcome comes to (judge.c): itself, a refusal of what its success lacks, or
 * TPAM_E_CONTRACT.
 */
int32_t call_judge(struct tpam_call *call, int32_t outcome);

/*
 * True if the identity expires sooner than its provider's `expire_soon`; `now`: seconds since 1970. Such a success is
 * expiring, whenever it is told: what is kept is what the provider said.
 */
bool expires_soon(const struct identity *identity, int64_t now);

/* Runs the provider of the call in whatever thread this is; the outcome, TPAM_PENDING or TPAM_E_CONTRACT. */
int32_t call_provider(struct tpam_call *call);

/*
 * Runs rule `rule` of the group and adds its record; what it set is in decision->call.identity if it may
 * contribute. Returns the outcome, TPAM_PENDING, or TPAM_E_CONTRACT, which is none and therefore denies
 * whatever the control says.
 */
int32_t call_run(struct decision *decision, const struct rule *rule);

/* The failure that the caller hears (reason.c): sets outcome, reason and decisive record of the result. */
void decision_blame(struct decision *decision, enum tpam_group group, int32_t status);

/* Adds a record for each requirement that applies, and the scopes that are missing. False if one is. */
bool policy_check(struct decision *decision);

/* The same without a word: true if somebody meets all of them. */
bool requirements_met(const struct requirements *requirements, struct subject *subject);

/* Adds all scopes that the operation needs, whoever asks. False without memory. */
bool policy_scopes(const struct decision *decision, struct list *ret);

/* True if what is asked for is open to everybody, which a record then says. */
bool policy_public(struct decision *decision);

/* What the request is for; its name lives as long as the request. */
struct target decision_target(const struct decision *decision);

/* Who presents nothing. False without memory. */
bool identity_set_anonymous(struct identity *identity);

/* True if the request carries nothing in any place where any provider would look (judge.c). */
bool decision_bare(const struct decision *decision);

/* Challenges and Retry-After of a refusal. False without memory. */
bool challenge_make(struct decision *decision);

/* The sentence that a client may read. */
const char *outcome_message(int32_t outcome);

#endif
