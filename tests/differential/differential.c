/*
 * differential.c - random stacks by tokenpam's dispatcher and by the system's libpam: the same code, the same calls.
 *
 * PAM_PROBE is the path of pam_probe.so.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "dispatch.h"
#include "instance.h"
#include "layers.h"
#include "settings.h"
#include "stacks.h"

#define DEFAULT_COUNT 20000
#define DEFAULT_SEED  20250224

static const struct tpam_provider provider = {.role = TPAM_ROLE_IDENTITY, .groups = TPAM_AUTH};

/* ---- Our side ---- */

static struct tpam_instance instances[TARGETS_MAX];
static const struct target *targets[TARGETS_MAX];
static size_t actions[VERB_JUMP + 1]; /* how often each was what became of a rule */

static struct tpam_instance *find_provider(void *data, const char *name)
{
	const struct stacks *stacks = data;
	size_t number = strtoul(name + 1, NULL, 10);
	return number < stacks->modules ? &instances[number] : NULL;
}

static struct settings settings;

static struct section *find_stack(void *data, const char *name)
{
	(void)data;
	return settings_find(&settings, "stack", name);
}

static const char *const *no_candidates(void *data, bool stacks)
{
	static const char *const none[] = {NULL};
	(void)data;
	(void)stacks;
	return none;
}

/* What the hooks work on. */
struct ours {
	struct run *run;
	const struct program *program;
	size_t contributions;
};

static int32_t hook_run(void *data, size_t index)
{
	struct ours *ours = data;
	return run_call(ours->run, targets[ours->program->rules[index].instance - instances]);
}

static void hook_ran(void *data, size_t index, int32_t outcome, int32_t action, bool contributes)
{
	struct ours *ours = data;
	(void)index;
	(void)outcome;
	ours->contributions += contributes;
	actions[action > 0 ? VERB_JUMP : (size_t)-action]++;
}

static size_t hook_mark(void *data)
{
	return ((struct ours *)data)->contributions;
}

static void hook_rewind(void *data, size_t mark)
{
	((struct ours *)data)->contributions = mark;
}

static void note_targets(const struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++) {
		for (size_t j = 0; j < stacks->list[i].count; j++) {
			const struct line *line = &stacks->list[i].lines[j];
			for (size_t k = 0; line->kind == KIND_RULE && k < line->target_count; k++)
				targets[line->targets[k].number] = &line->targets[k];
		}
	}
}

static void dispatch(struct run *run, const struct program *program)
{
	struct ours ours = {.run = run, .program = program};
	const struct dispatch_hooks hooks = {.run = hook_run,
		.ran = hook_ran,
		.mark = hook_mark,
		.rewind = hook_rewind,
		.data = &ours};
	struct dispatch dispatch;
	*run = (struct run){.count = 0};
	dispatch_begin(&dispatch, program, &hooks);
	do
		run->code = dispatch_run(&dispatch, &hooks);
	while (run->code == TPAM_PENDING);
}

static void read_ini(const struct stacks *stacks, struct tpam_report *report)
{
	static const struct layers_limits limits = {.bytes = 1 << 20, .depth = 1};
	char path[PATH_MAX];
	FILE *file = scratch_open("stacks.ini");
	for (size_t i = 0; i < stacks->count; i++)
		stack_write_ini(file, stacks, i);
	fclose(file);
	snprintf(path, sizeof(path), "%.3000s/stacks.ini", scratch_folder());
	if (layers_read(&settings, path, &limits, report) != TPAM_OK || report_has_errors(report)) {
		char *line = tpam_report_line(report, 0);
		fprintf(stderr, "%s does not read: %s\n", path, line ? line : "");
		exit(EXIT_FAILURE);
	}
}

/* False if the stacks do not load. */
static bool ours_run(struct run *run, struct stacks *stacks)
{
	const struct program_names names = {.provider = find_provider,
		.stack = find_stack,
		.candidates = no_candidates,
		.data = stacks};
	struct tpam_report *report = report_create();
	struct program program;
	settings = (struct settings){.sections = NULL};
	read_ini(stacks, report);
	note_targets(stacks);
	struct setting *rules = section_get(settings_find(&settings, "service", "s"), "auth");
	int code = program_build(&program, &rules, 1, TPAM_AUTH, &names, report);
	if (code == TPAM_OK) {
		dispatch(run, &program);
		program_finish(&program);
	}
	settings_finish(&settings);
	tpam_report_destroy(report);
	return code == TPAM_OK;
}

/* ---- Comparison ---- */

struct totals {
	size_t compared;
	size_t refused;
	size_t calls;
};

/* False after a difference. */
static bool compare(struct stacks *stacks, struct totals *totals)
{
	struct run ours, pams;
	bool refused = stacks_refused(stacks);
	if (ours_run(&ours, stacks) == refused) {
		fprintf(stderr, "stack %zu: got it %s, expected it %s\n", totals->compared,
			refused ? "loaded" : "refused", refused ? "refused" : "loaded");
		stacks_print(stacks, NULL, NULL);
		return false;
	}
	if (refused) {
		totals->refused++;
		return true;
	}
	scratch_write(stacks);
	if (!pam_run(&pams, stacks, scratch_folder()) || !runs_agree(&ours, &pams, stacks->alien)) {
		fprintf(stderr, "stack %zu: tokenpam and libpam differ\n", totals->compared);
		stacks_print(stacks, &ours, &pams);
		return false;
	}
	totals->compared++;
	totals->calls += ours.count;
	return true;
}

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end) {
		fprintf(stderr, "got \"%s\", expected a number\n", text);
		exit(2);
	}
	return number;
}

static void print_totals(uint64_t seed, const struct totals *totals)
{
	printf("seed %llu: %zu stacks as libpam, %zu calls; %zu refused as they must be\n",
		(unsigned long long)seed, totals->compared, totals->calls, totals->refused);
	printf("ignore %zu, ok %zu, done %zu, bad %zu, die %zu, reset %zu, jump %zu\n",
		actions[VERB_IGNORE], actions[VERB_OK], actions[VERB_DONE], actions[VERB_BAD],
		actions[VERB_DIE], actions[VERB_RESET], actions[VERB_JUMP]);
}

int main(int count, char **arguments)
{
	uint64_t seed = DEFAULT_SEED, wanted = DEFAULT_COUNT;
	for (int i = 1; i + 1 < count; i += 2) {
		if (strcmp(arguments[i], "--seed") == 0)
			seed = number_of(arguments[i + 1]);
		else if (strcmp(arguments[i], "--count") == 0)
			wanted = number_of(arguments[i + 1]);
	}
	/* Kept open, the module is not loaded anew for each stack. */
	if (!getenv("PAM_PROBE") || !dlopen(getenv("PAM_PROBE"), RTLD_NOW)) {
		fprintf(stderr, "PAM_PROBE: %s\n", getenv("PAM_PROBE") ? dlerror() : "not set");
		return 2;
	}
	for (size_t i = 0; i < TARGETS_MAX; i++)
		instances[i].provider = &provider;
	fclose(scratch_open("other"));
	uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	struct totals totals = {.compared = 0};
	static struct stacks stacks;
	while (totals.compared < wanted) {
		stacks_generate(&stacks, &state, true);
		if (!compare(&stacks, &totals)) {
			fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
			return EXIT_FAILURE;
		}
	}
	print_totals(seed, &totals);
	return EXIT_SUCCESS;
}
