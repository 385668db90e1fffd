/*
 * github.c - tokens of GitHub: of our app, or of users themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "app.h"
#include "config.h"
#include "person.h"
#include "probe.h"

/* ---- Whose token it is ---- */

/*
 * 0 if it is to be looked at. A token of GitHub's that is not taken is GitHub's all the same: refused here, so
 * that nobody who asks less gets to see it.
 */
static int32_t recognise(const struct github *github, struct tpam_call *call, enum kind kind,
	const char *token, size_t length)
{
	const struct tpam_host *host = github->host;

	if (kind == KIND_NONE)
		return tpam_call_end(host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
			github->taken, "a token without a prefix of GitHub's");
	if (!(github->kinds & KIND_BIT(kind)))
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			github->taken, kind_name(kind));
	if (!kind_is_whole(kind, token, length))
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_MALFORMED_TOKEN,
			"a prefix, then letters, digits and ._-, at most 1,024 in all",
			"something else");
	return 0;
}

static int32_t ask(const struct look *look, struct person *person)
{
	bool ours = KIND_BIT(look->kind) & KINDS_OF_APPS;

	int32_t outcome = ours ? person_of_app(look, person) : person_of_token(look, person);
	if (outcome == 0)
		outcome = person_look_up(look, person);
	if (outcome == 0)
		outcome = person_look_up_roles(look, person);
	if (outcome == 0)
		outcome = person_is_allowed(look, person);
	return outcome == 0 ? person_carry(look, person) : outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	struct github *github = state;
	struct look look;
	struct person person;
	uint64_t length = 0;
	const char *token = github->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	enum kind kind = kind_of(token, (size_t)length);

	int32_t outcome = recognise(github, call, kind, token, (size_t)length);
	if (outcome != 0)
		return outcome;
	outcome = look_begin(&look, github, call, kind, token);
	person_init(&person);
	if (outcome == 0)
		outcome = ask(&look, &person);
	/* What refuses may be kept, too: which of them, and for how long, is up to the loader. */
	if (outcome != TPAM_PENDING && github->cache > 0)
		github->host->cache(call, github->cache);
	person_finish(&person);
	look_finish(&look);
	return outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "github",
	.version = "1",
	.summary = "Takes tokens of GitHub, of our app or of users themselves.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_CLIENT,
	.flags = TPAM_CONCURRENT | TPAM_TOKEN_SCOPES_DROP,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(DENIED) |
		    TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) | TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = github_options,
	.open = github_open,
	.close = github_close,
	.authenticate = authenticate,
	.probe = github_probe,
};

TPAM_PROVIDER(provider)
