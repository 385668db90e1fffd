/*
 * ask.c - what becomes of tokens: a line each on standard input, a result each on standard output.
 *
 * usage: ask CONFIG SERVICE sync|async
 *
 * "async" begins all of them in one loop before it runs it. The log goes to standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>

#include <tokenpam/tokenpam.h>

#include "../unit/sandbox.h"

#define TOKENS_MAX 512

static struct tpam_request *requests[TOKENS_MAX];
static struct tpam_result *results[TOKENS_MAX];
static size_t count, finished;

static void fail(const char *what, int code)
{
	fprintf(stderr, "%s: %s\n", what, tpam_code_text(code));
	exit(EXIT_FAILURE);
}

static void print_log(void *data, int level, const char *text)
{
	(void)data;
	fprintf(stderr, "log %d: %s\n", level, text);
}

static void read_tokens(const char *service)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while (count < TOKENS_MAX && (length = getline(&line, &size, stdin)) > 0) {
		line[length - 1] = '\0';
		char *header = malloc((size_t)length + sizeof("Bearer "));
		if (!header)
			abort();
		(void)sprintf(header, "Bearer %s", line);
		requests[count++] = sandbox_request(service, header);
		free(header);
	}
	free(line);
}

static void decide(struct tpam_engine *engine)
{
	for (size_t i = 0; i < count; i++) {
		int code = tpam_authenticate(engine, requests[i], &results[i]);
		if (code != TPAM_OK)
			fail("tpam_authenticate", code);
	}
}

static void done(void *data, int code, struct tpam_result *result)
{
	struct tpam_result **place = data;

	if (code != TPAM_OK)
		fail("completion", code);
	*place = result;
	finished++;
}

static void decide_together(struct tpam_engine *engine)
{
	struct tpam_loop *loop = NULL;
	struct tpam_operation *operation = NULL;
	int code = tpam_loop_create(&loop, engine);

	for (size_t i = 0; code == TPAM_OK && i < count; i++) {
		code = tpam_begin(loop, requests[i], done, &results[i], &operation, &results[i]);
		if (code == TPAM_OK)
			finished++;
		else if (code == TPAM_PENDING)
			code = TPAM_OK;
	}
	if (code != TPAM_OK)
		fail("tpam_begin", code);
	while (finished < count) {
		struct pollfd poll_fd = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		(void)poll(&poll_fd, 1, tpam_loop_timeout(loop));
		(void)tpam_loop_run(loop);
	}
	tpam_loop_destroy(loop);
}

static void print_results(void)
{
	for (size_t i = 0; i < count; i++) {
		char *json = NULL;
		int code = tpam_result_json(results[i], &json);
		if (code != TPAM_OK)
			fail("tpam_result_json", code);
		puts(json);
		tpam_free(json);
		tpam_result_unref(results[i]);
		tpam_request_destroy(requests[i]);
	}
}

int main(int argc, char **argv)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;

	if (argc != 4) {
		fputs("usage: ask CONFIG SERVICE sync|async\n", stderr);
		return EXIT_FAILURE;
	}
	const struct tpam_engine_options options = {.size = sizeof(options),
		.config = argv[1],
		.plugin_path = getenv("TOKENPAM_PLUGINS"),
		.log = print_log};
	int code = tpam_engine_open(&engine, &options, &report);
	sandbox_report(report);
	tpam_report_destroy(report);
	if (code != TPAM_OK)
		fail(argv[1], code);
	read_tokens(argv[2]);
	if (strcmp(argv[3], "async") == 0)
		decide_together(engine);
	else
		decide(engine);
	print_results();
	tpam_engine_close(engine);
	return EXIT_SUCCESS;
}
