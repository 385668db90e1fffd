/*
 * test_credential.c - where a credential stands, and what is refused there, as a table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"
#include "credential.h"

#define LIMIT 32

#define A(value) "Authorization: " value
#define GOOD     .outcome = TPAM_SUCCESS
#define NONE     .outcome = TPAM_NO_CREDENTIAL, .reason = TPAM_REASON_NO_CREDENTIAL
#define BAD      .outcome = TPAM_MALFORMED, .reason = TPAM_REASON_MALFORMED_HEADER
#define TWO      .outcome = TPAM_MALFORMED, .reason = TPAM_REASON_TWO_CREDENTIALS
#define LARGE    .outcome = TPAM_MALFORMED, .reason = TPAM_REASON_TOO_LARGE

struct row {
	enum credential_place place;
	const char *headers[4]; /* "Name: value" */
	int32_t outcome;
	int32_t reason;
	const char *bytes;
	const char *user;
};

#define BEARER CREDENTIAL_BEARER
#define BASIC  CREDENTIAL_BASIC
#define HEADER CREDENTIAL_HEADER
#define COOKIE CREDENTIAL_COOKIE

#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct row rows[] = {
	/* RFC 6750, section 2.1, and RFC 9110, section 11.4 */
	{BEARER, {A("Bearer abc")}, GOOD, .bytes = "abc"},
	{BEARER, {A("bearer abc")}, GOOD, .bytes = "abc"},
	{BEARER, {A("BEARER abc")}, GOOD, .bytes = "abc"},
	{BEARER, {A("bEaReR abc")}, GOOD, .bytes = "abc"},
	{BEARER, {"authorization: Bearer abc"}, GOOD, .bytes = "abc"},
	{BEARER, {"AUTHORIZATION: Bearer abc"}, GOOD, .bytes = "abc"},
	{BEARER, {A("Bearer   abc")}, GOOD, .bytes = "abc"},
	{BEARER, {A("Bearer abc  ")}, GOOD, .bytes = "abc"},
	{BEARER, {A("Bearer abc\t ")}, GOOD, .bytes = "abc"},
	{BEARER, {A("Bearer aZ09-._~+/==")}, GOOD, .bytes = "aZ09-._~+/=="},
	{BEARER, {A("Bearer " X32)}, GOOD, .bytes = X32},
	{BEARER, {A("Bearer x" X32)}, LARGE},
	{BEARER, {A("Bearer " X32 "=")}, LARGE},
	{BEARER, {A("Bearer")}, BAD},
	{BEARER, {A("Bearer ")}, BAD},
	{BEARER, {A("Bearer \t")}, BAD},
	{BEARER, {A("")}, BAD},
	{BEARER, {A(" ")}, BAD},
	{BEARER, {A(" Bearer abc")}, BAD},
	{BEARER, {A("\tBearer abc")}, BAD},
	{BEARER, {A("Bearer\tabc")}, BAD},
	{BEARER, {A("Bearer a b")}, BAD},
	{BEARER, {A("Bearer a\tb")}, BAD},
	{BEARER, {A("Bearer a,b")}, BAD},
	{BEARER, {A("Bearer abc, Basic dTpw")}, BAD},
	{BEARER, {A("Bearer abc, Bearer def")}, BAD},
	{BEARER, {A("Bearer realm=\"x\"")}, BAD},
	{BEARER, {A("Bearer \"abc\"")}, BAD},
	{BEARER, {A("Bearer abc=d")}, BAD},
	{BEARER, {A("Bearer =")}, BAD},
	{BEARER, {A("Bearer a\001b")}, BAD},
	{BEARER, {A("Bearer a\177b")}, BAD},
	{BEARER, {A("Bearer \xC3\xBC")}, BAD},
	{BEARER, {A("Bearer abc;x")}, BAD},
	{BEARER, {A("Bearer: abc")}, BAD},
	{BEARER, {A("Bea\xFFrer abc")}, BAD},
	{BEARER, {A("Bearer%20abc")}, NONE}, /* a scheme of that name */
	{BEARER, {A("Bearerabc")}, NONE},
	{BEARER, {A("Bear abc")}, NONE},
	{BEARER, {A("Bearer2 abc")}, NONE},
	{BEARER, {A("Basic dTpw")}, NONE},
	{BEARER, {A("Digest username=\"x\"")}, NONE},
	{BEARER, {A("abc")}, NONE},
	{BEARER, {"X-Authorization: Bearer abc"}, NONE},
	{BEARER, {"Cookie: Authorization=abc"}, NONE},
	{BEARER, {"Accept: */*"}, NONE},
	{BEARER, {NULL}, NONE},
	{BEARER, {A("Bearer abc"), A("Bearer abc")}, TWO},
	{BEARER, {A("Bearer abc"), "authorization: Basic dTpw"}, TWO},
	{BEARER, {A("Digest x"), A("Bearer abc")}, TWO},
	{BEARER, {A(""), A("Bearer abc")}, TWO},

	/* RFC 7617: the password is the credential */
	{BASIC, {A("Basic dTpw")}, GOOD, .bytes = "p", .user = "u"},
	{BASIC, {A("basic dTpw")}, GOOD, .bytes = "p", .user = "u"},
	{BASIC, {A("Basic dXNlcjpwYXNz")}, GOOD, .bytes = "pass", .user = "user"},
	{BASIC, {A("Basic dTpwOnE=")}, GOOD, .bytes = "p:q",
		.user = "u"}, /* the first colon counts */
	{BASIC, {A("Basic OnA=")}, GOOD, .bytes = "p", .user = ""},
	{BASIC, {A("Basic dcOpOnDDqQ==")}, GOOD, .bytes = "p\xC3\xA9", .user = "u\xC3\xA9"},
	{BASIC, {A("Basic dTo=")}, BAD}, /* "u:" */
	{BASIC, {A("Basic Og==")}, BAD}, /* ":" */
	{BASIC, {A("Basic dXA=")}, BAD}, /* "up" */
	{BASIC, {A("Basic")}, BAD},
	{BASIC, {A("Basic u:p")}, BAD},
	{BASIC, {A("Basic dTpw=")}, BAD},
	{BASIC, {A("Basic dTpwOnF=")}, BAD}, /* bits that no byte takes */
	{BASIC, {A("Basic dTpwOnE")}, BAD},  /* padding left out */
	{BASIC, {A("Basic dTpw dTpw")}, BAD},
	{BASIC, {A("Basic dTpw-_==")}, BAD},
	{BASIC, {A("Basic dQB4OnA=")}, BAD}, /* "u\0x:p": read as a string it is another user */
	{BASIC, {A("Basic dQp4OnA=")}, BAD}, /* "u\nx:p" */
	{BASIC, {A("Basic df94OnA=")}, BAD}, /* "u\xFFx:p" */
	{BASIC, {A("Basic dTpwAHE=")}, BAD}, /* "u:p\0q" */
	{BASIC, {A("Basic dTpwCg==")}, BAD}, /* "u:p\n" */
	{BASIC, {A("Bearer abc")}, NONE},
	{BASIC, {A("Basic dTpw"), A("Basic dTpw")}, TWO},
	{BASIC, {A("Basic " X32 "AAAA")}, LARGE},

	{HEADER, {"X-API-Key: abc"}, GOOD, .bytes = "abc"},
	{HEADER, {"x-api-key: abc"}, GOOD, .bytes = "abc"},
	{HEADER, {"X-API-Key: \t abc\t "}, GOOD, .bytes = "abc"},
	{HEADER, {"X-API-Key: a b,c;\"d\""}, GOOD, .bytes = "a b,c;\"d\""},
	{HEADER, {"X-API-Key: " X32}, GOOD, .bytes = X32},
	{HEADER, {"X-API-Key:   " X32 "  "}, GOOD, .bytes = X32},
	{HEADER, {"X-API-Key: x" X32}, LARGE},
	{HEADER, {"X-API-Key: "}, BAD},
	{HEADER, {"X-API-Key:  \t"}, BAD},
	{HEADER, {"X-API-Key: abc", "x-api-key: abc"}, TWO},
	{HEADER, {"X-API-Key: ", "x-api-key: abc"}, TWO},
	{HEADER, {"X-API-Keys: abc"}, NONE},
	{HEADER, {A("Bearer abc")}, NONE},
	{HEADER, {A("Bearer abc"), "X-API-Key: abc"}, GOOD, .bytes = "abc"},

	/* RFC 6265, section 4.2.1 */
	{COOKIE, {"Cookie: sid=abc"}, GOOD, .bytes = "abc"},
	{COOKIE, {"cookie: a=b; sid=abc; c=d"}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: a=b;sid=abc;c=d"}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: ;; \t sid=abc"}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: sid=abc "}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: sid=abc ; c=d"}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: sid=a=b="}, GOOD, .bytes = "a=b="},
	{COOKIE, {"Cookie: sid=\"abc\""}, GOOD, .bytes = "\"abc\""},
	{COOKIE, {"Cookie: a=b", "Cookie: sid=abc"}, GOOD, .bytes = "abc"},
	{COOKIE, {"Cookie: sid=" X32}, GOOD, .bytes = X32},
	{COOKIE, {"Cookie: sid=x" X32}, LARGE},
	{COOKIE, {"Cookie: sid="}, BAD},
	{COOKIE, {"Cookie: sid=; sid=abc"}, TWO},
	{COOKIE, {"Cookie: sid=abc; sid=abc"}, TWO},
	{COOKIE, {"Cookie: sid=abc; a=b; sid=def"}, TWO},
	{COOKIE, {"Cookie: sid=abc", "Cookie: sid=def"}, TWO},
	{COOKIE, {"Cookie: sid"}, NONE},
	{COOKIE, {"Cookie: SID=abc"}, NONE}, /* names of cookies have a case */
	{COOKIE, {"Cookie: xsid=abc"}, NONE},
	{COOKIE, {"Cookie: sidx=abc"}, NONE},
	{COOKIE, {"Cookie: sid =abc"}, NONE},
	{COOKIE, {"Cookie: a=sid=abc"}, NONE},
	{COOKIE, {"Cookie: "}, NONE},
	{COOKIE, {"Set-Cookie: sid=abc"}, NONE},
	{COOKIE, {NULL}, NONE},

	{CREDENTIAL_NONE, {A("Bearer abc")}, NONE},
};

