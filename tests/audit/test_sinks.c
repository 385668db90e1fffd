/*
 * test_sinks.c - each place that an audit can be written to, for real; and that none of them, dead or full, harms a decision.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "lines.h"

#define RULES                                                                                      \
	"[tokenpam]\nmode = development\n"                                                         \
	"[provider:yes]\nplugin = debug\n[service:s]\nauth = required yes\n[audit]\n"
#define MANY 40

/* ---- An engine, and what it logs ---- */

static char logged[65536];
static pthread_mutex_t logging = PTHREAD_MUTEX_INITIALIZER;

static void keep(void *data, int level, const char *text)
{
	(void)data;
	if (level > TPAM_LOG_NOTICE)
		return;
	(void)pthread_mutex_lock(&logging);
	size_t length = strlen(logged);
	(void)snprintf(logged + length, sizeof(logged) - length, "%s\n", text);
	(void)pthread_mutex_unlock(&logging);
}

static size_t count_logged(const char *text)
{
	size_t count = 0;

	for (const char *at = logged; (at = strstr(at, text)); at++)
		count++;
	return count;
}

static struct tpam_engine *open_engine(const char *audit)
{
	char text[1024];

	logged[0] = '\0';
	(void)snprintf(text, sizeof(text), RULES "%s", audit);
	sandbox_write("sinks.ini", text);
	return sandbox_engine("sinks.ini", (struct tpam_engine_options){.log = keep});
}

static void decide(struct tpam_engine *engine, const char *id)
{
	struct tpam_request *request = sandbox_request("s", NULL);
	struct tpam_result *result = NULL;

	CHECK(tpam_request_set(request, TPAM_ITEM_REQUEST_ID, id, strlen(id)) == TPAM_OK);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(result && tpam_result_accepted(result));
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void decide_many(struct tpam_engine *engine)
{
	for (int i = 0; i < MANY; i++) {
		char id[16];
		(void)snprintf(id, sizeof(id), "r-%d", i);
		decide(engine, id);
	}
}

/* ---- Somebody who listens ---- */

static int listen_at(const char *name, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", sandbox_path(name));
	(void)remove(address.sun_path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
		(type == SOCK_STREAM && listen(fd, 8) != 0))
		sandbox_fail(name);
	return fd;
}

/* One datagram, as text. */
static void receive(int fd, char *buffer, size_t size)
{
	ssize_t length = recv(fd, buffer, size - 1, MSG_DONTWAIT);

	CHECK(length > 0);
	buffer[length > 0 ? length : 0] = '\0';
}

/* The record in it, which is all that is behind `before`. */
static void check_record(const char *text, const char *before, const char *id)
{
	size_t length = strlen(text);
	struct lines lines = {0};

	CHECK(strncmp(text, before, strlen(before)) == 0);
	const char *record = strchr(text, '{');
	CHECK(record != NULL);
	if (record && text[length - 1] == '\n')
		length--;
	if (record && lines_add(&lines, record, length - (size_t)(record - text)))
		CHECK_TEXT(line_text(&lines.list[0], "request_id"), id);
	lines_finish(&lines);
}

static void test_datagrams(const char *sink, const char *before)
{
	char text[512], got[8192];
	int fd = listen_at("socket", SOCK_DGRAM);

	(void)snprintf(text, sizeof(text), "sink = %s:socket\n", sink);
	struct tpam_engine *engine = open_engine(text);
	decide(engine, "r-1");
	decide(engine, "r-2");
	tpam_engine_close(engine);
	receive(fd, got, sizeof(got));
	check_record(got, before, "r-1");
	receive(fd, got, sizeof(got));
	check_record(got, before, "r-2");
	CHECK_TEXT(logged, "");
	(void)close(fd);
}

static void test_stream(void)
{
	int fd = listen_at("socket", SOCK_STREAM);
	struct tpam_engine *engine = open_engine("sink = socket:socket\n");
	char got[65536];
	size_t length = 0;
	ssize_t more;

	decide_many(engine);
	tpam_engine_close(engine);
	int peer = accept(fd, NULL, NULL);
	CHECK(peer >= 0);
	while ((more = read(peer, got + length, sizeof(got) - 1 - length)) > 0)
		length += (size_t)more;
	got[length] = '\0';
	struct lines lines = lines_of(got);
	CHECK(lines.count == MANY);
	CHECK_TEXT(line_text(&lines.list[MANY - 1], "request_id"), "r-39");
	lines_finish(&lines);
	(void)close(peer);
	(void)close(fd);
}

static void test_stderr(void)
{
	const char *path = sandbox_path("stderr");
	int file = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600),
	    own = dup(STDERR_FILENO);

	CHECK(file >= 0 && own >= 0 && dup2(file, STDERR_FILENO) >= 0);
	struct tpam_engine *engine = open_engine("sink = stderr\n");
	decide(engine, "r-1");
	tpam_engine_close(engine);
	(void)dup2(own, STDERR_FILENO);
	(void)close(own);
	(void)close(file);
	struct lines lines = lines_read(sandbox_path("stderr"));
	CHECK(lines.count == 1);
	CHECK_TEXT(line_text(&lines.list[0], "request_id"), "r-1");
	lines_finish(&lines);
}

