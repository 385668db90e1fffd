/*
 * test_load.c - files change under load: threads that wait and threads with loops decide, others change files and move
 * the clock; each answer is whole, and the last change is found.
 *
 * What a file says is a version, and so is what another says that is read with it; an answer has one version, or two where
 * the files had. The thread sanitizer sees the rest.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "stage.h"

#define DECIDERS 3
#define LOOPS    2
#define CHANGERS 4

#if defined(__SANITIZE_THREAD__)
#define SLOW 5
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SLOW 5
#endif
#endif
#ifndef SLOW
#define SLOW 1
#endif

#define CHANGES (400 / SLOW)

static const char config[] = "[tokenpam]\nmode = development\n"
			     "[provider:one]\nplugin = debug\nsubject = ${file:..data/one}\n"
			     "[provider:two]\nplugin = filed\nfile = two\n"
			     "[provider:three]\nplugin = static\ntokens = three\n"
			     "[provider:turns]\nplugin = turns\n"
			     "[service:one]\nauth = required one\n"
			     "[service:two]\nauth = required two\n"
			     "[service:three]\nauth = required three\n"
			     "[service:turns]\nauth = required turns\n";

/* The token is "tp_good". */
#define TOKEN "sha256:6adc1f56ededb039b3114a1bc7597b694afaeebca1dbd04d6e9dff440091195c subject="

static const char *const services[] = {"one", "two", "three", "turns"};

#define SERVICES (sizeof(services) / sizeof(services[0]))

static struct tpam_engine *engine;
static pthread_barrier_t start;
static atomic_bool over;
static atomic_uint failures;
static atomic_ulong decisions;

static void complain(const char *what, const char *got)
{
	fprintf(stderr, "%s: got %s\n", what, got ? got : "(null)");
	atomic_fetch_add(&failures, 1);
}

/* "v" and a number below CHANGES, or what the file said at first. */
static bool is_version(const char *text)
{
	char *end;
	if (!text || text[0] != 'v')
		return false;
	unsigned long number = strtoul(text + 1, &end, 10);
	return *end == '\0' && number <= CHANGES;
}

static void check_answer(const char *service, int code, struct tpam_result *result)
{
	const char *subject = code == TPAM_OK ? tpam_result_subject(result) : NULL;
	bool turns = strcmp(service, "turns") == 0;
	if (code != TPAM_OK || !tpam_result_accepted(result) || (!turns && !is_version(subject)))
		complain(service, subject);
	atomic_fetch_add(&decisions, 1);
	tpam_result_unref(result);
}

/* ---- Who decides ---- */

static void *run_decider(void *data)
{
	(void)data;
	pthread_barrier_wait(&start);
	for (size_t i = 0; !atomic_load(&over); i++) {
		const char *service = services[i % SERVICES];
		struct tpam_result *result = NULL;
		struct tpam_request *request = sandbox_request(service, "Bearer tp_good");
		int code = tpam_authenticate(engine, request, &result);
		check_answer(service, code, result);
		tpam_request_destroy(request);
	}
	return NULL;
}

static size_t under_way[LOOPS];

struct asked {
	const char *service;
	size_t loop;
};

static void on_done(void *data, int code, struct tpam_result *result)
{
	const struct asked *asked = data;
	check_answer(asked->service, code, result);
	under_way[asked->loop]--;
}

static void begin(struct tpam_loop *loop, const struct asked *asked)
{
	struct tpam_operation *operation = NULL;
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(asked->service, "Bearer tp_good");
	int code =
		tpam_begin(loop, request, on_done, (void *)(uintptr_t)asked, &operation, &result);
	if (code == TPAM_PENDING)
		under_way[asked->loop]++;
	else
		check_answer(asked->service, code, result);
	tpam_request_destroy(request);
}

static void *run_loop(void *data)
{
	struct asked asked[SERVICES];
	struct tpam_loop *loop = NULL;
	size_t number = *(const size_t *)data;
	for (size_t i = 0; i < SERVICES; i++)
		asked[i] = (struct asked){services[i], number};
	pthread_barrier_wait(&start);
	if (tpam_loop_create(&loop, engine) != TPAM_OK)
		sandbox_fail("tpam_loop_create");
	for (size_t i = 0; !atomic_load(&over) || under_way[number] > 0; i++) {
		struct pollfd ready = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		if (!atomic_load(&over))
			begin(loop, &asked[i % SERVICES]);
		if (under_way[number] > 0)
			(void)poll(&ready, 1, 10);
		(void)tpam_loop_run(loop);
	}
	tpam_loop_destroy(loop);
	return NULL;
}

/* ---- Who changes ---- */

