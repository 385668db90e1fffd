/*
 * test_bearer_threads.c - threads ask while the revocation list changes under them; the thread sanitizer looks on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>

#include "bearer.h"

#define THREADS 4
#define CHANGES 100

static struct tpam_engine *engine;
static char *safe, *withdrawn;
static atomic_bool over;
static atomic_uint wrong, asked;

static void *ask(void *unused)
{
	(void)unused;
	while (!atomic_load(&over)) {
		int32_t reason = 0;
		wrong += bearer_ask(engine, safe, &reason) != TPAM_SUCCESS;
		/* Each list names it, so there is no moment at which it may pass. */
		wrong += bearer_ask(engine, withdrawn, &reason) != TPAM_REVOKED;
		asked++;
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];

	bearer_begin(1800000000);
	sandbox_write("revoked", "jti:withdrawn\n");
	bearer_config("", "revocation_file = revoked");
	engine = bearer_engine(NULL);
	safe = bearer_authorization("\"exp\":1900000000,\"jti\":\"safe\"");
	withdrawn = bearer_authorization("\"exp\":1900000000,\"jti\":\"withdrawn\"");
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, ask, NULL) != 0)
			abort();
	for (unsigned change = 0; change < CHANGES; change++) {
		char text[128];
		unsigned before = atomic_load(&asked);
		(void)snprintf(text, sizeof(text), "jti:t-%u\njti:withdrawn\nsub:nobody\n", change);
		sandbox_write("revoked", text);
		while (atomic_load(&asked) == before)
			sched_yield();
	}
	atomic_store(&over, true);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK(wrong == 0);
	CHECK(asked >= CHANGES);
	tpam_kit_free(safe);
	tpam_kit_free(withdrawn);
	tpam_engine_close(engine);
	bearer_end();
	return check_end();
}
