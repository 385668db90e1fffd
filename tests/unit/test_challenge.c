/*
 * test_challenge.c - whatever stands in a configuration: a challenge stays one well-formed header, and says nothing but what
 * it is to say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "challenge.h"

static void test_parser(void)
{
	static const char *const wrong[] = {"", "Bearer", "Bearer ", "Bearer a", "Bearer a=b",
		"Bearer a=\"b", "Bearer a=\"b\" ", "Bearer a=\"b\",", "Bearer a=\"b\", ",
		"Bearer a=\"b\",c=\"d\"", "Bearer a=\"b\" c=\"d\"", "Bearer a=\"b\"c\"",
		"Bearer a=\"b\", A=\"c\"", "Bearer a=\"\r\n\"", "Bearer a=\"\xC3\xA9\"",
		"Bearer a=\"b\\\"", "B earer a=\"b\"", "Bearer a =\"b\"", "Bearer =\"b\""};
	struct challenge challenge;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(!parse(&challenge, wrong[i]));
	CHECK(parse(&challenge, "Bearer a=\"b\\\"c\\\\\", d=\"\"") && challenge.count == 2);
	CHECK_TEXT(challenge.list[0].value, "b\"c\\");
}

/* As a word of a configuration. */
static const char *quoted(const char *text)
{
	static char words[4][256];
	static size_t next;
	char *out = words[next++ % 4], *at = out;

	*at++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*at++ = '\\';
		*at++ = *text;
	}
	*at++ = '"';
	*at = '\0';
	return out;
}

static struct tpam_engine *open_text(const char *text)
{
	struct tpam_engine *engine = NULL;

	sandbox_write("challenge.ini", text);
	struct tpam_engine_options options = {.size = sizeof(options),
		.config = sandbox_path("challenge.ini"),
		.plugin_path = getenv("TOKENPAM_PLUGINS")};
	return tpam_engine_open(&engine, &options, NULL) == TPAM_OK ? engine : NULL;
}

#define HEAD "[tokenpam]\nmode = development\n[provider:p]\nplugin = person\n"

/* Refused when it is loaded, or told as it is. Whether it loads is returned. */
static bool in_config(const char *text, const char *names, const char *name, const char *value)
{
	struct tpam_engine *engine = open_text(text);

	if (!engine)
		return false;
	struct tpam_result *result = decide(engine, request_to("x"));
	check_names(result, names, name, value);
	tpam_result_unref(result);
	tpam_engine_close(engine);
	return true;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F ||
			strncmp(text, "\xC2\x85", 2) == 0)
			return true;
	return false;
}

static void test_acr(const char *text)
{
	char config[1024];
	bool literal = !has_control(text) || strcmp(text, "a\tb") == 0 || strstr(text, "\xC2\x85");

	(void)snprintf(config, sizeof(config), HEAD "[service:s]\nauth = required p\nacr = %s\n",
		quoted(text));
	/* A reference is resolved, and says something else. */
	bool loads = in_config(config, "realm error error_description acr_values",
		strstr(text, "${") ? NULL : "acr_values", seen(text));
	if (!literal)
		CHECK(!loads);
	CHECK(setenv("NASTY", text, 1) == 0);
	loads = in_config(HEAD "[service:s]\nauth = required p\nacr = ${env:NASTY}\n",
		"realm error error_description acr_values", "acr_values", seen(text));
	CHECK(loads || has_control(text));
	CHECK(!loads || !strpbrk(text, "\r\n"));
}

/* Scopes have an alphabet of their own (RFC 6749, section 3.3), which leaves nothing to quote. */
static void test_scope(const char *text)
{
	char config[1024];
	bool fits = *text != '\0' && !strstr(text, "${");

	for (const char *c = text; *c; c++)
		fits = fits && *c > 0x20 && *c < 0x7F && *c != '"' && *c != '\\';
	(void)snprintf(config, sizeof(config),
		HEAD "[service:s]\nauth = required p\nrequire_scopes = %s\n", quoted(text));
	CHECK(in_config(config, "realm error error_description scope", "scope", text) == fits);
	(void)snprintf(config, sizeof(config),
		HEAD "[service:s]\nauth = required p\nrequire_any_scope = %s b\n", quoted(text));
	CHECK(in_config(config, "realm error error_description scope", "scope", text) == fits);
	(void)snprintf(config, sizeof(config),
		HEAD "grant = any -> %s\n[service:s]\nauth = required p\nrequire_scopes = b\n"
		     "challenge_scope = union\n",
		quoted(text));
	(void)in_config(config, "realm error error_description scope", NULL, NULL);
}

static void test_url(const char *text)
{
	char config[1024], url[256];

	(void)snprintf(url, sizeof(url), "https://x.example/%s", text);
	(void)snprintf(config, sizeof(config),
		HEAD "[service:s]\nauth = required p\nrequire_scopes = b\nresource = %s\n",
		quoted(url));
	bool loads = in_config(
		config, "realm error error_description scope resource_metadata", NULL, NULL);
	CHECK(!loads || !has_control(text));
	(void)snprintf(config, sizeof(config),
		HEAD "[service:s]\nauth = required p\nrequire_scopes = b\n"
		     "resource = https://x.example\nresource_metadata = %s\n",
		quoted(url));
	if (!strstr(text, "${"))
		(void)in_config(config, "realm error error_description scope resource_metadata",
			"resource_metadata", seen(url));
}

/* What is compared, and told to nobody. */
static void test_quiet(const char *text)
{
	static const struct {
		const char *before, *prefix;
	} keys[] = {{"require_tenant = ", ""}, {"require_roles = ", ""},
		{"require_any_role = b ", ""}, {"require_any_group = ", ""},
		{"require_claim = c is ", ""}, {"require_claim = c not in b ", ""},
		{"allow_subject = p:x ", "q:"}};
	char config[1024], word[128];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		(void)snprintf(word, sizeof(word), "%s%s", keys[i].prefix, text);
		(void)snprintf(config, sizeof(config),
			HEAD "[service:s]\nauth = required p\n%s%s\n", keys[i].before,
			quoted(word));
		(void)in_config(config, "realm error error_description", "error_description",
			"Access is denied.");
	}
}

int main(void)
{
	sandbox_begin();
	test_parser();
	for (size_t i = 0; i < NASTY; i++) {
		test_acr(nasty[i]);
		test_scope(nasty[i]);
		test_url(nasty[i]);
		test_quiet(nasty[i]);
	}
	sandbox_end();
	return check_end();
}
