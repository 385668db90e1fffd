/*
 * result.c - a result for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output.h"
#include "verify.h"

static void print_label(const char *label)
{
	printf("  %-10s  ", label);
}

static void print_value(const char *label, const char *value)
{
	if (!value)
		return;
	print_label(label);
	print_text(stdout, value);
	putchar('\n');
}

typedef const char *element_fn(const struct tpam_result *result, size_t index);

static void print_list(const struct tpam_result *result, const char *label, element_fn *element)
{
	const char *text = element(result, 0);

	if (!text)
		return;
	print_label(label);
	for (size_t i = 0; text; text = element(result, ++i)) {
		if (i)
			putchar(' ');
		print_text(stdout, text);
	}
	putchar('\n');
}

static void print_time(const char *label, int64_t seconds)
{
	char buffer[TIME_SIZE];

	if (seconds != TPAM_TIME_UNSET)
		print_value(label, time_text(buffer, seconds));
}

static void print_who(const struct tpam_result *result)
{
	const char *name = tpam_result_name(result);

	if (!tpam_result_id(result))
		return;
	print_label("who");
	print_text(stdout, tpam_result_id(result));
	if (name) {
		fputs(" (", stdout);
		print_text(stdout, name);
		putchar(')');
	}
	putchar('\n');
}

static void print_email(const struct tpam_result *result)
{
	const char *email = tpam_result_email(result);

	if (!email)
		return;
	print_label("email");
	print_text(stdout, email);
	puts(tpam_result_email_verified(result) ? "" : " (not verified)");
}

static void print_identity(const struct tpam_result *result)
{
	print_who(result);
	print_value("issuer", tpam_result_issuer(result));
	print_value("client", tpam_result_client_id(result));
	print_value("username", tpam_result_username(result));
	print_email(result);
	print_value("tenant", tpam_result_tenant(result));
	print_list(result, "roles", tpam_result_role);
	print_list(result, "groups", tpam_result_group);
	print_list(result, "audience", tpam_result_audience);
	print_list(result, "scopes", tpam_result_scope);
	print_time("expires", tpam_result_expires_at(result));
}

static void print_reason(const struct tpam_result *result)
{
	int32_t reason = tpam_result_reason(result);
	const char *name = tpam_reason_name(reason);

	if (!name)
		return;
	print_label("reason");
	printf("%s: %s\n", name, tpam_reason_meaning(reason));
	print_value("remedy", tpam_reason_remedy(reason));
}

static void print_rule(const struct tpam_result *result)
{
	if (!tpam_result_rule(result))
		return;
	print_label("rule");
	print_text(stdout, tpam_result_rule(result));
	if (tpam_result_provider(result)) {
		fputs(" (", stdout);
		print_text(stdout, tpam_result_provider(result));
		putchar(')');
	}
	putchar('\n');
}

/* What a host would answer. */
static void print_answer(const struct tpam_result *result)
{
	const char *challenge;

	print_label("answer");
	printf("%d ", tpam_result_status(result));
	print_text(stdout, tpam_result_message(result));
	putchar('\n');
	for (size_t i = 0; (challenge = tpam_result_challenge(result, i)); i++)
		print_value("challenge", challenge);
	if (tpam_result_retry_after(result) > 0) {
		print_label("retry");
		printf("after %lld s\n", (long long)tpam_result_retry_after(result));
	}
}

static void print_refusal(const struct tpam_result *result)
{
	print_reason(result);
	print_value("expected", tpam_result_expected(result));
	print_value("got", tpam_result_got(result));
	print_list(result, "missing", tpam_result_missing_scope);
	print_rule(result);
	print_answer(result);
}

static void print_verdict(const struct tpam_result *result)
{
	int32_t outcome = tpam_result_outcome(result);
	const char *name = tpam_outcome_name(outcome);

	if (!tpam_result_enforced(result)) {
		colour_print(COLOUR_DOUBT, "let pass by audit_only");
	} else if (tpam_result_accepted(result)) {
		colour_print(COLOUR_GOOD, "accepted");
	} else if (outcome == TPAM_UNAVAILABLE || outcome == TPAM_RATE_LIMITED) {
		colour_print(COLOUR_DOUBT, "could not find out");
	} else {
		colour_print(COLOUR_BAD, "refused");
	}
	if (outcome != TPAM_SUCCESS)
		printf(": %s", name ? name : "?");
	putchar('\n');
}

void result_print(const struct tpam_result *result)
{
	print_verdict(result);
	if (!tpam_result_accepted(result) || !tpam_result_enforced(result))
		print_refusal(result);
	print_identity(result);
	print_value("request", tpam_result_request_id(result));
}
