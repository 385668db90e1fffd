/*
 * test_contract.c - providers that do not keep to their contract, and what they say reaches nobody unchecked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "../plugins/puppet.h"
#include "check.h"
#include "sandbox.h"

static int log_level;

static void log_last(void *data, int level, const char *text)
{
	(void)data;
	log_level = level;
	for (const char *c = text; *c; c++)
		CHECK((unsigned char)*c >= 0x20 && *c != 0x7F);
}

static const char config[] = "[tokenpam]\n"
			     "mode = development\n"
			     "[provider:puppet]\n"
			     "plugin = puppet\n"
			     "[provider:ok]\n"
			     "plugin = debug\n"
			     "[service:puppet]\n"
			     "auth = required puppet\n"
			     "[service:soft]\n"
			     "auth = [default=ignore] puppet\n"
			     "auth = required ok\n"
			     "[service:forgetful]\n"
			     "auth = required puppet\n"
			     "auth = [success=reset] ok\n"
			     "auth = required ok\n"
			     "[service:later]\n"
			     "auth = required ok\n"
			     "account = [default=ignore] puppet\n"
			     "account = required ok\n"
			     "session = optional puppet\n"
			     "session = required ok\n";

static struct tpam_engine *engine;

static struct tpam_result *decide(const char *target, void *puppet)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(target, NULL);
	tpam_request_set_host_pointer(request, puppet);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	if (!result)
		exit(check_end());
	return result;
}

typedef const struct tpam_host table;

static void set(table *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->set_text(call, field, text, strlen(text));
}

/* ---- What breaks the contract ---- */
#define PLAY(name)                                                                                 \
	static int32_t name(                                                                       \
		struct puppet *puppet, table *host, struct tpam_call *call, const char *instance)
#define UNUSED (void)puppet, (void)host, (void)call, (void)instance

#define SAY(name, outcome)                                                                         \
	PLAY(name)                                                                                 \
	{                                                                                          \
		UNUSED;                                                                            \
		return outcome;                                                                    \
	}
SAY(say_99, 99)
SAY(say_zero, 0)
SAY(say_minus, -7)
SAY(say_pending, TPAM_PENDING)
SAY(say_huge, INT32_MAX)
SAY(succeed_as_nobody, TPAM_SUCCESS)
SAY(ignore, TPAM_IGNORE)

PLAY(set_no_field)
{
	UNUSED;
	set(host, call, 99, "x");
	return TPAM_IGNORE;
}

PLAY(set_control)
{
	UNUSED;
	set(host, call, TPAM_FIELD_SUBJECT, "good");
	set(host, call, TPAM_FIELD_NAME, "a\nb");
	return TPAM_SUCCESS;
}

PLAY(set_huge)
{
	UNUSED;
	set(host, call, TPAM_FIELD_SUBJECT, "good");
	(void)host->set_text(call, TPAM_FIELD_NAME, "x", UINT64_MAX);
	return TPAM_SUCCESS;
}

PLAY(reason_none)
{
	UNUSED;
	host->reason(call, 9999, NULL, NULL);
	return TPAM_INVALID;
}

PLAY(reason_minus)
{
	UNUSED;
	host->reason(call, -1, NULL, NULL);
	return TPAM_INVALID;
}

PLAY(challenge_scheme)
{
	UNUSED;
	(void)host->challenge(call, "Bearer\r\nX-Evil: 1", "a", "b");
	return TPAM_INVALID;
}

PLAY(challenge_name)
{
	UNUSED;
	(void)host->challenge(call, "Bearer", "a=\"b\", c", "b");
	return TPAM_INVALID;
}

static puppet_fn *const breaches[] = {say_99, say_zero, say_minus, say_pending, say_huge,
	succeed_as_nobody, set_no_field, set_control, reason_none, reason_minus, challenge_scheme,
	challenge_name};

static void check_breach(const char *service, struct puppet *puppet)
{
	struct tpam_result *result = decide(service, puppet);
	CHECK(!tpam_result_accepted(result));
	CHECK(tpam_result_outcome(result) == TPAM_ERROR);
	CHECK(tpam_result_reason(result) == TPAM_REASON_CONTRACT);
	CHECK(tpam_result_status(result) == 500);
	CHECK(tpam_result_challenge(result, 0) == NULL);
	CHECK(log_level == TPAM_LOG_ERROR);
	tpam_result_unref(result);
}

/* Whatever the control makes of errors: a provider that cannot be relied on is not passed by. */
static void test_breaches(void)
{
	for (size_t i = 0; i < sizeof(breaches) / sizeof(breaches[0]); i++) {
		unsigned before = check_failed;
		struct puppet puppet = {.auth = breaches[i]};
		check_breach("puppet", &puppet);
		check_breach("soft", &puppet);
		check_breach("forgetful", &puppet);
		if (breaches[i] != succeed_as_nobody) { /* is what account and session are for */
			puppet = (struct puppet){.account = breaches[i], .session = ignore};
			check_breach("later", &puppet);
			puppet = (struct puppet){.account = ignore, .session = breaches[i]};
			check_breach("later", &puppet);
		}
		if (check_failed != before)
			fprintf(stderr, "breach %zu\n", i);
	}
	struct puppet quiet = {.auth = ignore, .account = ignore, .session = ignore};
	struct tpam_result *result = decide("soft", &quiet);
	CHECK(tpam_result_accepted(result));
	tpam_result_unref(result);
}

