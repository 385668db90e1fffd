/*
 * deny.c - refuses whatever comes to it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include <tokenpam/provider.h>

struct deny {
	const struct tpam_host *host;
};

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct deny *deny = calloc(1, sizeof(*deny));
	(void)instance;
	if (!deny)
		return TPAM_E_MEMORY;
	deny->host = host;
	*ret_state = deny;
	return TPAM_OK;
}

static int32_t refuse(void *state, struct tpam_call *call)
{
	const struct deny *deny = state;
	deny->host->reason(call, TPAM_REASON_DENIED_BY_RULE, NULL, NULL);
	return TPAM_DENIED;
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "deny",
	.version = "1",
	.summary = "Refuses whatever comes to it.",
	.role = TPAM_ROLE_UTILITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(DENIED),
	.open = open_instance,
	.close = free,
	.authenticate = refuse,
	.account = refuse,
	.session = refuse,
};

TPAM_PROVIDER(provider)
