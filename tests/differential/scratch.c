/*
 * scratch.c - runs and the files they are made from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stacks.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

static char folder[PATH_MAX];
static pid_t owner;

int32_t run_call(struct run *run, const struct target *target)
{
	if (run->count < RUNS_MAX)
		run->calls[run->count++] = target->number;
	if (target->pends && !run->pended[target->number]) {
		run->pended[target->number] = true;
		return TPAM_PENDING;
	}
	return target->outcome;
}

bool runs_agree(const struct run *ours, const struct run *pams, bool alien)
{
	bool code = ours->code == pams->code ||
		    (alien && ours->code == TPAM_ERROR && pams->code == TPAM_DENIED);
	return code && ours->count == pams->count &&
	       memcmp(ours->calls, pams->calls, ours->count * sizeof(ours->calls[0])) == 0;
}

static void path_of(char path[PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, "%.3000s/%s", folder, name);
}

static void scratch_remove(void)
{
	static const char *const names[] = {
		"service", "other", "s0", "s1", "s2", "s3", "s4", "stacks.ini"};
	char path[PATH_MAX];
	if (getpid() != owner)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(path, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

const char *scratch_folder(void)
{
	const char *parent = getenv("TMPDIR");
	if (folder[0])
		return folder;
	if (!parent || !*parent)
		parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(folder, sizeof(folder), "%.3000s/tokenpam-differential-XXXXXX", parent);
	if (!mkdtemp(folder)) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
	owner = getpid();
	atexit(scratch_remove);
	return folder;
}

FILE *scratch_open(const char *name)
{
	char path[PATH_MAX];
	scratch_folder();
	path_of(path, name);
	FILE *file = fopen(path, "we");
	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return file;
}

void scratch_write(const struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++) {
		char name[32];
		snprintf(name, sizeof(name), "s%zu", i);
		FILE *file = scratch_open(i == 0 ? "service" : name);
		stack_write_pam(file, stacks, i, folder);
		fclose(file);
	}
}

static void print_run(const char *who, const struct run *run)
{
	const char *name = tpam_outcome_name(run->code);
	fprintf(stderr, "%s: %s after", who, name ? name : "nothing");
	for (size_t i = 0; i < run->count; i++)
		fprintf(stderr, " p%zu", run->calls[i]);
	fputc('\n', stderr);
}

static void print_targets(const struct stacks *stacks, const struct line *line)
{
	(void)stacks;
	for (size_t i = 0; line->kind == KIND_RULE && i < line->target_count; i++) {
		const struct target *target = &line->targets[i];
		const char *name = tpam_outcome_name(target->outcome);
		fprintf(stderr, "; p%zu: %s%s\n", target->number,
			name ? name : "a code that nobody knows",
			target->pends ? ", pending at first" : "");
	}
}

void stacks_print(const struct stacks *stacks, const struct run *ours, const struct run *pams)
{
	for (size_t i = 0; i < stacks->count; i++) {
		stack_write_ini(stderr, stacks, i);
		for (size_t j = 0; j < stacks->list[i].count; j++)
			print_targets(stacks, &stacks->list[i].lines[j]);
	}
	if (ours)
		print_run("tokenpam", ours);
	if (pams)
		print_run("libpam", pams);
}
