/*
 * test_confirm.c - who is asked to confirm what: by key, by thread, by process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/wait.h>
#include <unistd.h>

#include "upstream.h"

/* How often the answer to such a request was given; -1 where there is none. */
static long long given(struct tpam_http *http, const char *path, const char *key, bool async)
{
	static const int32_t statuses[] = {401, 0};
	char url[100];
	const struct tpam_http_answer *answer;
	struct tpam_http_failure failure;
	struct tpam_call call = {.async = async};
	const struct tpam_http_request request = {.url = url_of(url, path),
		.configured = url,
		.share = key,
		.statuses = statuses,
		.flags = TPAM_HTTP_REVALIDATE};
	long long count = -1;

	if (fake_fetch(&call, http, "step", &request, &answer, &failure) == TPAM_OK &&
		tpam_http_status(answer) == 200) {
		uint64_t length;
		if (sscanf(tpam_http_body(answer, &length), "{\"given\":%lld}", &count) != 1)
			count = -1;
	}
	fake_end(&call);
	return count;
}

/* What one may see is nothing for another: each key has an answer of its own, whatever client asks with it. */
static void test_keys(void)
{
	struct tpam_http *http = client(0), *equal = client(0), *other = client(9000);

	CHECK(given(http, "/etag/plain/keys", "alice", true) == 1);
	CHECK(given(http, "/etag/plain/keys", "bob", true) == 2);
	CHECK(given(http, "/etag/plain/keys", "alice", true) == 1);
	CHECK(given(equal, "/etag/plain/keys", "bob", false) == 2);
	CHECK(given(http, "/etag/plain/keys", "", true) == 3);
	CHECK(given(other, "/etag/plain/keys", "alice", true) == 1);
	CHECK(given(http, "/etag/plain/keys?x", "alice", true) == 4);
	CHECK(upstream_count(http, "/etag/plain/keys") == 7);
	tpam_http_unref(http);
	tpam_http_unref(equal);
	tpam_http_unref(other);
}

/* Once the upstream refuses, the answer is forgotten. */
static void test_gone(void)
{
	struct tpam_http *http = client(0);

	CHECK(given(http, "/etag/gone/1", "alice", true) == 1);
	CHECK(given(http, "/etag/gone/1", "alice", true) == -1);
	CHECK(given(http, "/etag/gone/1", "alice", true) == 2);
	tpam_http_unref(http);
}

/* A child knows nothing of what its parent was told, and the parent goes on knowing it. */
static void test_fork(void)
{
	struct tpam_http *http = client(0);
	int status = 1;

	CHECK(given(http, "/etag/plain/fork", "alice", true) == 1);
	pid_t pid = fork();
	if (pid == 0) {
		CHECK(given(http, "/etag/plain/fork", "alice", true) == 2);
		CHECK(given(http, "/etag/plain/fork", "alice", true) == 2);
		_exit(check_failed > 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(given(http, "/etag/plain/fork", "alice", true) == 1);
	tpam_http_unref(http);
}

static void *ask_often(void *data)
{
	static const char *const keys[] = {"a", "b", "c"};

	for (int i = 0; i < 60; i++)
		if (given(data, i % 2 ? "/etag/plain/many" : "/etag/scopes/many", keys[i % 3],
			    i % 4 < 2) < 1)
			return data;
	return NULL;
}

static void test_threads(void)
{
	struct tpam_http *http = client(0);
	pthread_t threads[8];

	for (size_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, ask_often, http);
	for (size_t i = 0; i < 8; i++) {
		void *failed;
		pthread_join(threads[i], &failed);
		CHECK(!failed);
	}
	/* Each key of both is known by now. */
	for (int i = 0; i < 6; i++)
		CHECK(given(http, "/etag/plain/many", i % 2 ? "a" : "b", true) <= 3);
	tpam_http_unref(http);
}

int main(int count, char **words)
{
	upstream_port = count > 1 ? words[1] : "1";
	test_keys();
	test_gone();
	test_fork();
	test_threads();
	http_stop();
	return check_end();
}
