/*
 * github_parts.c - what the plugin github makes of prefixes, addresses, links and scopes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "address.h"
#include "kind.h"
#include "scopes.h"

/* ---- Addresses ---- */

struct place {
	const char *url, *api, *issuer;
};

static const struct place places[] = {
	{"https://api.github.com", "https://api.github.com", "https://github.com"},
	{"https://api.github.com/", "https://api.github.com", "https://github.com"},
	{"https://API.GitHub.com:443", "https://api.github.com", "https://github.com"},
	{"https://github.corp.example/api/v3", "https://github.corp.example/api/v3",
		"https://github.corp.example"},
	{"https://GitHub.corp.example:8443/api/v3//", "https://github.corp.example:8443/api/v3",
		"https://github.corp.example:8443"},
	{"https://github.corp.example:443/Sub/api/v3", "https://github.corp.example/Sub/api/v3",
		"https://github.corp.example/Sub"},
	{"https://api.octocorp.ghe.com", "https://api.octocorp.ghe.com",
		"https://octocorp.ghe.com"},
	{"http://127.0.0.1:80/api/v3", "http://127.0.0.1:80/api/v3", "http://127.0.0.1:80"},
	{"https://api.ghe.com", "https://api.ghe.com", NULL},
	{"https://api.octocorp.ghe.com/x", "https://api.octocorp.ghe.com/x", NULL},
	{"https://api.octocorp.ghe.com.evil.example", "https://api.octocorp.ghe.com.evil.example",
		NULL},
	{"https://api.github.com.evil.example", "https://api.github.com.evil.example", NULL},
	{"https://github.corp.example", "https://github.corp.example", NULL},
	{"https://github.corp.example/api/v33", "https://github.corp.example/api/v33", NULL},
};

static void test_places(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bool known = false;
		char *api = address_of_api(places[i].url);
		char *issuer = address_of_issuer(api, &known);
		CHECK_TEXT(api, places[i].api);
		CHECK_TEXT(issuer, places[i].issuer);
		CHECK(known == (places[i].issuer != NULL));
		free(api);
		free(issuer);
	}
}

struct link {
	const char *header, *next;
};

static const struct link links[] = {
	{"<https://a.example/x?page=2>; rel=\"next\"", "https://a.example/x?page=2"},
	{"<https://a.example/1>; rel=\"prev\", <https://a.example/3>; rel=\"next\", "
	 "<https://a.example/9>; rel=\"last\"",
		"https://a.example/3"},
	{"<https://a.example/1>;rel=next", "https://a.example/1"},
	{"<https://a.example/1>; title=x; REL=\"Next\"", "https://a.example/1"},
	{"<https://a.example/1>; rel=\"nextish\", <https://a.example/2>; rel=\"last\"", NULL},
	{"<https://a.example/1> rel=\"next\"", "https://a.example/1"},
	{"<https://a.example/1; rel=\"next\"", NULL},
	{"https://a.example/1; rel=\"next\"", NULL},
	{"<>; rel=\"next\"", ""},
	{"", NULL},
	{"rel=\"next\"", NULL},
	{NULL, NULL},
};

static void test_links(void)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		size_t length = 0;
		const char *next = address_of_next(links[i].header, &length);
		char *text = next ? strndup(next, length) : NULL;
		CHECK_TEXT(text, links[i].next);
		free(text);
	}
}

static bool is_below(const char *api, const char *url)
{
	return address_is_below(api, url, strlen(url));
}

static void test_below(void)
{
	static const char api[] = "https://api.github.com", server[] = "https://h.example/api/v3";

	CHECK(is_below(api, "https://api.github.com/user/orgs?page=2"));
	CHECK(is_below(server, "https://h.example/api/v3/user"));
	CHECK(!is_below(api, "https://api.github.com"));
	CHECK(!is_below(api, "https://api.github.com.evil.example/user"));
	CHECK(!is_below(api, "https://api.github.com@evil.example/user"));
	CHECK(!is_below(api, "https://api.github.com:8443/user"));
	CHECK(!is_below(api, "http://api.github.com/user"));
	CHECK(!is_below(api, "//api.github.com/user") && !is_below(api, "/user"));
	CHECK(!is_below(server, "https://h.example/user"));
	CHECK(!is_below(server, "https://h.example/api/v33/user"));
	CHECK(!is_below(api, ""));
}

static void test_segments(void)
{
	char *segment = address_segment("a-b_C9./..?#%\xc3\xa9 ");

	CHECK_TEXT(segment, "a-b_C9%2E%2F%2E%2E%3F%23%25%C3%A9%20");
	free(segment);
}

/* ---- Kinds ---- */

struct token {
	const char *text;
	enum kind kind;
	bool whole;
};