static const char *place_name(enum credential_place place)
{
	return place == CREDENTIAL_HEADER ? "X-API-Key" : place == CREDENTIAL_COOKIE ? "sid" : NULL;
}

static void add_header(struct tpam_request *request, const char *header)
{
	char name[64] = "";
	const char *colon = strchr(header, ':');
	memcpy(name, header, (size_t)(colon - header));
	CHECK(tpam_request_add_header(request, name, colon + 2) == TPAM_OK);
}

static bool bytes_are(const struct credential *found, const char *expected)
{
	return expected ? found->bytes && found->length == strlen(expected) &&
				  memcmp(found->bytes, expected, found->length) == 0 &&
				  found->bytes[found->length] == '\0'
			: !found->bytes && found->length == 0;
}

static void run_row(size_t index)
{
	const struct row *row = &rows[index];
	struct tpam_request *request = tpam_request_create();
	struct credential found = {0};
	unsigned before = check_failed;
	for (size_t i = 0; i < 4 && row->headers[i]; i++)
		add_header(request, row->headers[i]);
	CHECK(credential_find(&found, request, row->place, place_name(row->place), LIMIT));
	CHECK(found.outcome == row->outcome);
	CHECK(found.reason == row->reason);
	CHECK(bytes_are(&found, row->bytes));
	CHECK_TEXT(found.user, row->user);
	CHECK((found.outcome == TPAM_MALFORMED) == (found.expected && found.got));
	bool somewhere = row->place != CREDENTIAL_NONE && row->outcome != TPAM_NO_CREDENTIAL;
	CHECK(!somewhere || credential_presented(request, row->place, place_name(row->place)));
	if (check_failed != before)
		fprintf(stderr, "row %zu: %s\n", index, row->headers[0] ? row->headers[0] : "");
	credential_finish(&found);
	tpam_request_destroy(request);
}

