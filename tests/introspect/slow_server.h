/*
 * slow_server.h - an introspection endpoint in a process of its own that takes its time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_INTROSPECT_SLOW_SERVER_H
#define TESTS_INTROSPECT_SLOW_SERVER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#define SLOW_MILLISECONDS 200

/* Shared with the server. */
struct slow_counts {
	atomic_uint requests;
	atomic_uint connections;
};

struct slow_server {
	pid_t pid;
	uint16_t port;
	int release; /* closed by slow_server_release() */
	struct slow_counts *counts;
};

/*
 * Answers after SLOW_MILLISECONDS that a token is active and its own subject; "held" once it is
 * released. To be started before there are threads; ends the test if it cannot.
 */
void slow_server_start(struct slow_server *server);
void slow_server_release(struct slow_server *server);
void slow_server_stop(struct slow_server *server);

#endif
