/*
 * bound.c - identifies with the audiences, scopes and times that its options name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

struct bound {
	const struct tpam_host *host;
	const struct tpam_instance *instance;
};

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	int64_t by_client = 0;

	if (host->option_number(instance, "by_client", 0, &by_client) == TPAM_OK && by_client &&
		host->bind_by_client(instance) != TPAM_OK)
		return TPAM_E_CONFIG;
	struct bound *bound = calloc(1, sizeof(*bound));
	if (!bound)
		return TPAM_E_MEMORY;
	bound->host = host;
	bound->instance = instance;
	*ret_state = bound;
	return TPAM_OK;
}

static void set_list(
	const struct bound *bound, struct tpam_call *call, int32_t field, const char *option)
{
	for (uint32_t i = 0; i < bound->host->option_count(bound->instance, option); i++) {
		const char *text = bound->host->option_text(bound->instance, option, i);
		(void)bound->host->add_text(call, field, text, strlen(text));
	}
}

static void set_time(
	const struct bound *bound, struct tpam_call *call, int32_t field, const char *option)
{
	int64_t seconds;
	if (bound->host->option_number(bound->instance, option, 0, &seconds) == TPAM_OK)
		(void)bound->host->set_number(call, field, seconds);
}

/* What a token must be made for goes to the trace, for tests to see. */
static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct bound *bound = state;
	const char *subject = bound->host->option_text(bound->instance, "subject", 0);
	const char *audience;
	for (uint32_t i = 0; (audience = bound->host->item_list(call, TPAM_ITEM_AUDIENCE, i)); i++)
		bound->host->trace(call, audience);
	(void)bound->host->set_text(call, TPAM_FIELD_SUBJECT, subject, strlen(subject));
	set_list(bound, call, TPAM_FIELD_SCOPES, "scopes");
	set_list(bound, call, TPAM_FIELD_AUDIENCES, "audiences");
	set_time(bound, call, TPAM_FIELD_EXPIRES_AT, "expires");
	set_time(bound, call, TPAM_FIELD_NOT_BEFORE, "begins");
	return TPAM_SUCCESS;
}

static const struct tpam_option option_subject = {
	.size = sizeof(option_subject),
	.type = TPAM_TYPE_TEXT,
	.name = "subject",
	.fallback = "bound",
	.help = "Whom it identifies.",
};

static const struct tpam_option option_scopes = {
	.size = sizeof(option_scopes),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST,
	.name = "scopes",
	.help = "The scopes of the token.",
};

static const struct tpam_option option_audiences = {
	.size = sizeof(option_audiences),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST,
	.name = "audiences",
	.help = "What the token was made for.",
};

static const struct tpam_option option_expires = {
	.size = sizeof(option_expires),
	.type = TPAM_TYPE_NUMBER,
	.name = "expires",
	.help = "When its time is over, in seconds since 1970.",
};

static const struct tpam_option option_begins = {
	.size = sizeof(option_begins),
	.type = TPAM_TYPE_NUMBER,
	.name = "begins",
	.help = "When its time begins, in seconds since 1970.",
};

static const struct tpam_option option_by_client = {
	.size = sizeof(option_by_client),
	.type = TPAM_TYPE_BOOL,
	.name = "by_client",
	.help = "That its tokens are bound by their client.",
};

static const struct tpam_option *const options[] = {&option_subject, &option_scopes,
	&option_audiences, &option_expires, &option_begins, &option_by_client, NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "bound",
	.version = "1",
	.summary = "Identifies with the audiences and times that it is told.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY,
	.inputs = TPAM_INPUT(AUDIENCE),
	.options = options,
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