/* What a host gives that speaks no HTTP: any bytes, but one. */
static void test_given(void)
{
	struct credential found = {0};
	struct tpam_request *request = tpam_request_create();
	CHECK(!credential_presented(request, CREDENTIAL_BEARER, NULL));
	CHECK(tpam_request_add_credential(request, "Bearer", "a b\0c", 5, "sasl") == TPAM_OK);
	CHECK(credential_presented(request, CREDENTIAL_COOKIE, "sid"));
	CHECK(credential_find(&found, request, CREDENTIAL_BEARER, NULL, LIMIT));
	CHECK(found.outcome == TPAM_SUCCESS && found.length == 5 &&
		memcmp(found.bytes, "a b\0c", 6) == 0);
	credential_finish(&found);
	CHECK(credential_find(&found, request, CREDENTIAL_BEARER, NULL, 5));
	CHECK(found.outcome == TPAM_SUCCESS);
	credential_finish(&found);
	CHECK(credential_find(&found, request, CREDENTIAL_BEARER, NULL, 4));
	CHECK(found.reason == TPAM_REASON_TOO_LARGE);
	credential_finish(&found);
	CHECK(credential_find(&found, request, CREDENTIAL_BASIC, NULL, LIMIT));
	CHECK(found.outcome == TPAM_NO_CREDENTIAL);
	credential_finish(&found);
	CHECK(tpam_request_add_header(request, "Authorization", "Bearer abc") == TPAM_OK);
	CHECK(credential_find(&found, request, CREDENTIAL_BEARER, NULL, LIMIT));
	CHECK(found.reason == TPAM_REASON_TWO_CREDENTIALS);
	credential_finish(&found);
	tpam_request_destroy(request);
}

