/*
 * kept.c - a provider whose verdicts may be kept; what it answers is the test's business, or that of the token.
 *
 * Without the option `control` a token "good..." is accepted with all that a usual identity has, "bad..." is invalid,
 * and any other is foreign.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

/* Others differ in what they read, and in their threads. */
#ifndef NAME
#define NAME "kept"
#endif
#ifndef FLAGS
#define FLAGS TPAM_CONCURRENT
#endif
#ifndef INPUTS
#define INPUTS 0
#endif
#ifndef RECHECK
#define RECHECK recheck
#endif

struct state {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	struct kept_control *control;
};

static const struct tpam_option control_option = {
	.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_TEXT,
	.name = "control",
	.help = "Where the test is.",
};
static const struct tpam_option *const options[] = {&control_option, NULL};

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct state *state = calloc(1, sizeof(*state));
	const char *address = host->option_text(instance, "control", 0);

	if (!state)
		return TPAM_E_MEMORY;
	state->host = host;
	state->instance = instance;
	state->control =
		address ? (struct kept_control *)(uintptr_t)strtoull(address, NULL, 10) : NULL;
	*ret_state = state;
	return TPAM_OK;
}

struct text {
	int32_t field;
	const char *value;
};

static const struct text texts[] = {
	{TPAM_FIELD_ISSUER, "https://login.example.com"},
	{TPAM_FIELD_CLIENT_ID, "a-client-of-ours"},
	{TPAM_FIELD_USERNAME, "alice"},
	{TPAM_FIELD_NAME, "Alice Example"},
	{TPAM_FIELD_EMAIL, "alice@example.com"},
	{TPAM_FIELD_CLAIMS,
		"{\"aud\":\"https://api.example.com\",\"client_id\":\"a-client-of-ours\",\"email\":"
		"\"alice@example.com\",\"exp\":4102444800,\"iat\":1700000000,\"iss\":"
		"\"https://login.example.com\",\"jti\":\"01234567-89ab-cdef-0123-456789abcdef\","
		"\"name\":\"Alice Example\",\"scope\":\"read write\",\"sub\":\"user-0123456789\"}"},
};

static int32_t accept(
	const struct tpam_host *host, struct tpam_call *call, const char *token, uint64_t length)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)host->set_text(call, texts[i].field, texts[i].value, strlen(texts[i].value));
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, token, length < 40 ? length : 40);
	(void)host->add_text(call, TPAM_FIELD_SCOPES, "read", 4);
	(void)host->add_text(call, TPAM_FIELD_SCOPES, "write", 5);
	(void)host->add_text(call, TPAM_FIELD_AUDIENCES, "https://api.example.com", 23);
	(void)host->set_number(call, TPAM_FIELD_ISSUED_AT, 1700000000);
	(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, 4102444800);
	host->cache(call, 100000);
	return TPAM_SUCCESS;
}

static int32_t authenticate(void *data, struct tpam_call *call)
{
	const struct state *state = data;
	uint64_t length = 0;

	if (state->control)
		return state->control->ask(state->control, state->host, state->instance, call);
	const char *token = state->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	if (length >= 4 && memcmp(token, "good", 4) == 0)
		return accept(state->host, call, token, length);
	if (length < 3 || memcmp(token, "bad", 3) != 0)
		return TPAM_FOREIGN;
	state->host->cache(call, 100000);
	return TPAM_INVALID;
}

__attribute__((unused)) static int32_t recheck(void *data, struct tpam_call *call)
{
	const struct state *state = data;

	if (!state->control || !state->control->recheck)
		return TPAM_SUCCESS;
	return state->control->recheck(state->control, state->host, state->instance, call);
}

static const char *const credentials[] = {"bearer", "basic", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = NAME,
	.version = "1",
	.summary = "Answers what the test says, and lets it be kept.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = FLAGS | TPAM_TEST_ONLY,
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE) | INPUTS,
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = options,
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
	.recheck = RECHECK,
};

TPAM_PROVIDER(provider)
