/*
 * test_pool.c - memory for secrets: whose it is, what it is like, and that no two pieces meet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check.h"
#include "maps.h"
#include "memory.h"

#define PIECES  200
#define ROUNDS  20000
#define THREADS 4

static bool all_are(const char *bytes, size_t length, char wanted)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != wanted)
			return false;
	return true;
}

static void test_kind(void)
{
	char *piece = secret_take(100), *ordinary = malloc(16);
	struct maps_flags flags = maps_flags(piece);

	CHECK(piece && (uintptr_t)piece % 16 == 0 && all_are(piece, 100, 0));
	CHECK(secret_is(piece) && !secret_is(ordinary) && !secret_is(NULL));
	CHECK(flags.kept_out && !maps_flags(ordinary).kept_out);
	errno = EDOM;
	secret_free(piece, 100);
	secret_free(ordinary, 16);
	secret_free(NULL, 5);
	CHECK(errno == EDOM);
}

/* As a stranger would see it: through the kernel, which no sanitizer asks. */
static void test_wiped(void)
{
	char *piece = secret_take(64), seen[64];
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	off_t place = (off_t)(uintptr_t)piece;

	memset(piece, 'x', 64);
	CHECK(pread(memory, seen, sizeof(seen), place) == 64 && all_are(seen, 64, 'x'));
	secret_free(piece, 1);
	CHECK(pread(memory, seen, sizeof(seen), place) == 64 && all_are(seen, 64, 0));
	(void)close(memory);
}

static void test_texts(void)
{
	char *copy = secret_copy("text and more", 4), *text = text_copy("moved", 5);
	struct buffer buffer = SECRET_BUFFER(100);

	CHECK_TEXT(copy, "text");
	CHECK(secret_is(copy) && !secret_is(text));
	CHECK(secret_move(&text) && secret_is(text));
	CHECK_TEXT(text, "moved");
	for (int i = 0; i < 99; i++)
		buffer_text(&buffer, "y");
	CHECK(secret_is(buffer.data));
	char *taken = buffer_take(&buffer);
	CHECK(taken && secret_is(taken) && all_are(taken, 99, 'y') && buffer.secret);
	buffer_text(&buffer, "more");
	CHECK(secret_is(buffer.data));
	buffer_finish(&buffer);
	secret_free(copy, 4);
	secret_free(text, 5);
	secret_free(taken, 99);
}

/* The bound is exact and comes back; what is too much does not disturb what is there. */
static void test_bound(void)
{
	char *small = secret_take(1), *most = secret_take(SECRETS_MAX / 2);

	CHECK(small && most);
	errno = 0;
	CHECK(!secret_take(SECRETS_MAX / 2) && errno == ENOMEM);
	CHECK(!secret_take(SECRETS_MAX) && !secret_take(SIZE_MAX) && !secret_copy("", SIZE_MAX));
	secret_free(most, 1);
	most = secret_take(SECRETS_MAX - 4096);
	CHECK(most && most[SECRETS_MAX - 4097] == 0);
	secret_free(most, 1);
	secret_free(small, 1);
}

struct held {
	char *memory;
	size_t size;
	char mark;
};

/* Each piece keeps the mark that it was filled with until it is given back. */
static bool turn(struct held *held, unsigned *state, char mark)
{
	if (held->memory) {
		bool kept = all_are(held->memory, held->size, held->mark);
		secret_free(held->memory, held->size);
		held->memory = NULL;
		return kept;
	}
	held->size = (size_t)rand_r(state) % (rand_r(state) % 20 ? 100 : 20000);
	held->mark = mark;
	held->memory = secret_take(held->size);
	if (!held->memory || !all_are(held->memory, held->size, 0))
		return false;
	memset(held->memory, mark, held->size);
	return true;
}

/* NULL if all went well. */
static void *live(void *data)
{
	unsigned state = *(unsigned *)data;
	struct held held[PIECES];
	bool fine = true;

	memset(held, 0, sizeof(held));
	for (unsigned i = 0; i < ROUNDS; i++)
		fine &= turn(&held[(unsigned)rand_r(&state) % PIECES], &state, (char)(i % 127 + 1));
	for (size_t i = 0; i < PIECES; i++)
		fine &= !held[i].memory || turn(&held[i], &state, 0);
	return fine ? NULL : data;
}

static void test_threads(void)
{
	pthread_t threads[THREADS];
	unsigned seeds[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		seeds[i] = i + 1;
		CHECK(pthread_create(&threads[i], NULL, live, &seeds[i]) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		void *failed = seeds;
		CHECK(pthread_join(threads[i], &failed) == 0 && !failed);
	}
}

static int child(const char *inherited)
{
	char *own = secret_take(70000);
	bool fine = own && strcmp(inherited, "inherited") == 0 && maps_flags(inherited).kept_out &&
		    maps_flags(own).kept_out;

	secret_free(own, 70000);
	return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* While others take and give back: a lock that one of them holds in the parent nobody would ever open in the child. */
static void test_forks(void)
{
	char *piece = secret_copy("inherited", 9);
	unsigned seed = 99;
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, live, &seed) == 0);
	for (int i = 0; i < 20; i++) {
		int status = -1;
		pid_t pid = fork();
		if (pid == 0)
			_exit(child(piece));
		CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
	}
	void *failed = &seed;
	CHECK(pthread_join(thread, &failed) == 0 && !failed);
	secret_free(piece, 9);
}

/* Who may lock nothing has memory for secrets all the same. */
static void test_unlockable(void)
{
	const struct rlimit none = {0, 0};

	CHECK(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
	char *piece = secret_take(1 << 20);
	CHECK(piece && maps_flags(piece).kept_out);
	secret_free(piece, 1 << 20);
}

int main(void)
{
	unsigned seed = 7;

	test_kind();
	test_wiped();
	test_texts();
	CHECK(!live(&seed));
	test_threads();
	test_forks();
	test_unlockable();
	test_bound();
	return check_end();
}
