/*
 * test_program.c - how rules, includes and substacks become a program, and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "stacks.h"

#define ALONE "expected the name of a provider after it"
#define PAST(place, jump, most)                                                                    \
	"t.ini:" place ": got jump " jump ", expected at most " most                               \
	", as many rules as follow at its level\n"

struct example {
	const char *title;
	struct source sources[24];
	const char
		*expected; /* the program, level and provider or "-" for a marker, or the report */
};

static const struct example programs[] = {
	{"one", {{NULL, "required corp"}}, "0:corp:required:t.ini:1"},
	{"several providers", {{NULL, "decisive corp google"}, {NULL, "required permit"}},
		"0:corp:decisive:t.ini:1 0:google:decisive:t.ini:1 0:permit:required:t.ini:2"},
	{"include leaves no boundary",
		{{NULL, "include a"}, {"a", "optional corp"}, {NULL, "required permit"}},
		"0:corp:optional:t.ini:2 0:permit:required:t.ini:3"},
	{"substack marks",
		{{NULL, "substack a"}, {"a", "optional corp"}, {NULL, "required permit"}},
		"0:-:substack a:t.ini:1 1:corp:optional:t.ini:2 0:permit:required:t.ini:3"},
	{"several stacks", {{NULL, "include a b"}, {"a", "optional corp"}, {"b", "substack a a"}},
		"0:corp:optional:t.ini:2 0:-:substack a:t.ini:3 1:corp:optional:t.ini:2 "
		"0:-:substack a:t.ini:3 1:corp:optional:t.ini:2"},
	{"include in substack stays in it",
		{{NULL, "substack a"}, {"a", "include b"}, {"b", "substack c"},
			{"c", "required corp"}, {"a", "required deny"}},
		"0:-:substack a:t.ini:1 1:-:substack c:t.ini:3 2:corp:required:t.ini:4 "
		"1:deny:required:t.ini:5"},
	{"jump to the end", {{NULL, "[success=1] corp"}, {NULL, "required deny"}},
		"0:corp:[success=1]:t.ini:1 0:deny:required:t.ini:2"},
	{"jump over a substack",
		{{NULL, "[success=1] corp"}, {NULL, "substack a"}, {"a", "required deny deny"}},
		"0:corp:[success=1]:t.ini:1 0:-:substack a:t.ini:2 1:deny:required:t.ini:3 "
		"1:deny:required:t.ini:3"},
	{"jump out of an include",
		{{NULL, "include a"}, {"a", "[success=1] corp"}, {NULL, "required deny"}},
		"0:corp:[success=1]:t.ini:2 0:deny:required:t.ini:3"},
	{"a provider's name may be quoted", {{NULL, "required \"corp\""}},
		"0:corp:required:t.ini:1"},
	{"a stack may be called as a provider is",
		{{NULL, "include corp"}, {"corp", "required corp"}}, "0:corp:required:t.ini:2"},
};

