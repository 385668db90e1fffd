/*
 * permit.c - succeeds. It identifies nobody, so that alone it lets nobody in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/provider.h>

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	(void)host;
	(void)instance;
	*ret_state = NULL;
	return TPAM_OK;
}

static int32_t permit(void *state, struct tpam_call *call)
{
	(void)state;
	(void)call;
	return TPAM_SUCCESS;
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "permit",
	.version = "1",
	.summary = "Succeeds, and identifies nobody.",
	.role = TPAM_ROLE_UTILITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS),
	.open = open_instance,
	.authenticate = permit,
	.account = permit,
	.session = permit,
};

TPAM_PROVIDER(provider)
