/*
 * test_descriptor.c - descriptors with one thing wrong each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "plugin.h"

/* A descriptor that is fine, for each case to spoil. */
struct subject {
	struct tpam_option option;
	struct tpam_option second;
	const struct tpam_option *options[3];
	const char *values[3];
	const char *credentials[3];
	struct tpam_provider provider;
};

static int32_t open_it(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	(void)host;
	(void)instance;
	(void)ret_state;
	return TPAM_OK;
}

static int32_t serve(void *state, struct tpam_call *call)
{
	(void)state;
	(void)call;
	return TPAM_SUCCESS;
}

static void subject_init(struct subject *subject)
{
	*subject = (struct subject){.option = {.size = sizeof(struct tpam_option),
					    .type = TPAM_TYPE_TEXT,
					    .name = "one",
					    .help = "One."},
		.second = {.size = sizeof(struct tpam_option),
			.type = TPAM_TYPE_ENUM,
			.name = "two",
			.values = subject->values,
			.fallback = "a",
			.help = "Two."},
		.options = {&subject->option, &subject->second},
		.values = {"a", "b"},
		.credentials = {"bearer", "header:X-Key"},
		.provider = {.size = sizeof(struct tpam_provider),
			.abi = TPAM_ABI,
			.name = "subject",
			.version = "1",
			.summary = "Is fine.",
			.role = TPAM_ROLE_IDENTITY,
			.groups = TPAM_AUTH,
			.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(ERROR),
			.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(HOST_POINTER),
			.inputs_needed = TPAM_INPUT(CREDENTIAL),
			.credentials = subject->credentials,
			.options = subject->options,
			.open = open_it,
			.authenticate = serve}};
}

/* Checks, and compares what is found first; NULL: nothing may be. */
static void expect(const struct tpam_provider *provider, const char *expected, int line)
{
	struct tpam_report *report = report_create();
	int code = descriptor_check(provider, "/x.so", NOWHERE, report);
	const struct tpam_diagnostic *found = tpam_report_get(report, 0);
	const char *got = found ? found->text : NULL;
	char wanted[512];
	snprintf(wanted, sizeof(wanted), "plugin \"/x.so\": got %s", expected ? expected : "");
	check_same(got, expected ? wanted : NULL, __FILE__, line);
	check_count(code == (expected ? TPAM_E_CONFIG : TPAM_OK), __FILE__, line,
		"returns what it reports");
	tpam_report_destroy(report);
}

#define CASE(spoil, expected)                                                                      \
	do {                                                                                       \
		struct subject s;                                                                  \
		subject_init(&s);                                                                  \
		spoil;                                                                             \
		expect(&s.provider, expected, __LINE__);                                           \
	} while (0)

#define MEMBER(name, wanted) "a descriptor whose member " name " does not do, expected " wanted
#define OPTION(name, member, wanted)                                                               \
	"option " name " whose member " member " does not do, expected " wanted

static void test_sizes(void)
{
	expect(NULL, "NULL from tpam_provider_v1, expected a descriptor", __LINE__);
	CASE((void)0, NULL);
	CASE(s.provider.size = 0,
		"a descriptor of size 0, expected 136 to 4096 and a multiple of 8");
	CASE(s.provider.size = 128,
		"a descriptor of size 128, expected 136 to 4096 and a multiple of 8");
	CASE(s.provider.size = 140,
		"a descriptor of size 140, expected 136 to 4096 and a multiple of 8");
	CASE(s.provider.size = 4104,
		"a descriptor of size 4104, expected 136 to 4096 and a multiple of 8");
	CASE(s.provider.size = 152, NULL);
}

