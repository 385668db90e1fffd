/*
 * bench_core.c - what a decision costs in core itself, with a provider that costs nothing.
 *
 * bench_core [NAME] measures all, or what begins with NAME. Each figure is the best of many short rounds, so that what else
 * the machine does is not in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "../unit/sandbox.h"

#define ROUNDS     7 /* of what takes long */
#define SHORT      60
#define AT_ONCE    2000
#define BATCH      20
#define TOKEN_SIZE 900
#define THREADS    2

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static size_t resident(void)
{
	unsigned long pages = 0, all = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (!file || fscanf(file, "%lu %lu", &all, &pages) != 2)
		sandbox_fail("/proc/self/statm");
	(void)fclose(file);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

#define HEAD "[tokenpam]\nmode = development\n"
#define KEPT "[provider:kept]\nplugin = kept\naudience = https://api.example.com\n"

static void write_config(const char *name, const char *head, unsigned foreign, const char *last)
{
	char text[4096];
	int length = snprintf(text, sizeof(text), HEAD "%s" KEPT "[service:api]\n", head);
	for (unsigned i = 0; i < foreign; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
			"auth = [default=ignore] other\n");
	(void)snprintf(text + length, sizeof(text) - (size_t)length, "%s", last);
	sandbox_write(name, text);
}

/* A token of the usual size; the number makes the difference. */
static void token_write(char token[TOKEN_SIZE + 1], const char *kind, unsigned number)
{
	int length = snprintf(token, TOKEN_SIZE, "%s-%08x-", kind, number);
	for (size_t i = (size_t)length; i < TOKEN_SIZE; i++)
		token[i] = (char)('a' + (i * 7 + number * 13 + i / 26) % 26);
	token[TOKEN_SIZE] = '\0';
}

static struct tpam_request *request_of(const char *kind, unsigned number)
{
	char value[TOKEN_SIZE + 16] = "Bearer ";
	token_write(value + 7, kind, number);
	return sandbox_request("api", value);
}

static struct tpam_request **requests_of(const char *kind, unsigned count)
{
	struct tpam_request **requests = calloc(count, sizeof(*requests));
	for (unsigned i = 0; i < count; i++)
		requests[i] = request_of(kind, i);
	return requests;
}

static void requests_end(struct tpam_request **requests, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		tpam_request_destroy(requests[i]);
	free(requests);
}

static void decide(struct tpam_engine *engine, const struct tpam_request *request)
{
	struct tpam_result *result = NULL;
	if (tpam_authenticate(engine, request, &result) != TPAM_OK ||
		(tpam_result_accepted(result) && !tpam_result_subject(result)))
		sandbox_fail("tpam_authenticate");
	tpam_result_unref(result);
}

/* Nanoseconds a decision about requests that were just made, as a host makes them, in an order that no prefetcher knows. */
static double measure(struct tpam_engine *engine, const char *kind, unsigned count)
{
	double best = 1e18;
	uint32_t next = 1;
	for (unsigned round = 0; round < SHORT; round++) {
		int64_t took = 0;
		for (unsigned i = 0; i < AT_ONCE; i += BATCH) {
			struct tpam_request *requests[BATCH];
			for (unsigned k = 0; k < BATCH; k++) {
				next = next * 1664525 + 1013904223;
				requests[k] = request_of(kind, (next >> 8) % count);
			}
			int64_t begin = now();
			for (unsigned k = 0; k < BATCH; k++)
				decide(engine, requests[k]);
			took += now() - begin;
			for (unsigned k = 0; k < BATCH; k++)
				tpam_request_destroy(requests[k]);
		}
		best = (double)took / AT_ONCE < best ? (double)took / AT_ONCE : best;
	}
	return best;
}

/* ---- One thread ---- */

static void decide_once(struct tpam_engine *engine, const char *kind, unsigned number)
{
	struct tpam_request *request = request_of(kind, number);
	decide(engine, request);
	tpam_request_destroy(request);
}

static double measure_config(
	const char *head, unsigned foreign, const char *last, const char *kind, unsigned tokens)
{
	write_config("bench.ini", head, foreign, last);
	struct tpam_engine *engine = sandbox_engine("bench.ini", (struct tpam_engine_options){0});
	decide_once(engine, "good", 1000000);
	for (unsigned i = 0; i < tokens; i++)
		decide_once(engine, kind, i);
	double each = measure(engine, kind, tokens);
	tpam_engine_close(engine);
	return each;
}

#ifndef CACHE_OFF
#define CACHE_OFF "[provider:kept]\ncache_ttl = 0s\n"
#endif

/* The first is core alone; the second has a provider that keeps verdicts, so there is a look at the cache, too. */
static void bench_rule(void)
{
	static const char permit[] = "[provider:other]\nplugin = permit\n";
	static const char kept[] = "[provider:other]\nplugin = kept\naudience = x\n";
	double one = measure_config(permit, 1, "auth = required kept\n", "good", 1);
	double many = measure_config(permit, 17, "auth = required kept\n", "good", 1);
	printf("rule: a further rule that ignores         %8.1f ns\n", (many - one) / 16);
	one = measure_config(kept, 1, "auth = required kept\n", "third", 1);
	many = measure_config(kept, 17, "auth = required kept\n", "third", 1);
	printf("rule: a further rule, foreign token       %8.1f ns\n", (many - one) / 16);
}

static void bench_uncached(void)
{
	printf("uncached: one rule, accepted              %8.1f ns\n",
		measure_config("", 0, "auth = required kept\n" CACHE_OFF, "good", 1000));
}

static void bench_single(void)
{
	printf("single: hit of one entry                  %8.1f ns\n",
		measure_config("", 0, "auth = required kept\n", "good", 1));
}

static void bench_hit(void)
{
	static const unsigned counts[] = {100, 10000, 50000};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		printf("hit: of %6u entries                     %8.1f ns\n", counts[i],
			measure_config("", 0, "auth = required kept\n", "good", counts[i]));
}

static void bench_negative(void)
{
	printf("negative: a hit of one of 1000 bad tokens %8.1f ns\n",
		measure_config("", 0, "auth = required kept\n", "bad", 1000));
}

/* ---- Memory ---- */

static void bench_memory(void)
{
	const unsigned tokens = 10000;
	write_config("bench.ini", "", 0, "auth = required kept\n");
	struct tpam_engine *engine = sandbox_engine("bench.ini", (struct tpam_engine_options){0});
	struct tpam_request **requests = requests_of("good", tokens);
	decide(engine, requests[0]);
	size_t before = resident();
	for (unsigned i = 0; i < tokens; i++)
		decide(engine, requests[i]);
	printf("memory: resident for each kept token      %8.1f bytes\n",
		(double)(resident() - before) / tokens);
	requests_end(requests, tokens);
	tpam_engine_close(engine);
}

/* ---- Two threads ---- */

struct runner {
	struct tpam_engine *engine;
	struct tpam_request **requests;
	unsigned count;
	unsigned seed;
	atomic_int *start;
	double each;
};

/* Of the thread alone: what waiting for the other costs is in it, what the rest of the machine takes is not. */
static int64_t spent(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void *run(void *data)
{
	struct runner *runner = data;
	uint32_t next = runner->seed;
	while (!atomic_load(runner->start))
		continue;
	int64_t begin = spent();
	for (unsigned i = 0; i < 400000; i++) {
		next = next * 1664525 + 1013904223;
		decide(runner->engine, runner->requests[(next >> 8) % runner->count]);
	}
	runner->each = (double)(spent() - begin) / 400000;
	return NULL;
}

/* Decisions a second of so many threads, each with requests of its own for the same tokens. */
static double throughput(
	struct tpam_engine *engine, const char *kind, unsigned tokens, size_t threads)
{
	double best = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct runner runners[THREADS];
		pthread_t ids[THREADS];
		atomic_int start = 0;
		double sum = 0;
		for (size_t i = 0; i < threads; i++) {
			runners[i] = (struct runner){engine, requests_of(kind, tokens), tokens,
				(unsigned)i * 77 + round, &start, 0};
			if (pthread_create(&ids[i], NULL, run, &runners[i]) != 0)
				sandbox_fail("pthread_create");
		}
		atomic_store(&start, 1);
		for (size_t i = 0; i < threads; i++) {
			pthread_join(ids[i], NULL);
			requests_end(runners[i].requests, tokens);
			sum += 1e9 / runners[i].each;
		}
		best = sum > best ? sum : best;
	}
	return best;
}

static void scale(const char *what, const char *last, const char *kind, unsigned tokens)
{
	write_config("bench.ini", "", 0, last);
	struct tpam_engine *engine = sandbox_engine("bench.ini", (struct tpam_engine_options){0});
	double one = throughput(engine, kind, tokens, 1), two = throughput(engine, kind, tokens, 2);
	printf("threads: %-32s %8.2f times (%.2f and %.2f million/s)\n", what, two / one, one / 1e6,
		two / 1e6);
	tpam_engine_close(engine);
}

static void bench_threads(void)
{
	scale("hits of one token", "auth = required kept\n", "good", 1);
	scale("hits of 1000 tokens", "auth = required kept\n", "good", 1000);
	scale("uncached", "auth = required kept\n" CACHE_OFF, "good", 100);
	scale("refused", "auth = required kept\n", "other", 100);
}

/* ---- Loading ---- */

static void bench_load(void)
{
	static char text[200000];
	int length = snprintf(text, sizeof(text),
		HEAD KEPT "[hub]\nauth = required kept\nrequire_scopes = read\n");
	for (unsigned i = 0; i < 100; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
			"[service:s%u]\naudience = https://s%u.example.com\nrequire_scopes = a\n"
			"[tool:s%u/delete_*]\nrequire_scopes = admin\n",
			i, i, i);
	sandbox_write("load.ini", text);
	double best = 1e18;
	for (unsigned round = 0; round < 3 * ROUNDS; round++) {
		int64_t begin = now();
		struct tpam_engine *engine =
			sandbox_engine("load.ini", (struct tpam_engine_options){0});
		double took = (double)(now() - begin);
		best = took < best ? took : best;
		tpam_engine_close(engine);
	}
	printf("load: 100 services with a tool each       %8.2f ms\n", best / 1e6);
}

struct bench {
	const char *name;
	void (*run)(void);
};

static const struct bench benches[] = {{"rule", bench_rule}, {"uncached", bench_uncached},
	{"single", bench_single}, {"hit", bench_hit}, {"negative", bench_negative},
	{"memory", bench_memory}, {"threads", bench_threads}, {"load", bench_load}};

int main(int argc, char **argv)
{
	sandbox_begin();
	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		if (argc > 1 && strncmp(benches[i].name, argv[1], strlen(argv[1])) != 0)
			continue;
		benches[i].run();
		(void)fflush(stdout);
	}
	sandbox_end();
	return EXIT_SUCCESS;
}
