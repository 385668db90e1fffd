/*
 * test_question.c - what is written to the endpoint, byte for byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../../plugins/kit/client_auth.h"
#include "../unit/check.h"

/* RFC 6749, appendix B: a blank, %, &, +, the pound and the euro sign. */
#define ODD         " %&+\xC2\xA3\xE2\x82\xAC"
#define ENDPOINT    "https://as.example/introspect"
#define ODD_ENCODED "+%25%26%2B%C2%A3%E2%82%AC"

struct row {
	struct client client;
	const char *token;
	const char *hint;
	const char *body;
	const char *authorization;
};

static const struct row rows[] = {
	/* The example of RFC 7662, section 2.1, and the one of RFC 6749, section 2.3.1. */
	{{CLIENT_SECRET_BASIC, "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw", NULL, NULL},
		"mF_9.B5f-4.1JqM", "access_token",
		"token=mF_9.B5f-4.1JqM&token_type_hint=access_token",
		"Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"},
	/* "a%3Ab:c%3Ad": a colon of the identifier is none that separates. */
	{{CLIENT_SECRET_BASIC, "a:b", "c:d", NULL, NULL}, "t", NULL, "token=t",
		"Basic YSUzQWI6YyUzQWQ="},
	{{CLIENT_SECRET_BASIC, ODD, ODD, NULL, NULL}, ODD, NULL, "token=" ODD_ENCODED,
		"Basic KyUyNSUyNiUyQiVDMiVBMyVFMiU4MiVBQzorJTI1JTI2JTJCJUMyJUEzJUUyJTgyJUFD"},
	{{CLIENT_SECRET_POST, ODD, "a&b=c", NULL, NULL}, "t&token=u", "x y",
		"token=t%26token%3Du&token_type_hint=x+y&client_id=" ODD_ENCODED
		"&client_secret=a%26b%3Dc",
		NULL},
	{{CLIENT_MTLS, "us", NULL, NULL, NULL}, "-._~*/", "h",
		"token=-._~%2A%2F&token_type_hint=h&client_id=us", NULL},
	{{CLIENT_NONE, NULL, NULL, NULL, NULL}, "\x01\x7F\xFF", NULL, "token=%01%7F%FF", NULL},
	{{CLIENT_NONE, "us", NULL, NULL, NULL}, "", NULL, "token=&client_id=us", NULL},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct question question = {0};
		CHECK(question_write(&question, &row->client, ENDPOINT, row->token,
			      strlen(row->token), row->hint, 0) == TPAM_OK);
		CHECK_TEXT(question.body, row->body);
		CHECK(question.length == strlen(row->body));
		CHECK_TEXT(question.authorization, row->authorization);
		question_finish(&question);
		CHECK(!question.body && !question.authorization);
	}
}

/* A NUL is a byte as others. */
static void test_nul(void)
{
	static const struct client nobody = {.auth = CLIENT_NONE};
	struct question question = {0};

	CHECK(question_write(&question, &nobody, ENDPOINT, "a\0b", 3, NULL, 0) == TPAM_OK);
	CHECK_TEXT(question.body, "token=a%00b");
	question_finish(&question);
}

/* The time cannot be written into an assertion: none is made. */
static void test_no_assertion(void)
{
	struct client client = {.auth = CLIENT_PRIVATE_KEY_JWT, .id = "us"};
	struct tpam_fault fault;
	struct question question = {0};

	CHECK(tpam_signer_generate(&client.signer, "EdDSA", 0, &fault) == TPAM_OK);
	CHECK(question_write(&question, &client, ENDPOINT, "t", 1, NULL, -1) == TPAM_E_MEMORY);
	CHECK(!question.body);
	question_finish(&question);
	tpam_signer_destroy(client.signer);
}

int main(void)
{
	test_rows();
	test_nul();
	test_no_assertion();
	return check_end();
}
