/*
 * test_loop.c - many decisions under way in one thread: parked, waked, cancelled, late, given to workers.
 *
 * The plugin puppet is played by the functions here; an upstream thread wakes what was parked. The clock is the test's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "../plugins/puppet.h"
#include "../unit/check.h"
#include "../unit/sandbox.h"

#define MANY 10000

static const char config[] = "[tokenpam]\nmode = development\n"
			     "[provider:p]\nplugin = puppet\n"
			     "[provider:slow]\nplugin = puppet_blocking\n"
			     "[provider:turns]\nplugin = puppet_turns\n"
			     "[service:api]\nauth = required p\n"
			     "[service:two]\nauth = required p\naccount = required p\n"
			     "[service:slow]\nauth = required slow\n"
			     "[service:turns]\nauth = required turns\n";

static atomic_llong now = 1000000000;

static int64_t fake_clock(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	(void)kind;
	return now;
}

/* ---- The upstream: a thread that wakes what it is given, in its order ---- */

#define QUEUE (2 * MANY)

static struct tpam_waker *queue[QUEUE];
static size_t queued, waked;
static bool over;
static const struct tpam_host *host_table;
static pthread_mutex_t upstream_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t upstream_work = PTHREAD_COND_INITIALIZER;

static void upstream_give(const struct tpam_host *host, struct tpam_waker *waker)
{
	pthread_mutex_lock(&upstream_lock);
	host_table = host;
	queue[queued++ % QUEUE] = waker;
	pthread_cond_signal(&upstream_work);
	pthread_mutex_unlock(&upstream_lock);
}

static void *upstream(void *data)
{
	(void)data;
	pthread_mutex_lock(&upstream_lock);
	while (!over || waked < queued) {
		if (waked == queued) {
			pthread_cond_wait(&upstream_work, &upstream_lock);
			continue;
		}
		struct tpam_waker *waker = queue[waked++ % QUEUE];
		const struct tpam_host *host = host_table;
		pthread_mutex_unlock(&upstream_lock);
		host->wake(waker);
		host->waker_release(waker);
		pthread_mutex_lock(&upstream_lock);
	}
	pthread_mutex_unlock(&upstream_lock);
	return NULL;
}

/* ---- Providers ---- */

/* What a test asks of its provider, and what it saw. */
struct actor {
	struct puppet puppet;
	unsigned parks; /* how often to park before the answer */
	unsigned runs;
	bool asked;              /* whether it could be parked */
	struct tpam_waker *kept; /* for the test to wake itself */
	bool keep;
	atomic_uint *inside; /* how many are inside a provider that takes turns */
	unsigned completions;
	int code;
	int32_t outcome;
	int32_t reason;
	bool rule; /* the result names one */
};

static int32_t answer(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, "alice", 5);
	return TPAM_SUCCESS;
}

static int32_t park_first(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name)
{
	struct actor *actor = (struct actor *)puppet;
	void **slot = host->slot(call, "test_loop", "runs", free);
	(void)name;
	actor->runs++;
	actor->asked = host->is_async(call) == 1;
	if (!*slot)
		*slot = calloc(1, sizeof(unsigned));
	unsigned *runs = *slot;
	if (++*runs > actor->parks)
		return answer(host, call);
	host->reason(call, TPAM_REASON_UPSTREAM_TIMEOUT, "forgotten when it runs again", NULL);
	struct tpam_waker *waker = host->park(call);
	if (!waker)
		return TPAM_UNAVAILABLE;
	if (actor->keep)
		actor->kept = waker;
	else
		upstream_give(host, waker);
	return TPAM_PENDING;
}

static int32_t wake_at_once(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name)
{
	struct actor *actor = (struct actor *)puppet;
	(void)name;
	if (actor->runs++ >= actor->parks)
		return answer(host, call);
	struct tpam_waker *waker = host->park(call);
	host->wake(waker);
	host->wake(waker);
	host->waker_release(waker);
	return TPAM_PENDING;
}

static int32_t pend_without_waker(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name)
{
	(void)puppet;
	(void)host;
	(void)call;
	(void)name;
	return TPAM_PENDING;
}

