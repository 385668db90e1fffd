/*
 * test_threads.c - many threads find, keep, flush and load again: no verdict from before a flush outlives it.
 *
 * The provider's world has a number that only grows, and is flushed after each change. Whoever reads the number and then
 * asks must get a verdict that is no older. Half of the tokens are refused, so both tables are at it; one service's calls
 * are parked and rechecked in loops.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "../plugins/kept.h"
#include "../unit/sandbox.h"

#define DECIDERS 3
#define TOKENS   40
#if defined(__SANITIZE_THREAD__)
#define ROUNDS 3000
#else
#define ROUNDS 20000
#endif
#define FLUSHES (ROUNDS / 10)
#define RELOADS (ROUNDS / 400)

#define PROVIDERS 3

/* One of the providers takes turns, and one blocks: in loops, these are rechecked by workers. */
static const char *const services[PROVIDERS] = {"api", "turns", "blocking"};

struct world {
	struct kept_control control; /* first */
	atomic_int_fast64_t number;
	atomic_int_fast64_t flushed; /* what is older was flushed */
	/* Under `living`: */
	struct tpam_instance *instances[PROVIDERS];
	const struct tpam_host *host;
	atomic_ulong asked, rechecked;
};

static struct world world;
static struct tpam_engine *engine;
static pthread_barrier_t start;
static atomic_uint failures;
/* Reloading ends the instance that is flushed. */
static pthread_rwlock_t living = PTHREAD_RWLOCK_INITIALIZER;

static void complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	atomic_fetch_add(&failures, 1);
}

static void remember(const struct tpam_host *host, struct tpam_instance *instance)
{
	world.host = host;
	for (size_t i = 0; i < PROVIDERS; i++)
		if (strcmp(host->name(instance), services[i]) == 0)
			world.instances[i] = instance;
}

static int32_t ask(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call)
{
	uint64_t length = 0;
	const char *token = host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	char text[32];
	(void)control;
	if (token[0] == 'p')
		remember(host, instance);
	int size = snprintf(text, sizeof(text), "%lld", (long long)atomic_load(&world.number));
	atomic_fetch_add(&world.asked, 1);
	host->cache(call, 1000);
	if (token[0] == 'b') {
		host->reason(call, TPAM_REASON_UNKNOWN_TOKEN, NULL, text);
		return TPAM_INVALID;
	}
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, text, (uint64_t)size);
	(void)host->set_text(call, TPAM_FIELD_NAME, token, length);
	(void)host->add_text(call, TPAM_FIELD_AUDIENCES, "x", 1);
	return TPAM_SUCCESS;
}

/* In a loop the recheck waits for a moment, and is waked before it has returned. */
static int32_t recheck(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call)
{
	static const char owner;
	void **slot = host->slot(call, &owner, "been here", NULL);
	(void)control;
	(void)instance;
	atomic_fetch_add(&world.rechecked, 1);
	if (!slot || *slot || !host->is_async(call))
		return TPAM_SUCCESS;
	struct tpam_waker *waker = host->park(call);
	if (!waker)
		return TPAM_ERROR;
	*slot = &world;
	host->wake(waker);
	host->waker_release(waker);
	return TPAM_PENDING;
}

static struct tpam_request *request_to(const char *service, unsigned number)
{
	char value[64];
	(void)snprintf(value, sizeof(value), "Bearer %s-%u", number % 2 ? "bad" : "good", number);
	return sandbox_request(service, value);
}

static void check_result(const struct tpam_result *result, unsigned number, int64_t least)
{
	char name[32];
	const char *said = number % 2 ? tpam_result_got(result) : tpam_result_subject(result);
	(void)snprintf(name, sizeof(name), "good-%u", number);
	if (tpam_result_accepted(result) != (number % 2 == 0))
		complain("another outcome");
	else if (number % 2 == 0 && strcmp(tpam_result_name(result), name) != 0)
		complain("the verdict on another token");
	else if (!said || strtoll(said, NULL, 10) < least)
		complain("a verdict from before the flush");
}

static void *run_decider(void *data)
{
	unsigned next = *(const unsigned *)data;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct tpam_result *result = NULL;
		next = next * 1664525 + 1013904223;
		unsigned number = (next >> 8) % TOKENS;
		struct tpam_request *request = request_to("api", number);
		int64_t least = atomic_load(&world.flushed);
		if (tpam_authenticate(engine, request, &result) != TPAM_OK)
			complain("no result");
		else
			check_result(result, number, least);
		tpam_result_unref(result);
		tpam_request_destroy(request);
	}
	return NULL;
}

struct begun {
	unsigned number;
	int64_t least;
	bool done;
};

static void done(void *data, int code, struct tpam_result *result)
{
	struct begun *begun = data;
	if (code != TPAM_OK)
		complain("no result in a loop");
	else
		check_result(result, begun->number, begun->least);
	tpam_result_unref(result);
	begun->done = true;
}

