/*
 * test_identity.c - fields and their limits, and how several identities become one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "check.h"
#include "identity.h"
#include "instance.h"

#define DEPTH 16

static const struct tpam_instance plain = {.name = (char[]){"plain"}};
static const struct tpam_instance linked = {.name = (char[]){"linked"}, .link = true};

/* What one rule contributed. Members that are NULL and 0 are not set. */
struct given {
	bool link;
	const char *issuer;
	const char *subject;
	const char *scopes[4];
	const char *roles[3];
	const char *email;
	int verified; /* -1: said to be not verified, 1: said to be */
	int64_t expires;
	const char *claims;
	const char *name;
};

/* Of all identities of the program. */
static struct arena arena;

static void set_text(struct identity *identity, int32_t field, const char *text)
{
	if (text)
		CHECK(identity_set_text(identity, field, text, strlen(text), DEPTH) == TPAM_OK);
}

static void set_list(struct identity *identity, int32_t field, const char *const *texts)
{
	for (; *texts; texts++)
		CHECK(identity_add_text(identity, field, *texts, strlen(*texts)) == TPAM_OK);
}

static struct identity make(const struct given *given)
{
	struct identity identity = {.instance = given->link ? &linked : &plain, .arena = &arena};
	set_text(&identity, TPAM_FIELD_ISSUER, given->issuer ? given->issuer : "i");
	set_text(&identity, TPAM_FIELD_SUBJECT, given->subject ? given->subject : "s");
	set_list(&identity, TPAM_FIELD_SCOPES, given->scopes);
	set_list(&identity, TPAM_FIELD_ROLES, given->roles);
	set_text(&identity, TPAM_FIELD_EMAIL, given->email);
	set_text(&identity, TPAM_FIELD_NAME, given->name);
	set_text(&identity, TPAM_FIELD_CLAIMS, given->claims);
	if (given->verified)
		CHECK(identity_set_number(&identity, TPAM_FIELD_EMAIL_VERIFIED,
			      given->verified > 0) == TPAM_OK);
	if (given->expires)
		CHECK(identity_set_number(&identity, TPAM_FIELD_EXPIRES_AT, given->expires) ==
			TPAM_OK);
	return identity;
}

struct row {
	const char *what;
	struct given given[3];
	size_t count;
	enum scope_merge merge;
	size_t conflict;     /* index of the one that may not join; 0: none */
	struct given wanted; /* of the result */
};

#define FIRST SCOPES_FIRST, 0
#define UNION SCOPES_UNION, 0
#define BOTH  SCOPES_INTERSECTION, 0

