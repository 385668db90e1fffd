/*
 * torture.c - fails the n-th allocation of each scene, for every n: it ends as it should, or for want of memory.
 *
 * Each scene is played once with all the memory it wants, to see what is right, then with the first allocation failing,
 * the second and so on until none is left to fail; then again with everything failing from the n-th on. The code must be
 * the right one or TPAM_E_MEMORY; in the first case all that can be seen must be as it was, in the second nothing was
 * handed out and the engine decides as before; and no block may be left over. Loading a plugin for the first time is
 * played in children.
 *
 * torture [NAME [N]] plays one scene, or its n-th failure alone, for a debugger.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/wait.h>

#include "../unit/sandbox.h"
#include "allocations.h"
#include "stage.h"

/* How often everything fails from some allocation on, which is what a failure alone has shown nearly. */
#define FEW 100

static char right[SIGHT_MAX], before[SIGHT_MAX], seen[SIGHT_MAX];
static int right_code;
static unsigned long plays, failures;

static void complain(const struct scene *scene, unsigned long nth, bool all, const char *what)
{
	fprintf(stderr, "%s, allocation %lu%s: %s\n", scene->name, nth, all ? " and all after" : "",
		what);
	allocations_explain();
	failures++;
}

static void show_difference(const char *got, const char *expected)
{
	size_t same = 0, from;
	while (got[same] && got[same] == expected[same])
		same++;
	from = same > 60 ? same - 60 : 0;
	fprintf(stderr, "  got      %.160s\n  expected %.160s\n", got + from, expected + from);
}

static void check_same(const struct scene *scene, unsigned long nth, bool all, const char *expected)
{
	if (strcmp(seen, expected) == 0)
		return;
	complain(scene, nth, all, "another answer than with memory");
	show_difference(seen, expected);
}

/* What came of a play in which an allocation failed. */
static void check_play(
	const struct stage *stage, const struct scene *scene, unsigned long nth, bool all)
{
	seen[0] = '\0';
	if (stage->code != TPAM_E_MEMORY && stage->code != right_code) {
		complain(scene, nth, all, tpam_code_text(stage->code));
		for (size_t i = 0; i < tpam_report_count(stage->report); i++)
			fprintf(stderr, "  %s\n", tpam_report_get(stage->report, i)->text);
	} else if (stage->code == right_code) {
		stage_look(stage, scene, seen);
		check_same(scene, nth, all, right);
	} else if (scene->keeps) {
		stage_look_at_engine(stage, scene, seen);
		check_same(scene, nth, all, before);
	} else if (scene->act && stage->engine && !scene->keeps && stage->code != TPAM_OK &&
		   !stage->request) {
		complain(scene, nth, all, "an engine without success");
	}
}

/* Plays a scene; true if there was an allocation to fail. `nth` 0: none fails. */
static bool play(const struct scene *scene, unsigned long nth, bool all)
{
	struct stage stage = {.code = TPAM_OK};
	long living = allocations_living();
	plays++;
	scene->prepare(&stage, scene);
	if (nth == 0 && scene->keeps)
		stage_look_at_engine(&stage, scene, before);
	if (nth > 0)
		allocations_arm(nth, all);
	scene->act(&stage, scene);
	bool fired = nth > 0 && allocations_disarm();
	if (nth == 0) {
		right_code = stage.code;
		stage_look(&stage, scene, right);
	} else if (fired) {
		check_play(&stage, scene, nth, all);
	}
	stage_clear(&stage);
	if (nth > 0 && allocations_living() != living)
		complain(scene, nth, all, "blocks are left over");
	return fired;
}

static void begin(const struct scene *scene)
{
	before[0] = right[0] = '\0';
	play(scene, 0, false); /* fills what the process keeps, as the table of plugins */
	before[0] = right[0] = '\0';
	play(scene, 0, false);
	if (right_code != scene->code) {
		complain(scene, 0, false, "not even with memory");
		fprintf(stderr, "%s", right);
	}
	allocations_begin();
}

static void run(const struct scene *scene)
{
	unsigned long nth = 1, single;
	begin(scene);
	while (play(scene, nth, false))
		nth++;
	single = nth - 1;
	for (nth = 1; play(scene, nth, true); nth += 1 + single / FEW)
		;
	printf("%-26s %5lu allocations, then: %s\n", scene->name, single,
		tpam_code_text(right_code));
	if (single == 0 && strcmp(scene->name, "describe no service") != 0)
		complain(scene, 0, false, "nothing to fail: the test does not see the library");
}

/* ---- The first load of a plugin, which a process has only once ---- */

enum { FIRST_PASSED = 0, FIRST_FAILED = 1, FIRST_NOT_REACHED = 2 };

/* In a child of its own: without memory the plugins do not load, and with it they do. */
static int load_first(const struct scene *scene, unsigned long nth, bool all)
{
	struct stage stage = {.code = TPAM_OK};
	scene->prepare(&stage, scene);
	allocations_begin();
	allocations_arm(nth, all);
	scene->act(&stage, scene);
	bool fired = allocations_disarm();
	if (stage.code != TPAM_OK && (!fired || stage.code != TPAM_E_MEMORY)) {
		complain(scene, nth, all, tpam_code_text(stage.code));
		sandbox_report(stage.report);
		return FIRST_FAILED;
	}
	stage_clear(&stage);
	scene->act(&stage, scene);
	if (stage.code != TPAM_OK)
		complain(scene, nth, all, "does not load afterwards");
	stage_clear(&stage);
	return failures ? FIRST_FAILED : fired ? FIRST_PASSED : FIRST_NOT_REACHED;
}

static int load_in_child(const struct scene *scene, unsigned long nth, bool all)
{
	int status = 0;
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(load_first(scene, nth, all));
	plays++;
	if (child < 0 || waitpid(child, &status, 0) != child)
		sandbox_fail("fork");
	if (!WIFEXITED(status))
		complain(scene, nth, all, "the process died");
	return WIFEXITED(status) ? WEXITSTATUS(status) : FIRST_FAILED;
}

static void run_first(const struct scene *scene)
{
	unsigned long nth = 1;
	int end;
	for (int all = 0; all < 2; all++) {
		for (nth = 1; (end = load_in_child(scene, nth, all)) != FIRST_NOT_REACHED; nth++)
			failures += end == FIRST_FAILED;
	}
	printf("%-26s %5lu allocations, then: done\n", scene->name, nth - 1);
}

int main(int argc, char **argv)
{
	sandbox_begin();
	stage_write_files();
	if (argc < 2)
		run_first(&first_scene);
	for (size_t i = 0; i < scene_count; i++) {
		if (argc < 2)
			run(&scenes[i]);
		else if (strcmp(argv[1], scenes[i].name) != 0)
			continue;
		else if (argc < 3)
			run(&scenes[i]);
		else {
			begin(&scenes[i]);
			play(&scenes[i], strtoul(argv[2], NULL, 10), false);
		}
	}
	sandbox_end();
	printf("%lu plays, %lu failures\n", plays, failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