static void decide_in_loop(struct tpam_loop *loop, unsigned number)
{
	struct tpam_operation *operation;
	struct tpam_result *result = NULL;
	struct tpam_request *request = request_to(services[number / 2 % PROVIDERS], number);
	struct begun begun = {number, atomic_load(&world.flushed), false};
	int code = tpam_begin(loop, request, done, &begun, &operation, &result);
	if (code != TPAM_PENDING)
		done(&begun, code, result);
	while (!begun.done) {
		struct pollfd poller = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		(void)poll(&poller, 1, tpam_loop_timeout(loop));
		(void)tpam_loop_run(loop);
	}
	tpam_request_destroy(request);
}

static void *run_loop(void *data)
{
	struct tpam_loop *loop = NULL;
	(void)data;
	if (tpam_loop_create(&loop, engine) != TPAM_OK)
		sandbox_fail("tpam_loop_create");
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < ROUNDS / 4; i++)
		decide_in_loop(loop, i % TOKENS);
	tpam_loop_destroy(loop);
	return NULL;
}

/* The number grows, and what was said under the one before is flushed: from then on it must not be heard. */
static void *run_flusher(void *data)
{
	(void)data;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < FLUSHES; i++) {
		pthread_rwlock_rdlock(&living);
		int64_t now = atomic_load(&world.number);
		atomic_store(&world.number, now + 1);
		for (size_t k = 0; k < PROVIDERS; k++)
			world.host->cache_flush(world.instances[k]);
		atomic_store(&world.flushed, now + 1);
		pthread_rwlock_unlock(&living);
	}
	return NULL;
}

/* Which instances are there to be flushed is known once they were asked, with a token that nobody else has. */
static void probe(void)
{
	for (size_t i = 0; i < PROVIDERS; i++) {
		struct tpam_result *result = NULL;
		struct tpam_request *request = sandbox_request(services[i], "Bearer probe");
		if (tpam_authenticate(engine, request, &result) != TPAM_OK)
			complain("no probe");
		tpam_result_unref(result);
		tpam_request_destroy(request);
	}
}

static void *run_reloader(void *data)
{
	(void)data;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < RELOADS; i++) {
		pthread_rwlock_wrlock(&living);
		if (tpam_engine_reload(engine, NULL) != TPAM_OK)
			complain("it does not load again");
		probe();
		pthread_rwlock_unlock(&living);
	}
	return NULL;
}

static void *run_observer(void *data)
{
	struct tpam_statistics now = {.size = sizeof(now)};
	(void)data;
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < ROUNDS / 10; i++)
		if (tpam_engine_statistics(engine, &now) != TPAM_OK || now.cache_entries > 64)
			complain("more entries than there may be");
	return NULL;
}

static void begin_thread(pthread_t *thread, void *(*run)(void *), void *data)
{
	errno = pthread_create(thread, NULL, run, data);
	if (errno != 0)
		sandbox_fail("pthread_create");
}

static void write_config(void)
{
	char text[1024];
	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\ncache_entries = 60\n"
		"[provider:api]\nplugin = kept\naudience = x\ncontrol = %" PRIuPTR "\n"
		"[provider:turns]\nplugin = kept_turns\naudience = x\ncontrol = %" PRIuPTR "\n"
		"[provider:blocking]\nplugin = kept_blocking\naudience = x\ncontrol = %" PRIuPTR
		"\n"
		"[service:turns]\nauth = required turns\n"
		"[service:blocking]\nauth = required blocking\n"
		"[service:api]\nauth = required api\n",
		(uintptr_t)&world, (uintptr_t)&world, (uintptr_t)&world);
	sandbox_write("threads.ini", text);
}

int main(void)
{
	static unsigned seeds[DECIDERS] = {1, 2, 3};
	pthread_t threads[DECIDERS + 4];
	size_t count = 0;
	world.control = (struct kept_control){ask, recheck};
	sandbox_begin();
	write_config();
	engine = sandbox_engine("threads.ini", (struct tpam_engine_options){.size = 0});
	probe();
	if (pthread_barrier_init(&start, NULL, DECIDERS + 4) != 0)
		sandbox_fail("pthread_barrier_init");
	for (size_t i = 0; i < DECIDERS; i++)
		begin_thread(&threads[count++], run_decider, &seeds[i]);
	begin_thread(&threads[count++], run_loop, NULL);
	begin_thread(&threads[count++], run_flusher, NULL);
	begin_thread(&threads[count++], run_reloader, NULL);
	begin_thread(&threads[count++], run_observer, NULL);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	struct tpam_statistics end = {.size = sizeof(end)};
	if (tpam_engine_statistics(engine, &end) != TPAM_OK || end.cache_hits == 0 ||
		end.cache_negative_hits == 0 || world.rechecked == 0)
		complain("nothing was ever found");
	printf("%lu asked, %lu rechecked, %" PRIu64 " hits, %" PRIu64
	       " refusals kept, %u failures\n",
		world.asked, world.rechecked, end.cache_hits, end.cache_negative_hits, failures);
	tpam_engine_close(engine);
	sandbox_end();
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