static const struct token tokens[] = {
	{"gho_16C7e42F292c6912E7710c838347Ae178B4a", KIND_GHO, true},
	{"ghu_16C7e42F292c6912E7710c838347Ae178B4a", KIND_GHU, true},
	{"ghp_16C7e42F292c6912E7710c838347Ae178B4a", KIND_GHP, true},
	{"ghs_123_eyJh.eyJp.c2ln-_A", KIND_GHS, true},
	{"ghr_x", KIND_GHR, true},
	{"github_pat_11AAAAAAA0aaaaaaaaaaaa_bbb", KIND_PAT, true},
	{"github_pat_", KIND_PAT, false},
	{"gho_", KIND_GHO, false},
	{"gho_a b", KIND_GHO, false},
	{"gho_a\"b", KIND_GHO, false},
	{"gho_a\\b", KIND_GHO, false},
	{"gho_a/b", KIND_GHO, false},
	{"gho_a=", KIND_GHO, false},
	{"gho_a\xc3\xa9", KIND_GHO, false},
	{"gho", KIND_NONE, false},
	{"GHO_a", KIND_NONE, false},
	{"github_pa", KIND_NONE, false},
	{"ghx_a", KIND_NONE, false},
	{" gho_a", KIND_NONE, false},
	{"", KIND_NONE, false},
};

static void test_kinds(void)
{
	char text[TOKEN_MAX + 2];

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		size_t length = strlen(tokens[i].text);
		enum kind kind = kind_of(tokens[i].text, length);
		CHECK(kind == tokens[i].kind);
		CHECK(kind == KIND_NONE ||
			kind_is_whole(kind, tokens[i].text, length) == tokens[i].whole);
	}
	memset(text, 'a', sizeof(text));
	memcpy(text, "gho_", 4);
	CHECK(kind_is_whole(KIND_GHO, text, TOKEN_MAX));
	CHECK(!kind_is_whole(KIND_GHO, text, TOKEN_MAX + 1));
	text[10] = '\0';
	CHECK(!kind_is_whole(KIND_GHO, text, TOKEN_MAX));
	CHECK(kind_named("github_pat") == KIND_PAT && kind_named("gho_") == KIND_NONE);
}

/* ---- Scopes ---- */

struct hierarchy {
	const char *header, *all;
};

static const struct hierarchy hierarchies[] = {
	{"", ""},
	{"gist", "gist"},
	{"repo, gist", "repo gist repo:status repo_deployment public_repo repo:invite "
		       "security_events"},
	{"admin:org", "admin:org write:org read:org"},
	{"write:org,read:org", "write:org read:org"},
	{"read:org", "read:org"},
	{"user", "user read:user user:email user:follow"},
	{"user:email", "user:email"},
	{"project", "project read:project"},
	{"admin:repo_hook", "admin:repo_hook write:repo_hook read:repo_hook"},
	{"admin:public_key", "admin:public_key write:public_key read:public_key"},
	{"admin:gpg_key", "admin:gpg_key write:gpg_key read:gpg_key"},
	{"admin:ssh_signing_key",
		"admin:ssh_signing_key write:ssh_signing_key read:ssh_signing_key"},
	{"write:packages", "write:packages read:packages"},
	{"delete:packages", "delete:packages"},
	{"admin:org_hook", "admin:org_hook"},
	{"admin:enterprise", "admin:enterprise manage_runners:enterprise "
			     "manage_billing:enterprise read:enterprise"},
	{" , gist ,, gist ", "gist"},
};

static void test_scopes(void)
{
	bool fine = false;

	for (size_t i = 0; i < sizeof(hierarchies) / sizeof(hierarchies[0]); i++) {
		struct names scopes = {0};
		char all[512] = "";
		CHECK(scopes_read(&scopes, hierarchies[i].header, &fine) && fine);
		CHECK(scopes_expand(&scopes));
		for (size_t j = 0; j < scopes.count; j++) {
			strcat(all, j > 0 ? " " : "");
			strcat(all, scopes.items[j]);
		}
		CHECK_TEXT(all, hierarchies[i].all);
		names_finish(&scopes);
	}
	static const char *const odd[] = {"a\"b", "a\\b", "a\tb", "\xc3\xa9"};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct names scopes = {0};
		CHECK(scopes_read(&scopes, odd[i], &fine) && !fine);
		CHECK(scopes_add(&scopes, odd[i], &fine) && !fine);
		names_finish(&scopes);
	}
}

static void test_names(void)
{
	struct names names = {0};
	char text[32];
	bool fine = true;

	CHECK(names_add_small(&names, "Acme/Core") && names_has(&names, "acme/core"));
	CHECK(names_add(&names, "acme/core", 9) && names.count == 1);
	CHECK(!names_has(&names, "acme") && !names_has(&names, "acme/core2"));
	for (unsigned i = 0; fine && i < NAMES_MAX; i++) {
		(void)snprintf(text, sizeof(text), "%u", i);
		fine = names_add_small(&names, text);
	}
	CHECK(!fine && names.count == NAMES_MAX);
	CHECK(names_add_small(&names, "ACME/core"));
	names_finish(&names);
}

int main(void)
{
	test_places();
	test_links();
	test_below();
	test_segments();
	test_kinds();
	test_scopes();
	test_names();
	return check_end();
}
