/*
 * test_dispatch.c - what PAM makes of a chain, row by row, and what tokenpam adds to it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "check.h"
#include "dispatch.h"
#include "instance.h"

#define RULES_MAX    12
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A rule of a chain: its control, what its provider says; "{" begins a substack, "}" ends it. */
struct step {
	const char *control;
	int32_t outcome;
};

#define SUBSTACK                                                                                   \
	{                                                                                          \
		"{", 0                                                                             \
	}
#define END                                                                                        \
	{                                                                                          \
		"}", 0                                                                             \
	}

/* `run` has a letter for each rule run, in order: a is the first of the chain. */
static const struct example {
	const char *title;
	struct step steps[RULES_MAX];
	int32_t status;
	const char *run;
	const char *contributed; /* those whose contributions count */
	char failed;             /* whose failure is recorded; 0: nobody's */
} examples[] = {
	{"alone-optional", {{"optional", TPAM_INVALID}}, TPAM_DENIED, "a", "", 0},
	{"alone-sufficient", {{"sufficient", TPAM_INVALID}}, TPAM_DENIED, "a", "", 0},
	{"alone-required", {{"required", TPAM_INVALID}}, TPAM_INVALID, "a", "", 'a'},
	{"alone-requisite", {{"requisite", TPAM_INVALID}}, TPAM_INVALID, "a", "", 'a'},
	{"required success", {{"required", TPAM_SUCCESS}}, TPAM_SUCCESS, "a", "a", 0},
	{"all-ignore", {{"required", TPAM_IGNORE}, {"required", TPAM_IGNORE}}, TPAM_DENIED, "ab",
		"", 0},
	{"ok-ignore", {{"[ignore=ok]", TPAM_IGNORE}}, TPAM_IGNORE, "a", "", 'a'},
	{"ok-err", {{"[invalid=ok]", TPAM_INVALID}, {"required", TPAM_SUCCESS}}, TPAM_INVALID, "ab",
		"b", 'a'},
	{"success, then ok-err", {{"required", TPAM_SUCCESS}, {"[invalid=ok]", TPAM_INVALID}},
		TPAM_INVALID, "ab", "a", 'b'},
	{"x-authfail",
		{{"required", TPAM_DENIED}, {"sufficient", TPAM_SUCCESS},
			{"required", TPAM_SUCCESS}},
		TPAM_DENIED, "abc", "bc", 'a'},
	{"success-bad", {{"[success=bad]", TPAM_SUCCESS}}, TPAM_DENIED, "a", "", 'a'},
	{"success-bad-then-err", {{"[success=bad]", TPAM_SUCCESS}, {"required", TPAM_INVALID}},
		TPAM_DENIED, "ab", "", 'a'},
	{"expiring-bad", {{"required", TPAM_SUCCESS}, {"[expiring=bad]", TPAM_EXPIRING}},
		TPAM_EXPIRING, "ab", "a", 'b'},
	{"ignore-bad", {{"[ignore=bad]", TPAM_IGNORE}}, TPAM_DENIED, "a", "", 'a'},
	{"expiring is kept", {{"required", TPAM_EXPIRING}, {"required", TPAM_SUCCESS}},
		TPAM_EXPIRING, "ab", "ab", 0},
	{"expiring replaces success", {{"required", TPAM_SUCCESS}, {"required", TPAM_EXPIRING}},
		TPAM_EXPIRING, "ab", "ab", 0},
	{"x-dispatch4a",
		{{"required", TPAM_SUCCESS}, {"[success=1]", TPAM_SUCCESS},
			{"required", TPAM_DENIED}},
		TPAM_SUCCESS, "ab", "ab", 0},
	{"x-dispatch4b", {{"[success=1]", TPAM_SUCCESS}, {"required", TPAM_DENIED}}, TPAM_DENIED,
		"a", "a", 0},
	{"x-dispatch5", {{"[success=2]", TPAM_SUCCESS}, {"required", TPAM_DENIED}}, TPAM_DENIED,
		"a", "a", 'a'},
	{"bad-jump-overwrites", {{"required", TPAM_FOREIGN}, {"[success=5]", TPAM_SUCCESS}},
		TPAM_DENIED, "ab", "b", 'b'},
	{"jump over a substack",
		{{"[success=1 default=bad]", TPAM_SUCCESS}, SUBSTACK, {"required", TPAM_DENIED},
			{"required", TPAM_DENIED}, END, {"required", TPAM_SUCCESS}},
		TPAM_SUCCESS, "ae", "ae", 0},
	{"jump over an empty substack",
		{{"[success=1]", TPAM_SUCCESS}, SUBSTACK, END, {"required", TPAM_SUCCESS}},
		TPAM_SUCCESS, "ac", "ac", 0},
	{"jump in a substack past its end",
		{SUBSTACK, {"[success=2]", TPAM_SUCCESS}, {"required", TPAM_INVALID}, END,
			{"required", TPAM_SUCCESS}},
		TPAM_DENIED, "bd", "bd", 'b'},
	{"jump in a substack past its end, reset",
		{SUBSTACK, {"[success=1]", TPAM_SUCCESS}, END, {"[success=reset]", TPAM_SUCCESS},
			{"required", TPAM_SUCCESS}},
		TPAM_SUCCESS, "bcd", "d", 0},
	{"done in a substack ends it alone",
		{SUBSTACK, {"sufficient", TPAM_SUCCESS}, {"required", TPAM_INVALID}, END,
			{"required", TPAM_REVOKED}},
		TPAM_REVOKED, "bd", "b", 'd'},
	{"done in a substack ends inner ones too",
		{SUBSTACK, {"sufficient", TPAM_SUCCESS}, SUBSTACK, {"required", TPAM_INVALID}, END,
			{"required", TPAM_INVALID}, END, {"optional", TPAM_INVALID}},
		TPAM_SUCCESS, "bf", "b", 0},
	{"die in a substack, then required success",
		{SUBSTACK, {"requisite", TPAM_INVALID}, {"required", TPAM_SUCCESS}, END,
			{"required", TPAM_SUCCESS}},
		TPAM_INVALID, "bd", "d", 'b'},
	{"reset in a substack",
		{{"required", TPAM_SUCCESS}, SUBSTACK, {"required", TPAM_INVALID},
			{"[success=reset]", TPAM_SUCCESS}, END},
		TPAM_SUCCESS, "acd", "a", 0},
	{"reset in a substack keeps an earlier failure",
		{{"required", TPAM_REVOKED}, SUBSTACK, {"[default=reset]", TPAM_INVALID}, END,
			{"required", TPAM_SUCCESS}},
		TPAM_REVOKED, "acd", "d", 'a'},
	{"reset at the top",
		{{"required", TPAM_INVALID}, {"[success=reset]", TPAM_SUCCESS},
			{"required", TPAM_EXPIRING}},
		TPAM_EXPIRING, "abc", "c", 0},
	{"reset at the top, nothing after",
		{{"required", TPAM_SUCCESS}, {"[success=reset]", TPAM_SUCCESS}}, TPAM_DENIED, "ab",
		"", 0},
	{"second substack of the same depth saves anew",
		{SUBSTACK, {"required", TPAM_SUCCESS}, END, SUBSTACK, {"required", TPAM_INVALID},
			{"[default=reset]", TPAM_INVALID}, END},
		TPAM_SUCCESS, "bde", "b", 0},
	{"bad, then done does not stop",
		{{"required", TPAM_INVALID}, {"sufficient", TPAM_SUCCESS},
			{"required", TPAM_SUCCESS}},
		TPAM_INVALID, "abc", "bc", 'a'},
	{"done that is ignored contributes nothing",
		{{"[success=ignore]", TPAM_SUCCESS}, {"required", TPAM_SUCCESS}}, TPAM_SUCCESS,
		"ab", "b", 0},
	{"binding", {{"binding", TPAM_SUCCESS}, {"required", TPAM_INVALID}}, TPAM_SUCCESS, "a", "a",
		0},
	{"binding fails", {{"binding", TPAM_INVALID}, {"required", TPAM_SUCCESS}}, TPAM_INVALID,
		"ab", "b", 'a'},
	{"decisive passes on",
		{{"decisive", TPAM_FOREIGN}, {"decisive", TPAM_NO_CREDENTIAL},
			{"decisive", TPAM_SUCCESS}, {"required", TPAM_INVALID}},
		TPAM_SUCCESS, "abc", "c", 0},
	{"decisive decides", {{"decisive", TPAM_INVALID}, {"sufficient", TPAM_SUCCESS}},
		TPAM_INVALID, "a", "", 'a'},
	{"decisive, nobody's", {{"decisive", TPAM_FOREIGN}}, TPAM_DENIED, "a", "", 0},
	{"range: 15", {{"optional", 15}, {"required", TPAM_SUCCESS}}, TPAM_ERROR, "ab", "b", 'a'},
	{"range: 0", {{"optional", 0}}, TPAM_ERROR, "a", "", 'a'},
	{"range: -1", {{"[default=ok]", -1}}, TPAM_ERROR, "a", "", 'a'},
	{"range: 99", {{"[default=ignore]", 99}}, TPAM_ERROR, "a", "", 'a'},
	{"range: largest", {{"[default=reset]", INT32_MAX}}, TPAM_ERROR, "a", "", 'a'},
	{"range: smallest", {{"[default=1]", INT32_MIN}}, TPAM_ERROR, "a", "", 'a'},
	{"nothing", {{NULL, 0}}, TPAM_DENIED, "", "", 0},
};