/* A password given as it is has no user beside it. */
static void test_given_basic(void)
{
	struct credential found = {0};
	struct tpam_request *request = tpam_request_create();
	CHECK(tpam_request_add_credential(request, "BASIC", "secret", 6, NULL) == TPAM_OK);
	CHECK(credential_find(&found, request, CREDENTIAL_BASIC, NULL, LIMIT));
	CHECK(bytes_are(&found, "secret") && !found.user);
	credential_finish(&found);
	CHECK(tpam_request_add_credential(request, "bearer", "x", 1, NULL) == TPAM_OK);
	CHECK(credential_find(&found, request, CREDENTIAL_BASIC, NULL, LIMIT));
	CHECK(found.reason == TPAM_REASON_TWO_CREDENTIALS);
	credential_finish(&found);
	tpam_request_destroy(request);
}

struct place_row {
	const char *text;
	enum credential_place place; /* CREDENTIAL_NONE: refused */
	const char *name;
};

static const struct place_row places[] = {
	{"bearer", CREDENTIAL_BEARER, NULL},
	{"basic", CREDENTIAL_BASIC, NULL},
	{"header:X-Key", CREDENTIAL_HEADER, "X-Key"},
	{"header:Proxy-Authorization", CREDENTIAL_HEADER, "Proxy-Authorization"},
	{"cookie:__Host-sid", CREDENTIAL_COOKIE, "__Host-sid"},
	{"cookie:Authorization", CREDENTIAL_COOKIE, "Authorization"},
	{"", CREDENTIAL_NONE, NULL},
	{"Bearer", CREDENTIAL_NONE, NULL},
	{"bearer:", CREDENTIAL_NONE, NULL},
	{"bearerx", CREDENTIAL_NONE, NULL},
	{"header", CREDENTIAL_NONE, NULL},
	{"header:", CREDENTIAL_NONE, NULL},
	{"header:a b", CREDENTIAL_NONE, NULL},
	{"header:a:b", CREDENTIAL_NONE, NULL},
	{"header:Authorization", CREDENTIAL_NONE, NULL},
	{"header:authORIZATION", CREDENTIAL_NONE, NULL},
	{"header:Cookie", CREDENTIAL_NONE, NULL},
	{"cookie:", CREDENTIAL_NONE, NULL},
	{"cookie:a=b", CREDENTIAL_NONE, NULL},
	{"cookie:a;b", CREDENTIAL_NONE, NULL},
	{"query:token", CREDENTIAL_NONE, NULL},
};

static void test_places(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		enum credential_place place = CREDENTIAL_NONE;
		const char *name = NULL;
		bool read = credential_place_read(&place, &name, places[i].text);
		CHECK(read == (places[i].place != CREDENTIAL_NONE));
		CHECK(place == places[i].place);
		CHECK_TEXT(name, places[i].name);
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(i);
	test_given();
	test_given_basic();
	test_places();
	return check_end();
}