/* A refusal does not become less of one by what is said about it. */
PLAY(refuse_as_accepted)
{
	UNUSED;
	set(host, call, TPAM_FIELD_SUBJECT, "x");
	host->reason(call, TPAM_REASON_ACCEPTED, "e", "g");
	return TPAM_INVALID;
}

PLAY(accept_as_refused)
{
	UNUSED;
	set(host, call, TPAM_FIELD_SUBJECT, "x");
	host->reason(call, TPAM_REASON_REVOKED, NULL, NULL);
	(void)host->challenge(call, "Bearer", "error", "invalid_token");
	host->retry_after(call, INT64_MAX);
	return TPAM_SUCCESS;
}

/* What is too large comes from the credential, so it is refused and nobody's fault. */
static void test_too_large(void)
{
	struct puppet puppet = {.auth = set_huge};
	struct tpam_result *result = decide("puppet", &puppet);
	CHECK(tpam_result_outcome(result) == TPAM_INVALID);
	CHECK(tpam_result_reason(result) == TPAM_REASON_TOO_LARGE);
	CHECK(!tpam_result_id(result));
	tpam_result_unref(result);
}

static void test_reasons(void)
{
	struct puppet puppet = {.auth = refuse_as_accepted};
	struct tpam_result *result = decide("puppet", &puppet);
	CHECK(!tpam_result_accepted(result));
	CHECK(tpam_result_reason(result) != TPAM_REASON_ACCEPTED);
	CHECK(tpam_result_id(result) == NULL);
	tpam_result_unref(result);

	puppet.auth = accept_as_refused;
	result = decide("puppet", &puppet);
	CHECK(tpam_result_accepted(result));
	CHECK(tpam_result_reason(result) == TPAM_REASON_ACCEPTED);
	CHECK(tpam_result_challenge(result, 0) == NULL);
	CHECK(tpam_result_retry_after(result) == 0);
	tpam_result_unref(result);
}

/* ---- What reaches headers and logs ---- */

PLAY(inject)
{
	UNUSED;
	host->reason(call, TPAM_REASON_REJECTED, "a\r\nb\x1B[31m", "c\nd\xFF\xC2\x85");
	(void)host->challenge(call, "Bearer", "hint", "x\"y\\z\r\nSet-Cookie: a=b\xC3\xBC\x7F");
	(void)host->challenge(call, "Bearer", "realm", "mine");
	(void)host->challenge(call, "Bearer", "hint", "again");
	(void)host->challenge(call, "DPoP", "nonce", "n");
	host->trace(call, "one\ntwo");
	host->retry_after(call, -5);
	return TPAM_INVALID;
}

static size_t occurrences(const char *text, const char *part)
{
	size_t count = 0;
	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static void check_printable(const char *text)
{
	CHECK(text != NULL);
	for (; text && *text; text++)
		CHECK(*text >= 0x20 && *text < 0x7F);
}

static void test_injection(void)
{
	struct puppet puppet = {.auth = inject};
	struct tpam_result *result = decide("puppet", &puppet);
	const char *bearer = tpam_result_challenge(result, 0);
	check_printable(bearer);
	check_printable(tpam_result_challenge(result, 1));
	CHECK(tpam_result_challenge(result, 2) == NULL);
	CHECK(bearer && strncmp(bearer, "Bearer realm=\"puppet\"", 21) == 0);
	CHECK(bearer && strstr(bearer, "hint=\"x\\\"y\\\\z??Set-Cookie: a=b"));
	CHECK(bearer && occurrences(bearer, "realm=") == 1); /* RFC 9110, section 11.2: once each */
	CHECK(bearer && occurrences(bearer, "hint=") == 1);
	CHECK_TEXT(tpam_result_challenge(result, 1), "DPoP realm=\"puppet\", nonce=\"n\"");
	CHECK_TEXT(tpam_result_expected(result), "a??b?[31m");
	CHECK_TEXT(tpam_result_got(result), "c?d???");
	CHECK_TEXT(tpam_result_trace(result, 0)->notes[0], "one?two");
	CHECK(tpam_result_retry_after(result) == 0);
	CHECK(!strstr(tpam_result_message(result), "a?"));
	tpam_result_unref(result);
}

int main(void)
{
	sandbox_begin();
	sandbox_write("main.ini", config);
	engine = sandbox_engine("main.ini", (struct tpam_engine_options){.log = log_last});
	test_breaches();
	test_too_large();
	test_reasons();
	test_injection();
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