static const struct example refusals[] = {
	{"unknown provider", {{NULL, "required copr"}},
		"t.ini:1:10: got provider \"copr\", expected one that has a section "
		"[provider:NAME]; did "
		"you mean \"corp\"?\n"},
	{"unknown provider, nothing near", {{NULL, "required pam_unix.so"}},
		"t.ini:1:10: got provider \"pam_unix.so\", expected one that has a section "
		"[provider:NAME]\n"},
	{"a provider refused elsewhere", {{NULL, "required broken"}}, ""},
	{"unknown stack", {{NULL, "include ssso"}, {"sso", "required corp"}},
		"t.ini:1:9: got stack \"ssso\", expected one that has a section [stack:NAME]; did "
		"you mean "
		"\"sso\"?\n"},
	{"every name", {{NULL, "required x corp y"}},
		"t.ini:1:10: got provider \"x\", expected one that has a section [provider:NAME]\n"
		"t.ini:1:17: got provider \"y\", expected one that has a section "
		"[provider:NAME]\n"},
	{"no provider", {{NULL, "required"}},
		"t.ini:1:1: got control \"required\" alone, " ALONE "\n"},
	{"no stack", {{NULL, "include"}},
		"t.ini:1:1: got control \"include\" alone, expected the name of a stack after "
		"it\n"},
	{"empty", {{NULL, "  "}},
		"t.ini:1:1: got an empty rule, expected a control and the name of a provider\n"},
	{"open bracket", {{NULL, "[success=ok corp"}},
		"t.ini:1:1: got an open \"[\", expected a \"]\" after it\n"},
	{"reference", {{NULL, "required ${env:WHO}"}, {NULL, "include $${x"}},
		"t.ini:1:10: got \"${env:WHO}\" in a rule, expected a name: rules take no "
		"references\n"
		"t.ini:2:9: got \"$${x\" in a rule, expected a name: rules take no references\n"},
	{"loop to itself", {{NULL, "include a"}, {"a", "include a"}},
		"t.ini:2:9: got a loop of stacks, a -> a, expected none\n"},
	{"loop of three",
		{{NULL, "substack a"}, {"a", "include b"}, {"b", "substack c"}, {"c", "include b"}},
		"t.ini:4:9: got a loop of stacks, b -> c -> b, expected none\n"},
	{"stack without rules of the group", {{NULL, "include a"}, {"!a", "required corp"}},
		"t.ini:1:9: got stack \"a\", expected one that has auth rules\n"},
	{"decisive in a substack", {{NULL, "substack a"}, {"a", "decisive corp"}},
		"t.ini:2:1: got \"decisive\" in a substack, expected it outside of any: a refusal "
		"would "
		"end the substack alone, and a laxer rule after it would run\n"},
	{"decisive in an include in a substack",
		{{NULL, "substack a"}, {"a", "include b"}, {"b", "decisive corp"}},
		"t.ini:3:1: got \"decisive\" in a substack, expected it outside of any: a refusal "
		"would "
		"end the substack alone, and a laxer rule after it would run\n"},
	{"jump past the end", {{NULL, "[success=2] corp"}, {NULL, "required deny"}},
		PAST("1:1", "2", "1")},
	{"jump past the end of a substack",
		{{NULL, "substack a"}, {"a", "[expired=1 default=3] corp"}, {"a", "required deny"},
			{NULL, "required deny deny deny"}},
		PAST("2:1", "3", "1")},
	{"a substack is one rule",
		{{NULL, "[success=2] corp"}, {NULL, "substack a"}, {"a", "required deny deny"}},
		PAST("1:1", "2", "1")},
	{"a refused provider still counts for jumps",
		{{NULL, "[success=1] corp"}, {NULL, "required x"}, {NULL, "[success=1] corp"}},
		"t.ini:2:10: got provider \"x\", expected one that has a section "
		"[provider:NAME]\n" PAST("3:1", "1", "0")},
	{"nobody knows how long a missing include is",
		{{NULL, "[success=1] corp"}, {NULL, "include b"}},
		"t.ini:2:9: got stack \"b\", expected one that has a section [stack:NAME]\n"},
	{"a missing substack is one rule", {{NULL, "[success=2] corp"}, {NULL, "substack b"}},
		PAST("1:1", "2", "1") "t.ini:2:10: got stack \"b\", expected one that has a "
				      "section [stack:NAME]\n"},
	{"group not served", {{NULL, "required later"}},
		"t.ini:1:10: got provider \"later\" in auth, expected one that serves auth; it "
		"serves "
		"account, session\n"},
	{"control and names in one pass",
		{{NULL, "[sucess=ok] x"}, {NULL, "inlcude a"}, {"a", "required corp"}},
		"t.ini:1:2: got outcome \"sucess\", expected an outcome or \"default\"; did you "
		"mean "
		"\"success\"?\n"
		"t.ini:1:13: got provider \"x\", expected one that has a section [provider:NAME]\n"
		"t.ini:2:1: got control \"inlcude\", expected required, requisite, sufficient, "
		"optional, "
		"binding, decisive, include, substack or [outcome=action ...]; did you mean "
		"\"include\"?\n"},
	{"once, though included twice", {{NULL, "include a a"}, {"a", "required x"}},
		"t.ini:2:10: got provider \"x\", expected one that has a section "
		"[provider:NAME]\n"},
	{"provider served, of another group", {{NULL, "include corp"}},
		"t.ini:1:9: got stack \"corp\", expected one that has a section [stack:NAME]\n"},
};

static size_t source_count(const struct example *example)
{
	size_t count = 0;
	while (count < COUNT(example->sources) && example->sources[count].rule)
		count++;
	return count;
}

static void describe(char *text, size_t size, const struct program *program)
{
	size_t length = 0;
	text[0] = '\0';
	for (size_t i = 0; i < program->count; i++) {
		const struct rule *rule = &program->rules[i];
		length += (size_t)snprintf(text + length, size - length, "%s%u:%s:%s:%s",
			i ? " " : "", rule->level, rule->instance ? rule->instance->name : "-",
			rule->written, rule->at_text);
	}
}

static void test_programs(void)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		struct tpam_report *report = report_create();
		struct program program;
		char text[4096];
		int code = sources_build(&program, programs[i].sources, source_count(&programs[i]),
			TPAM_AUTH, report);
		CHECK(code == TPAM_OK);
		CHECK_TEXT(report_text(report), "");
		if (code == TPAM_OK) {
			describe(text, sizeof(text), &program);
			CHECK_TEXT(text, programs[i].expected);
			program_finish(&program);
		}
		tpam_report_destroy(report);
	}
}