/* ---- What is dead ---- */

/* Lines of the file that stay when another sink gets none; and what is said of that, once. */
static void test_dead(const char *sink, const char *why)
{
	char text[512], complaint[512];

	(void)snprintf(text, sizeof(text), "sink = %s file:audit.jsonl\n", sink);
	(void)remove(sandbox_path("audit.jsonl"));
	struct tpam_engine *engine = open_engine(text);
	decide_many(engine);
	tpam_engine_close(engine);
	struct lines lines = lines_read(sandbox_path("audit.jsonl"));
	CHECK(lines.count == MANY);
	lines_finish(&lines);
	(void)snprintf(complaint, sizeof(complaint), "%s; records are lost until it can", why);
	CHECK(count_logged("records are lost until it can") == 1 && count_logged(complaint) == 1);
	(void)snprintf(
		complaint, sizeof(complaint), "%d records of the audit were not written to", MANY);
	CHECK(count_logged(complaint) == 1);
}

/* A daemon that goes, and that comes back as another one: the record is sent to the new one, and none is lost. */
static void test_restarted(void)
{
	char got[8192];
	int fd = listen_at("socket", SOCK_DGRAM);
	struct tpam_engine *engine = open_engine("sink = syslog:socket\n");
	struct pollfd wanted = {.events = POLLIN};

	decide(engine, "r-1");
	wanted.fd = fd;
	CHECK(poll(&wanted, 1, 60000) == 1);
	receive(fd, got, sizeof(got));
	(void)close(fd);
	fd = listen_at("socket", SOCK_DGRAM);
	decide(engine, "r-2");
	tpam_engine_close(engine);
	receive(fd, got, sizeof(got));
	check_record(got, "<86>", "r-2");
	CHECK_TEXT(logged, "");
	(void)close(fd);
}

/* One that reads nothing: what it is waited for no decision waits for, and what it lacks is counted. */
static void test_deaf(void)
{
	int fd = listen_at("socket", SOCK_STREAM), size = 4096;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	(void)remove(sandbox_path("audit.jsonl"));
	struct tpam_engine *engine = open_engine("sink = socket:socket file:audit.jsonl\n");
	for (int i = 0; i < 100; i++)
		decide_many(engine);
	tpam_engine_close(engine);
	struct lines lines = lines_read(sandbox_path("audit.jsonl"));
	CHECK(lines.count == 100 * MANY);
	lines_finish(&lines);
	CHECK(count_logged("the audit cannot be written to socket:") == 1);
	CHECK(count_logged("records of the audit were not written to socket:") == 1);
	(void)close(fd);
}

/* ---- What is full ---- */

