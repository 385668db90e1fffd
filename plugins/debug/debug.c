/*
 * debug.c - ends as it is told, for tests of stacks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

/* The words in the order of their numbers, which begin with 1. */
static const char *const outcome_words[] = {
#define X(number, NAME, name, status, weight, meaning) [(number)-1] = #name,
#include <tokenpam/outcomes.def>
#undef X
	NULL};

static const char *const reason_words[] = {
#define X(number, NAME, name, meaning, remedy) [number] = #name,
#include <tokenpam/reasons.def>
#undef X
};

#define REASON_LIMIT ((int32_t)(sizeof(reason_words) / sizeof(reason_words[0])))

struct debug {
	const struct tpam_host *host;
	const struct tpam_instance *instance;
	int32_t auth;
	int32_t account;
	int32_t session;
	int32_t reason; /* TPAM_REASON_NONE: none given */
};

static int32_t outcome_option(
	const struct tpam_host *host, const struct tpam_instance *instance, const char *name)
{
	int64_t index = 0;
	return host->option_number(instance, name, 0, &index) == TPAM_OK ? (int32_t)index + 1
									 : TPAM_ERROR;
}

static int32_t reason_option(const struct tpam_host *host, struct tpam_instance *instance)
{
	const char *word = host->option_text(instance, "reason", 0);
	if (!word)
		return TPAM_REASON_NONE;
	for (int32_t i = 1; i < REASON_LIMIT; i++)
		if (reason_words[i] && strcmp(reason_words[i], word) == 0)
			return i;
	host->problem(instance, "reason", 0, word, "a reason that 'tokenpam explain' lists");
	return TPAM_REASON_NONE;
}

/* All that it says of anybody is a subject and scopes. */
static int32_t offer(const struct tpam_host *host, struct tpam_instance *instance)
{
	static const int32_t nothing[] = {TPAM_FIELD_SCOPES, TPAM_FIELD_ROLES, TPAM_FIELD_GROUPS,
		TPAM_FIELD_TENANT, TPAM_FIELD_CLAIMS, TPAM_FIELD_AUTH_TIME};

	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		(void)host->offer(instance, nothing[i], NULL);
	if (host->offer(instance, TPAM_FIELD_SUBJECT, host->option_text(instance, "subject", 0)) ==
		TPAM_E_MEMORY)
		return TPAM_E_MEMORY;
	for (uint32_t i = 0; i < host->option_count(instance, "scopes"); i++) {
		const char *scope = host->option_text(instance, "scopes", i);
		int32_t code = host->offer(instance, TPAM_FIELD_SCOPES, scope);
		if (code == TPAM_E_MEMORY)
			return code;
		if (code != TPAM_OK)
			host->problem(instance, "scopes", i, scope, "a scope");
	}
	return TPAM_OK;
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct debug *debug = calloc(1, sizeof(*debug));
	if (!debug)
		return TPAM_E_MEMORY;
	debug->host = host;
	debug->instance = instance;
	debug->auth = outcome_option(host, instance, "auth");
	debug->account = outcome_option(host, instance, "account");
	debug->session = outcome_option(host, instance, "session");
	debug->reason = reason_option(host, instance);
	int32_t code = offer(host, instance);
	if (code == TPAM_OK)
		*ret_state = debug;
	else
		free(debug);
	return code;
}

/* The issuer is the same for all instances, so two with one subject mean one identity. */
static void identify(const struct debug *debug, struct tpam_call *call)
{
	const struct tpam_host *host = debug->host;
	const char *subject = host->option_text(debug->instance, "subject", 0);
	host->set_text(call, TPAM_FIELD_ISSUER, "debug", strlen("debug"));
	host->set_text(call, TPAM_FIELD_SUBJECT, subject, strlen(subject));
	for (uint32_t i = 0; i < host->option_count(debug->instance, "scopes"); i++) {
		const char *scope = host->option_text(debug->instance, "scopes", i);
		host->add_text(call, TPAM_FIELD_SCOPES, scope, strlen(scope));
	}
}

static int32_t end_as(const struct debug *debug, struct tpam_call *call, int32_t outcome)
{
	bool accepts = outcome == TPAM_SUCCESS || outcome == TPAM_EXPIRING;
	if (debug->reason != TPAM_REASON_NONE && !accepts)
		debug->host->reason(call, debug->reason, NULL, NULL);
	return outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct debug *debug = state;
	if (debug->auth == TPAM_SUCCESS || debug->auth == TPAM_EXPIRING)
		identify(debug, call);
	return end_as(debug, call, debug->auth);
}

static int32_t account(void *state, struct tpam_call *call)
{
	const struct debug *debug = state;
	return end_as(debug, call, debug->account);
}

static int32_t session(void *state, struct tpam_call *call)
{
	const struct debug *debug = state;
	return end_as(debug, call, debug->session);
}

#define OPTION_OUTCOME(group)                                                                      \
	TPAM_OPTION_ENUM(group, outcome_words, "success", "The outcome in " group " rules.")

static const struct tpam_option *const options[] = {OPTION_OUTCOME("auth"),
	OPTION_OUTCOME("account"), OPTION_OUTCOME("session"),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "reason", NULL,
		"The reason given with every outcome that refuses; else the outcome's usual one."),
	TPAM_OPTION(TPAM_TYPE_TEXT, 0, "subject", "debug",
		"Whom success and expiring in auth identify."),
	TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_LIST, "scopes", NULL,
		"The scopes that come with the identity."),
	NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "debug",
	.version = "1",
	.summary = "Ends as it is told, for tests of stacks.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY,
	.options = options,
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
	.account = account,
	.session = session,
};

TPAM_PROVIDER(provider)
