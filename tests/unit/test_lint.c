/*
 * test_lint.c - rules that never run, and programs that never accept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "stacks.h"

#define NEVER(place, last)                                                                         \
	"t.ini:" place                                                                             \
	": warning: got a rule that never runs, expected one that an outcome of the "              \
	"rules before reaches; the last that can run is at t.ini:" last "\n"
#define CLOSED(place)                                                                              \
	"t.ini:" place                                                                             \
	": warning: got auth rules that can never accept, expected a provider that "               \
	"says who this is and whose success counts\n"

static const struct {
	const char *title;
	struct source sources[12];
	const char *warnings;
} examples[] = {
	{"nothing to say", {{NULL, "decisive corp google"}}, ""},
	{"after permit", {{NULL, "sufficient permit"}, {NULL, "required corp"}},
		CLOSED("1:1") NEVER("2:10", "1")},
	{"after deny", {{NULL, "requisite deny"}, {NULL, "required corp google"}},
		CLOSED("1:1") NEVER("2:10", "1") NEVER("2:15", "1")},
	{"required deny lets the others run", {{NULL, "required deny"}, {NULL, "required corp"}},
		CLOSED("1:1")},
	{"nothing but deny is meant", {{NULL, "required deny"}}, ""},
	{"nothing but permit is not", {{NULL, "required permit"}}, CLOSED("1:1")},
	{"anonymous permit says who", {{NULL, "required public"}}, ""},
	{"anonymous permit does not always succeed",
		{{NULL, "sufficient public"}, {NULL, "required corp"}}, ""},
	{"a check says nobody", {{NULL, "required check"}}, CLOSED("1:1")},
	{"success that is ignored",
		{{NULL, "[success=ignore default=bad] corp"}, {NULL, "required check"}},
		CLOSED("1:1")},
	{"success that jumps over the end",
		{{NULL, "[success=1 default=ignore] corp"}, {NULL, "required permit"}}, ""},
	{"jumped over by all",
		{{NULL, "[default=1] corp"}, {NULL, "required check"}, {NULL, "required google"}},
		NEVER("2:10", "1")},
	{"die for all", {{NULL, "[default=die] corp"}, {NULL, "required google"}},
		CLOSED("1:1") NEVER("2:10", "1")},
	{"done for all: a refusal before lets it go on",
		{{NULL, "optional google"}, {NULL, "[default=done] corp"},
			{NULL, "required check"}},
		NEVER("3:10", "2")},
	{"done for all after a possible refusal",
		{{NULL, "required google"}, {NULL, "[default=done] corp"},
			{NULL, "required check"}},
		""},
	{"done in a substack ends it alone",
		{{NULL, "substack a"}, {"a", "[default=done] corp"}, {"a", "required check"},
			{NULL, "required google"}},
		NEVER("3:10", "2")},
	{"die in an include ends all",
		{{NULL, "include a"}, {"a", "[default=die] corp"}, {NULL, "required google"}},
		CLOSED("2:1") NEVER("3:10", "2")},
	{"a substack is told of once",
		{{NULL, "[default=1] corp"}, {NULL, "substack a"}, {"a", "required google check"},
			{NULL, "required google"}},
		NEVER("2:10", "1")},
	{"reset takes a refusal back",
		{{NULL, "required deny"}, {NULL, "[default=reset] permit"},
			{NULL, "required corp"}},
		""},
	{"reset goes back to the substack's beginning",
		{{NULL, "required deny"}, {NULL, "substack a"}, {"a", "[default=reset] check"},
			{"a", "required corp"}},
		CLOSED("1:1")},
	{"what a descriptor does not list does not happen",
		{{NULL, "[success=ok revoked=die default=ignore] narrow"},
			{NULL, "required permit"}},
		""},
	{"what the loader adds does",
		{{NULL, "[success=done revoked=die default=ignore] narrow"},
			{NULL, "required corp"}},
		""},
};

static const struct source accounts[] = {{NULL, "requisite deny"}, {NULL, "required later"}};

static size_t source_count(const struct source *sources, size_t max)
{
	size_t count = 0;
	while (count < max && sources[count].rule)
		count++;
	return count;
}

static void check_lint(
	const struct source *sources, size_t count, enum tpam_group group, const char *expected)
{
	struct tpam_report *report = report_create();
	struct program program;
	int code = sources_build(&program, sources, count, group, report);
	CHECK(code == TPAM_OK);
	if (code == TPAM_OK) {
		program_lint(&program, group, report);
		program_finish(&program);
	}
	CHECK_TEXT(report_text(report), expected);
	tpam_report_destroy(report);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		size_t count = source_count(examples[i].sources, COUNT(examples[i].sources));
		check_lint(examples[i].sources, count, TPAM_AUTH, examples[i].warnings);
	}
	check_lint(accounts, COUNT(accounts), TPAM_ACCOUNT, NEVER("2:10", "1"));
	check_lint(NULL, 0, TPAM_AUTH, "");
	return check_end();
}
