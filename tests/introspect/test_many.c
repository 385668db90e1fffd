/*
 * test_many.c - very many tokens under way in one thread, and many calls that ask about one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <time.h>

#include <tokenpam/tokenpam.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "slow_server.h"

#define MANY 10000
#define SAME 1000

/* Of the thread sanitizer's own: it begins with the first thread of the program. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SANITIZER_THREADS 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define SANITIZER_THREADS 1
#endif
#ifndef SANITIZER_THREADS
#define SANITIZER_THREADS 0
#endif

struct asked {
	struct tpam_result *result;
	int code;
	unsigned completions;
};

static struct asked asked[MANY];
static size_t finished;

static void done(void *data, int code, struct tpam_result *result)
{
	struct asked *mine = data;

	mine->code = code;
	mine->result = result;
	mine->completions++;
	finished++;
}

static struct tpam_engine *engine_for(const struct slow_server *server)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n"
		"[provider:as]\nplugin = introspect\nendpoint = http://127.0.0.1:%u/introspect\n"
		"issuer = https://as.example\nclient_id = us\nclient_secret = ours\n"
		"accept = opaque\ntimeout = 5m\n"
		"[service:notes]\naudience = notes\nauth = decisive as\n",
		server->port);
	sandbox_write("many.ini", text);
	return sandbox_engine("many.ini", (struct tpam_engine_options){.size = 0});
}

static void begin(struct tpam_loop *loop, struct asked *mine, const char *token)
{
	char header[64];
	struct tpam_operation *operation = NULL;
	struct tpam_result *result = NULL;

	(void)snprintf(header, sizeof(header), "Bearer %s", token);
	struct tpam_request *request = sandbox_request("notes", header);
	*mine = (struct asked){.code = TPAM_PENDING};
	int code = tpam_begin(loop, request, done, mine, &operation, &result);
	if (code != TPAM_PENDING)
		done(mine, code, result);
	tpam_request_destroy(request);
}

static void run_until(struct tpam_loop *loop, size_t wanted)
{
	while (finished < wanted) {
		struct pollfd descriptor = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		(void)poll(&descriptor, 1, tpam_loop_timeout(loop));
		(void)tpam_loop_run(loop);
	}
}

/* A number of /proc/self/status. */
static long status(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long number = -1;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			number = strtol(line + strlen(name) + 1, NULL, 10);
	if (file)
		fclose(file);
	return number;
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct tpam_loop *loop_for(struct tpam_engine *engine)
{
	struct tpam_loop *loop = NULL;

	finished = 0;
	if (tpam_loop_create(&loop, engine) != TPAM_OK)
		abort();
	return loop;
}

/* How many got the answer that is theirs. */
static size_t count_good(size_t count, bool one)
{
	char token[32] = "held";
	size_t good = 0;

	for (size_t i = 0; i < count; i++) {
		if (!one)
			(void)snprintf(token, sizeof(token), "u-%zu", i);
		const char *subject = tpam_result_accepted(asked[i].result)
					      ? tpam_result_subject(asked[i].result)
					      : "";
		if (asked[i].completions == 1 && asked[i].code == TPAM_OK &&
			strcmp(subject, token) == 0)
			good++;
		else if (good == i && asked[i].result)
			fprintf(stderr, "%s: %s, %s, got %s\n", token,
				tpam_outcome_name(tpam_result_outcome(asked[i].result)),
				tpam_reason_name(tpam_result_reason(asked[i].result)),
				tpam_result_got(asked[i].result));
		tpam_result_unref(asked[i].result);
	}
	return good;
}

static void test_distinct(struct tpam_engine *engine, const struct slow_server *server)
{
	struct tpam_loop *loop = loop_for(engine);
	long threads = status("Threads:"), memory = status("VmRSS:");
	double start = seconds();
	char token[32];

	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(token, sizeof(token), "u-%zu", i);
		begin(loop, &asked[i], token);
	}
	double begun = seconds() - start;
	long more = status("Threads:") - threads, grown = status("VmRSS:") - memory;
	CHECK(finished == 0);
	run_until(loop, MANY);
	double took = seconds() - start;
	CHECK(count_good(MANY, false) == MANY);
	CHECK(atomic_load(&server->counts->requests) == MANY);
	CHECK(more <= 1 + SANITIZER_THREADS);
	printf("%d calls under way after %.2f s, all answered after %.2f s by an endpoint that "
	       "takes "
	       "%d ms; %u connections, %ld thread beside the host's, %ld KiB more (%ld bytes a "
	       "call)\n",
		MANY, begun, took, SLOW_MILLISECONDS, atomic_load(&server->counts->connections),
		more, grown, grown * 1024 / MANY);
	tpam_loop_destroy(loop);
}

static void test_same(struct tpam_engine *engine, struct slow_server *server)
{
	struct tpam_loop *loop = loop_for(engine);
	unsigned before = atomic_load(&server->counts->requests);

	for (size_t i = 0; i < SAME; i++)
		begin(loop, &asked[i], "held");
	CHECK(finished == 0);
	slow_server_release(server);
	run_until(loop, SAME);
	CHECK(count_good(SAME, true) == SAME);
	CHECK(atomic_load(&server->counts->requests) - before == 1);
	tpam_loop_destroy(loop);
}

int main(void)
{
	struct slow_server server;

	sandbox_begin();
	slow_server_start(&server);
	struct tpam_engine *engine = engine_for(&server);
	test_distinct(engine, &server);
	test_same(engine, &server);
	tpam_engine_close(engine);
	slow_server_stop(&server);
	sandbox_end();
	return check_end();
}
