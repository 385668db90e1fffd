/*
 * slow_server.c - an introspection endpoint in a process of its own that takes its time.
 *
 * One thread, epoll, a queue. Every answer waits equally long, so those that are due stand at its
 * front.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "slow_server.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 4096
#define REQUEST_MAX 4096
#define EVENTS      256

/* One a descriptor. */
struct connection {
	char request[REQUEST_MAX];
	size_t length;
	char subject[64];
	int64_t due;
};

static struct connection connections[CONNECTIONS];
static int queue[CONNECTIONS]; /* descriptors, by time */
static size_t first, next;
static int held = -1;

static void need(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void watch(int epoll, int descriptor)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};

	need(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl");
}

/* The body, once all of it is there. */
static const char *whole(struct connection *connection)
{
	connection->request[connection->length] = '\0';
	const char *end = strstr(connection->request, "\r\n\r\n");
	const char *length = strcasestr(connection->request, "\r\nContent-Length:");

	if (!end || !length)
		return NULL;
	size_t body = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
	size_t got = connection->length - (size_t)(end + 4 - connection->request);
	return got >= body ? end + 4 : NULL;
}

static void answer(int descriptor)
{
	struct connection *connection = &connections[descriptor];
	char body[256], text[512];

	int length = snprintf(body, sizeof(body),
		"{\"active\":true,\"sub\":\"%s\",\"aud\":\"notes\",\"scope\":\"read\"}",
		connection->subject);
	length = snprintf(text, sizeof(text),
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
		"%d\r\n\r\n%s",
		length, body);
	(void)!write(descriptor, text, (size_t)length);
	connection->length = 0;
}

static void take(struct slow_counts *counts, int descriptor)
{
	struct connection *connection = &connections[descriptor];
	ssize_t got = read(descriptor, connection->request + connection->length,
		REQUEST_MAX - 1 - connection->length);

	if (got <= 0) {
		close(descriptor);
		return;
	}
	connection->length += (size_t)got;
	const char *body = whole(connection), *token = body ? strstr(body, "token=") : NULL;
	if (!token)
		return;
	token += strlen("token=");
	(void)snprintf(connection->subject, sizeof(connection->subject), "%.*s",
		(int)strcspn(token, "&"), token);
	atomic_fetch_add(&counts->requests, 1);
	if (strcmp(connection->subject, "held") == 0) {
		held = descriptor;
		return;
	}
	connection->due = now() + SLOW_MILLISECONDS * INT64_C(1000000);
	queue[next++ % CONNECTIONS] = descriptor;
}

static int answer_due(void)
{
	while (first != next) {
		int64_t left = connections[queue[first % CONNECTIONS]].due - now();
		if (left > 0)
			return (int)(left / 1000000) + 1;
		answer(queue[first++ % CONNECTIONS]);
	}
	return -1;
}

static void welcome(struct slow_counts *counts, int epoll, int listener)
{
	int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (descriptor < 0)
		return;
	need(descriptor < CONNECTIONS, "too many connections");
	connections[descriptor] = (struct connection){.length = 0};
	atomic_fetch_add(&counts->connections, 1);
	watch(epoll, descriptor);
}

static void serve(struct slow_counts *counts, int listener, int release)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[EVENTS];

	need(epoll >= 0, "epoll_create1");
	watch(epoll, listener);
	watch(epoll, release);
	for (;;) {
		int count = epoll_wait(epoll, events, EVENTS, answer_due());
		for (int i = 0; i < count; i++) {
			int descriptor = events[i].data.fd;
			if (descriptor == listener) {
				welcome(counts, epoll, listener);
			} else if (descriptor != release) {
				take(counts, descriptor);
			} else {
				epoll_ctl(epoll, EPOLL_CTL_DEL, release, NULL);
				if (held >= 0)
					answer(held);
			}
		}
	}
}

static int listen_somewhere(uint16_t *ret_port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
			listen(listener, 1024) == 0 &&
			getsockname(listener, (struct sockaddr *)&address, &length) == 0,
		"listen");
	*ret_port = ntohs(address.sin_port);
	return listener;
}

void slow_server_start(struct slow_server *server)
{
	int ends[2];
	int listener = listen_somewhere(&server->port);
	pid_t parent = getpid();

	server->counts = mmap(NULL, sizeof(*server->counts), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(server->counts != MAP_FAILED && pipe(ends) == 0, "slow_server");
	server->pid = fork();
	need(server->pid >= 0, "fork");
	if (server->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EXIT_FAILURE);
		signal(SIGPIPE, SIG_IGN);
		close(ends[1]);
		serve(server->counts, listener, ends[0]);
	}
	close(listener);
	close(ends[0]);
	server->release = ends[1];
}

void slow_server_release(struct slow_server *server)
{
	close(server->release);
	server->release = -1;
}

void slow_server_stop(struct slow_server *server)
{
	if (server->release >= 0)
		close(server->release);
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	munmap(server->counts, sizeof(*server->counts));
}
