/*
 * test_gate.c - while a configuration is loaded because a file has changed: loops go on, threads go on, a child of fork()
 * goes on, and the engine ends.
 *
 * The plugin filed waits in open() until the test opens its pipe, so nothing here depends on time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>

#include "../unit/check.h"
#include "stage.h"

static const char config[] = "[tokenpam]\nmode = development\n"
			     "[provider:p]\nplugin = filed\nfile = who\ngate = gate\n"
			     "[service:s]\nauth = required p\n";

static struct tpam_engine *engine;

/* What filed waits at: nothing at first, then a pipe. */
static void close_gate(void)
{
	if (unlink(sandbox_path("gate")) != 0 || mkfifo(sandbox_path("gate"), 0600) != 0)
		sandbox_fail("gate");
}

/* Returns when somebody stands at the gate, and lets them pass. */
static void open_gate(void)
{
	int gate = open(sandbox_path("gate"), O_WRONLY | O_CLOEXEC);
	if (gate < 0 || close(gate) != 0)
		sandbox_fail("gate");
}

static void begin_scene(void)
{
	(void)unlink(sandbox_path("gate"));
	sandbox_write("gate", "");
	sandbox_write("who", "alice");
	sandbox_write("main.ini", config);
	atomic_store(&stage_loaded, 0);
	engine = stage_engine("main.ini");
}

static struct tpam_result *decide(void)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("s", NULL);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	if (!result)
		exit(check_end());
	return result;
}

static void check_decided(const char *expected)
{
	struct tpam_result *result = decide();
	CHECK_TEXT(tpam_result_subject(result), expected);
	tpam_result_unref(result);
}

/* From here on the next call loads, and stands at the gate. */
static void change(const char *who)
{
	close_gate();
	sandbox_write("who", who);
	stage_wait(5000);
	check_decided("alice");
	stage_wait(1000);
}

static void never(void *data, int code, struct tpam_result *result)
{
	(void)data;
	(void)code;
	tpam_result_unref(result);
	CHECK(false);
}

/* Begun in a loop: the answer is there at once, from what runs; so are the next ones. */
static void check_begun(struct tpam_loop *loop, const char *expected)
{
	struct tpam_operation *operation = NULL;
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("s", NULL);
	CHECK(tpam_begin(loop, request, never, NULL, &operation, &result) == TPAM_OK);
	CHECK_TEXT(result ? tpam_result_subject(result) : NULL, expected);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void wait_for_load(void)
{
	while (stage_statistics(engine).reloads == 0)
		(void)sched_yield();
}

static void test_loop(void)
{
	struct tpam_loop *loop = NULL;
	begin_scene();
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	change("bob");
	check_begun(loop, "alice");
	check_begun(loop, "alice");
	/* Nobody else begins what a worker is at. */
	stage_wait(60000);
	check_begun(loop, "alice");
	check_decided("alice");
	open_gate();
	wait_for_load();
	check_begun(loop, "bob");
	tpam_loop_destroy(loop);
	tpam_engine_close(engine);
}

static void *run_decider(void *data)
{
	struct tpam_result **ret = data;
	struct tpam_request *request = sandbox_request("s", NULL);
	if (tpam_authenticate(engine, request, ret) != TPAM_OK)
		sandbox_fail("tpam_authenticate");
	tpam_request_destroy(request);
	return NULL;
}

static void begin_thread(pthread_t *thread, struct tpam_result **ret)
{
	errno = pthread_create(thread, NULL, run_decider, ret);
	if (errno != 0)
		sandbox_fail("pthread_create");
}

/* Waits until a thread stands at the gate, without letting it pass. */
static int hold_gate(void)
{
	int gate;
	while ((gate = open(sandbox_path("gate"), O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
		(void)sched_yield();
	return gate;
}

/* The thread that loads waits; others do not. */
static void test_threads(void)
{
	struct tpam_result *result = NULL;
	pthread_t thread;
	begin_scene();
	change("bob");
	begin_thread(&thread, &result);
	int gate = hold_gate();
	stage_wait(60000);
	check_decided("alice");
	close(gate);
	pthread_join(thread, NULL);
	CHECK_TEXT(tpam_result_subject(result), "bob");
	tpam_result_unref(result);
	check_decided("bob");
	tpam_engine_close(engine);
}

/* In a child whose parent is in the middle of loading: nobody there holds the lock, and the change is still to be found. */
static void be_child(void)
{
	(void)unlink(sandbox_path("gate"));
	check_decided("alice");
	stage_wait(60000);
	check_decided("bob");
	sandbox_write("who", "carol");
	stage_wait(5000);
	check_decided("bob");
	stage_wait(1000);
	check_decided("carol");
	CHECK(stage_statistics(engine).reloads == 2);
	_exit(check_failed ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void test_fork(void)
{
	struct tpam_result *result = NULL;
	pthread_t thread;
	int status = 0;
	begin_scene();
	change("bob");
	begin_thread(&thread, &result);
	int gate = hold_gate();
	(void)fflush(NULL);
	pid_t child = fork();
	if (child < 0)
		sandbox_fail("fork");
	if (child == 0)
		be_child();
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(gate);
	pthread_join(thread, NULL);
	tpam_result_unref(result);
	tpam_engine_close(engine);
}

static const char twice[] = "[tokenpam]\nmode = development\n"
			    "[provider:early]\nplugin = filed\nfile = who\n"
			    "[provider:late]\nplugin = filed\nfile = who\ngate = gate\n"
			    "[service:s]\nauth = required early\n";

/* A file that changes between two readings of one loading: what was made of both is not what it says. */
static void test_between(void)
{
	struct tpam_result *result = NULL;
	pthread_t thread;
	begin_scene();
	tpam_engine_close(engine);
	sandbox_write("main.ini", twice);
	engine = stage_engine("main.ini");
	change("bob");
	begin_thread(&thread, &result);
	int gate = hold_gate();
	sandbox_write("who", "carol");
	close(gate);
	pthread_join(thread, NULL);
	CHECK_TEXT(tpam_result_subject(result), "bob");
	tpam_result_unref(result);
	(void)unlink(sandbox_path("gate"));
	stage_wait(5000);
	check_decided("bob");
	stage_wait(1000);
	check_decided("carol");
	CHECK(stage_statistics(engine).reloads == 2);
	tpam_engine_close(engine);
}

/* The engine ends while a worker loads: it waits for the worker. */
static void test_end(void)
{
	struct tpam_loop *loop = NULL;
	begin_scene();
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	change("bob");
	check_begun(loop, "alice");
	int gate = hold_gate();
	tpam_loop_destroy(loop);
	close(gate);
	tpam_engine_close(engine);
	CHECK(atomic_load(&stage_loaded) == 1);
}

int main(void)
{
	sandbox_begin();
	test_loop();
	test_threads();
	test_fork();
	test_between();
	test_end();
	sandbox_end();
	return check_end();
}
