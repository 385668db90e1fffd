/*
 * load.c - an issuer rotates its keys while loops, threads, reloads and cancels go on; then workers are forked. A tool
 * of run-load, which is the issuer's hand: "serve JSON" on standard output is done once a line comes back.
 *
 * usage: load ISSUER
 *
 * No token that its issuer had signed with a published key may be refused as anything but unavailable, and that only
 * where it is too early to look for the key again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

#include "../jose/bearer.h"

#define ROTATIONS 6
#define LOOPS     2
#define UNDER_WAY 64 /* of one loop */
#define WORKERS   3

/* One key of the issuer, and a token signed with it. */
struct issued {
	struct tpam_signer *signer;
	char *authorization;
};

static struct issued issued[ROTATIONS + 1];
static atomic_uint current; /* the key that signs */
static atomic_bool stopping;
static struct tpam_engine *engine;

static struct {
	atomic_ulong accepted[ROTATIONS + 1], early, cancelled, wrong, reloads;
} counts;

static void take(unsigned key, int code, struct tpam_result *result)
{
	if (code == TPAM_E_CANCELLED) {
		atomic_fetch_add(&counts.cancelled, 1);
		return;
	}
	if (code == TPAM_OK && tpam_result_accepted(result)) {
		atomic_fetch_add(&counts.accepted[key], 1);
	} else if (code == TPAM_OK && tpam_result_outcome(result) == TPAM_UNAVAILABLE &&
		   tpam_result_reason(result) == TPAM_REASON_UNKNOWN_KEY &&
		   tpam_result_retry_after(result) > 0) {
		atomic_fetch_add(&counts.early, 1);
	} else if (atomic_fetch_add(&counts.wrong, 1) == 0) {
		fprintf(stderr, "key %u: code %d, %s, %s\n", key, code,
			tpam_outcome_name(tpam_result_outcome(result)),
			tpam_reason_name(tpam_result_reason(result)));
	}
	tpam_result_unref(result);
}

/* ---- Loops ---- */

struct slot {
	struct looper *looper;
	unsigned key;
	struct tpam_operation *operation; /* NULL: none is under way */
};

struct looper {
	struct tpam_loop *loop;
	struct slot slots[UNDER_WAY];
	unsigned long begun;
};

static void done(void *data, int code, struct tpam_result *result)
{
	struct slot *slot = data;

	slot->operation = NULL;
	take(slot->key, code, result);
}

static void begin(struct looper *looper, struct slot *slot)
{
	struct tpam_result *result = NULL;

	slot->key = atomic_load(&current);
	struct tpam_request *request = sandbox_request("notes", issued[slot->key].authorization);
	int code = tpam_begin(looper->loop, request, done, slot, &slot->operation, &result);
	tpam_request_destroy(request);
	if (code != TPAM_PENDING) {
		slot->operation = NULL;
		take(slot->key, code, result);
	} else if (++looper->begun % 7 == 0) {
		tpam_cancel(looper->loop, slot->operation);
	}
}

static void *run_loop(void *data)
{
	struct looper looper = {.begun = 0};

	(void)data;
	if (tpam_loop_create(&looper.loop, engine) != TPAM_OK)
		abort();
	while (!atomic_load(&stopping)) {
		for (size_t i = 0; i < UNDER_WAY; i++)
			if (!looper.slots[i].operation)
				begin(&looper, &looper.slots[i]);
		struct pollfd descriptor = {.fd = tpam_loop_fd(looper.loop), .events = POLLIN};
		(void)poll(&descriptor, 1, 0);
		(void)tpam_loop_run(looper.loop);
	}
	tpam_loop_destroy(looper.loop);
	return NULL;
}

/* ---- Calls that wait, and reloads ---- */

static void ask(void)
{
	unsigned key = atomic_load(&current);
	struct tpam_request *request = sandbox_request("notes", issued[key].authorization);
	struct tpam_result *result = NULL;
	int code = tpam_authenticate(engine, request, &result);

	tpam_request_destroy(request);
	take(key, code, result);
}

static void *run_calls(void *data)
{
	(void)data;
	while (!atomic_load(&stopping))
		ask();
	return NULL;
}

static void *run_reloads(void *data)
{
	(void)data;
	while (!atomic_load(&stopping)) {
		if (tpam_engine_reload(engine, NULL) != TPAM_OK)
			atomic_fetch_add(&counts.wrong, 1);
		atomic_fetch_add(&counts.reloads, 1);
	}
	return NULL;
}

/* ---- The issuer ---- */