/* A file that can have so many bytes and no more: what is in it is whole, and the rest is told of. */
static void test_full(rlim_t most)
{
	struct rlimit old;

	(void)remove(sandbox_path("audit.jsonl"));
	struct tpam_engine *engine = open_engine("sink = file:audit.jsonl\n");
	CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0);
	const struct rlimit little = {.rlim_cur = most, .rlim_max = old.rlim_max};
	CHECK(setrlimit(RLIMIT_FSIZE, &little) == 0);
	decide_many(engine);
	tpam_engine_close(engine);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
	struct lines lines = lines_read(sandbox_path("audit.jsonl"));
	char lost[128];
	(void)snprintf(lost, sizeof(lost),
		"%zu records of the audit were not written to file:", MANY - lines.count);
	CHECK(lines.count < MANY && count_logged(lost) == 1);
	CHECK(count_logged("File too large; records are lost until it can") == 1);
	lines_finish(&lines);
}

/* A disk that is full: of its own, in a child, where the system lets us have one. */
static void fill_disk(void)
{
	char text[512];

	(void)mkdir(sandbox_path("disk"), 0700);
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("none", sandbox_path("disk"), "tmpfs", 0, "size=16k,mode=0700") != 0) {
		fprintf(stderr, "no disk of our own: %s\n", strerror(errno));
		return;
	}
	(void)snprintf(text, sizeof(text), "sink = file:disk/audit.jsonl\n");
	struct tpam_engine *engine = open_engine(text);
	for (int i = 0; i < 10; i++)
		decide_many(engine);
	tpam_engine_close(engine);
	struct lines lines = lines_read(sandbox_path("disk/audit.jsonl"));
	CHECK(lines.count > 0 && lines.count < 10 * MANY);
	CHECK(count_logged("No space left on device; records are lost until it can") == 1);
	(void)snprintf(text, sizeof(text),
		"%zu records of the audit were not written to file:", 10 * MANY - lines.count);
	CHECK(count_logged(text) == 1);
	lines_finish(&lines);
}

static void test_disk(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		check_failed = 0;
		fill_disk();
		_exit(check_failed > 0);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

/* ---- What was there ---- */

/* A line that somebody did not end stays what it is, and the next is whole. */
static void test_torn(void)
{
	sandbox_write("audit.jsonl", "{\"time\":\"torn");
	struct tpam_engine *engine = open_engine("sink = file:audit.jsonl\n");

	decide(engine, "r-1");
	tpam_engine_close(engine);
	char *text = file_text(sandbox_path("audit.jsonl"));
	CHECK(strncmp(text, "{\"time\":\"torn\n{", strlen("{\"time\":\"torn\n{")) == 0);
	check_record(strchr(text, '\n') + 1, "{", "r-1");
	free(text);
}

/* Neither a link nor another name of a file, nor what is none. */
static void test_not_ours(void)
{
	sandbox_write("theirs", "");
	(void)remove(sandbox_path("audit.jsonl"));
	CHECK(symlink(sandbox_path("theirs"), sandbox_path("audit.jsonl")) == 0);
	struct tpam_engine *engine = open_engine("sink = file:audit.jsonl\n");
	decide(engine, "r-1");
	tpam_engine_close(engine);
	CHECK(count_logged("it is a symbolic link") == 1);
	(void)remove(sandbox_path("audit.jsonl"));
	CHECK(link(sandbox_path("theirs"), sandbox_path("audit.jsonl")) == 0);
	engine = open_engine("sink = file:audit.jsonl\n");
	decide(engine, "r-1");
	tpam_engine_close(engine);
	CHECK(count_logged("it has another name") == 1);
	char *text = file_text(sandbox_path("theirs"));
	CHECK_TEXT(text, "");
	free(text);
	(void)remove(sandbox_path("audit.jsonl"));
}

int main(void)
{
	sandbox_begin();
	(void)signal(SIGXFSZ, SIG_IGN);
	test_datagrams("syslog", "<86>");
	test_datagrams("journald", "");
	test_datagrams("socket", "{");
	test_stream();
	test_stderr();
	test_dead("syslog:nowhere", "No such file or directory");
	test_dead("journald:nowhere", "No such file or directory");
	test_dead("socket:nowhere", "No such file or directory");
	test_dead("file:/dev/full", "it is not a regular file");
	test_restarted();
	test_deaf();
	for (rlim_t most = 0; most < 2000; most += 97)
		test_full(most);
	test_disk();
	test_torn();
	test_not_ours();
	sandbox_end();
	return check_end();
}