static int32_t work(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	struct actor *actor = (struct actor *)puppet;
	(void)name;
	actor->runs++;
	actor->asked = host->is_async(call) == 1 || host->park(call) != NULL;
	if (actor->inside && atomic_fetch_add(actor->inside, 1) != 0)
		actor->asked = true;
	int32_t outcome = answer(host, call);
	if (actor->inside)
		atomic_fetch_sub(actor->inside, 1);
	return outcome;
}

/* ---- The host ---- */

static void done(void *data, int code, struct tpam_result *result)
{
	struct actor *actor = data;
	actor->completions++;
	actor->code = code;
	if (result) {
		actor->outcome = tpam_result_outcome(result);
		actor->reason = tpam_result_reason(result);
		actor->rule = tpam_result_rule(result) != NULL;
	}
	tpam_result_unref(result);
}

static int begin(struct tpam_loop *loop, const char *service, struct actor *actor, int64_t deadline,
	struct tpam_operation **ret)
{
	struct tpam_request *request = sandbox_request(service, NULL);
	struct tpam_operation *operation = NULL;
	struct tpam_result *result = NULL;
	tpam_request_set_host_pointer(request, actor);
	tpam_request_set_deadline(request, deadline);
	int code = tpam_begin(loop, request, done, actor, &operation, &result);
	tpam_request_destroy(request);
	if (code == TPAM_OK) {
		actor->outcome = tpam_result_outcome(result);
		actor->reason = tpam_result_reason(result);
		tpam_result_unref(result);
	}
	if (ret)
		*ret = operation;
	return code;
}

/* Runs the loop until so many completions have come. */
static void run_until(struct tpam_loop *loop, size_t count)
{
	size_t delivered = tpam_loop_run(loop);
	while (delivered < count) {
		struct pollfd poller = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		if (poll(&poller, 1, 20000) != 1) {
			fprintf(stderr, "%zu of %zu completions, then silence\n", delivered, count);
			exit(EXIT_FAILURE);
		}
		delivered += tpam_loop_run(loop);
	}
	CHECK(delivered == count);
}

static struct actor actor_make(puppet_fn *fn, unsigned parks)
{
	return (struct actor){.puppet = {.auth = fn, .account = fn}, .parks = parks};
}

