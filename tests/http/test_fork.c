/*
 * test_fork.c - a child leaves its parent's transfers alone and makes its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/wait.h>
#include <unistd.h>

#include "upstream.h"

static const struct tpam_http_answer *answer;
static struct tpam_http_failure failure;

static int fetch_gate(struct tpam_call *call, struct tpam_http *http)
{
	char url[100];
	const struct tpam_http_request request = {.url = url_of(url, "/gate"), .configured = url};

	return tpam_http_fetch(http, &fake_host, NULL, call, "s", &request, &answer, &failure);
}

/*
 * What was under way is over for the child, at once; its own fetches work, and so do its
 * children's.
 */
static int child(struct tpam_http *http, struct tpam_call *call, int depth)
{
	CHECK(fetch_gate(call, http) != TPAM_OK);
	CHECK(failure.outcome == TPAM_UNAVAILABLE);
	fake_end(call);
	CHECK(ask(http, "/ok", &failure, NULL) == TPAM_OK);
	if (depth > 0) {
		int status;
		pid_t pid = fork();
		if (pid == 0)
			_exit(ask(http, "/ok", &failure, NULL) != TPAM_OK || check_failed > 0);
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	return check_failed > 0;
}

int main(int count, char **words)
{
	struct tpam_call calls[3] = {{.async = true}, {.async = true}, {.async = true}};

	upstream_port = count > 1 ? words[1] : "1";
	struct tpam_http *http = client(0);
	/* Before anything was started a child is like any process. */
	pid_t pid = fork();
	int status = 1;
	if (pid == 0)
		_exit(ask(http, "/ok", &failure, NULL) != TPAM_OK);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(fetch_gate(&calls[0], http) == TPAM_PENDING);
	wait_at_gate(http, 1);
	for (int i = 0; i < 3; i++) {
		pid = fork();
		if (pid == 0)
			_exit(child(http, &calls[0], i));
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	/* The parent noticed nothing. */
	open_gate(http);
	fake_sleep(&calls[0]);
	CHECK(fetch_gate(&calls[0], http) == TPAM_OK);
	fake_end(&calls[0]);
	tpam_http_unref(http);
	/* Without http_stop(): the end of the process has to do. */
	return check_end();
}
