/*
 * test_glob_abuse.c - patterns match what a slow and simple matcher says, and those with many stars end on long names,
 * wherever a configuration takes one: trying all ways to place the stars would outlast the universe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "../plugins/puppet.h"
#include "check.h"
#include "sandbox.h"
#include "text.h"

#define RANDOM_ROUNDS 20000
#define SHORT_MAX     12
#define LONG          1000
#define STARS         60

/* ---- Against a table of what each end of the pattern makes of each end of the text ---- */

static bool slow_glob(const char *pattern, const char *text)
{
	bool table[SHORT_MAX + 1][SHORT_MAX + 1] = {{false}};
	size_t m = strlen(pattern), n = strlen(text);

	for (size_t i = m + 1; i-- > 0;)
		for (size_t j = n + 1; j-- > 0;) {
			if (i == m)
				table[i][j] = j == n;
			else if (pattern[i] == '*')
				table[i][j] = table[i + 1][j] || (j < n && table[i][j + 1]);
			else
				table[i][j] = j < n &&
					      (pattern[i] == '?' || pattern[i] == text[j]) &&
					      table[i + 1][j + 1];
		}
	return table[0][0];
}

static uint32_t seed = 1;

static uint32_t next(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % below;
}

static void random_text(char *ret, const char *alphabet)
{
	size_t length = next(SHORT_MAX + 1);

	for (size_t i = 0; i < length; i++)
		ret[i] = alphabet[next((uint32_t)strlen(alphabet))];
	ret[length] = '\0';
}

static void test_model(void)
{
	size_t matches = 0, wrong = 0;

	for (size_t i = 0; i < RANDOM_ROUNDS; i++) {
		char pattern[SHORT_MAX + 1], text[SHORT_MAX + 1];
		random_text(pattern, "ab**?\xC3");
		random_text(text, "aab/\xC3");
		bool matched = text_glob(pattern, text);
		matches += matched;
		if (matched != slow_glob(pattern, text) && wrong++ == 0)
			fprintf(stderr, "pattern %s, text %s\n", pattern, text);
	}
	CHECK(wrong == 0);
	CHECK(matches > RANDOM_ROUNDS / 20 && matches < RANDOM_ROUNDS / 2);
}

/* ---- In every place ---- */

struct telling {
	struct puppet puppet;
	const char *text;
};

static int32_t tell(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	static const int32_t texts[] = {TPAM_FIELD_SUBJECT, TPAM_FIELD_EMAIL, TPAM_FIELD_TENANT};
	static const int32_t lists[] = {TPAM_FIELD_ROLES, TPAM_FIELD_GROUPS};
	const char *text = ((const struct telling *)puppet)->text;
	char claims[2 * LONG];

	(void)name;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)host->set_text(call, texts[i], text, strlen(text));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)host->add_text(call, lists[i], text, strlen(text));
	(void)host->set_number(call, TPAM_FIELD_EMAIL_VERIFIED, 1);
	int length = snprintf(claims, sizeof(claims), "{\"c\": [\"%s\"]}", text);
	(void)host->set_text(call, TPAM_FIELD_CLAIMS, claims, (uint64_t)length);
	return TPAM_SUCCESS;
}

/* What stands before the pattern in the provider's section, and what in the service's. */
static const struct {
	const char *provider, *service;
	bool accepts; /* who matches is accepted, and who does not is refused; or the other way round */
} places[] = {
	{"grant = \"role:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"group:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"org:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"email:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"subject:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"tenant:%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = \"claim:c=%s\" -> x\n", "require_scopes = x\n", true},
	{"grant = any -> x\ngrant = \"role:%s\" -> !x\n", "require_scopes = x\n", false},
	{"", "require_any_group = %s\n", true},
	{"", "allow_subject = puppet:%s\n", true},
	{"", "deny_subject = puppet:%s\n", false},
	{"", "[tool:s/%s]\naccess = deny\n", false},
	{"", "[tool:s/x]\nmatch = %s\naccess = deny\n", false},
	{"", "unlisted_tools = deny\nprotected_tools = %s\n", true},
	{"", "[tool:s/tag:%s]\naccess = deny\n", false},
};

static void write_config(const char *provider, const char *service, const char *pattern)
{
	char text[2048], first[512], second[512];
	const char *hole = strstr(provider, "%s"), *other = strstr(service, "%s");

	(void)snprintf(first, sizeof(first), "%.*s%s%s",
		(int)(hole ? hole - provider : (long)strlen(provider)), provider,
		hole ? pattern : "", hole ? hole + 2 : "");
	(void)snprintf(second, sizeof(second), "%.*s%s%s",
		(int)(other ? other - service : (long)strlen(service)), service,
		other ? pattern : "", other ? other + 2 : "");
	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n[provider:puppet]\nplugin = puppet\n%s"
		"[service:s]\nauth = required puppet\n%s",
		first, second);
	sandbox_write("abuse.ini", text);
}

static bool accepts(struct tpam_engine *engine, const char *text)
{
	struct telling telling = {{.auth = tell}, text};
	struct tpam_request *request = sandbox_request("s", NULL);
	struct tpam_result *result = NULL;

	CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, text, strlen(text)) == TPAM_OK);
	/* Names of tags are shorter. */
	CHECK(tpam_request_add_tag(request, text + strlen(text) - 100) == TPAM_OK);
	tpam_request_set_host_pointer(request, &telling.puppet);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	bool accepted = tpam_result_accepted(result);
	CHECK(accepted || tpam_result_outcome(result) == TPAM_DENIED);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return accepted;
}

static void test_everywhere(void)
{
	char pattern[2 * STARS + 2], none[LONG + 1], one[LONG + 1];

	for (size_t i = 0; i < STARS; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	memcpy(pattern + (size_t)2 * STARS, "b", 2);
	memset(none, 'a', LONG);
	none[LONG] = '\0';
	memcpy(one, none, LONG + 1);
	one[LONG - 1] = 'b';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		write_config(places[i].provider, places[i].service, pattern);
		struct tpam_engine *engine =
			sandbox_engine("abuse.ini", (struct tpam_engine_options){.size = 0});
		if (accepts(engine, one) != places[i].accepts)
			fprintf(stderr, "%s%s", places[i].provider, places[i].service);
		CHECK(accepts(engine, one) == places[i].accepts);
		CHECK(accepts(engine, none) != places[i].accepts);
		tpam_engine_close(engine);
	}
}

int main(void)
{
	sandbox_begin();
	test_model();
	test_everywhere();
	sandbox_end();
	return check_end();
}
