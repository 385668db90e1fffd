/*
 * person.c - a provider that says of everybody what its section says, so that cases of grants are data.
 *
 * Of `claims` the line counts as it is written, if there is a blank in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

/* Another one drops the scopes of tokens. */
#ifndef NAME
#define NAME "person"
#endif
#ifndef FLAGS
#define FLAGS 0
#endif

struct state {
	const struct tpam_host *host;
	struct tpam_instance *instance;
};

struct source {
	const char *option;
	int32_t field;
	int32_t (*set)(
		const struct state *state, struct tpam_call *call, int32_t field, const char *text);
};

static int32_t set_text(
	const struct state *state, struct tpam_call *call, int32_t field, const char *text)
{
	return state->host->set_text(call, field, text, strlen(text));
}

static int32_t add_text(
	const struct state *state, struct tpam_call *call, int32_t field, const char *text)
{
	return state->host->add_text(call, field, text, strlen(text));
}

static int32_t set_switch(
	const struct state *state, struct tpam_call *call, int32_t field, const char *text)
{
	return state->host->set_number(call, field, strcmp(text, "on") == 0);
}

/* So many seconds before now. */
static int32_t set_ago(
	const struct state *state, struct tpam_call *call, int32_t field, const char *text)
{
	int64_t now = state->host->clock_wall(state->instance) / 1000000000;

	return state->host->set_number(call, field, now - strtoll(text, NULL, 10));
}

/* So many seconds after now. */
static int32_t set_hence(
	const struct state *state, struct tpam_call *call, int32_t field, const char *text)
{
	int64_t now = state->host->clock_wall(state->instance) / 1000000000;

	return state->host->set_number(call, field, now + strtoll(text, NULL, 10));
}

static const struct source sources[] = {
	{"subject", TPAM_FIELD_SUBJECT, set_text},
	{"email", TPAM_FIELD_EMAIL, set_text},
	{"verified", TPAM_FIELD_EMAIL_VERIFIED, set_switch},
	{"tenant", TPAM_FIELD_TENANT, set_text},
	{"signed_in", TPAM_FIELD_AUTH_TIME, set_ago},
	{"expires_in", TPAM_FIELD_EXPIRES_AT, set_hence},
	{"claims", TPAM_FIELD_CLAIMS, set_text},
	{"scopes", TPAM_FIELD_SCOPES, add_text},
	{"roles", TPAM_FIELD_ROLES, add_text},
	{"groups", TPAM_FIELD_GROUPS, add_text},
};

/* FIELD:VALUE of what it may say besides; FIELD: alone names none. */
static const struct {
	const char *name;
	int32_t field;
} offers[] = {{"subject:", TPAM_FIELD_SUBJECT}, {"scopes:", TPAM_FIELD_SCOPES},
	{"roles:", TPAM_FIELD_ROLES}, {"groups:", TPAM_FIELD_GROUPS},
	{"tenant:", TPAM_FIELD_TENANT}, {"claims:", TPAM_FIELD_CLAIMS},
	{"auth_time:", TPAM_FIELD_AUTH_TIME}};

static void offer(const struct tpam_host *host, struct tpam_instance *instance, uint32_t index,
	const char *word)
{
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		size_t length = strlen(offers[i].name);
		if (strncmp(word, offers[i].name, length) != 0)
			continue;
		if (host->offer(instance, offers[i].field, word[length] ? word + length : NULL) !=
			TPAM_OK)
			host->problem(instance, "offer", index, word, "a value of the field");
		return;
	}
	host->problem(instance, "offer", index, word, "FIELD:VALUE");
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct state *state = malloc(sizeof(*state));
	const char *word;

	for (uint32_t i = 0; (word = host->option_text(instance, "offer", i)); i++)
		offer(host, instance, i, word);

	if (!state)
		return TPAM_E_MEMORY;
	*state = (struct state){host, instance};
	*ret_state = state;
	return TPAM_OK;
}

static void tell_wanted(const struct state *state, struct tpam_call *call)
{
	char text[16];

	const char *like = state->host->option_text(state->instance, "like", 0);
	const char *known = state->host->option_text(state->instance, "known", 0);

	for (int32_t field = -1; field < 64; field++) {
		if (known ? !state->host->wanted_beside(state->instance, field, like, known)
			  : !state->host->wanted(state->instance, field, like))
			continue;
		(void)snprintf(text, sizeof(text), "wanted %d", field);
		state->host->trace(call, text);
	}
}

static int32_t authenticate(void *data, struct tpam_call *call)
{
	const struct state *state = data;
	const struct tpam_host *host = state->host;
	const char *text;
	int64_t seconds = 0;

	(void)host->set_text(call, TPAM_FIELD_ISSUER, "person", strlen("person"));
	if (host->option_number(state->instance, "tell_wanted", 0, &seconds) == TPAM_OK)
		tell_wanted(state, call);
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		for (uint32_t j = 0;
			(text = host->option_text(state->instance, sources[i].option, j)); j++)
			(void)sources[i].set(state, call, sources[i].field, text);
	if (host->option_number(state->instance, "cache", 0, &seconds) == TPAM_OK)
		host->cache(call, seconds);
	return TPAM_SUCCESS;
}

#define OPTION(option_name, option_type, option_flags, option_fallback)                            \
	static const struct tpam_option option_##option_name = {                                   \
		.size = sizeof(struct tpam_option),                                                \
		.type = (option_type),                                                             \
		.flags = (option_flags),                                                           \
		.name = #option_name,                                                              \
		.fallback = (option_fallback),                                                     \
		.help = "What is said of everybody.",                                              \
	}

OPTION(subject, TPAM_TYPE_TEXT, 0, "alice");
OPTION(email, TPAM_TYPE_TEXT, 0, NULL);
OPTION(verified, TPAM_TYPE_BOOL, 0, NULL);
OPTION(tenant, TPAM_TYPE_TEXT, 0, NULL);
OPTION(signed_in, TPAM_TYPE_TEXT, 0, NULL);
OPTION(expires_in, TPAM_TYPE_TEXT, 0, NULL);
OPTION(claims, TPAM_TYPE_TEXT, TPAM_OPTION_REPEATABLE, NULL);
OPTION(scopes, TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL);
OPTION(roles, TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL);
OPTION(groups, TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL);
OPTION(offer, TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL);
OPTION(cache, TPAM_TYPE_NUMBER, 0, NULL);
OPTION(like, TPAM_TYPE_TEXT, 0, NULL);
OPTION(known, TPAM_TYPE_TEXT, 0, NULL);
OPTION(tell_wanted, TPAM_TYPE_BOOL, 0, NULL);

static const struct tpam_option *const options[] = {&option_subject, &option_email,
	&option_verified, &option_tenant, &option_expires_in, &option_claims, &option_signed_in,
	&option_scopes, &option_roles, &option_groups, &option_offer, &option_cache, &option_like,
	&option_known, &option_tell_wanted, NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = NAME,
	.version = "1",
	.summary = "Says of everybody what its section says.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY | FLAGS,
	.options = options,
	.open = open_instance,
	.close = free,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
