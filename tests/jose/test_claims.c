/*
 * test_claims.c - claims at the exact second, and reading them by name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <time.h>

#include "../unit/check.h"
#include "claims.h"
#include "jws.h"

#define NOW INT64_C(1800000000)

static struct tpam_signer *signer;
static struct tpam_keys *keys;

static void begin(void)
{
	const struct tpam_keys_rules rules = {0};
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "EdDSA", 0, &fault) != TPAM_OK)
		abort();
	char *json = tpam_signer_public_json(signer);
	if (!json || tpam_keys_parse(&keys, json, strlen(json), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(json);
}

/* A verified token with these claims; NULL where they are no claims. */
static struct tpam_claims *claims_of(
	const char *payload, const char *typ, struct tpam_jws **ret_jws)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	char *token = tpam_signer_sign(signer, typ, payload, strlen(payload));

	if (!token || tpam_jws_parse(ret_jws, token, strlen(token), 65536, &fault) != TPAM_OK ||
		tpam_jws_verify(*ret_jws, keys, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(token);
	if (tpam_claims_parse(&claims, *ret_jws, &fault) != TPAM_OK)
		CHECK(!claims && fault.reason == TPAM_REASON_MALFORMED_TOKEN);
	return claims;
}

struct second {
	const char *claims; /* beside "sub" */
	int64_t leeway, max_age;
	uint32_t flags;
	int32_t reason; /* 0: good */
};

/* NOW is 1800000000. */
static const struct second seconds[] = {
	{"\"exp\":1800000001", 0, 0, 0, 0},
	{"\"exp\":1800000000", 0, 0, 0, TPAM_REASON_EXPIRED},
	{"\"exp\":1800000000.999", 0, 0, 0, TPAM_REASON_EXPIRED},
	{"\"exp\":1800000001.0", 0, 0, 0, 0},
	{"\"exp\":1799999971", 30, 0, 0, 0},
	{"\"exp\":1799999970", 30, 0, 0, TPAM_REASON_EXPIRED},
	{"\"exp\":1799999970.999", 30, 0, 0, TPAM_REASON_EXPIRED},
	{"\"exp\":253402300799", 0, 0, 0, 0},
	{"\"exp\":253402300799.5", 0, 0, 0, TPAM_REASON_BAD_CLAIM},
	{"\"exp\":253402300800", 0, 0, 0, TPAM_REASON_BAD_CLAIM},
	{"\"iat\":1", 0, 0, 0, TPAM_REASON_MISSING_CLAIM},
	{"\"iat\":1", 0, 0, TPAM_CLAIMS_NO_EXP, 0},
	{"\"exp\":1800000001,\"nbf\":1800000000", 0, 0, 0, 0},
	{"\"exp\":1800000001,\"nbf\":1800000000.999", 0, 0, 0, 0},
	{"\"exp\":1800000009,\"nbf\":1800000001", 0, 0, 0, TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1800000099,\"nbf\":1800000030", 30, 0, 0, 0},
	{"\"exp\":1800000099,\"nbf\":1800000031", 30, 0, 0, TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1800000001,\"iat\":1800000000", 0, 0, 0, 0},
	{"\"exp\":1800000001,\"iat\":1800000001", 0, 0, 0, TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1800000099,\"iat\":1800000030", 30, 0, 0, 0},
	{"\"exp\":1800000099,\"iat\":1800000031", 30, 0, 0, TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1800000001,\"iat\":1799996400", 0, 3600, 0, 0},
	{"\"exp\":1800000001,\"iat\":1799996399", 0, 3600, 0, TPAM_REASON_TOO_OLD},
	{"\"exp\":1800000001,\"iat\":1799996370", 30, 3600, 0, 0},
	{"\"exp\":1800000001,\"iat\":1799996369", 30, 3600, 0, TPAM_REASON_TOO_OLD},
	{"\"exp\":1800000001", 0, 3600, 0, TPAM_REASON_MISSING_CLAIM},
	{"\"exp\":1800000001,\"iat\":0", 0, 0, 0, 0},
	{"\"exp\":1800000001,\"cnf\":{}", 0, 0, 0, TPAM_REASON_UNCHECKED_PROOF},
	{"\"exp\":1800000001,\"cnf\":{}", 0, 0, TPAM_CLAIMS_CNF_CHECKED, 0},
};

static void test_seconds(void)
{
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		const struct second *row = &seconds[i];
		const struct tpam_claims_rules rules = {.now = NOW,
			.leeway = row->leeway,
			.max_age = row->max_age,
			.flags = row->flags};
		struct tpam_fault fault = {0};
		struct tpam_jws *jws = NULL;
		int32_t outcome = 0;
		char payload[256];
		(void)snprintf(payload, sizeof(payload), "{\"sub\":\"a\",%s}", row->claims);
		struct tpam_claims *claims = claims_of(payload, NULL, &jws);
		int code = tpam_claims_check(claims, jws, &rules, &outcome, &fault);
		if (fault.reason != row->reason)
			fprintf(stderr, "%s: reason %d\n", row->claims, (int)fault.reason);
		CHECK(fault.reason == row->reason);
		CHECK(code == (row->reason ? TPAM_E_CONFIG : TPAM_OK));
		bool late =
			row->reason == TPAM_REASON_EXPIRED || row->reason == TPAM_REASON_TOO_OLD;
		CHECK(outcome == (row->reason == 0 ? 0 : late ? TPAM_EXPIRED : TPAM_INVALID));
		tpam_claims_destroy(claims);
		tpam_jws_destroy(jws);
	}
}

