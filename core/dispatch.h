/*
 * dispatch.h - runs a program exactly as PAM runs a chain of modules.
 *
 * The whole of libpam's _pam_dispatch_aux() for a pass that is not frozen; tests/differential compares the
 * two. It knows nothing of providers, identities or results: those hang on the callbacks.
 *
 * Different from libpam on purpose
 *   - A code outside the list is recorded as TPAM_ERROR, not as TPAM_DENIED. As in libpam it is `bad`
 *     whatever the control says, which makes any such code (TPAM_E_CONTRACT, say) the way to deny for a
 *     broken contract.
 *   - `reset` restores what was contributed together with the impression.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_DISPATCH_H
#define CORE_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program.h"

/* What the dispatcher asks of whoever runs it, none of them NULL. `index` counts in program->rules. */
struct dispatch_hooks {
	/*
	 * Runs a rule: an outcome, TPAM_PENDING to be resumed at
	 * this rule, or any other code, which denies as `bad`.
	 */
	int32_t (*run)(void *data, size_t index);
	/*
	 * Tells what became of it, once for each rule run: the outcome (TPAM_ERROR for a code outside the
	 * list, with action `bad`) and the action. `contributes`: action was ok, done or a jump and the
	 * outcome success or expiring.
	 */
	void (*ran)(void *data, size_t index, int32_t outcome, int32_t action, bool contributes);
	/* How many contributions there are, and forget all after the first `mark`: what `reset` restores. */
	size_t (*mark)(void *data);
	void (*rewind)(void *data, size_t mark);
	void *data;
};

enum impression { IMPRESSION_UNDEFINED, IMPRESSION_POSITIVE, IMPRESSION_NEGATIVE };

/* What a reset restores. */
struct dispatch_saved {
	enum impression impression;
	int32_t status;
	size_t failed;
	size_t mark;
};

/* Where a run stands; all there is to keep while it is suspended. */
struct dispatch {
	const struct program *program;
	size_t index;
	unsigned level; /* of the rule before */
	enum impression impression;
	int32_t status; /* TPAM_SUCCESS also where a success was `bad` */
	size_t failed; /* the rule whose failure is the status; SIZE_MAX: none, or a reset took it back */
	struct dispatch_saved saved[PROGRAM_DEPTH_MAX + 1];
};

/* Begins a run. The marks that `hooks` gives now are what a reset at the top level restores. */
void dispatch_begin(struct dispatch *dispatch, const struct program *program,
	const struct dispatch_hooks *hooks);

/*
 * Runs on until the end or a rule that is pending. Returns TPAM_PENDING, or what PAM would return: an
 * outcome. An empty program gives TPAM_DENIED.
 *
 * TPAM_SUCCESS is always an acceptance. TPAM_EXPIRING is not: [expiring=bad] refuses and returns it, as PAM
 * does. Ask dispatch_accepted().
 */
int32_t dispatch_run(struct dispatch *dispatch, const struct dispatch_hooks *hooks);

/* After the end: whether it accepted, which is a positive impression with status success or expiring. */
bool dispatch_accepted(const struct dispatch *dispatch);

/*
 * Where a jump over `count` rules from rule `index` leads: the index of the rule that is next, which may be
 * the end of the level. A substack counts as one rule. False if there are fewer rules at this level.
 */
bool dispatch_jump(const struct program *program, size_t index, int32_t count, size_t *ret_next);

/* The index after the last rule of the level that rule `index` belongs to, inner ones included. */
size_t dispatch_end(const struct program *program, size_t index);

#endif
