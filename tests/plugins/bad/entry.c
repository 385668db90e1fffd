/*
 * entry.c - a library that others link and that exports the entry of a plugin.
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

static int32_t authenticate(void *state, struct tpam_call *call)
{
	(void)state;
	(void)call;
	return TPAM_SUCCESS;
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "entry",
	.version = "1",
	.summary = "Is meant by nobody who names another file.",
	.role = TPAM_ROLE_UTILITY,
	.groups = TPAM_AUTH,
	.open = open_instance,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