static void issue(struct issued *ret, const char *issuer)
{
	char payload[512];
	struct tpam_fault fault;

	(void)snprintf(payload, sizeof(payload),
		"{\"iss\":\"%s\",\"sub\":\"alice\",\"aud\":\"notes\",\"iat\":%lld,\"exp\":%lld}",
		issuer, (long long)time(NULL), (long long)time(NULL) + 3600);
	if (tpam_signer_generate(&ret->signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	char *token = tpam_signer_sign(ret->signer, "at+jwt", payload, strlen(payload));
	ret->authorization = malloc(strlen(token) + sizeof("Bearer "));
	(void)sprintf(ret->authorization, "Bearer %s", token);
	tpam_kit_free(token);
}

/* The JWK alone, of the set that the kit writes. */
static void print_jwk(const struct tpam_signer *signer)
{
	char *set = tpam_signer_public_json(signer);
	const char *begin = strchr(set, '[') + 1, *end = strrchr(set, ']');

	for (const char *at = begin; at < end; at++)
		putchar(*at == '\n' ? ' ' : *at);
	tpam_kit_free(set);
}

/* The key that signs, and the one before it. */
static void publish(unsigned key)
{
	char line[16];

	printf("serve {\"keys\":[");
	if (key > 0) {
		print_jwk(issued[key - 1].signer);
		putchar(',');
	}
	print_jwk(issued[key].signer);
	puts("]}");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(EXIT_FAILURE);
}

/* Published first, then signed with, as an issuer does; and on once its tokens are accepted. */
static void rotate(const char *issuer)
{
	for (unsigned key = 1; key <= ROTATIONS; key++) {
		issue(&issued[key], issuer);
		publish(key);
		atomic_store(&current, key);
		while (atomic_load(&counts.accepted[key]) < 100 && !atomic_load(&counts.wrong))
			sched_yield();
	}
}

/* A worker has a thread of its own for fetches, and its parent's keys. */
static int work(const char *issuer)
{
	pid_t workers[WORKERS];
	int failed = 0, status;

	(void)issuer;
	fflush(stdout);
	for (size_t i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (workers[i] != 0)
			continue;
		unsigned long before = atomic_load(&counts.accepted[atomic_load(&current)]);
		for (int n = 0; n < 50; n++)
			ask();
		unsigned long got = atomic_load(&counts.accepted[atomic_load(&current)]) - before;
		_exit(got == 50 ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	for (size_t i = 0; i < WORKERS; i++)
		failed += waitpid(workers[i], &status, 0) != workers[i] || status != 0;
	return failed;
}

static void configure(const char *issuer)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n[provider:ours]\nplugin = bearer\nissuer = %s\n"
		"jwks_uri = %s/keys\njwks_cooldown = 1s\n"
		"[service:notes]\naudience = notes\nauth = decisive ours\n",
		issuer, issuer);
	sandbox_write("load.ini", text);
}

static void finish(void)
{
	unsigned long accepted = 0;

	for (unsigned i = 0; i <= ROTATIONS; i++) {
		accepted += atomic_load(&counts.accepted[i]);
		tpam_signer_destroy(issued[i].signer);
		free(issued[i].authorization);
	}
	fprintf(stderr, "%lu accepted, %lu too early, %lu cancelled, %lu reloads, %d rotations\n",
		accepted, atomic_load(&counts.early), atomic_load(&counts.cancelled),
		atomic_load(&counts.reloads), ROTATIONS);
}

int main(int count, char **words)
{
	pthread_t threads[LOOPS + 2];

	if (count < 2)
		return EXIT_FAILURE;
	sandbox_begin();
	configure(words[1]);
	issue(&issued[0], words[1]);
	publish(0);
	engine = sandbox_engine("load.ini", (struct tpam_engine_options){.size = 0});
	for (size_t i = 0; i < LOOPS; i++)
		pthread_create(&threads[i], NULL, run_loop, NULL);
	pthread_create(&threads[LOOPS], NULL, run_calls, NULL);
	pthread_create(&threads[LOOPS + 1], NULL, run_reloads, NULL);
	rotate(words[1]);
	atomic_store(&stopping, true);
	for (size_t i = 0; i < LOOPS + 2; i++)
		pthread_join(threads[i], NULL);
	CHECK(atomic_load(&counts.wrong) == 0);
	CHECK(atomic_load(&counts.reloads) > 0);
	CHECK(work(words[1]) == 0);
	tpam_engine_close(engine);
	sandbox_end();
	finish();
	return check_end();
}