/* A run being watched. */
struct watch {
	struct rule rules[RULES_MAX];
	int32_t outcomes[RULES_MAX];
	struct program program;
	struct tpam_report *report;
	char run[64];
	char contributed[RULES_MAX + 1];
	size_t contributions;
	size_t suspend; /* the rule that is pending at first; SIZE_MAX: none */
	int32_t ran_outcome;
	int32_t ran_action;
};

static struct tpam_instance someone;

static int32_t run(void *data, size_t index)
{
	struct watch *watch = data;
	size_t length = strlen(watch->run);
	watch->run[length] = (char)('a' + index);
	watch->run[length + 1] = '\0';
	if (watch->suspend == index) {
		watch->suspend = SIZE_MAX;
		return TPAM_PENDING;
	}
	return watch->outcomes[index];
}

static void ran(void *data, size_t index, int32_t outcome, int32_t action, bool contributes)
{
	struct watch *watch = data;
	watch->ran_outcome = outcome;
	watch->ran_action = action;
	if (contributes)
		watch->contributed[watch->contributions++] = (char)('a' + index);
}

static size_t mark(void *data)
{
	return ((struct watch *)data)->contributions;
}

static void rewind_to(void *data, size_t mark)
{
	struct watch *watch = data;
	CHECK(mark <= watch->contributions);
	memset(watch->contributed + mark, 0, watch->contributions - mark);
	watch->contributions = mark;
}