struct name {
	const char *claims;
	const char *typ;
	int32_t reason;
};

static const char *const audiences[] = {"one", "two", NULL};
static const char *const types[] = {"at+jwt", "", NULL};

static const struct name names[] = {
	{"\"iss\":\"me\",\"aud\":\"one\",\"sub\":\"a\"", "at+jwt", 0},
	{"\"iss\":\"me\",\"aud\":[\"x\",\"two\"],\"sub\":\"a\"", NULL, 0},
	{"\"iss\":\"me\",\"aud\":[\"x\",\"two\"],\"sub\":\"a\"", "application/AT+JWT", 0},
	{"\"iss\":\"me\",\"aud\":\"one\",\"sub\":\"a\"", "", TPAM_REASON_WRONG_TYPE},
	{"\"iss\":\"me\",\"aud\":\"one\",\"sub\":\"a\"", "JWT", TPAM_REASON_WRONG_TYPE},
	{"\"iss\":\"me\",\"aud\":\"one\",\"sub\":\"a\"", "x/at+jwt", TPAM_REASON_WRONG_TYPE},
	{"\"iss\":\"me\",\"aud\":\"one two\",\"sub\":\"a\"", NULL, TPAM_REASON_WRONG_AUDIENCE},
	{"\"iss\":\"me\",\"aud\":[],\"sub\":\"a\"", NULL, TPAM_REASON_WRONG_AUDIENCE},
	{"\"iss\":\"me\",\"aud\":[\"one\",1],\"sub\":\"a\"", NULL, TPAM_REASON_BAD_CLAIM},
	{"\"iss\":\"me\",\"sub\":\"a\"", NULL, TPAM_REASON_MISSING_CLAIM},
	{"\"iss\":\"Me\",\"aud\":\"one\",\"sub\":\"a\"", NULL, TPAM_REASON_WRONG_ISSUER},
	{"\"iss\":[\"me\"],\"aud\":\"one\",\"sub\":\"a\"", NULL, TPAM_REASON_BAD_CLAIM},
	{"\"aud\":\"one\",\"sub\":\"a\"", NULL, TPAM_REASON_MISSING_CLAIM},
	{"\"iss\":\"me\",\"aud\":\"one\"", NULL, TPAM_REASON_MISSING_CLAIM},
	{"\"iss\":\"me\",\"aud\":\"one\",\"sub\":1", NULL, TPAM_REASON_BAD_CLAIM},
};

static void test_names(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct tpam_claims_rules rules = {.now = NOW,
			.issuer = "me",
			.audiences = audiences,
			.types = types,
			.flags = TPAM_CLAIMS_NO_EXP};
		struct tpam_fault fault = {0};
		struct tpam_jws *jws = NULL;
		int32_t outcome = 0;
		char payload[256];
		(void)snprintf(payload, sizeof(payload), "{%s}", names[i].claims);
		struct tpam_claims *claims = claims_of(payload, names[i].typ, &jws);
		int code = tpam_claims_check(claims, jws, &rules, &outcome, &fault);
		CHECK(code == (names[i].reason ? TPAM_E_CONFIG : TPAM_OK));
		if (fault.reason != names[i].reason)
			fprintf(stderr, "%s: reason %d\n", payload, (int)fault.reason);
		CHECK(fault.reason == names[i].reason);
		tpam_claims_destroy(claims);
		tpam_jws_destroy(jws);
	}
}