static const struct row rows[] = {
	{"one alone", {{.scopes = {"a"}, .claims = "{\"x\":1}"}}, 1, FIRST,
		{.scopes = {"a"}, .claims = "{\"x\":1}"}},
	{"the same twice", {{.scopes = {"a"}}, {.scopes = {"b"}}}, 2, FIRST, {.scopes = {"a"}}},
	{"no scopes stay none", {{.name = "n"}, {.scopes = {"b"}}}, 2, FIRST, {.name = "n"}},
	{"union", {{.scopes = {"a", "b"}}, {.scopes = {"b", "c"}}}, 2, UNION,
		{.scopes = {"a", "b", "c"}}},
	{"union of three", {{.scopes = {"a"}}, {.scopes = {"b"}}, {.scopes = {"a", "c"}}}, 3, UNION,
		{.scopes = {"a", "b", "c"}}},
	{"union with none", {{.scopes = {"a"}}, {.name = "n"}}, 2, UNION,
		{.scopes = {"a"}, .name = "n"}},
	{"union of none", {{.name = "n"}, {.scopes = {"a"}}}, 2, UNION,
		{.scopes = {"a"}, .name = "n"}},
	{"intersection", {{.scopes = {"a", "b", "c"}}, {.scopes = {"c", "b"}}}, 2, BOTH,
		{.scopes = {"b", "c"}}},
	{"intersection of three",
		{{.scopes = {"a", "b", "c"}}, {.scopes = {"a", "b"}}, {.scopes = {"b", "c"}}}, 3,
		BOTH, {.scopes = {"b"}}},
	{"intersection with none", {{.scopes = {"a"}}, {.name = "n"}}, 2, BOTH, {.name = "n"}},
	{"intersection does not grow", {{.name = "n"}, {.scopes = {"a"}}}, 2, BOTH, {.name = "n"}},
	{"another subject", {{.subject = "a"}, {.subject = "b"}}, 2, SCOPES_FIRST, 1,
		{.name = NULL}},
	{"another issuer", {{.issuer = "a"}, {.issuer = "b"}}, 2, SCOPES_UNION, 1, {.name = NULL}},
	{"the third", {{.scopes = {"a"}}, {.scopes = {"b"}}, {.subject = "x"}}, 3, SCOPES_UNION, 2,
		{.name = NULL}},
	{"link is of the second", {{.link = true, .subject = "a"}, {.subject = "b"}}, 2,
		SCOPES_FIRST, 1, {.name = NULL}},
	{"linked",
		{{.subject = "a", .scopes = {"x"}},
			{.link = true, .subject = "b", .name = "n", .roles = {"r"}}},
		2, FIRST, {.subject = "a", .scopes = {"x"}, .name = "n", .roles = {"r"}}},
	{"what the first has stays", {{.name = "a", .roles = {"r"}}, {.name = "b", .roles = {"s"}}},
		2, FIRST, {.name = "a", .roles = {"r"}}},
	{"the second before the third",
		{{.subject = "s"}, {.name = "b"}, {.name = "c", .email = "e@x"}}, 3, FIRST,
		{.name = "b", .email = "e@x"}},
	{"the earliest expiry", {{.expires = 20}, {.expires = 10}, {.expires = 15}}, 3, FIRST,
		{.expires = 10}},
	{"an expiry of the second", {{.name = "n"}, {.expires = 10}}, 2, FIRST,
		{.name = "n", .expires = 10}},
	{"an expiry of the first", {{.expires = 10}, {.name = "n"}}, 2, FIRST,
		{.name = "n", .expires = 10}},
	{"claims add up",
		{{.claims = "{\"x\":1,\"y\":{\"z\":1}}"},
			{.claims = "{\"x\":2,\"y\":{\"w\":1},\"v\":3}"}},
		2, FIRST, {.claims = "{\"v\":3,\"x\":1,\"y\":{\"z\":1}}"}},
	{"claims of the second", {{.name = "n"}, {.claims = "{\"x\":1}"}, {.claims = "{\"y\":2}"}},
		3, FIRST, {.name = "n", .claims = "{\"x\":1,\"y\":2}"}},
	{"verified belongs to its address", {{.email = "a@x"}, {.email = "b@x", .verified = 1}}, 2,
		FIRST, {.email = "a@x"}},
	{"an address with its verified", {{.name = "n"}, {.email = "b@x", .verified = 1}}, 2, FIRST,
		{.name = "n", .email = "b@x", .verified = 1}},
	{"an address without, then one with",
		{{.name = "n"}, {.email = "b@x"}, {.email = "b@x", .verified = 1}}, 3, FIRST,
		{.name = "n", .email = "b@x"}},
	{"verified without address", {{.verified = -1}, {.email = "b@x", .verified = 1}}, 2, FIRST,
		{.verified = -1}},
};

static void check_list(const struct list *list, const char *const *wanted)
{
	size_t count = 0;
	while (wanted[count])
		count++;
	CHECK(list->count == count);
	for (size_t i = 0; i < count; i++)
		CHECK_TEXT(list_get(list, i), wanted[i]);
}

static void check_identity(const struct identity *got, const struct given *wanted)
{
	int64_t verified = identity_number(got, TPAM_FIELD_EMAIL_VERIFIED);
	int64_t expires = identity_number(got, TPAM_FIELD_EXPIRES_AT);
	CHECK_TEXT(identity_text(got, TPAM_FIELD_ISSUER), wanted->issuer ? wanted->issuer : "i");
	CHECK_TEXT(identity_text(got, TPAM_FIELD_SUBJECT), wanted->subject ? wanted->subject : "s");
	CHECK_TEXT(identity_text(got, TPAM_FIELD_EMAIL), wanted->email);
	CHECK_TEXT(identity_text(got, TPAM_FIELD_NAME), wanted->name);
	CHECK_TEXT(identity_text(got, TPAM_FIELD_CLAIMS), wanted->claims);
	CHECK(verified == (wanted->verified ? wanted->verified > 0 : TPAM_TIME_UNSET));
	CHECK(expires == (wanted->expires ? wanted->expires : TPAM_TIME_UNSET));
	check_list(&got->fields[TPAM_FIELD_SCOPES].list, wanted->scopes);
	check_list(&got->fields[TPAM_FIELD_ROLES].list, wanted->roles);
}

static void run_row(const struct row *row)
{
	struct identity identities[3], merged = {0};
	size_t conflict = 0;
	unsigned before = check_failed;
	for (size_t i = 0; i < row->count; i++)
		identities[i] = make(&row->given[i]);
	int code = identity_merge(&merged, identities, row->count, row->merge, &conflict);
	CHECK(code == (row->conflict ? TPAM_E_CONTRACT : TPAM_OK));
	CHECK(conflict == row->conflict);
	if (code == TPAM_OK)
		check_identity(&merged, &row->wanted);
	else
		CHECK(!identity_complete(&merged));
	if (check_failed != before)
		fprintf(stderr, "row: %s\n", row->what);
}

struct field_row {
	int32_t field;
	const char *text;
	size_t length;
	int code;
};

