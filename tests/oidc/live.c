/*
 * live.c - one engine, as long as somebody asks: a token a line on standard input, a result a line on standard output.
 *
 * usage: live CONFIG SERVICE
 *
 * A line is answered before the next one is read. The log goes to standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "../unit/sandbox.h"

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

static struct tpam_engine *open_engine(const char *config)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	const struct tpam_engine_options options = {.size = sizeof(options),
		.config = config,
		.plugin_path = getenv("TOKENPAM_PLUGINS"),
		.log = print_log};

	int code = tpam_engine_open(&engine, &options, &report);
	sandbox_report(report);
	tpam_report_destroy(report);
	if (code != TPAM_OK)
		fail(config, code);
	return engine;
}

static void answer(struct tpam_engine *engine, const char *service, const char *token)
{
	struct tpam_result *result = NULL;
	char *header = NULL, *json = NULL;

	if (asprintf(&header, "Bearer %s", token) < 0)
		abort();
	struct tpam_request *request = sandbox_request(service, header);
	int code = tpam_authenticate(engine, request, &result);
	if (code == TPAM_OK)
		code = tpam_result_json(result, &json);
	if (code != TPAM_OK)
		fail("tpam_authenticate", code);
	puts(json);
	(void)fflush(stdout);
	tpam_free(json);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	free(header);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (argc != 3) {
		fputs("usage: live CONFIG SERVICE\n", stderr);
		return EXIT_FAILURE;
	}
	struct tpam_engine *engine = open_engine(argv[1]);
	while ((length = getline(&line, &size, stdin)) > 0) {
		line[length - 1] = '\0';
		answer(engine, argv[2], line);
	}
	free(line);
	tpam_engine_close(engine);
	return EXIT_SUCCESS;
}
