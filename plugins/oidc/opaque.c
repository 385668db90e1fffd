/*
 * opaque.c - access tokens that say nothing by themselves: their provider is asked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "endpoint.h"
#include "identity.h"
#include "opaque.h"
#include "userinfo.h"

/* ---- Asking ---- */

/*
 * The audience of the call was compared, if there is one. Where there is none our clients bind a token, as
 * they do a JSON Web Token.
 */
static int32_t ask_introspection(
	const struct oidc *oidc, struct tpam_call *call, struct tpam_claims **ret)
{
	const struct tpam_host *host = oidc->host;
	struct found found;

	int32_t outcome = endpoint_find(
		&found, oidc, call, oidc->introspection_endpoint, "introspection_endpoint");
	if (outcome == 0)
		outcome = tpam_introspection_ask(oidc->introspection, &found.endpoint, call, ret);
	endpoint_finish(&found);
	if (outcome != 0 || !oidc->clients[0] || host->item_list(call, TPAM_ITEM_AUDIENCE, 0))
		return outcome;
	return tpam_client_check(host, oidc->instance, call, *ret, oidc->clients);
}

/* No audience is in the answer, so the client always counts, unless open() was told that nothing does. */
static int32_t ask_userinfo(
	const struct oidc *oidc, struct tpam_call *call, struct tpam_claims **ret)
{
	int32_t outcome = userinfo_ask(oidc, call, ret);

	if (outcome != 0 || !oidc->clients[0])
		return outcome;
	return tpam_client_check(oidc->host, oidc->instance, call, *ret, oidc->clients);
}

/* The provider speaks for itself and for nobody else, whatever it says. */
static int32_t carry(
	const struct oidc *oidc, struct tpam_call *call, const struct tpam_claims *claims)
{
	bool by_client = oidc->opaque == OPAQUE_USERINFO && oidc->clients[0];
	struct tpam_claims *both = NULL;
	int32_t outcome = 0;

	if (oidc->opaque == OPAQUE_INTROSPECTION && userinfo_wanted(oidc, claims))
		outcome = userinfo_fill(oidc, call, claims, &both);
	if (outcome == 0)
		outcome = identity_carry(oidc, call, both ? both : claims, by_client);
	if (outcome == TPAM_SUCCESS)
		(void)oidc->host->set_text(
			call, TPAM_FIELD_ISSUER, oidc->issuer, strlen(oidc->issuer));
	tpam_claims_destroy(both);
	return outcome;
}

