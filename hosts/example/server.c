/*
 * server.c - the rest of the example: command line, engine, socket, signals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define NAME        "tokenpam-example"
#define THREADS     4U
#define TIMEOUT     30U                  /* seconds that a connection may be silent */
#define HEADER_ROOM ((size_t)160 * 1024) /* above max_headers of the configuration, which decides */

#define EXIT_MISUSED 3 /* as tokenpam(1) */

struct arguments {
	const char *config;
	const char *environment;
	const char *plugin_path;
	const char *port_file;
	uint16_t port;
};

static int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int fail(const char *format, ...)
{
	va_list arguments;

	flockfile(stderr);
	fputs(NAME ": ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	funlockfile(stderr);
	return EXIT_MISUSED;
}

/* ---- Command line ---- */

static const struct option longs[] = {
	{"config", required_argument, NULL, 'c'},
	{"environment", required_argument, NULL, 'e'},
	{"plugin-path", required_argument, NULL, 'P'},
	{"port", required_argument, NULL, 'p'},
	{"port-file", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static void usage(FILE *file)
{
	fputs("usage: " NAME " [-c FILE | -e NAME] [--plugin-path PATH] [--port NUMBER]\n"
	      "           [--port-file FILE]\n\n"
	      "Serves three tools of the service notes on 127.0.0.1: GET /tools/read_note,\n"
	      "write_note and delete_note. See " NAME "(1).\n",
		file);
}

/* 0 stands for any port that is free. */
static bool read_port(const char *text, uint16_t *ret_port)
{
	size_t length = strlen(text);

	if (length == 0 || length > 5 || strspn(text, "0123456789") != length)
		return false;
	unsigned long port = strtoul(text, NULL, 10);
	if (port > UINT16_MAX)
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

/* 0, or the status to end with. `help` is left by itself. */
static int read_arguments(struct arguments *arguments, int argc, char **argv, bool *help)
{
	int option;

	while ((option = getopt_long(argc, argv, "c:e:h", longs, NULL)) != -1) {
		if (option == 'c')
			arguments->config = optarg;
		else if (option == 'e')
			arguments->environment = optarg;
		else if (option == 'P')
			arguments->plugin_path = optarg;
		else if (option == 'f')
			arguments->port_file = optarg;
		else if (option == 'h')
			*help = true;
		else if (option != 'p')
			return EXIT_MISUSED;
		else if (!read_port(optarg, &arguments->port))
			return fail("--port: expected a number up to 65535");
	}
	if (optind < argc)
		return fail("got an operand, expected none");
	if (arguments->config && arguments->environment)
		return fail("got -c and -e, expected one of them");
	return 0;
}

/* ---- The engine ---- */

/* The library's log: what was refused and why, under the id that the client was told. */
static void print_log(void *data, int level, const char *text)
{
	(void)data;
	if (level <= TPAM_LOG_NOTICE)
		fail("%s", text);
}

static void print_report(struct tpam_report *report)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		fail("%s", line ? line : "out of memory");
		tpam_free(line);
	}
	tpam_report_destroy(report);
}

/* The file of an environment, where none is named. */
static int find_config(const struct arguments *arguments, char **ret_path)
{
	const char *name = arguments->environment;

	if (arguments->config)
		return TPAM_OK;
	if (!name)
		name = secure_getenv("TOKENPAM_ENV");
	return tpam_environment_path(name && name[0] ? name : "production", ret_path);
}

static int open_engine(const struct arguments *arguments, struct tpam_engine **ret_engine)
{
	struct tpam_report *report = NULL;
	char *path = NULL;

	int code = find_config(arguments, &path);
	if (code != TPAM_OK)
		return fail("the environment's name: %s", tpam_code_text(code));
	struct tpam_engine_options options = {.size = sizeof(options),
		.config = path ? path : arguments->config,
		.plugin_path = arguments->plugin_path,
		.log = print_log};
	code = tpam_engine_open(ret_engine, &options, &report);
	print_report(report);
	tpam_free(path);
	return code == TPAM_OK ? 0 : fail("%s", tpam_code_text(code));
}

/* What does not load leaves what runs. */
static void reload(struct tpam_engine *engine)
{
	struct tpam_report *report = NULL;

	int code = tpam_engine_reload(engine, &report);
	print_report(report);
	if (code == TPAM_OK)
		fail("the configuration has been loaded again");
	else
		fail("the configuration does not load, and the one before goes on: %s",
			tpam_code_text(code));
}

/* ---- The socket ---- */

/* Whole or not at all, for somebody may be waiting for it. */
static int write_port(const char *path, const char *port)
{
	char part[4096];

	int length = snprintf(part, sizeof(part), "%s.part", path);
	FILE *file = length > 0 && (size_t)length < sizeof(part) ? fopen(part, "wxe") : NULL;
	if (!file)
		return fail("--port-file: %s", strerror(errno));
	bool done = fprintf(file, "%s\n", port) > 0;
	done = fclose(file) == 0 && done;
	if (done && rename(part, path) == 0)
		return 0;
	fail("--port-file: %s", strerror(errno));
	unlink(part);
	return EXIT_MISUSED;
}

/* A socket of this machine alone, and the URL that leads to it. */
static int open_socket(struct server *server, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);
	int yes = 1;

	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
		bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
		fail("127.0.0.1:%u: %s", (unsigned int)*port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	(void)snprintf(
		server->base, sizeof(server->base), "http://127.0.0.1:%u", (unsigned int)*port);
	return fd;
}

/* A pool of threads, since a decision may wait for somebody else's server. The daemon closes the socket in the end. */
static struct MHD_Daemon *start(struct server *server, uint16_t port)
{
	int fd = open_socket(server, &port);
	if (fd < 0)
		return NULL;
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ERROR_LOG, port, NULL, NULL, handle, server,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, THREADS,
		MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		HEADER_ROOM, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (daemon)
		return daemon;
	fail("the HTTP server does not start");
	close(fd);
	return NULL;
}

static int announce(const struct server *server, const char *port_file)
{
	const char *port = strrchr(server->base, ':') + 1;

	if (port_file && write_port(port_file, port) != 0)
		return EXIT_MISUSED;
	if (printf("listening on %s\n", server->base) < 0 || fflush(stdout) != 0)
		return fail("standard output: %s", strerror(errno));
	return 0;
}

static int run(const struct arguments *arguments, struct server *server, const sigset_t *signals)
{
	int caught = 0;
	struct MHD_Daemon *daemon = start(server, arguments->port);

	if (!daemon)
		return EXIT_MISUSED;
	int status = announce(server, arguments->port_file);
	while (status == 0 && sigwait(signals, &caught) == 0 && caught == SIGHUP)
		reload(server->engine);
	/* Requests in flight are answered first; then nobody uses the engine any more. */
	MHD_stop_daemon(daemon);
	return status;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.port = 8080};
	struct server server = {0};
	sigset_t signals;
	bool help = false;

	int status = read_arguments(&arguments, argc, argv, &help);
	if (status != 0 || help) {
		usage(status ? stderr : stdout);
		return status;
	}
	/* Before there are threads, so that all of them leave the signals to sigwait(). */
	if (sigemptyset(&signals) != 0 || sigaddset(&signals, SIGHUP) != 0 ||
		sigaddset(&signals, SIGINT) != 0 || sigaddset(&signals, SIGTERM) != 0 ||
		sigprocmask(SIG_BLOCK, &signals, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return fail("signals: %s", strerror(errno));
	status = open_engine(&arguments, &server.engine);
	if (status == 0)
		status = run(&arguments, &server, &signals);
	tpam_engine_close(server.engine);
	return status;
}
