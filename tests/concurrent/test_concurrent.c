/*
 * test_concurrent.c - many threads decide while another reloads: each answer is whole and of one generation.
 *
 * Two configurations give every answer in two versions, told apart by subject, scopes and line numbers alike; no answer may
 * have something of both. The thread sanitizer sees the rest.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "../unit/sandbox.h"

#define DECIDERS 4
#define KEPT     8

/* The thread sanitizer makes everything a dozen times slower, and sees in few rounds what it sees in many. */
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

#define ROUNDS       (400 / SLOW) /* of each decider; six requests a round */
#define RELOADS      (150 / SLOW)
#define OPENS        (40 / SLOW)
#define OBSERVATIONS (300 / SLOW)

/* Three blank lines are what makes the second version's line numbers others. */
#define SECTIONS(subject, scopes, outcome)                                                         \
	"[provider:ok]\nplugin = debug\nsubject = " subject "\nscopes = " scopes "\n"              \
	"[provider:bad]\nplugin = debug\nauth = " outcome "\n"                                     \
	"[provider:team]\nplugin = static\ntokens = tokens\nissuer = " subject "\n"                \
	"[provider:turns]\nplugin = turns\n"                                                       \
	"[service:api]\nauth = required ok\nrequire_scopes = read\naudience = x\n"                 \
	"[service:bad]\nauth = required bad\n"                                                     \
	"[service:team]\nauth = required team\nauth = required team\n"                             \
	"[service:turns]\nauth = required turns\n"                                                 \
	"[tool:api/delete]\nrequire_scopes = admin\n"

#define HEAD "[tokenpam]\nmode = development\n"

static const char *const versions[] = {
	HEAD SECTIONS("alice", "read", "invalid"),
	HEAD "\n\n\n" SECTIONS("bob", "read admin", "expired"),
	HEAD "[service:api]\nauth = required nobody\n", /* does not load */
};

/* The token is "tp_good". */
static const char tokens[] =
	"sha256:6adc1f56ededb039b3114a1bc7597b694afaeebca1dbd04d6e9dff440091195c subject=good\n";

static struct tpam_engine *engine;
static pthread_barrier_t start;
static atomic_uint failures, logged;
static atomic_ulong decisions, accepted;
static _Atomic(struct tpam_result *) kept[KEPT];

static void complain(const char *what, const char *got)
{
	fprintf(stderr, "%s: got %s\n", what, got ? got : "(null)");
	atomic_fetch_add(&failures, 1);
}

static void log_line(void *data, int level, const char *text)
{
	(void)data;
	if (level < TPAM_LOG_ERROR || level > TPAM_LOG_DEBUG || strchr(text, '\n'))
		complain("a line of the log", text);
	atomic_fetch_add(&logged, 1);
}

