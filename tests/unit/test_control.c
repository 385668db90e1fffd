/*
 * test_control.c - control words and their tables, and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "check.h"
#include "control.h"

#define EXPECTED                                                                                   \
	", expected required, requisite, sufficient, optional, binding, decisive, include, "       \
	"substack or [outcome=action ...]"
#define BRACKET_ACTIONS ", expected ok, done, bad, die, ignore, reset or a jump of 1 to 4096"

/* Actions in the order of outcomes: o ok, d done, b bad, x die, . ignore, r reset, 1..9 jump. */
static const struct {
	const char *word;
	const char *actions;
} tables[] = {
	{"required", "oo.bbbbbbbbbbb"},
	{"requisite", "oo.xxxxxxxxxxx"},
	{"sufficient", "dd............"},
	{"optional", "oo............"},
	{"binding", "dd.bbbbbbbbbbb"},
	{"decisive", "dd...xxxxxxxxx"},
	{"[success=ok]", "obbbbbbbbbbbbb"},
	{"[default=ok]", "oooooooooooooo"},
	{"[default=reset success=2 expired=die]", "2rrrrrrxrrrrrr"},
	{"[success=ok default=die expiring=done]", "odxxxxxxxxxxxx"},
	{"[ success=ok\t error=9  ignore=ignore ]", "ob.bbbbbbbbbb9"},
	{"[no_credential=ignore foreign=1 malformed=2 invalid=3 revoked=4 step_up=5 denied=6 "
	 "rate_limited=7 unavailable=8 default=bad]",
		"bbb.123b45678b"},
};

static const struct {
	const char *word;
	const char *report; /* without "t.ini:3:" */
} refusals[] = {
	{"reqired", "8: got control \"reqired\"" EXPECTED "; did you mean \"required\"?\n"},
	{"Required", "8: got control \"Required\"" EXPECTED "; did you mean \"required\"?\n"},
	{"success=ok", "8: got control \"success=ok\"" EXPECTED "\n"},
	{"[]", "8: got [] without a word, expected [outcome=action ...]\n"},
	{"[  ]", "8: got [] without a word, expected [outcome=action ...]\n"},
	{"[success]", "9: got \"success\", expected outcome=action, as in success=ok\n"},
	{"[success=ok,default=die]", "17: got action \"ok,default=die\"" BRACKET_ACTIONS "\n"},
	{"[success=okdefault=ignore]", "17: got action \"okdefault=ignore\"" BRACKET_ACTIONS "\n"},
	{"[success=okay]", "17: got action \"okay\"" BRACKET_ACTIONS "\n"},
	{"[success=]", "17: got action \"\"" BRACKET_ACTIONS "\n"},
	{"[success=0]", "17: got action \"0\"" BRACKET_ACTIONS "\n"},
	{"[success=-1]", "17: got action \"-1\"" BRACKET_ACTIONS "\n"},
	{"[success=+1]", "17: got action \"+1\"" BRACKET_ACTIONS "\n"},
	{"[success=01]", "17: got action \"01\"" BRACKET_ACTIONS "\n"},
	{"[success=4097]", "17: got action \"4097\"" BRACKET_ACTIONS "\n"},
	{"[success=99999999999999999999]",
		"17: got action \"99999999999999999999\"" BRACKET_ACTIONS "\n"},
	{"[success=OK]", "17: got action \"OK\"" BRACKET_ACTIONS "\n"},
	{"[auth_err=die]", "9: got outcome \"auth_err\", expected an outcome or \"default\"\n"},
	{"[sucess=ok]",
		"9: got outcome \"sucess\", expected an outcome or \"default\"; did you mean "
		"\"success\"?\n"},
	{"[=ok]", "9: got outcome \"\", expected an outcome or \"default\"\n"},
	{"[a_name_that_is_longer_than_any_outcome=ok]",
		"9: got outcome \"a_name_that_is_longer_than_any_outcome\", expected an outcome or "
		"\"default\"\n"},
	{"[success=ok success=ok]", "20: got \"success\" twice, expected each outcome once\n"},
	{"[default=ok default=die]", "20: got \"default\" twice, expected each outcome once\n"},
	{"[success=maybe ignored=die error=bad error=bad]",
		"17: got action \"maybe\"" BRACKET_ACTIONS "\n"
		"t.ini:3:23: got outcome \"ignored\", expected an outcome or \"default\"; did you "
		"mean "
		"\"ignore\"?\n"
		"t.ini:3:45: got \"error\" twice, expected each outcome once\n"},
};