static void change_one(unsigned i)
{
	char text[32];
	const char *folder = i % 2 ? "even" : "odd";
	(void)snprintf(text, sizeof(text), "%s/one", folder);
	char version[32];
	(void)snprintf(version, sizeof(version), "v%u\n", i);
	sandbox_write(text, version);
	stage_link("..data", folder);
}

/* In the same file, and empty in between: looks that find nothing in it must not hurt. */
static void change_two(unsigned i)
{
	char version[32];
	(void)snprintf(version, sizeof(version), "v%u", i);
	stage_overwrite("two", version);
}

static void change_three(unsigned i)
{
	char line[256];
	(void)snprintf(line, sizeof(line), "%sv%u\n", TOKEN, i);
	if (i % 7 == 3)
		sandbox_write("three", "this is no token\n");
	sandbox_write("three", line);
}

/* Touched, gone, back: nothing to load. */
static void change_nothing(unsigned i)
{
	(void)i;
	(void)utimensat(AT_FDCWD, sandbox_path("two"), NULL, 0);
	(void)rename(sandbox_path("even/one"), sandbox_path("even/gone"));
	(void)rename(sandbox_path("even/gone"), sandbox_path("even/one"));
}

static void (*const changes[CHANGERS])(unsigned i) = {
	change_one, change_two, change_three, change_nothing};

/* Until somebody has looked, or may have: else all is changed before anybody decides. */
static void let_decide(void)
{
	unsigned long before = atomic_load(&decisions);
	while (atomic_load(&decisions) < before + DECIDERS + LOOPS)
		(void)sched_yield();
}

static void *run_changer(void *data)
{
	size_t number = *(const size_t *)data;
	pthread_barrier_wait(&start);
	for (unsigned i = 1; i <= CHANGES; i++) {
		changes[number](i);
		stage_wait(1000);
		let_decide();
	}
	return NULL;
}

/* ---- The whole ---- */

static void begin_thread(pthread_t *thread, void *(*run)(void *), size_t number)
{
	static const size_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
	errno = pthread_create(thread, NULL, run, (void *)(uintptr_t)&numbers[number]);
	if (errno != 0)
		sandbox_fail("pthread_create");
}

/* One more request, after the clock has moved far enough for two looks. */
static void settle(const char *service, const char *expected)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(service, "Bearer tp_good");
	for (int look = 0; look < 3; look++) {
		tpam_result_unref(result);
		result = NULL;
		stage_wait(6000);
		if (tpam_authenticate(engine, request, &result) != TPAM_OK)
			complain(service, "no result");
	}
	const char *subject = result ? tpam_result_subject(result) : NULL;
	if (!subject || strcmp(subject, expected) != 0)
		complain(service, subject);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void run_together(void)
{
	pthread_t deciders[DECIDERS], loops[LOOPS], changers[CHANGERS];
	if (pthread_barrier_init(&start, NULL, DECIDERS + LOOPS + CHANGERS) != 0)
		sandbox_fail("pthread_barrier_init");
	for (size_t i = 0; i < DECIDERS; i++)
		begin_thread(&deciders[i], run_decider, i);
	for (size_t i = 0; i < LOOPS; i++)
		begin_thread(&loops[i], run_loop, i);
	for (size_t i = 0; i < CHANGERS; i++)
		begin_thread(&changers[i], run_changer, i);
	for (size_t i = 0; i < CHANGERS; i++)
		pthread_join(changers[i], NULL);
	atomic_store(&over, true);
	for (size_t i = 0; i < DECIDERS; i++)
		pthread_join(deciders[i], NULL);
	for (size_t i = 0; i < LOOPS; i++)
		pthread_join(loops[i], NULL);
	pthread_barrier_destroy(&start);
}

int main(void)
{
	char last[32];
	sandbox_begin();
	stage_folder("even");
	stage_folder("odd");
	sandbox_write("main.ini", config);
	sandbox_write("odd/one", "v0\n");
	sandbox_write("even/one", "v0\n");
	stage_link("..data", "odd");
	sandbox_write("two", "v0");
	sandbox_write("three", TOKEN "v0\n");
	engine = stage_engine("main.ini");
	run_together();
	(void)snprintf(last, sizeof(last), "v%d", CHANGES);
	settle("one", last);
	settle("two", last);
	settle("three", last);
	struct tpam_statistics end = stage_statistics(engine);
	if (end.reloads < 2 || end.reloads != stage_loaded || end.reload_failures != stage_failed ||
		end.generation != end.reloads + 1)
		complain("statistics at the end", "other sums than were counted");
	tpam_engine_close(engine);
	sandbox_end();
	printf("%lu decisions, %llu loads, %llu failures to load, %u failures\n", decisions,
		(unsigned long long)end.reloads, (unsigned long long)end.reload_failures, failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