static void load_step(struct watch *watch, const struct step *step, unsigned level)
{
	size_t index = watch->program.count++;
	struct word word = {.text = (char *)(uintptr_t)step->control};
	enum control_kind kind;
	watch->rules[index].level = level;
	watch->outcomes[index] = step->outcome;
	if (step->control[0] == '{')
		return;
	watch->rules[index].instance = &someone;
	CHECK(control_parse(&kind, &watch->rules[index].control, &word, watch->report) == TPAM_OK);
}

static void load(struct watch *watch, const struct example *example)
{
	unsigned level = 0;
	*watch = (struct watch){.suspend = SIZE_MAX, .report = report_create()};
	watch->program.rules = watch->rules;
	for (size_t i = 0; i < RULES_MAX && example->steps[i].control; i++) {
		const struct step *step = &example->steps[i];
		level -= step->control[0] == '}';
		if (step->control[0] != '}')
			load_step(watch, step, level);
		level += step->control[0] == '{';
	}
}

static const struct dispatch_hooks *hooks_of(struct watch *watch)
{
	static struct dispatch_hooks hooks = {
		.run = run, .ran = ran, .mark = mark, .rewind = rewind_to};
	hooks.data = watch;
	return &hooks;
}

static void check_end_of_run(
	const struct example *example, const struct dispatch *dispatch, const struct watch *watch)
{
	size_t failed = example->failed ? (size_t)(example->failed - 'a') : SIZE_MAX;
	CHECK_TEXT(watch->contributed, example->contributed);
	CHECK(dispatch->failed == failed);
	CHECK(dispatch_accepted(dispatch) ==
		((example->status == TPAM_SUCCESS || example->status == TPAM_EXPIRING) &&
			!example->failed));
}