static void test_synchronous(struct tpam_engine *engine)
{
	struct actor actor = actor_make(park_first, 1);
	struct tpam_request *request = sandbox_request("api", NULL);
	struct tpam_result *result = NULL;
	tpam_request_set_host_pointer(request, &actor);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(!actor.asked && actor.runs == 1);
	CHECK(tpam_result_outcome(result) == TPAM_UNAVAILABLE);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void test_at_once(struct tpam_loop *loop)
{
	struct actor actor = actor_make(park_first, 0);
	CHECK(begin(loop, "api", &actor, 0, NULL) == TPAM_OK);
	CHECK(actor.outcome == TPAM_SUCCESS && actor.asked && actor.completions == 0);
	actor = actor_make(pend_without_waker, 0);
	CHECK(begin(loop, "api", &actor, 0, NULL) == TPAM_OK);
	CHECK(actor.outcome == TPAM_ERROR && actor.reason == TPAM_REASON_CONTRACT);
	CHECK(tpam_loop_timeout(loop) == -1 && tpam_loop_run(loop) == 0);
}

static void test_runs(struct tpam_loop *loop)
{
	struct actor few = actor_make(wake_at_once, 3), many = actor_make(wake_at_once, 1000);
	CHECK(begin(loop, "api", &few, 0, NULL) == TPAM_PENDING);
	CHECK(begin(loop, "api", &many, 0, NULL) == TPAM_PENDING);
	CHECK(few.runs == 1 && few.completions == 0);
	run_until(loop, 2);
	CHECK(few.completions == 1 && few.outcome == TPAM_SUCCESS && few.runs == 4);
	CHECK(many.completions == 1 && many.outcome == TPAM_ERROR);
	CHECK(many.reason == TPAM_REASON_CONTRACT && many.runs == 32);
}

static void test_groups(struct tpam_loop *loop)
{
	struct actor actor = actor_make(park_first, 2);
	actor.puppet.account = park_first; /* sets an identity there: a broken contract */
	CHECK(begin(loop, "two", &actor, 0, NULL) == TPAM_PENDING);
	run_until(loop, 1);
	CHECK(actor.runs == 4 && actor.outcome == TPAM_ERROR);
}

static void test_cancel(struct tpam_loop *loop)
{
	struct actor parked = actor_make(park_first, 1), other = actor_make(park_first, 1);
	struct tpam_operation *operation = NULL;
	parked.keep = true;
	CHECK(begin(loop, "api", &parked, 0, &operation) == TPAM_PENDING);
	CHECK(begin(loop, "api", &other, 0, NULL) == TPAM_PENDING);
	tpam_cancel(loop, operation);
	tpam_cancel(loop, operation);
	CHECK(parked.completions == 0 && tpam_loop_timeout(loop) == 0);
	run_until(loop, 2);
	CHECK(parked.completions == 1 && parked.code == TPAM_E_CANCELLED && parked.runs == 1);
	CHECK(other.completions == 1 && other.outcome == TPAM_SUCCESS);
	host_table->wake(parked.kept); /* long after the end */
	host_table->waker_release(parked.kept);
	CHECK(tpam_loop_run(loop) == 0);
}

static void test_deadline(struct tpam_loop *loop)
{
	struct actor late = actor_make(park_first, 1), later = late, past = late;
	late.keep = later.keep = true;
	CHECK(begin(loop, "api", &later, now + 7000000, NULL) == TPAM_PENDING);
	CHECK(begin(loop, "api", &late, now + 5000000, NULL) == TPAM_PENDING);
	CHECK(begin(loop, "api", &past, now - 1, NULL) == TPAM_OK);
	CHECK(past.outcome == TPAM_UNAVAILABLE && past.reason == TPAM_REASON_DEADLINE &&
		past.runs == 0);
	CHECK(tpam_loop_timeout(loop) == 5);
	now += 4999999;
	CHECK(tpam_loop_run(loop) == 0 && tpam_loop_timeout(loop) == 1);
	now += 1;
	CHECK(tpam_loop_run(loop) == 1 && late.completions == 1 && later.completions == 0);
	CHECK(late.outcome == TPAM_UNAVAILABLE && late.reason == TPAM_REASON_DEADLINE && late.rule);
	now += 2000000;
	CHECK(tpam_loop_run(loop) == 1 && later.completions == 1);
	host_table->waker_release(late.kept);
	host_table->wake(later.kept);
	host_table->waker_release(later.kept);
}

static void test_many(struct tpam_loop *loop)
{
	struct actor *actors = calloc(MANY, sizeof(*actors));
	unsigned accepted = 0;
	for (size_t i = 0; i < MANY; i++) {
		actors[i] = actor_make(park_first, 1);
		CHECK(begin(loop, "api", &actors[i], i % 2 ? now + 60000000000 : 0, NULL) ==
			TPAM_PENDING);
	}
	run_until(loop, MANY);
	for (size_t i = 0; i < MANY; i++)
		accepted += actors[i].completions == 1 && actors[i].outcome == TPAM_SUCCESS;
	CHECK(accepted == MANY);
	free(actors);
}

static void test_workers(struct tpam_loop *loop)
{
	struct actor actors[400];
	atomic_uint inside = 0;
	unsigned accepted = 0;
	for (size_t i = 0; i < 400; i++) {
		actors[i] = actor_make(work, 0);
		actors[i].inside = i % 2 ? &inside : NULL;
		CHECK(begin(loop, i % 2 ? "turns" : "slow", &actors[i], 0, NULL) == TPAM_PENDING);
	}
	run_until(loop, 400);
	for (size_t i = 0; i < 400; i++)
		accepted += actors[i].completions == 1 && actors[i].outcome == TPAM_SUCCESS &&
			    actors[i].runs == 1 && !actors[i].asked;
	CHECK(accepted == 400);
}

/* ---- A worker that is held inside its provider ---- */

static pthread_barrier_t entered, leaving;

static int32_t hold(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	(void)puppet;
	(void)name;
	pthread_barrier_wait(&entered);
	pthread_barrier_wait(&leaving);
	return answer(host, call);
}

static void test_worker_late(struct tpam_loop *loop)
{
	struct actor held = actor_make(hold, 0), given_up = held, waiting = actor_make(work, 0);
	struct tpam_operation *operation = NULL;
	pthread_barrier_init(&entered, NULL, 2);
	pthread_barrier_init(&leaving, NULL, 2);
	CHECK(begin(loop, "turns", &held, now + 1000000, NULL) == TPAM_PENDING);
	pthread_barrier_wait(&entered);
	CHECK(begin(loop, "turns", &waiting, now + 1000000, NULL) == TPAM_PENDING);
	now += 1000000;
	CHECK(tpam_loop_run(loop) == 2);
	CHECK(held.outcome == TPAM_UNAVAILABLE && held.reason == TPAM_REASON_DEADLINE);
	CHECK(waiting.outcome == TPAM_UNAVAILABLE && waiting.reason == TPAM_REASON_BUSY &&
		!waiting.runs);
	pthread_barrier_wait(&leaving);
	CHECK(begin(loop, "slow", &given_up, 0, &operation) == TPAM_PENDING);
	pthread_barrier_wait(&entered);
	tpam_cancel(loop, operation);
	CHECK(tpam_loop_run(loop) == 1 && given_up.code == TPAM_E_CANCELLED);
	pthread_barrier_wait(&leaving);
}

static void test_destroy(struct tpam_engine *engine)
{
	struct actor actors[10];
	struct tpam_loop *loop = NULL;
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	for (size_t i = 0; i < 10; i++) {
		actors[i] = actor_make(park_first, 1);
		actors[i].keep = true;
		CHECK(begin(loop, "api", &actors[i], 0, NULL) == TPAM_PENDING);
	}
	tpam_loop_destroy(loop);
	for (size_t i = 0; i < 10; i++) {
		CHECK(actors[i].completions == 1 && actors[i].code == TPAM_E_CANCELLED);
		host_table->wake(actors[i].kept);
		host_table->waker_release(actors[i].kept);
	}
}

static void test_reload(struct tpam_engine *engine, struct tpam_loop *loop)
{
	struct actor actor = actor_make(park_first, 1);
	CHECK(begin(loop, "api", &actor, 0, NULL) == TPAM_PENDING);
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	run_until(loop, 1);
	CHECK(actor.outcome == TPAM_SUCCESS);
}

/* The child starts workers, which the sanitizer takes for a mistake unless told. */
extern const char *__tsan_default_options(void);
__attribute__((visibility("default"))) const char *__tsan_default_options(void)
{
	return "die_after_fork=0";
}

/* A child makes its own loop and its own workers. */
static void test_fork(struct tpam_engine *engine)
{
	pid_t child = fork();
	if (child == 0) {
		struct tpam_loop *loop = NULL;
		struct actor actor = actor_make(work, 0);
		int code = tpam_loop_create(&loop, engine);
		if (code == TPAM_OK && begin(loop, "slow", &actor, 0, NULL) == TPAM_PENDING)
			run_until(loop, 1);
		tpam_loop_destroy(loop);
		_exit(actor.outcome == TPAM_SUCCESS ? 0 : 1);
	}
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(void)
{
	struct tpam_loop *loop = NULL;
	pthread_t thread;
	sandbox_begin();
	sandbox_write("main.ini", config);
	struct tpam_engine *engine =
		sandbox_engine("main.ini", (struct tpam_engine_options){.clock = fake_clock});
	pthread_create(&thread, NULL, upstream, NULL);
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	test_synchronous(engine);
	test_at_once(loop);
	test_runs(loop);
	test_groups(loop);
	test_cancel(loop);
	test_deadline(loop);
	test_many(loop);
	test_workers(loop);
	test_worker_late(loop);
	test_destroy(engine);
	test_reload(engine, loop);
	test_fork(engine);
	tpam_loop_destroy(loop);
	pthread_mutex_lock(&upstream_lock);
	over = true;
	pthread_cond_signal(&upstream_work);
	pthread_mutex_unlock(&upstream_lock);
	pthread_join(thread, NULL);
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