static struct word word_of(const char *text)
{
	return (struct word){
		.text = (char *)(uintptr_t)text, .at = {.file = "t.ini", .line = 3, .column = 8}};
}

static void describe(char *text, const struct control *control)
{
	for (int i = 1; i < TPAM_OUTCOME_LIMIT; i++) {
		int32_t action = control->actions[i];
		text[i - 1] = action > 0 ? (char)('0' + action) : ".odbxr"[-action];
	}
	text[TPAM_OUTCOME_LIMIT - 1] = '\0';
}

static void test_tables(void)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct tpam_report *report = report_create();
		struct word word = word_of(tables[i].word);
		enum control_kind kind = CONTROL_INCLUDE;
		struct control control;
		char text[TPAM_OUTCOME_LIMIT];
		CHECK(control_parse(&kind, &control, &word, report) == TPAM_OK);
		CHECK(kind == CONTROL_ACTIONS);
		CHECK(control.decisive == (strcmp(word.text, "decisive") == 0));
		describe(text, &control);
		CHECK_TEXT(text, tables[i].actions);
		CHECK(tpam_report_count(report) == 0);
		tpam_report_destroy(report);
	}
}

static void check_refusal(const struct word *word, const char *expected)
{
	struct tpam_report *report = report_create();
	enum control_kind kind = CONTROL_SUBSTACK;
	struct control control = {.actions = {7}};
	char text[4096] = "";
	CHECK(control_parse(&kind, &control, word, report) == TPAM_E_CONFIG);
	CHECK(kind == CONTROL_SUBSTACK && control.actions[0] == 7);
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		strcat(strcat(text, i == 0 ? line + strlen("t.ini:3:") : line), "\n");
		tpam_free(line);
	}
	CHECK_TEXT(text, expected);
	tpam_report_destroy(report);
}

static void test_refusals(void)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct word word = word_of(refusals[i].word);
		check_refusal(&word, refusals[i].report);
	}
	struct word word = word_of("required");
	word.quoted = true;
	check_refusal(&word, "8: got control \"required\" in quotes, expected it without\n");
}

static void test_kinds(void)
{
	static const struct {
		const char *word;
		enum control_kind kind;
	} kinds[] = {{"include", CONTROL_INCLUDE}, {"substack", CONTROL_SUBSTACK}};
	for (size_t i = 0; i < 2; i++) {
		struct tpam_report *report = report_create();
		struct word word = word_of(kinds[i].word);
		enum control_kind kind = CONTROL_ACTIONS;
		struct control control;
		CHECK(control_parse(&kind, &control, &word, report) == TPAM_OK);
		CHECK(kind == kinds[i].kind);
		tpam_report_destroy(report);
	}
}

static void test_text(void)
{
	char buffer[ACTION_TEXT_SIZE];
	CHECK_TEXT(action_text(buffer, ACTION_OK), "ok");
	CHECK_TEXT(action_text(buffer, ACTION_DONE), "done");
	CHECK_TEXT(action_text(buffer, ACTION_BAD), "bad");
	CHECK_TEXT(action_text(buffer, ACTION_DIE), "die");
	CHECK_TEXT(action_text(buffer, ACTION_IGNORE), "ignore");
	CHECK_TEXT(action_text(buffer, ACTION_RESET), "reset");
	CHECK_TEXT(action_text(buffer, 2), "jump 2");
	CHECK_TEXT(action_text(buffer, INT32_MAX), "jump 2147483647");
	CHECK_TEXT(action_text(buffer, INT32_MIN), "bad");
}

int main(void)
{
	test_tables();
	test_refusals();
	test_kinds();
	test_text();
	return check_end();
}