static unsigned line_of(const struct tpam_result *result, size_t index)
{
	const struct tpam_trace_entry *entry = tpam_result_trace(result, index);
	const char *colon = entry && entry->at ? strrchr(entry->at, ':') : NULL;
	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

/* ---- The answers, by version ---- */

struct answer {
	const char *target;
	const char *authorization;
	int32_t outcome[2];
	const char *subject[2];
	const char *issuer[2];
	unsigned line[2]; /* of the first rule; 0: any */
};

static const struct answer answers[] = {
	{"api", NULL, {TPAM_SUCCESS, TPAM_SUCCESS}, {"alice", "bob"}, {"debug", "debug"}, {17, 20}},
	{"api/delete", NULL, {TPAM_DENIED, TPAM_SUCCESS}, {"alice", "bob"}, {"debug", "debug"},
		{17, 20}},
	{"bad", NULL, {TPAM_INVALID, TPAM_EXPIRED}, {NULL, NULL}, {NULL, NULL}, {21, 24}},
	{"team", "Bearer tp_good", {TPAM_SUCCESS, TPAM_SUCCESS}, {"good", "good"}, {"alice", "bob"},
		{23, 26}},
	{"team", "Bearer tp_bad", {TPAM_FOREIGN, TPAM_FOREIGN}, {NULL, NULL}, {NULL, NULL},
		{23, 26}},
	{"turns", NULL, {TPAM_SUCCESS, TPAM_SUCCESS}, {"turns", "turns"}, {"turns", "turns"},
		{26, 29}},
};

#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

static bool same(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool fits(const struct answer *answer, const struct tpam_result *result, size_t version)
{
	return tpam_result_outcome(result) == answer->outcome[version] &&
	       same(tpam_result_subject(result), answer->subject[version]) &&
	       same(tpam_result_issuer(result), answer->issuer[version]) &&
	       line_of(result, 0) == answer->line[version];
}

/* Scopes and requirement come from two places of the configuration, and must be of the same version. */
static bool scopes_fit(const struct tpam_result *result)
{
	bool bob = same(tpam_result_subject(result), "bob");
	bool alice = same(tpam_result_subject(result), "alice");
	return (!bob && !alice) || tpam_result_has_scope(result, "admin") == bob;
}

static void check_answer(const struct answer *answer, const struct tpam_result *result)
{
	char *json = NULL;
	if ((fits(answer, result, 0) || fits(answer, result, 1)) && scopes_fit(result))
		return;
	if (tpam_result_json(result, &json) != TPAM_OK)
		json = NULL;
	complain(answer->target, json);
	tpam_free(json);
}

static void read_all(struct tpam_result *result)
{
	char *json = NULL;
	if (tpam_result_json(result, &json) != TPAM_OK || !strstr(json, "\"outcome\":"))
		complain("a result as JSON", json);
	tpam_free(json);
}

/* Leaves the result to whoever comes next, and looks at one that another thread left. */
static void exchange(struct tpam_result *result, size_t place)
{
	struct tpam_result *other = atomic_exchange(&kept[place % KEPT], tpam_result_ref(result));
	if (other)
		read_all(other);
	tpam_result_unref(other);
}

/* ---- Threads ---- */

static void decide(const struct answer *answer, size_t place)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(answer->target, answer->authorization);
	if (tpam_authenticate(engine, request, &result) != TPAM_OK) {
		complain(answer->target, "no result");
	} else {
		check_answer(answer, result);
		atomic_fetch_add(&decisions, 1);
		atomic_fetch_add(&accepted, tpam_result_accepted(result));
		exchange(result, place);
	}
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void *run_decider(void *data)
{
	size_t number = *(const size_t *)data;
	pthread_barrier_wait(&start);
	for (size_t i = 0; i < ROUNDS; i++)
		for (size_t k = 0; k < ANSWERS; k++)
			decide(&answers[(k + number) % ANSWERS], i + k + number);
	return NULL;
}

static void *run_reloader(void *data)
{
	(void)data;
	pthread_barrier_wait(&start);
	for (size_t i = 0; i < RELOADS; i++) {
		struct tpam_report *report = NULL;
		size_t version = (i + 1) % 3;
		sandbox_write("main.ini", versions[version]);
		int code = tpam_engine_reload(engine, &report);
		if (code != (version == 2 ? TPAM_E_CONFIG : TPAM_OK)) {
			complain("a reload", tpam_code_text(code));
			sandbox_report(report);
		}
		tpam_report_destroy(report);
	}
	return NULL;
}

static void check_description(const char *service)
{
	char *json = NULL;
	if (tpam_engine_describe(engine, service, &json) != TPAM_OK || *json != '{')
		complain("a description", json);
	tpam_free(json);
}

static void *run_observer(void *data)
{
	struct tpam_statistics before = {.size = sizeof(before)}, now = before;
	(void)data;
	pthread_barrier_wait(&start);
	for (size_t i = 0; i < OBSERVATIONS; i++) {
		if (tpam_engine_statistics(engine, &now) != TPAM_OK ||
			now.decisions < before.decisions || now.generation < before.generation ||
			now.accepted > now.decisions || now.reloads + 1 > now.generation + 1)
			complain("statistics", "numbers that go back");
		before = now;
		check_description(NULL);
		check_description("api");
	}
	return NULL;
}

/* Other engines with the same plugins come and go. */
static void *run_opener(void *data)
{
	(void)data;
	pthread_barrier_wait(&start);
	for (size_t i = 0; i < OPENS; i++)
		tpam_engine_close(
			sandbox_engine("other.ini", (struct tpam_engine_options){.log = log_line}));
	return NULL;
}

/* ---- The whole ---- */

static void begin_thread(pthread_t *thread, void *(*run)(void *), void *data)
{
	errno = pthread_create(thread, NULL, run, data);
	if (errno != 0)
		sandbox_fail("pthread_create");
}

static void check_end(void)
{
	struct tpam_statistics end = {.size = sizeof(end)};
	if (tpam_engine_statistics(engine, &end) != TPAM_OK || end.decisions != decisions ||
		end.accepted != accepted || end.reloads != RELOADS - RELOADS / 3 ||
		end.reload_failures != RELOADS / 3 || end.generation != end.reloads + 1)
		complain("statistics at the end", "other sums than were counted");
	if (decisions != (unsigned long)DECIDERS * ROUNDS * ANSWERS)
		complain("decisions", "fewer than were asked for");
}

static void run_together(void)
{
	static const size_t numbers[DECIDERS] = {0, 1, 2, 3};
	pthread_t deciders[DECIDERS], reloader, openers[2], observers[2];
	if (pthread_barrier_init(&start, NULL, DECIDERS + 5) != 0)
		sandbox_fail("pthread_barrier_init");
	for (size_t i = 0; i < DECIDERS; i++)
		begin_thread(&deciders[i], run_decider, (void *)(uintptr_t)&numbers[i]);
	for (size_t i = 0; i < 2; i++) {
		begin_thread(&observers[i], run_observer, NULL);
		begin_thread(&openers[i], run_opener, NULL);
	}
	begin_thread(&reloader, run_reloader, NULL);
	for (size_t i = 0; i < DECIDERS; i++)
		pthread_join(deciders[i], NULL);
	for (size_t i = 0; i < 2; i++)
		pthread_join(openers[i], NULL);
	pthread_join(reloader, NULL);
	for (size_t i = 0; i < 2; i++)
		pthread_join(observers[i], NULL);
	pthread_barrier_destroy(&start);
}

static void *run_heir(void *data)
{
	size_t place = *(const size_t *)data;
	struct tpam_result *result = atomic_exchange(&kept[place], NULL);
	if (result)
		read_all(result);
	tpam_result_unref(result);
	return NULL;
}

/* Results outlive the engine, and threads that never saw it give them back. */
static void inherit(void)
{
	static const size_t numbers[KEPT] = {0, 1, 2, 3, 4, 5, 6, 7};
	pthread_t heirs[KEPT];
	for (size_t i = 0; i < KEPT; i++)
		begin_thread(&heirs[i], run_heir, (void *)(uintptr_t)&numbers[i]);
	for (size_t i = 0; i < KEPT; i++)
		pthread_join(heirs[i], NULL);
}

/* An engine opened before fork() decides and reloads in the child, and goes on in the parent. */
static void decide_in_child(void)
{
	int status = 0;
	(void)fflush(NULL);
	pid_t child = fork();
	if (child < 0)
		sandbox_fail("fork");
	if (child == 0) {
		for (size_t i = 0; i < ANSWERS; i++)
			decide(&answers[i], i);
		if (tpam_engine_reload(engine, NULL) != TPAM_OK)
			complain("a reload in the child", "an error");
		decide(&answers[0], 0);
		_exit(failures ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		complain("the child", "a failure");
}

int main(void)
{
	sandbox_begin();
	sandbox_write("tokens", tokens);
	sandbox_write("main.ini", versions[0]);
	sandbox_write("other.ini", versions[1]);
	engine = sandbox_engine("main.ini", (struct tpam_engine_options){.log = log_line});
	decide_in_child();
	run_together();
	check_end();
	tpam_engine_close(engine);
	inherit();
	sandbox_end();
	printf("%lu decisions, %u log lines, %u failures\n", decisions, logged, failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
