/*
 * public.c - random stacks from an INI file to the result, by tokenpam as hosts use it and by the system's libpam.
 *
 * PAM_PROBE is the path of pam_probe.so, TOKENPAM_PLUGINS the folders of plugins; the plugin is "debug".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "stacks.h"

#define DEFAULT_COUNT 2000
#define DEFAULT_SEED  20250224

static void write_provider(FILE *file, const struct target *target)
{
	fprintf(file, "[provider:p%zu]\nplugin = debug\nauth = %s\nsubject = alice\n",
		target->number, tpam_outcome_name(target->outcome));
}

static void write_ini(const struct stacks *stacks)
{
	FILE *file = scratch_open("stacks.ini");
	bool reached[STACKS_MAX] = {false};
	stacks_mark_reached(stacks, 0, reached);
	fputs("[tokenpam]\nmode = development\n", file);
	for (size_t i = 0; i < stacks->count; i++) {
		if (!reached[i])
			continue;
		stack_write_ini(file, stacks, i);
		for (size_t j = 0; j < stacks->list[i].count; j++) {
			const struct line *line = &stacks->list[i].lines[j];
			for (size_t k = 0; line->kind == KIND_RULE && k < line->target_count; k++)
				write_provider(file, &line->targets[k]);
		}
	}
	fclose(file);
}

static int open_engine(struct tpam_engine **ret, struct tpam_report **ret_report)
{
	char path[PATH_MAX];
	struct tpam_engine_options options = {
		.size = sizeof(options), .config = path, .plugin_path = getenv("TOKENPAM_PLUGINS")};
	snprintf(path, sizeof(path), "%.3000s/stacks.ini", scratch_folder());
	return tpam_engine_open(ret, &options, ret_report);
}

static void read_trace(struct run *run, const struct tpam_result *result)
{
	const struct tpam_trace_entry *entry;
	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++) {
		if (strcmp(entry->group, "auth") == 0 && run->count < RUNS_MAX)
			run->calls[run->count++] = strtoul(entry->provider + 1, NULL, 10);
	}
}

/* All providers say the same of who it is, so PAM's success is a grant. A status of expiring may be a refusal's. */
static bool is_consistent(const struct tpam_result *result, const struct run *run)
{
	return run->code == TPAM_EXPIRING ||
	       tpam_result_accepted(result) == (run->code == TPAM_SUCCESS);
}

/* False if there is no result. */
static bool ask(struct run *run, struct tpam_engine *engine)
{
	struct tpam_request *request = tpam_request_create();
	struct tpam_result *result = NULL;
	bool good = false;
	*run = (struct run){.count = 0};
	if (request && tpam_request_set(request, TPAM_ITEM_SERVICE, "s", 1) == TPAM_OK &&
		tpam_authenticate(engine, request, &result) == TPAM_OK) {
		run->code = tpam_result_group_outcome(result, TPAM_AUTH);
		read_trace(run, result);
		good = is_consistent(result, run);
	}
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return good;
}

static bool compare_loaded(const struct stacks *stacks, struct tpam_engine *engine)
{
	struct run ours, pams;
	bool good = ask(&ours, engine);
	scratch_write(stacks);
	good = pam_run(&pams, stacks, scratch_folder()) && good && runs_agree(&ours, &pams, false);
	if (!good)
		stacks_print(stacks, &ours, &pams);
	return good;
}

/* False after a difference. */
static bool compare(const struct stacks *stacks, size_t *compared, size_t *refused)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	bool good, expected = !stacks_refused(stacks);
	write_ini(stacks);
	int code = open_engine(&engine, &report);
	if ((code == TPAM_OK) != expected) {
		char *line = tpam_report_line(report, 0);
		fprintf(stderr, "got code %d (%s), expected it %s\n", code, line ? line : "",
			expected ? "loaded" : "refused");
		tpam_free(line);
		stacks_print(stacks, NULL, NULL);
		good = false;
	} else {
		good = !expected || compare_loaded(stacks, engine);
		*compared += expected;
		*refused += !expected;
	}
	tpam_report_destroy(report);
	tpam_engine_close(engine);
	return good;
}

int main(int count, char **arguments)
{
	uint64_t seed = DEFAULT_SEED, wanted = DEFAULT_COUNT;
	for (int i = 1; i + 1 < count; i += 2) {
		if (strcmp(arguments[i], "--seed") == 0)
			seed = strtoull(arguments[i + 1], NULL, 10);
		else if (strcmp(arguments[i], "--count") == 0)
			wanted = strtoull(arguments[i + 1], NULL, 10);
	}
	if (!getenv("PAM_PROBE") || !dlopen(getenv("PAM_PROBE"), RTLD_NOW)) {
		fprintf(stderr, "PAM_PROBE: %s\n", getenv("PAM_PROBE") ? dlerror() : "not set");
		return 2;
	}
	fclose(scratch_open("other"));
	uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	size_t compared = 0, refused = 0;
	static struct stacks stacks;
	while (compared < wanted) {
		stacks_generate(&stacks, &state, false);
		if (!compare(&stacks, &compared, &refused)) {
			fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
			return EXIT_FAILURE;
		}
	}
	printf("seed %llu: %zu stacks as libpam, %zu refused as they must be\n",
		(unsigned long long)seed, compared, refused);
	return EXIT_SUCCESS;
}