static void test_members(void)
{
	CASE(s.provider.abi = 0, MEMBER("abi", "TPAM_ABI of provider.h"));
	CASE(s.provider.name = NULL, MEMBER("name", "[a-z][a-z0-9_-]*, at most 40 bytes"));
	CASE(s.provider.name = "A", MEMBER("name", "[a-z][a-z0-9_-]*, at most 40 bytes"));
	CASE(s.provider.name = "", MEMBER("name", "[a-z][a-z0-9_-]*, at most 40 bytes"));
	CASE(s.provider.name = "a-b_c9", NULL);
	CASE(s.provider.version = NULL, MEMBER("version", "a line of text"));
	CASE(s.provider.summary = "two\nlines", MEMBER("summary", "a line of text"));
	CASE(s.provider.summary = "\xFF", MEMBER("summary", "a line of text"));
	CASE(s.provider.role = 0, MEMBER("role", "a role of enum tpam_role"));
	CASE(s.provider.role = 4, MEMBER("role", "a role of enum tpam_role"));
	CASE(s.provider.binding = 3, MEMBER("binding", "a binding of enum tpam_binding"));
	CASE((s.provider.role = TPAM_ROLE_CHECK, s.provider.binding = TPAM_BINDING_AUDIENCE),
		MEMBER("binding", "none, since only role identity recognises credentials"));
	CASE(s.provider.flags = 16, MEMBER("flags", "bits of enum tpam_provider_flag"));
	CASE(s.provider.flags = TPAM_TOKEN_SCOPES_DROP, NULL);
	CASE((s.provider.role = TPAM_ROLE_CHECK, s.provider.flags = TPAM_TOKEN_SCOPES_DROP),
		MEMBER("flags",
			"no TPAM_TOKEN_SCOPES_DROP, since only role identity gives scopes"));
	CASE(s.provider.outcomes = 1, MEMBER("outcomes", "TPAM_MAY() of known outcomes, or 0"));
	CASE(s.provider.outcomes = UINT32_C(1) << TPAM_OUTCOME_LIMIT,
		MEMBER("outcomes", "TPAM_MAY() of known outcomes, or 0"));
	CASE(s.provider.outcomes = 0, NULL);
	CASE(s.provider.reserved = 1, MEMBER("reserved", "0"));
	CASE(s.provider.open = NULL, MEMBER("open", "a function"));
	CASE((s.provider.groups = TPAM_ACCOUNT, s.provider.authenticate = NULL,
		     s.provider.account = serve, s.provider.recheck = serve),
		MEMBER("recheck", "NULL where authenticate is"));
}

static void test_groups(void)
{
	CASE((s.provider.groups = 0, s.provider.authenticate = NULL),
		MEMBER("groups", "bits of enum tpam_group, at least one"));
	CASE(s.provider.groups |= 16, MEMBER("groups", "bits of enum tpam_group, at least one"));
	CASE(s.provider.groups |= TPAM_LOGIN,
		MEMBER("groups",
			"none but auth, account and session: login is not served by this loader"));
	CASE(s.provider.groups |= TPAM_ACCOUNT,
		"a descriptor without a function account, expected one for each "
		"group it serves and no other");
	CASE(s.provider.session = serve,
		"a descriptor with a function session, expected one for each group it "
		"serves and no other");
	CASE(s.provider.authenticate = NULL,
		"a descriptor without a function authenticate, expected one for each "
		"group it serves and no other");
}

static void test_inputs(void)
{
	CASE(s.provider.inputs |= 1, MEMBER("inputs", "TPAM_INPUT() of known items"));
	CASE(s.provider.inputs |= TPAM_INPUT(HOST_POINTER) << 1,
		MEMBER("inputs", "TPAM_INPUT() of known items"));
	CASE(s.provider.inputs_needed |= TPAM_INPUT(TENANT),
		MEMBER("inputs_needed", "items that inputs has, too"));
	CASE((s.provider.inputs = TPAM_INPUT(BASIC_USER), s.provider.inputs_needed = 0,
		     s.provider.credentials = NULL),
		MEMBER("inputs", "the credential, too, where the user of Basic is read"));
	CASE(s.provider.credentials = NULL,
		MEMBER("credentials",
			"at least one place if inputs has the credential, else none"));
	CASE(s.credentials[0] = NULL,
		MEMBER("credentials",
			"at least one place if inputs has the credential, else none"));
	CASE((s.provider.inputs = 0, s.provider.inputs_needed = 0),
		MEMBER("credentials",
			"at least one place if inputs has the credential, else none"));
#define PLACES MEMBER("credentials", "\"bearer\", \"basic\", \"header:NAME\" or \"cookie:NAME\"")
	CASE(s.credentials[0] = "query:token", PLACES);
	CASE(s.credentials[0] = "Bearer", PLACES);
	CASE(s.credentials[0] = "header:", PLACES);
	CASE(s.credentials[0] = "header:a b", PLACES);
	CASE(s.credentials[0] = "header:Authorization", PLACES);
	CASE(s.credentials[0] = "header:cookie", PLACES);
	CASE(s.credentials[0] = "cookie:sid", NULL);
}

