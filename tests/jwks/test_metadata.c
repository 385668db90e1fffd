/*
 * test_metadata.c - where an issuer's metadata lies, and what it must say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/jwks.h>

#include "check.h"

/* The places for an issuer; NULL where there is none more. */
static const struct {
	const char *issuer;
	const char *urls[4];
} places[] = {
	{"https://a.example", {"https://a.example/.well-known/openid-configuration",
				      "https://a.example/.well-known/oauth-authorization-server"}},
	{"https://a.example/", {"https://a.example/.well-known/openid-configuration",
				       "https://a.example/.well-known/oauth-authorization-server"}},
	{"https://a.example:8443/t/1",
		{"https://a.example:8443/t/1/.well-known/openid-configuration",
			"https://a.example:8443/.well-known/oauth-authorization-server/t/1",
			"https://a.example:8443/.well-known/openid-configuration/t/1"}},
	{"https://a.example/t/",
		{"https://a.example/t/.well-known/openid-configuration",
			"https://a.example/.well-known/oauth-authorization-server/t",
			"https://a.example/.well-known/openid-configuration/t"}},
	{"http://127.0.0.1:80/x",
		{"http://127.0.0.1:80/x/.well-known/openid-configuration",
			"http://127.0.0.1:80/.well-known/oauth-authorization-server/x",
			"http://127.0.0.1:80/.well-known/openid-configuration/x"}},
	{"http://a.example", {NULL}},
	{"https://a.example/?x=1", {NULL}},
	{"https://a.example/#x", {NULL}},
	{"https://u:p@a.example/", {NULL}},
	{"https://", {NULL}},
	{"https:///", {NULL}},
	{"a.example", {NULL}},
	{"", {NULL}},
	{"file:///etc/passwd", {NULL}},
};

static void test_places(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		for (uint32_t index = 0; index < 4; index++) {
			char *url = tpam_metadata_url(places[i].issuer, index);
			const char *wanted = places[i].urls[index];
			CHECK((url == NULL) == (wanted == NULL));
			CHECK(!url || !wanted || strcmp(url, wanted) == 0);
			tpam_kit_free(url);
		}
	}
}

/* A document, the issuer it is wanted of, and the reason why it is refused; 0: it is not. */
static const struct {
	const char *json;
	int32_t reason;
} documents[] = {
	{"{\"issuer\":\"https://a.example\",\"jwks_uri\":\"https://a.example/k\"}", 0},
	{"{\"issuer\":\"https://a.example/\"}", TPAM_REASON_WRONG_ISSUER},
	{"{\"issuer\":\"https://A.example\"}", TPAM_REASON_WRONG_ISSUER},
	{"{\"issuer\":\"https://a.example.evil.example\"}", TPAM_REASON_WRONG_ISSUER},
	{"{\"issuer\":\"\"}", TPAM_REASON_WRONG_ISSUER},
	{"{\"issuer\":\"https://a.example\\u0000\"}", TPAM_REASON_UPSTREAM_MALFORMED},
	{"{\"issuer\":[\"https://a.example\"]}", TPAM_REASON_UPSTREAM_MALFORMED},
	{"{\"issuer\":\"https://evil.example\",\"issuer\":\"https://a.example\"}",
		TPAM_REASON_UPSTREAM_MALFORMED},
	{"{}", TPAM_REASON_UPSTREAM_MALFORMED},
	{"[]", TPAM_REASON_UPSTREAM_MALFORMED},
	{"", TPAM_REASON_UPSTREAM_MALFORMED},
	{"{\"issuer\":\"https://a.example\"} x", TPAM_REASON_UPSTREAM_MALFORMED},
};

static void test_documents(void)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct tpam_metadata *metadata = NULL;
		struct tpam_fault fault;
		int code = tpam_metadata_parse(&metadata, documents[i].json,
			strlen(documents[i].json), "https://a.example", &fault);
		CHECK(code == (documents[i].reason ? TPAM_E_CONFIG : TPAM_OK));
		CHECK(fault.reason == documents[i].reason);
		tpam_metadata_destroy(metadata);
	}
}

static void test_members(void)
{
	static const char json[] = "{\"issuer\":\"https://a.example\",\"jwks_uri\":7,"
				   "\"token_endpoint\":\"t\",\"list\":[\"a\",1,\"b\"]}";
	struct tpam_metadata *metadata = NULL;
	struct tpam_fault fault;

	CHECK(tpam_metadata_parse(&metadata, json, sizeof(json) - 1, "https://a.example", &fault) ==
		TPAM_OK);
	CHECK(!tpam_metadata_text(metadata, "jwks_uri"));
	CHECK(!tpam_metadata_text(metadata, "nothing"));
	CHECK(strcmp(tpam_metadata_text(metadata, "token_endpoint"), "t") == 0);
	CHECK(strcmp(tpam_metadata_element(metadata, "list", 2), "b") == 0);
	CHECK(!tpam_metadata_element(metadata, "list", 1));
	CHECK(!tpam_metadata_element(metadata, "list", 3));
	CHECK(!tpam_metadata_element(metadata, "token_endpoint", 0));
	tpam_metadata_destroy(metadata);
	tpam_metadata_destroy(NULL);
}

int main(void)
{
	test_places();
	test_documents();
	test_members();
	return check_end();
}