int32_t opaque_authenticate(const struct oidc *oidc, struct tpam_call *call)
{
	struct tpam_claims *claims = NULL;

	if (oidc->opaque == OPAQUE_NEVER)
		return tpam_call_end(oidc->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
			"a JSON Web Token", "another token");
	/* What refuses may be kept, too: that is not for as long, and up to the loader. */
	if (oidc->cache > 0)
		oidc->host->cache(call, oidc->cache);
	int32_t outcome = tpam_accept_check(oidc->accept, call);
	if (outcome == 0)
		outcome = oidc->opaque == OPAQUE_USERINFO ? ask_userinfo(oidc, call, &claims)
							  : ask_introspection(oidc, call, &claims);
	if (outcome == 0)
		outcome = carry(oidc, call, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t probe_introspection(const struct oidc *oidc, struct tpam_call *call)
{
	struct found found;
	int32_t outcome = endpoint_find(
		&found, oidc, call, oidc->introspection_endpoint, "introspection_endpoint");

	if (outcome == 0)
		outcome = tpam_introspection_probe(oidc->introspection, &found.endpoint, call);
	endpoint_finish(&found);
	return outcome;
}

int32_t opaque_probe(const struct oidc *oidc, struct tpam_call *call)
{
	bool userinfo = oidc->opaque == OPAQUE_USERINFO || oidc->userinfo != USERINFO_NEVER;
	int32_t outcome = 0;

	if (oidc->opaque == OPAQUE_INTROSPECTION)
		outcome = probe_introspection(oidc, call);
	return outcome == 0 && userinfo ? userinfo_probe(oidc, call) : outcome;
}

/* ---- What the options say ---- */

static int problem(
	const struct oidc *oidc, const char *option, const char *got, const char *expected)
{
	oidc->host->problem(oidc->instance, option, 0, got, expected);
	return TPAM_E_CONFIG;
}

static const char *word(const struct oidc *oidc)
{
	return oidc->host->option_text(oidc->instance, "opaque", 0);
}

static bool given(const struct oidc *oidc, const char *option)
{
	return oidc->host->option_text(oidc->instance, option, 0) != NULL;
}

/* An option that has a use in one way alone was meant for another section, or `opaque` was forgotten. */
struct belonging {
	const char *option;
	bool introspection, userinfo;
	const char *expected;
};

static const struct belonging belongings[] = {
	{"accept", true, true, "opaque = introspection or userinfo beside it"},
	{"introspection_endpoint", true, false, "opaque = introspection beside it"},
	{"introspection_client", true, false, "opaque = introspection beside it"},
	{"client_secret", true, false, "opaque = introspection beside it"},
	{"private_key_file", true, false, "opaque = introspection beside it"},
	{"assertion_audience", true, false, "opaque = introspection beside it"},
};

static int belongings_check(const struct oidc *oidc)
{
	int code = TPAM_OK;

	for (size_t i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++) {
		const struct belonging *belonging = &belongings[i];
		bool fits = (oidc->opaque == OPAQUE_INTROSPECTION && belonging->introspection) ||
			    (oidc->opaque == OPAQUE_USERINFO && belonging->userinfo);
		if (!fits && given(oidc, belonging->option))
			code = problem(
				oidc, belonging->option, belonging->option, belonging->expected);
	}
	return code;
}

/*
 * A userinfo answer says whose a token is, and not for whom: whoever runs another client of the provider has
 * tokens of its users. Either the client is compared, or somebody has said that it does not matter.
 */
static int userinfo_check(const struct oidc *oidc)
{
	int code = TPAM_OK;

	if (!oidc->clients[0] && !oidc->host->audience_none(oidc->instance))
		code = problem(oidc, "opaque", word(oidc),
			"client_id, to compare with the client that answers name, or audience = "
			"none");
	if (given(oidc, "max_age"))
		code = problem(oidc, "max_age", "max_age",
			"none beside opaque = userinfo, which does not say how old a token is");
	return code;
}

static int introspection_open(struct oidc *oidc)
{
	const char *client = oidc->host->option_text(oidc->instance, "introspection_client", 0);
	struct tpam_introspection_options options = {
		.client_id = client ? client : oidc->clients[0], .issuer = oidc->issuer};
	int code = TPAM_OK;

	/* What does not do has been told of where all tokens are concerned. */
	if (given(oidc, "max_age"))
		(void)oidc->host->option_number(oidc->instance, "max_age", 0, &options.max_age);
	options.max_age /= 1000;
	if (given(oidc, "jwks_uri") && !oidc->introspection_endpoint)
		code = problem(oidc, "opaque", word(oidc),
			"introspection_endpoint beside jwks_uri, with which no metadata is read");
	int opened =
		tpam_introspection_open(&oidc->introspection, oidc->host, oidc->instance, &options);
	return code == TPAM_OK ? opened : code;
}

int opaque_open(struct oidc *oidc)
{
	int code = belongings_check(oidc);
	int cache = tpam_option_seconds(&oidc->cache, oidc->host, oidc->instance, "cache");

	code = code == TPAM_OK ? cache : code;
	if (oidc->opaque == OPAQUE_NEVER)
		return code;
	if (!oidc->clients)
		return TPAM_E_MEMORY;
	if (oidc->tokens == TOKENS_ID)
		code = problem(oidc, "opaque", word(oidc), "never beside tokens = id");
	if (!given(oidc, "accept"))
		code = problem(oidc, "opaque", word(oidc),
			"accept beside it, since nothing in such a token says whose it is");
	int accept = tpam_accept_open(&oidc->accept, oidc->host, oidc->instance, 0);
	int way = oidc->opaque == OPAQUE_USERINFO ? userinfo_check(oidc) : introspection_open(oidc);
	if (code == TPAM_OK)
		code = accept == TPAM_OK ? way : accept;
	return code;
}

void opaque_close(struct oidc *oidc)
{
	tpam_accept_destroy(oidc->accept);
	tpam_introspection_close(oidc->introspection);
}
