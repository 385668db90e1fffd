/*
 * turns.c - may not be called by two threads at once, and denies if it was.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#define YIELDS 20 /* time for another thread to come in */

struct turns {
	const struct tpam_host *host;
	atomic_bool busy;
};

/* The one thing that an instance cannot know: whether another one of the plugin is being opened. */
static atomic_bool opening;

static bool alone(atomic_bool *busy)
{
	if (atomic_exchange(busy, true))
		return false;
	for (int i = 0; i < YIELDS; i++)
		sched_yield();
	atomic_store(busy, false);
	return true;
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	if (!alone(&opening)) {
		host->problem(
			instance, NULL, 0, "two calls of open() at once", "one after the other");
		return TPAM_E_CONTRACT;
	}
	struct turns *turns = calloc(1, sizeof(*turns));
	if (!turns)
		return TPAM_E_MEMORY;
	turns->host = host;
	*ret_state = turns;
	return TPAM_OK;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	struct turns *turns = state;
	if (!alone(&turns->busy)) {
		turns->host->reason(
			call, TPAM_REASON_CONTRACT, "one call after the other", "two at once");
		return TPAM_DENIED;
	}
	(void)turns->host->set_text(call, TPAM_FIELD_SUBJECT, "turns", strlen("turns"));
	return TPAM_SUCCESS;
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "turns",
	.version = "1",
	.summary = "Denies if two threads call it at once.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.flags = TPAM_TEST_ONLY,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(DENIED),
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
