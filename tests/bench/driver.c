/*
 * driver.c - runs the rows of one contestant, as the runner says.
 *
 * usage: CONTESTANT FOLDER
 *
 * Each line of standard input is a command, each line of standard output its answer, "ok NUMBER..." or "no WHY":
 *
 *   check ROW ALG             whether it accepts the good token and refuses every bad one
 *   run ROW ALG COUNT THREADS nanoseconds that THREADS threads take which verify COUNT tokens each: by the clock, less
 *                             what they waited for a processor, and of a processor's time, both for one thread
 *   figure NAME ALG           what is measured otherwise
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define THREADS_MAX 64
#define OPENED_MAX  64
/* From one token to the next, so that nothing guesses which one it is. Prime, and larger than no count by chance. */
#define STRIDE 7919

static const char *folder, *program;

/* What is open stays so, since every round comes back to it. */
struct opened {
	const struct bench_row *row;
	const struct bench_material *material;
	void *shared;
	size_t tokens;
};

struct work {
	pthread_t thread;
	pthread_barrier_t *start;
	const struct opened *opened;
	size_t number, count;
	double took, used;
	bool good;
};

static double read_clock(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double bench_used(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

/* Nanoseconds that this thread could have run and did not, since others did. Waiting for a lock is not among them. */
static double waited(void)
{
	double nanoseconds = 0;
	FILE *file = fopen("/proc/thread-self/schedstat", "r");

	if (file && fscanf(file, "%*s %lf", &nanoseconds) != 1)
		nanoseconds = 0;
	if (file)
		(void)fclose(file);
	return nanoseconds;
}

static const char *token_of(const struct opened *opened, size_t index)
{
	return opened->material->tokens[index % opened->tokens];
}

/* Every token once, so that a cache has them all. */
static bool fill(const struct opened *opened)
{
	void *state = opened->row->begin ? opened->row->begin(opened->shared) : opened->shared;
	bool good = state;

	for (size_t i = 0; good && i < opened->tokens; i++)
		good = opened->row->verify(state, token_of(opened, i));
	if (state && opened->row->end)
		opened->row->end(state);
	return good;
}

static struct opened *row_open(const char *name, const char *alg)
{
	static struct opened opened[OPENED_MAX];
	const struct bench_material *material = bench_material(folder, alg);
	const struct bench_row *row = bench_rows;

	while (row->name && strcmp(row->name, name) != 0)
		row++;
	for (struct opened *i = opened; row->name && material && i < opened + OPENED_MAX; i++) {
		if (i->row == row && i->material == material)
			return i->shared ? i : NULL;
		if (i->row)
			continue;
		*i = (struct opened){row, material, row->open(row, material),
			row->tokens < material->count ? row->tokens : material->count};
		if (i->tokens == 0)
			i->tokens = 1;
		return i->shared ? i : NULL;
	}
	return NULL;
}

/* The good token before and after each bad one: what was learnt of one must not be held for the other. */
static void check(const struct opened *opened)
{
	const struct bench_row *row = opened->row;
	void *state = row->begin ? row->begin(opened->shared) : opened->shared;
	const char *good = token_of(opened, 0);
	/* The first two differ in what is signed, the others in what is said. */
	size_t count = row->signature_only ? 2 : opened->material->bad_count;
	const char *wrong = !state || !row->verify(state, good) ? "refuses the good token" : NULL;

	for (size_t i = 0; !wrong && i < count; i++) {
		const struct bench_bad *bad = &opened->material->bad[i];
		if (row->verify(state, bad->token)) {
			printf("no accepts %s\n", bad->what);
			return;
		}
		if (!row->verify(state, good))
			wrong = "refuses the good token after a bad one";
	}
	if (state && row->end)
		row->end(state);
	if (!wrong && !fill(opened))
		wrong = "refuses some good tokens";
	if (wrong)
		printf("no %s\n", wrong);
	else
		puts("ok 0");
}

/* Each thread on a processor of its own, out of those that we may use; more threads than these go where they like. */
static void pin(size_t number)
{
	cpu_set_t allowed, one;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return;
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || number-- > 0)
			continue;
		CPU_SET(cpu, &one);
		(void)pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
		return;
	}
}

static void *run_thread(void *data)
{
	struct work *work = data;
	const struct bench_row *row = work->opened->row;

	pin(work->number);
	void *state = row->begin ? row->begin(work->opened->shared) : work->opened->shared;
	work->good = state && row->verify(state, token_of(work->opened, 0));
	pthread_barrier_wait(work->start);
	double began = read_clock(CLOCK_MONOTONIC) - waited();
	double used = bench_used();
	for (size_t i = 1; work->good && i <= work->count; i++)
		work->good =
			row->verify(state, token_of(work->opened, i * STRIDE + work->number * 31));
	work->used = bench_used() - used;
	work->took = read_clock(CLOCK_MONOTONIC) - waited() - began;
	if (state && row->end)
		row->end(state);
	return NULL;
}

static void run(const struct opened *opened, size_t count, size_t threads)
{
	static struct work works[THREADS_MAX];
	pthread_barrier_t start;
	double took = 0, used = 0;
	bool good = true;

	if (threads < 1 || threads > THREADS_MAX ||
		pthread_barrier_init(&start, NULL, (unsigned)threads) != 0)
		abort();
	for (size_t i = 0; i < threads; i++) {
		works[i] = (struct work){
			.start = &start, .opened = opened, .number = i, .count = count};
		if (pthread_create(&works[i].thread, NULL, run_thread, &works[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(works[i].thread, NULL);
		good = good && works[i].good;
		took += works[i].took;
		used += works[i].used;
	}
	pthread_barrier_destroy(&start);
	if (good)
		printf("ok %.0f %.0f\n", took / (double)threads, used / (double)threads);
	else
		puts("no refuses a good token");
}

static void figure(const char *name, const char *alg)
{
	const struct bench_material *material = bench_material(folder, alg);
	const struct bench_figure *i = bench_figures;

	while (i->name && strcmp(i->name, name) != 0)
		i++;
	double value = i->name && material ? i->measure(material, program) : -1;
	if (value >= 0)
		printf("ok %f\n", value);
	else
		puts("no cannot");
}

static void answer(char *line)
{
	const char *words[5] = {"", "", "", "", ""};
	size_t count = 0;

	for (const char *word; count < 5 && (word = strsep(&line, " \n"));)
		words[count++] = word;
	if (strcmp(words[0], "figure") == 0) {
		figure(words[1], words[2]);
		return;
	}
	const struct opened *opened = row_open(words[1], words[2]);
	if (!opened)
		puts("no cannot");
	else if (strcmp(words[0], "check") == 0)
		check(opened);
	else
		run(opened, strtoul(words[3], NULL, 10), strtoul(words[4], NULL, 10));
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER <commands\n", argv[0]);
		return 2;
	}
	program = argv[0];
	folder = argv[1];
	while (getline(&line, &size, stdin) > 0) {
		answer(line);
		(void)fflush(stdout);
	}
	free(line);
	return EXIT_SUCCESS;
}
