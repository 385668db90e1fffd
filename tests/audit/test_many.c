/*
 * test_many.c - many threads of two processes write an audit that is renamed under them: no line is torn, none is lost where
 * that was asked for, and where not, those that are lost are counted to the last.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <fcntl.h>

#include "lines.h"

#define KEY       "0123456789abcdef0123456789abcdef"
#define THREADS   8
#define PROCESSES 2
#define DECISIONS 250 /* of each thread */
#define ALL       (PROCESSES * THREADS * DECISIONS)
#define ROTATION  200 /* decisions between two renames */
#define FILES_MAX (ALL / ROTATION + 2)

#define RULES                                                                                      \
	"[tokenpam]\nmode = development\n"                                                         \
	"[provider:yes]\nplugin = debug\n[service:s]\nauth = required yes\n"                       \
	"[audit]\nsink = file:audit.jsonl\n"                                                       \
	"chain = on\nchain_key = " KEY "\n"

/* Shared by the processes. */
static struct {
	atomic_uint decided;
	atomic_uint renamed;
} * shared;

/* Of the lock that the parent has, and the child with it. */
static int held = -1;

struct worker {
	struct tpam_engine *engine;
	unsigned process, thread;
};

/* ---- Writing ---- */

static void rotate(unsigned number)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/audit.jsonl.%u", sandbox_folder, number);
	/* There may be none yet: the thread that writes comes after. */
	if (rename(sandbox_path("audit.jsonl"), path) == 0)
		(void)atomic_fetch_add(&shared->renamed, 1);
}

static void decide(const struct worker *worker, unsigned i)
{
	struct tpam_request *request = sandbox_request("s", NULL);
	struct tpam_result *result = NULL;
	char id[64];

	int length = snprintf(id, sizeof(id), "%u-%u-%u", worker->process, worker->thread, i);
	if (tpam_request_set(request, TPAM_ITEM_REQUEST_ID, id, (size_t)length) != TPAM_OK ||
		tpam_authenticate(worker->engine, request, &result) != TPAM_OK ||
		!tpam_result_accepted(result))
		abort();
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void *work(void *data)
{
	const struct worker *worker = data;

	for (unsigned i = 0; i < DECISIONS; i++) {
		decide(worker, i);
		unsigned count = atomic_fetch_add(&shared->decided, 1) + 1;
		if (held < 0 && count % ROTATION == 0)
			rotate(count / ROTATION);
	}
	return NULL;
}

static void work_all(struct tpam_engine *engine, unsigned process)
{
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){engine, process, i};
		if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
}

/* ---- Reading ---- */

/* All files there are, in the order of their names. */
static struct lines read_all(void)
{
	struct lines all = {0};

	for (unsigned i = 0; i < FILES_MAX; i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "audit.jsonl%s%u", i ? "." : "", i);
		char *text = file_text(sandbox_path(i ? name : "audit.jsonl"));
		struct lines some = lines_of(text);
		free(text);
		if (some.count > 0) {
			struct line *grown =
				realloc(all.list, (all.count + some.count) * sizeof(*grown));
			if (!grown)
				abort();
			memcpy(grown + all.count, some.list, some.count * sizeof(*grown));
			all.list = grown;
			all.count += some.count;
		}
		free(some.list);
		(void)remove(sandbox_path(i ? name : "audit.jsonl"));
	}
	return all;
}

static int by_text(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Decisions there are; each once. */
static size_t count_decisions(const struct lines *lines)
{
	const char **ids = calloc(lines->count + 1, sizeof(*ids));
	size_t count = 0;

	if (!ids)
		abort();
	for (size_t i = 0; i < lines->count; i++) {
		const char *event = line_text(&lines->list[i], "event");
		const char *id = line_text(&lines->list[i], "request_id");
		if (event && strcmp(event, "decision") == 0 && id)
			ids[count++] = id;
	}
	qsort(ids, count, sizeof(*ids), by_text);
	for (size_t i = 1; i < count; i++)
		CHECK(strcmp(ids[i - 1], ids[i]) != 0);
	free(ids);
	return count;
}

/* What records say was lost to the only sink. */
static size_t count_lost(const struct lines *lines)
{
	size_t lost = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const char *event = line_text(&lines->list[i], "event");
		if (event && strcmp(event, "lost") == 0)
			lost += (size_t)line_number(&lines->list[i], "count");
	}
	return lost;
}

/* Every line is what its writer wrote, and numbers say that none of it is missing. */
static void check_rows(const struct lines *lines)
{
	struct tpam_audit_key *key = NULL;
	size_t checkpoints = 0, ends = 0;

	CHECK(tpam_audit_key_create(&key, KEY, strlen(KEY)) == TPAM_OK);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->list[i];
		const char *event = line_text(line, "event");
		CHECK(tpam_audit_check(key, line->text, strlen(line->text)) == TPAM_OK);
		if (!event || strcmp(event, "checkpoint") != 0)
			continue;
		checkpoints++;
		ends += (size_t)line_number(line, "seq") + 1;
	}
	CHECK(checkpoints >= PROCESSES && ends == lines->count);
	tpam_audit_key_destroy(key);
}

/* ---- Tests ---- */

static void begin(const char *rest)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), RULES "%s", rest);
	sandbox_write("many.ini", text);
	atomic_store(&shared->decided, 0);
	atomic_store(&shared->renamed, 0);
}

/* The engine is the parent's, whose thread for the audit has not begun yet, or has. */
static void run_both(struct tpam_engine *engine)
{
	pid_t child = fork();

	if (child < 0)
		abort();
	work_all(engine, child == 0);
	if (held >= 0)
		(void)close(held);
	if (child == 0) {
		tpam_engine_close(engine);
		_exit(check_failed > 0);
	}
	int status = 0;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void test_block(bool begun)
{
	begin("overflow = block\nqueue = 16\n");
	struct tpam_engine *engine = sandbox_engine("many.ini", (struct tpam_engine_options){0});
	const struct worker first = {engine, PROCESSES, 0};

	if (begun)
		decide(&first, 0);
	run_both(engine);
	tpam_engine_close(engine);
	struct lines lines = read_all();
	CHECK(count_decisions(&lines) == (size_t)ALL + begun && count_lost(&lines) == 0);
	CHECK(atomic_load(&shared->renamed) > 0);
	check_rows(&lines);
	lines_finish(&lines);
}

/* Somebody has the lock of the file for as long as all is decided, so that the queues overflow. */
static void test_drop(void)
{
	begin("queue = 16\n");
	struct tpam_engine *engine = sandbox_engine("many.ini", (struct tpam_engine_options){0});

	held = open(sandbox_path("audit.jsonl"), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	CHECK(held >= 0 && flock(held, LOCK_EX) == 0);
	run_both(engine);
	tpam_engine_close(engine);
	struct lines lines = read_all();
	size_t written = count_decisions(&lines), lost = count_lost(&lines);
	CHECK(written + lost == (size_t)ALL && lost > 0);
	check_rows(&lines);
	lines_finish(&lines);
}

/* The sanitizer of threads loses its count of them where a child of a process that has several starts its own. */
#ifdef __has_feature
#define SANITIZED __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

int main(void)
{
	sandbox_begin();
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		sandbox_fail("mmap");
	test_block(false);
	if (!SANITIZED)
		test_block(true);
	test_drop();
	sandbox_end();
	return check_end();
}
