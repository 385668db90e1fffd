/*
 * needy.c - cannot do without a client certificate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

struct needy {
	const struct tpam_host *host;
};

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct needy *needy = calloc(1, sizeof(*needy));
	(void)instance;
	if (!needy)
		return TPAM_E_MEMORY;
	needy->host = host;
	*ret_state = needy;
	return TPAM_OK;
}

/* The loader promised that there is one; without it this is not called. */
static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct needy *needy = state;
	uint64_t length = 0;
	const void *certificate =
		needy->host->item_bytes(call, TPAM_ITEM_CLIENT_CERTIFICATE, &length);
	if (!certificate || length == 0)
		abort();
	(void)needy->host->set_text(call, TPAM_FIELD_SUBJECT, "holder", strlen("holder"));
	return TPAM_SUCCESS;
}

static int32_t account(void *state, struct tpam_call *call)
{
	const struct needy *needy = state;
	uint64_t length = 0;
	if (!needy->host->item_bytes(call, TPAM_ITEM_CLIENT_CERTIFICATE, &length))
		abort();
	return TPAM_SUCCESS;
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "needy",
	.version = "1",
	.summary = "Cannot do without a client certificate.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY,
	.inputs = TPAM_INPUT(CLIENT_CERTIFICATE),
	.inputs_needed = TPAM_INPUT(CLIENT_CERTIFICATE),
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
	.account = account,
};

TPAM_PROVIDER(provider)