static void check_element(
	const struct tpam_claims *claims, const char *name, size_t index, const char *expected)
{
	size_t length = 0;
	const char *got = tpam_claims_element(claims, name, index, &length);
	char copy[32];

	(void)snprintf(copy, sizeof(copy), "%.*s", (int)length, got ? got : "");
	CHECK_TEXT(got ? copy : NULL, expected);
}

static void test_reading(void)
{
	struct tpam_jws *jws = NULL;
	struct tpam_claims *claims = claims_of(
		"{\"t\":\"x\",\"n\":7,\"r\":7.9,\"m\":-1,\"y\":true,\"f\":false,\"o\":{\"p\":{"
		"\"q\":\"z\"}},"
		"\"o.p\":\"dot\",\"w\":\" a  b \",\"l\":[\"a b\",\"c\",1],\"e\":\"\",\"z\":null}",
		NULL, &jws);
	int64_t number = 42;

	CHECK_TEXT(tpam_claims_text(claims, "t"), "x");
	CHECK(!tpam_claims_text(claims, "n") && !tpam_claims_text(claims, "none"));
	CHECK_TEXT(tpam_claims_text(claims, "o.p"), "dot");
	CHECK_TEXT(tpam_claims_text(claims, "o.p.q"), "z");
	CHECK(!tpam_claims_text(claims, "t.x") && !tpam_claims_text(claims, "o.x.q"));
	CHECK(!tpam_claims_text(claims, ".") && !tpam_claims_text(claims, ""));
	CHECK(tpam_claims_has(claims, "z") && tpam_claims_has(claims, "o.p.q"));
	CHECK(!tpam_claims_has(claims, "o.q"));
	CHECK(tpam_claims_number(claims, "n", &number) && number == 7);
	CHECK(tpam_claims_number(claims, "r", &number) && number == 7);
	CHECK(!tpam_claims_number(claims, "m", &number) &&
		!tpam_claims_number(claims, "t", &number));
	CHECK(!tpam_claims_number(claims, "none", &number) && number == 7);
	CHECK(tpam_claims_true(claims, "y") && !tpam_claims_true(claims, "f"));
	CHECK(!tpam_claims_true(claims, "n") && !tpam_claims_true(claims, "none"));
	check_element(claims, "w", 0, "a");
	check_element(claims, "w", 1, "b");
	check_element(claims, "w", 2, NULL);
	check_element(claims, "l", 0, "a b");
	check_element(claims, "l", 1, "c");
	check_element(claims, "l", 2, NULL);
	check_element(claims, "l", 3, NULL);
	check_element(claims, "e", 0, NULL);
	check_element(claims, "o", 0, NULL);
	tpam_claims_destroy(claims);
	tpam_jws_destroy(jws);
	tpam_claims_destroy(NULL);
}

static void test_not_claims(void)
{
	static const char *const payloads[] = {"", "[]", "x", "{\"a\":1,\"a\":2}",
		"{\"a\":\"\\u0000\"}", "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", "{\"a\":1e999}",
		"{}x"};

	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		struct tpam_jws *jws = NULL;
		struct tpam_fault fault;
		char *token = tpam_signer_sign(signer, NULL, payloads[i], strlen(payloads[i]));
		struct tpam_claims *claims = NULL;
		if (!token)
			abort();
		/* A JWS with an empty payload is none to us. */
		int code = tpam_jws_parse(&jws, token, strlen(token), 65536, &fault);
		CHECK(code == (i == 0 ? TPAM_E_ARGUMENT : TPAM_OK));
		if (code == TPAM_OK) {
			CHECK(tpam_jws_verify(jws, keys, &fault) == TPAM_OK);
			CHECK(tpam_claims_parse(&claims, jws, &fault) == TPAM_E_CONFIG && !claims);
			CHECK(fault.reason == TPAM_REASON_MALFORMED_TOKEN);
		}
		tpam_jws_destroy(jws);
		tpam_kit_free(token);
	}
}