#define TEXT(field, text, code)                                                                    \
	{                                                                                          \
		TPAM_FIELD_##field, (text), sizeof(text) - 1, (code)                               \
	}

static const struct field_row texts[] = {
	TEXT(SUBJECT, "a", TPAM_OK),
	TEXT(NAME, "J\xC3\xBCrgen", TPAM_OK),
	TEXT(SUBJECT, "", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a\0b", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a\nb", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a\tb", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a\xFF", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a\xC2\x9B", TPAM_E_ARGUMENT),
	TEXT(ROLES, "a", TPAM_E_ARGUMENT),      /* a list */
	TEXT(EXPIRES_AT, "1", TPAM_E_ARGUMENT), /* a number */
	TEXT(CLAIMS, "{}", TPAM_OK),
	TEXT(CLAIMS, "{\"a\":\"\xFF\"}", TPAM_E_ARGUMENT),
	TEXT(CLAIMS, "[]", TPAM_E_ARGUMENT),
	TEXT(CLAIMS, "", TPAM_E_ARGUMENT),
	{0, "a", 1, TPAM_E_ARGUMENT},
	{-1, "a", 1, TPAM_E_ARGUMENT},
	{19, "a", 1, TPAM_E_ARGUMENT},
	{INT32_MAX, "a", 1, TPAM_E_ARGUMENT},
	{INT32_MIN, "a", 1, TPAM_E_ARGUMENT},
	{TPAM_FIELD_SUBJECT, NULL, 0, TPAM_E_ARGUMENT},
	{TPAM_FIELD_SUBJECT, "a", SIZE_MAX, TPAM_E_LIMIT},
	{TPAM_FIELD_CLAIMS, "{", SIZE_MAX, TPAM_E_LIMIT},
};

static const struct field_row elements[] = {
	TEXT(ROLES, "a b", TPAM_OK),
	TEXT(SCOPES, "mail.read:x/y", TPAM_OK),
	TEXT(SCOPES, "a b", TPAM_E_ARGUMENT), /* would be two in a challenge */
	TEXT(SCOPES, "a\"", TPAM_E_ARGUMENT),
	TEXT(SCOPES, "a\\", TPAM_E_ARGUMENT),
	TEXT(SCOPES, "\xC3\xBC", TPAM_E_ARGUMENT),
	TEXT(SCOPES, "", TPAM_E_ARGUMENT),
	TEXT(SUBJECT, "a", TPAM_E_ARGUMENT),
	TEXT(CLAIMS, "{}", TPAM_E_ARGUMENT),
	{0, "a", 1, TPAM_E_ARGUMENT},
	{19, "a", 1, TPAM_E_ARGUMENT},
};

static void test_setters(void)
{
	struct identity identity = {.instance = &plain, .arena = &arena};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK(identity_set_text(&identity, texts[i].field, texts[i].text, texts[i].length,
			      DEPTH) == texts[i].code);
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		CHECK(identity_add_text(&identity, elements[i].field, elements[i].text,
			      elements[i].length) == elements[i].code);
	CHECK_TEXT(identity_text(&identity, TPAM_FIELD_SUBJECT), "a");
	CHECK(identity_add_text(&identity, TPAM_FIELD_ROLES, "a b", 3) == TPAM_OK);
	CHECK(identity.fields[TPAM_FIELD_ROLES].list.count == 1);
	identity_reset(&identity);
	CHECK(!identity_complete(&identity));
}

static void test_numbers(void)
{
	struct identity identity = {.instance = &plain, .arena = &arena};
	CHECK(identity_number(&identity, TPAM_FIELD_EXPIRES_AT) == TPAM_TIME_UNSET);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EXPIRES_AT, -1) == TPAM_E_ARGUMENT);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EXPIRES_AT, INT64_MIN) == TPAM_E_ARGUMENT);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EXPIRES_AT, 0) == TPAM_OK);
	CHECK(identity_number(&identity, TPAM_FIELD_EXPIRES_AT) == 0);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EXPIRES_AT, INT64_MAX) == TPAM_OK);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EMAIL_VERIFIED, 2) == TPAM_E_ARGUMENT);
	CHECK(identity_set_number(&identity, TPAM_FIELD_EMAIL_VERIFIED, 1) == TPAM_OK);
	CHECK(identity_set_number(&identity, TPAM_FIELD_SUBJECT, 1) == TPAM_E_ARGUMENT);
	CHECK(identity_set_number(&identity, 0, 1) == TPAM_E_ARGUMENT);
	CHECK(identity_set_number(&identity, 19, 1) == TPAM_E_ARGUMENT);
	CHECK(identity_number(&identity, 0) == TPAM_TIME_UNSET);
	CHECK(identity_number(&identity, -5) == TPAM_TIME_UNSET);
	CHECK(identity_text(&identity, 999) == NULL);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(&rows[i]);
	test_setters();
	test_numbers();
	arena_finish(&arena);
	return check_end();
}
