/*
 * test_codes.c - outcomes, reasons, codes and environments: each name and number once, there and back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "codes.h"

struct named {
	int32_t number;
	const char *name;
};

static const struct named outcomes[] = {
#define X(number, NAME, name, status, weight, meaning) {number, #name},
#include <tokenpam/outcomes.def>
#undef X
};

static const struct named reasons[] = {
#define X(number, NAME, name, meaning, remedy) {number, #name},
#include <tokenpam/reasons.def>
#undef X
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void check_unique(const struct named *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		CHECK(list[i].number > 0);
		for (size_t k = 0; k < i; k++)
			CHECK(list[i].number != list[k].number &&
				strcmp(list[i].name, list[k].name) != 0);
	}
}

static void check_sentence(const char *text)
{
	CHECK(text && strlen(text) > 3 && strlen(text) < 300 && text[strlen(text) - 1] != ' ');
}

static void test_outcomes(void)
{
	check_unique(outcomes, COUNT(outcomes));
	CHECK(COUNT(outcomes) == TPAM_OUTCOME_LIMIT - 1);
	for (size_t i = 0; i < COUNT(outcomes); i++) {
		int32_t number = outcomes[i].number;
		CHECK(number < TPAM_OUTCOME_LIMIT);
		CHECK_TEXT(tpam_outcome_name(number), outcomes[i].name);
		CHECK(tpam_outcome_by_name(outcomes[i].name) == number);
		check_sentence(tpam_outcome_meaning(number));
		int status = tpam_outcome_status(number);
		CHECK(outcome_accepts(number) ? status == 200 : status >= 400 && status <= 503);
		CHECK(number == TPAM_IGNORE || tpam_reason_name(outcome_usual_reason(number)));
	}
	static const int32_t none[] = {
		0, -1, TPAM_OUTCOME_LIMIT, TPAM_PENDING, INT32_MAX, INT32_MIN};
	for (size_t i = 0; i < COUNT(none); i++) {
		CHECK(tpam_outcome_name(none[i]) == NULL);
		CHECK(tpam_outcome_meaning(none[i]) == NULL);
		CHECK(tpam_outcome_status(none[i]) == 500);
		CHECK(!outcome_known(none[i]) && !outcome_accepts(none[i]));
	}
	CHECK(tpam_outcome_by_name("") == 0);
	CHECK(tpam_outcome_by_name("Success") == 0);
	CHECK(tpam_outcome_by_name("pending") == 0);
}

/* From the one that the caller must hear to those that explain nothing. */
static const int32_t heaviest[] = {TPAM_ERROR, TPAM_UNAVAILABLE, TPAM_RATE_LIMITED, TPAM_STEP_UP,
	TPAM_DENIED, TPAM_REVOKED, TPAM_EXPIRED, TPAM_INVALID, TPAM_MALFORMED, TPAM_FOREIGN,
	TPAM_NO_CREDENTIAL, TPAM_IGNORE};

static const struct {
	int32_t outcome;
	int status;
} statuses[] = {{TPAM_NO_CREDENTIAL, 401}, {TPAM_FOREIGN, 401}, {TPAM_MALFORMED, 400},
	{TPAM_INVALID, 401}, {TPAM_EXPIRED, 401}, {TPAM_REVOKED, 401}, {TPAM_STEP_UP, 401},
	{TPAM_DENIED, 403}, {TPAM_RATE_LIMITED, 429}, {TPAM_UNAVAILABLE, 503}, {TPAM_ERROR, 500}};

static void test_weights(void)
{
	for (size_t i = 1; i < COUNT(heaviest); i++)
		CHECK(outcome_weight(heaviest[i - 1]) > outcome_weight(heaviest[i]));
	CHECK(outcome_weight(TPAM_SUCCESS) == 0 && outcome_weight(TPAM_EXPIRING) == 0 &&
		outcome_weight(TPAM_IGNORE) == 0 && outcome_weight(99) == 0);
	for (size_t i = 0; i < COUNT(statuses); i++)
		CHECK(tpam_outcome_status(statuses[i].outcome) == statuses[i].status);
}

static void test_reasons(void)
{
	check_unique(reasons, COUNT(reasons));
	for (size_t i = 0; i < COUNT(reasons); i++) {
		int32_t number = reasons[i].number;
		CHECK_TEXT(tpam_reason_name(number), reasons[i].name);
		CHECK(tpam_reason_by_name(reasons[i].name) == number);
		check_sentence(tpam_reason_meaning(number));
		check_sentence(tpam_reason_remedy(number));
	}
	static const int32_t none[] = {0, -1, 9999, INT32_MAX, INT32_MIN};
	for (size_t i = 0; i < COUNT(none); i++)
		CHECK(!tpam_reason_name(none[i]) && !tpam_reason_meaning(none[i]) &&
			!tpam_reason_remedy(none[i]));
	CHECK(tpam_reason_by_name("") == 0 && tpam_reason_by_name("nonsense") == 0);
}

static void test_codes(void)
{
	for (int code = TPAM_E_CONTRACT - 2; code <= 2; code++)
		check_sentence(tpam_code_text(code));
	for (int a = TPAM_E_CONTRACT; a <= 0; a++)
		for (int b = a + 1; b <= 1; b++)
			CHECK(strcmp(tpam_code_text(a), tpam_code_text(b)) != 0);
	CHECK_TEXT(tpam_code_text(INT32_MIN), tpam_code_text(1));
	CHECK(tpam_version() && *tpam_version());
}

static void test_environment(void)
{
	static const char *const bad[] = {"", ".", "..", "a/b", "../x", "A", "a_b", "a b", "a.ini",
		"\xC3\xBC", "a\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	char *path = NULL;
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(tpam_environment_path(bad[i], &path) == TPAM_E_ARGUMENT && !path);
	CHECK(tpam_environment_path(bad[COUNT(bad) - 1] + 1, &path) == TPAM_OK);
	tpam_free(path);
	CHECK(tpam_environment_path("prod-2", &path) == TPAM_OK);
	const char *end = path ? strstr(path, "/tokenpam/prod-2.ini") : NULL;
	CHECK(end && end[strlen("/tokenpam/prod-2.ini")] == '\0' && path[0] == '/');
	CHECK(end && !strstr(path, "tokenpam/tokenpam"));
	tpam_free(path);
	tpam_free(NULL);
}

int main(void)
{
	test_outcomes();
	test_weights();
	test_reasons();
	test_codes();
	test_environment();
	return check_end();
}