struct moment {
	const char *text;
	int64_t seconds; /* -1: it is none */
};

static const struct moment moments[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"2021-01-23T02:33:17.017000+00:00", 1611369197},
	{"2021-01-23T04:33:17+02:00", 1611369197},
	{"2021-01-22t21:03:17,9-05:30", 1611369197},
	{"2021-01-23 02:33:17z", 1611369197},
	{"2000-02-29T23:59:60Z", 951868800},
	{"9999-12-31T23:59:59Z", CLAIMS_TIME_MAX},
	{"9999-12-31T23:59:60Z", -1},
	{"9999-12-31T23:59:59-00:01", -1},
	{"1970-01-01T00:00:00+00:01", -1},
	{"1969-12-31T23:59:59Z", -1},
	{"2021-01-23T02:33:17", -1},
	{"2021-01-23", -1},
	{"2021-01-23T02:33Z", -1},
	{"2021-01-23T02:33:17.Z", -1},
	{"2021-01-23T02:33:17Z ", -1},
	{" 2021-01-23T02:33:17Z", -1},
	{"2021-01-23T02:33:17ZZ", -1},
	{"2021-01-23T02:33:17+0000", -1},
	{"2021-01-23T02:33:17+00", -1},
	{"2021-01-23T02:33:17+24:00", -1},
	{"2021-01-23T24:00:00Z", -1},
	{"2021-01-23T02:60:17Z", -1},
	{"2021-01-23T02:33:61Z", -1},
	{"2021-1-23T02:33:17Z", -1},
	{"2021-13-23T02:33:17Z", -1},
	{"2021-00-23T02:33:17Z", -1},
	{"2021-02-29T02:33:17Z", -1},
	{"2100-02-29T02:33:17Z", -1},
	{"2021-01-00T02:33:17Z", -1},
	{"2021-01-32T02:33:17Z", -1},
	{"2021/01/23T02:33:17Z", -1},
	{"+021-01-23T02:33:17Z", -1},
	{"20210123T023317Z", -1},
	{"1611369197", -1},
	{"", -1},
};

static void test_moments(void)
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t got = -1;
		bool fine = tpam_moment_read(moments[i].text, &got);
		if (fine != (moments[i].seconds >= 0) || (fine && got != moments[i].seconds))
			(void)fprintf(stderr, "%s: got %lld\n", moments[i].text, (long long)got);
		CHECK(fine == (moments[i].seconds >= 0));
		CHECK(!fine || got == moments[i].seconds);
	}
}

/* Each day from 1970 to 9999, as the C library counts them. */
static void test_days(void)
{
	bool same = true;
	char text[64];
	struct tm parts;

	for (int64_t day = 0; day * 86400 <= CLAIMS_TIME_MAX && same; day++) {
		int64_t number = day * 86400 + day % 86400, got = -1;
		time_t moment = (time_t)number;
		same = gmtime_r(&moment, &parts) &&
		       strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) > 0 &&
		       tpam_moment_read(text, &got) && got == number;
	}
	CHECK(same);
}

static void test_times(void)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	static const char json[] = "{\"a\":5,\"b\":{\"c\":\"1970-01-01T00:00:07Z\"},\"d\":\"5\","
				   "\"e\":null,\"f\":-1,\"g\":7.9}";
	int64_t got = 0;

	CHECK(tpam_claims_from_json(&claims, json, sizeof(json) - 1, &fault) == TPAM_OK);
	CHECK(tpam_claims_time(claims, "a", &got) && got == 5);
	CHECK(tpam_claims_time(claims, "b.c", &got) && got == 7);
	CHECK(tpam_claims_time(claims, "g", &got) && got == 7);
	CHECK(!tpam_claims_time(claims, "d", &got));
	CHECK(!tpam_claims_time(claims, "e", &got));
	CHECK(!tpam_claims_time(claims, "f", &got));
	CHECK(!tpam_claims_time(claims, "none", &got));
	tpam_claims_destroy(claims);
}

int main(void)
{
	begin();
	test_seconds();
	test_names();
	test_reading();
	test_not_claims();
	test_moments();
	test_days();
	test_times();
	tpam_keys_unref(keys);
	tpam_signer_destroy(signer);
	return check_end();
}
