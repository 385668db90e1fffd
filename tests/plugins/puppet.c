/*
 * puppet.c - does in each call what the host pointer of the request says, so that a test can be any provider.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "puppet.h"

#include <stdlib.h>

/* Other puppets differ in their threads. */
#ifndef NAME
#define NAME  "puppet"
#define FLAGS TPAM_CONCURRENT
#endif

#define ALL_INPUTS ((TPAM_INPUT(HOST_POINTER) << 1) - 2)

struct strings {
	const struct tpam_host *host;
	const struct tpam_instance *instance;
};

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct strings *strings = calloc(1, sizeof(*strings));
	if (!strings)
		return TPAM_E_MEMORY;
	strings->host = host;
	strings->instance = instance;
	*ret_state = strings;
	return TPAM_OK;
}

static int32_t play(
	const struct strings *strings, struct tpam_call *call, struct puppet *puppet, puppet_fn *fn)
{
	return fn ? fn(puppet, strings->host, call, strings->host->name(strings->instance))
		  : TPAM_IGNORE;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct strings *strings = state;
	struct puppet *puppet = strings->host->host_pointer(call);
	return play(strings, call, puppet, puppet ? puppet->auth : NULL);
}

static int32_t account(void *state, struct tpam_call *call)
{
	const struct strings *strings = state;
	struct puppet *puppet = strings->host->host_pointer(call);
	return play(strings, call, puppet, puppet ? puppet->account : NULL);
}

static int32_t session(void *state, struct tpam_call *call)
{
	const struct strings *strings = state;
	struct puppet *puppet = strings->host->host_pointer(call);
	return play(strings, call, puppet, puppet ? puppet->session : NULL);
}

static const char *const credentials[] = {"bearer", "basic", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = NAME,
	.version = "1",
	.summary = "Does what the host pointer of the request says.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION,
	.flags = FLAGS | TPAM_TEST_ONLY,
	.inputs = ALL_INPUTS,
	.credentials = credentials,
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
	.account = account,
	.session = session,
};

TPAM_PROVIDER(provider)