static void test_refusals(void)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct tpam_report *report = report_create();
		struct program program;
		CHECK(sources_build(&program, refusals[i].sources, source_count(&refusals[i]),
			      TPAM_AUTH, report) == TPAM_E_CONFIG);
		CHECK_TEXT(report_text(report), refusals[i].expected);
		tpam_report_destroy(report);
	}
}

/* A chain of `count` stacks, each in the one before. */
static int build_chain(size_t count, const char *control, struct tpam_report *report)
{
	static char names[STACKS_MAX][24], rules[STACKS_MAX][80];
	struct source sources[STACKS_MAX + 1];
	struct program program;
	sources[0].stack = NULL;
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "s%zu", i + 1);
		snprintf(rules[i], sizeof(rules[i]), "%s s%zu", control, i + 1);
		sources[i].rule = rules[i];
		sources[i + 1].stack = names[i];
	}
	sources[count].rule = "required corp";
	int code = sources_build(&program, sources, count + 1, TPAM_AUTH, report);
	if (code == TPAM_OK)
		program_finish(&program);
	return code;
}

static void test_depth(void)
{
	static const char *const controls[] = {"include", "substack"};
	for (size_t i = 0; i < 2; i++) {
		struct tpam_report *report = report_create();
		CHECK(build_chain(16, controls[i], report) == TPAM_OK);
		CHECK(build_chain(17, controls[i], report) == TPAM_E_CONFIG);
		CHECK(strstr(report_text(report),
			"got stack \"s17\" inside of 16 others, expected at most 15"));
		tpam_report_destroy(report);
	}
}

/* 64 rules, doubled by each of `doublings` stacks. */
static int build_many(size_t doublings, const char *control, struct tpam_report *report)
{
	static char names[STACKS_MAX][24], rules[STACKS_MAX][80];
	struct source sources[RULES_MAX];
	struct program program;
	size_t count = 0;
	sources[count++] = (struct source){NULL, "include s1"};
	for (size_t i = 0; i < doublings; i++) {
		snprintf(names[i], sizeof(names[i]), "s%zu", i + 1);
		snprintf(rules[i], sizeof(rules[i]), "%s s%zu s%zu", control, i + 2, i + 2);
		sources[count++] = (struct source){names[i], rules[i]};
	}
	snprintf(names[doublings], sizeof(names[doublings]), "s%zu", doublings + 1);
	for (size_t i = 0; i < 64; i++)
		sources[count++] = (struct source){names[doublings], "required corp"};
	int code = sources_build(&program, sources, count, TPAM_AUTH, report);
	if (code == TPAM_OK) {
		CHECK(program.count == (size_t)64 << doublings);
		program_finish(&program);
	}
	return code;
}

static void test_number(void)
{
	struct tpam_report *report = report_create();
	CHECK(build_many(6, "include", report) == TPAM_OK);
	CHECK_TEXT(report_text(report), "");
	CHECK(build_many(7, "include", report) == TPAM_E_CONFIG);
	CHECK_TEXT(report_text(report),
		"t.ini:9:10: got more than 4096 rules, expected at most so many\n");
	tpam_report_destroy(report);
}

/* Stacks without a provider add no rule: an end must come all the same. */
static void test_number_of_stacks(void)
{
	static char names[STACKS_MAX][24], rules[STACKS_MAX][80];
	struct source sources[RULES_MAX] = {{NULL, "include s1"}};
	struct tpam_report *report = report_create();
	struct program program;
	for (size_t i = 0; i < 14; i++) {
		snprintf(names[i], sizeof(names[i]), "s%zu", i + 1);
		snprintf(rules[i], sizeof(rules[i]), "include s%zu s%zu", i + 2, i + 2);
		sources[i + 1] = (struct source){names[i], rules[i]};
	}
	CHECK(sources_build(&program, sources, 15, TPAM_AUTH, report) == TPAM_E_CONFIG);
	CHECK(tpam_report_count(report) <= 1001);
	tpam_report_destroy(report);
}

static void test_account(void)
{
	static const struct source sources[] = {{NULL, "required later google"}};
	static const struct source wrong[] = {{NULL, "required corp"}};
	struct tpam_report *report = report_create();
	struct program program;
	CHECK(sources_build(&program, sources, 1, TPAM_ACCOUNT, report) == TPAM_OK);
	program_finish(&program);
	CHECK(program.count == 0 && program.rules == NULL);
	CHECK(sources_build(&program, wrong, 1, TPAM_ACCOUNT, report) == TPAM_E_CONFIG);
	CHECK_TEXT(report_text(report), "t.ini:1:10: got provider \"corp\" in account, expected "
					"one that serves account; it serves "
					"auth\n");
	tpam_report_destroy(report);
}

int main(void)
{
	test_programs();
	test_refusals();
	test_depth();
	test_number();
	test_number_of_stacks();
	test_account();
	return check_end();
}