static void test_examples(void)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *example = &examples[i];
		struct watch watch;
		struct dispatch dispatch;
		load(&watch, example);
		dispatch_begin(&dispatch, &watch.program, hooks_of(&watch));
		int32_t status = dispatch_run(&dispatch, hooks_of(&watch));
		if (status != example->status || strcmp(watch.run, example->run) != 0)
			fprintf(stderr, "%s: got %d after %s\n", example->title, (int)status,
				watch.run);
		CHECK(status == example->status);
		CHECK_TEXT(watch.run, example->run);
		check_end_of_run(example, &dispatch, &watch);
		CHECK(dispatch_run(&dispatch, hooks_of(&watch)) == status);
		CHECK_TEXT(watch.run, example->run);
		tpam_report_destroy(watch.report);
	}
}

/* Each chain once more for each of its rules, suspended there: the end is the same, and nothing is run twice but it. */
static void test_suspension(void)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		for (size_t at = 0; at < strlen(examples[i].run); at++) {
			struct watch watch;
			struct dispatch dispatch;
			load(&watch, &examples[i]);
			watch.suspend = (size_t)(examples[i].run[at] - 'a');
			dispatch_begin(&dispatch, &watch.program, hooks_of(&watch));
			CHECK(dispatch_run(&dispatch, hooks_of(&watch)) == TPAM_PENDING);
			CHECK(strlen(watch.run) == at + 1);
			CHECK(dispatch_run(&dispatch, hooks_of(&watch)) == examples[i].status);
			CHECK(strlen(watch.run) == strlen(examples[i].run) + 1);
			CHECK_TEXT(watch.run + at + 1, examples[i].run + at);
			check_end_of_run(&examples[i], &dispatch, &watch);
			tpam_report_destroy(watch.report);
		}
	}
}

static void test_told(void)
{
	static const struct example alien = {.steps = {{"[default=ok]", 77}}};
	static const struct example jump = {
		.steps = {{"[success=1]", TPAM_SUCCESS}, {"optional", 1}}};
	struct watch watch;
	struct dispatch dispatch;
	load(&watch, &alien);
	dispatch_begin(&dispatch, &watch.program, hooks_of(&watch));
	dispatch_run(&dispatch, hooks_of(&watch));
	CHECK(watch.ran_outcome == TPAM_ERROR && watch.ran_action == ACTION_BAD);
	tpam_report_destroy(watch.report);
	load(&watch, &jump);
	dispatch_begin(&dispatch, &watch.program, hooks_of(&watch));
	dispatch_run(&dispatch, hooks_of(&watch));
	CHECK(watch.ran_outcome == TPAM_SUCCESS && watch.ran_action == 1);
	tpam_report_destroy(watch.report);
}

int main(void)
{
	test_examples();
	test_suspension();
	test_told();
	return check_end();
}