static void test_options(void)
{
	CASE(s.provider.options = NULL, NULL);
	CASE(s.option.size = 40, "option 1 with size 40, expected at least 48 and a multiple of 8");
	CASE(s.option.size = 52, "option 1 with size 52, expected at least 48 and a multiple of 8");
	CASE(s.option.size = 56, NULL);
#define NAME "a bad name, expected [a-z][a-z0-9_]*, at most 40 bytes"
	CASE(s.option.name = NULL, "option 1 with " NAME);
	CASE(s.option.name = "One", "option 1 with " NAME);
	CASE(s.second.name = "a-b", "option 2 with " NAME);
	CASE(s.option.name = "a1234567890123456789012345678901234567890", "option 1 with " NAME);
	CASE(s.second.name = "one", "option one twice, expected it once");
#define TAKEN "one that the loader does not keep for itself"
	CASE(s.option.name = "plugin", OPTION("plugin", "name", TAKEN));
	CASE(s.option.name = "credential", OPTION("credential", "name", TAKEN));
	CASE(s.option.name = "link", OPTION("link", "name", TAKEN));
	CASE(s.option.name = "anonymous", OPTION("anonymous", "name", TAKEN));
	CASE(s.option.name = "grant", OPTION("grant", "name", TAKEN));
	CASE(s.option.name = "cache_ttl", OPTION("cache_ttl", "name", TAKEN));
	CASE(s.option.name = "audience", NULL);
	CASE((s.option.name = "audience", s.provider.binding = TPAM_BINDING_AUDIENCE),
		OPTION("audience", "name", TAKEN));
	CASE(s.option.name = "accept", NULL);
	CASE(s.option.type = 0, OPTION("one", "type", "a type of enum tpam_option_type"));
	CASE(s.option.type = 9, OPTION("one", "type", "a type of enum tpam_option_type"));
	CASE(s.option.flags = 32, OPTION("one", "flags", "bits of enum tpam_option_flag"));
	CASE(s.option.reserved = 1, OPTION("one", "reserved", "0"));
	CASE(s.option.help = NULL, OPTION("one", "help", "a line of text"));
}

static void test_defaults(void)
{
#define VALUES "different words for an enum, NULL for other types"
	CASE(s.second.values = NULL, OPTION("two", "values", VALUES));
	CASE(s.values[0] = NULL, OPTION("two", "values", VALUES));
	CASE(s.values[1] = "a", OPTION("two", "values", VALUES));
	CASE(s.values[1] = "", OPTION("two", "values", VALUES));
	CASE(s.option.values = s.values, OPTION("one", "values", VALUES));
	CASE(s.second.fallback = "c",
		"option two with a default of another type, expected one of its words");
	CASE(s.option.fallback = "", "option one with a default of another type, expected a word");
	CASE(s.option.fallback = "a b",
		"option one with a default of another type, expected a word");
	CASE((s.option.fallback = "a b", s.option.flags = TPAM_OPTION_LIST), NULL);
	CASE((s.option.fallback = "30", s.option.type = TPAM_TYPE_DURATION),
		"option one with a default of another type, expected a duration such as 250ms, "
		"30s, 5m, 2h or 7d");
	CASE((s.option.fallback = "http://a.example", s.option.type = TPAM_TYPE_URL),
		"option one with a default of another type, expected an https:// URL (http:// only "
		"to a "
		"loopback address)");
#define NO_DEFAULT "option one with a default, expected none for what is required or secret"
	CASE((s.option.fallback = "a", s.option.flags = TPAM_OPTION_REQUIRED), NO_DEFAULT);
	CASE((s.option.fallback = "a", s.option.flags = TPAM_OPTION_SECRET), NO_DEFAULT);
}

/* A plugin of a newer header may say more, as long as leaving it out lets nobody in. */
static void test_newer(void)
{
	CASE((s.provider.abi = TPAM_ABI + 1, s.provider.size = 152, s.provider.flags = 128,
		     s.provider.reserved = 1, s.provider.inputs |= UINT64_C(1) << 40,
		     s.provider.outcomes |= UINT32_C(1) << 20, s.provider.groups |= 32,
		     s.option.flags = 128, s.option.reserved = 1, s.option.size = 64),
		NULL);
	CASE((s.provider.abi = TPAM_ABI + 1, s.provider.role = 4),
		MEMBER("role", "a role of enum tpam_role"));
	CASE((s.provider.abi = TPAM_ABI + 1, s.provider.binding = 4),
		MEMBER("binding", "a binding of enum tpam_binding"));
	CASE((s.provider.abi = TPAM_ABI + 1, s.option.type = 9),
		OPTION("one", "type", "a type of enum tpam_option_type"));
	CASE((s.provider.abi = TPAM_ABI + 1, s.provider.inputs |= UINT64_C(1) << 40,
		     s.provider.inputs_needed |= UINT64_C(1) << 40),
		MEMBER("inputs_needed", "items that this loader can give"));
}

int main(void)
{
	test_sizes();
	test_members();
	test_groups();
	test_inputs();
	test_options();
	test_defaults();
	test_newer();
	return check_end();
}
