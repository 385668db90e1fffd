/*
 * test_fork.c - a child of fork() decides whatever its parent's threads were in the middle of, and has nothing of what the
 * parent kept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"

#define FORKS 60
/* The address sanitizer's allocator has locks that a child finds held, so under it no other thread is at work. */
#if defined(__SANITIZE_ADDRESS__)
#define THREADS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define THREADS 0
#endif
#endif
#ifndef THREADS
#define THREADS 3
#endif
#define SECONDS 60 /* until a child that hangs is ended */

static struct tpam_engine *engine;
static atomic_bool ending;

static struct tpam_result *ask(unsigned number)
{
	char value[64];
	struct tpam_result *result = NULL;
	(void)snprintf(value, sizeof(value), "Bearer good-%u", number);
	struct tpam_request *request = sandbox_request("api", value);
	if (tpam_authenticate(engine, request, &result) != TPAM_OK)
		result = NULL;
	tpam_request_destroy(request);
	return result;
}

/* Finds, keeps and makes room all the time, and loads again. */
static void *run(void *data)
{
	unsigned next = *(const unsigned *)data;
	while (!atomic_load(&ending)) {
		next = next * 1664525 + 1013904223;
		tpam_result_unref(ask((next >> 8) % 200));
		if (next % 500 == 0)
			(void)tpam_engine_reload(engine, NULL);
	}
	return NULL;
}

static bool from_cache(unsigned number)
{
	struct tpam_result *result = ask(number);
	bool kept = result && tpam_result_trace(result, 0)->cached == TPAM_CACHED_FRESH;
	tpam_result_unref(result);
	return kept;
}

static int child(void)
{
	struct tpam_statistics now = {.size = sizeof(now)};
	(void)alarm(SECONDS);
	if (tpam_engine_statistics(engine, &now) != TPAM_OK || now.cache_entries != 0)
		return 2;
	for (unsigned i = 0; i < 200; i++)
		if (from_cache(i))
			return 3;
	for (unsigned i = 0; i < 50; i++)
		if (!from_cache(150 + i))
			return 4;
	if (tpam_engine_reload(engine, NULL) != TPAM_OK || from_cache(199) || !from_cache(199))
		return 5;
	return 0;
}

static void fork_once(void)
{
	int status = 0;
	(void)fflush(NULL);
	struct tpam_result *before = ask(1);
	CHECK(before != NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(child());
	struct tpam_result *after = ask(1);
	CHECK(before && after &&
		strcmp(tpam_result_request_id(before), tpam_result_request_id(after)) != 0);
	tpam_result_unref(before);
	tpam_result_unref(after);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		sandbox_fail("fork");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fprintf(stderr, "child: status %d\n", status);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The next id of the parent and the first of the child would be equal, were they drawn from one source. */
static void fork_for_id(void)
{
	int pipes[2];
	char id[33] = "";
	tpam_result_unref(ask(1));
	if (pipe(pipes) != 0)
		sandbox_fail("pipe");
	pid_t pid = fork();
	struct tpam_result *result = ask(1);
	if (pid == 0) {
		const char *text = tpam_result_request_id(result);
		_exit(write(pipes[1], text, 32) == 32 ? 0 : 1);
	}
	CHECK(read(pipes[0], id, 32) == 32 && strcmp(id, tpam_result_request_id(result)) != 0);
	tpam_result_unref(result);
	(void)waitpid(pid, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	static unsigned seeds[3] = {1, 2, 3};
	pthread_t threads[3];
	sandbox_begin();
	sandbox_write("fork.ini", "[tokenpam]\nmode = development\ncache_entries = 100\n"
				  "[provider:kept]\nplugin = kept\n"
				  "audience = https://api.example.com\n"
				  "[service:api]\nauth = required kept\n");
	engine = sandbox_engine("fork.ini", (struct tpam_engine_options){.size = 0});
	fork_for_id();
	for (int i = 0; i < THREADS; i++) {
		errno = pthread_create(&threads[i], NULL, run, &seeds[i]);
		if (errno != 0)
			sandbox_fail("pthread_create");
	}
	for (unsigned i = 0; i < FORKS; i++)
		fork_once();
	atomic_store(&ending, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
