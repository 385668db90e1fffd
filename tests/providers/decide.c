/*
 * decide.c - decisions for the cases of provider plugins, one after the other.
 *
 * usage: decide CONFIG sync|async
 *
 * A line of standard input is a command: "ask SERVICE[/TOOL] TOKEN [NAME=VALUE ...]", the token in hexadecimal digits
 * or "-", the names being tenant, username and tag, is answered by the result as a line of JSON; "clock SECONDS" moves
 * both clocks of the library on, and is not answered. With "async" a call that would wait is parked. The log goes to
 * standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <time.h>

#include <tokenpam/tokenpam.h>

#include "../unit/sandbox.h"

#define LINE_MAX_BYTES 1048576

struct waiting {
	struct tpam_result *result;
	bool finished;
};

static int64_t ahead; /* nanoseconds */

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

static int64_t read_clock(void *data, enum tpam_clock_kind kind)
{
	struct timespec now;

	(void)data;
	(void)clock_gettime(kind == TPAM_CLOCK_WALL ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + ahead;
}

static struct tpam_engine *engine_open(const char *config)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	const struct tpam_engine_options options = {.size = sizeof(options),
		.config = config,
		.plugin_path = getenv("TOKENPAM_PLUGINS"),
		.log = print_log,
		.clock = read_clock};
	int code = tpam_engine_open(&engine, &options, &report);

	sandbox_report(report);
	tpam_report_destroy(report);
	if (code != TPAM_OK)
		fail(config, code);
	return engine;
}

/* What else a request says: NAME=VALUE. */
static void set_more(struct tpam_request *request, const char *word)
{
	const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";
	int code = TPAM_E_ARGUMENT;

	if (strncmp(word, "tag=", 4) == 0)
		code = tpam_request_add_tag(request, value);
	else if (strncmp(word, "tenant=", 7) == 0)
		code = tpam_request_set(request, TPAM_ITEM_TENANT, value, strlen(value));
	else if (strncmp(word, "username=", 9) == 0)
		code = tpam_request_set(request, TPAM_ITEM_USERNAME, value, strlen(value));
	if (code != TPAM_OK)
		fail(word, code);
}

/* A token that could not be in a header is one all the same: hosts may have it from elsewhere. */
static struct tpam_request *request_of(const char *target, const char *digits)
{
	struct tpam_request *request = sandbox_request(target, NULL);
	size_t length = strlen(digits) / 2;
	char *token = malloc(length + 1);

	if (!token)
		abort();
	for (size_t i = 0; i < length; i++) {
		unsigned byte = 0;
		if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
			fail(digits, TPAM_E_ARGUMENT);
		token[i] = (char)byte;
	}
	int code = length > 0 ? tpam_request_add_credential(request, "bearer", token, length, NULL)
			      : TPAM_OK;
	if (code != TPAM_OK)
		fail("the token", code);
	free(token);
	return request;
}

static void done(void *data, int code, struct tpam_result *result)
{
	struct waiting *waiting = data;

	if (code != TPAM_OK)
		fail("completion", code);
	*waiting = (struct waiting){result, true};
}

static struct tpam_result *decide_parked(struct tpam_loop *loop, struct tpam_request *request)
{
	struct tpam_operation *operation = NULL;
	struct waiting waiting = {NULL, false};
	int code = tpam_begin(loop, request, done, &waiting, &operation, &waiting.result);

	if (code != TPAM_OK && code != TPAM_PENDING)
		fail("tpam_begin", code);
	waiting.finished = waiting.finished || code == TPAM_OK;
	while (!waiting.finished) {
		struct pollfd poll_fd = {.fd = tpam_loop_fd(loop), .events = POLLIN};
		(void)poll(&poll_fd, 1, tpam_loop_timeout(loop));
		(void)tpam_loop_run(loop);
	}
	return waiting.result;
}

static struct tpam_result *decide(
	struct tpam_engine *engine, struct tpam_loop *loop, struct tpam_request *request)
{
	struct tpam_result *result = NULL;

	if (loop)
		return decide_parked(loop, request);
	int code = tpam_authenticate(engine, request, &result);
	if (code != TPAM_OK)
		fail("tpam_authenticate", code);
	return result;
}

static void answer(struct tpam_result *result)
{
	char *json = NULL;
	int code = tpam_result_json(result, &json);

	if (code != TPAM_OK)
		fail("tpam_result_json", code);
	puts(json);
	(void)fflush(stdout);
	tpam_free(json);
	tpam_result_unref(result);
}

static void obey(struct tpam_engine *engine, struct tpam_loop *loop, char *line)
{
	char *command = strtok(line, " "), *one = strtok(NULL, " "), *other = strtok(NULL, " ");

	if (command && one && strcmp(command, "clock") == 0) {
		ahead += strtoll(one, NULL, 10) * 1000000000;
	} else if (command && one && strcmp(command, "ask") == 0) {
		struct tpam_request *request = request_of(one, other ? other : "-");
		for (char *more = strtok(NULL, " "); more; more = strtok(NULL, " "))
			set_more(request, more);
		answer(decide(engine, loop, request));
		tpam_request_destroy(request);
	} else {
		fail(command ? command : "an empty line", TPAM_E_ARGUMENT);
	}
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	struct tpam_loop *loop = NULL;

	if (argc != 3) {
		fputs("usage: decide CONFIG sync|async\n", stderr);
		return EXIT_FAILURE;
	}
	struct tpam_engine *engine = engine_open(argv[1]);
	int code = strcmp(argv[2], "async") == 0 ? tpam_loop_create(&loop, engine) : TPAM_OK;
	if (code != TPAM_OK)
		fail("tpam_loop_create", code);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		obey(engine, loop, line);
	}
	tpam_loop_destroy(loop);
	tpam_engine_close(engine);
	return EXIT_SUCCESS;
}
