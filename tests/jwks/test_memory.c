/*
 * test_memory.c - the n-th allocation fails while keys come from the network: nothing lost, nobody let in.
 *
 * No network: the program's own tpam_http_start() stands before the kit's, with a thread that answers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>

#include <tokenpam/http.h>
#include <tokenpam/kit.h>
#include <tokenpam/tokenpam.h>

#include "../torture/allocations.h"
#include "../unit/check.h"
#include "../unit/sandbox.h"

#define MOST    4000 /* allocations of one scene */
#define VISIBLE __attribute__((visibility("default")))

/* ---- The network ---- */

static char *metadata, *keys;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static tpam_http_done *asked; /* under way; the answer is what `answered` says */
static void *asked_data;
static char *answered;
static bool busy, ending;
static unsigned fetches;

VISIBLE int tpam_http_start(struct tpam_http *http, const struct tpam_http_request *request,
	tpam_http_done *done, void *data, struct tpam_http_failure *failure)
{
	(void)http;
	(void)failure;
	pthread_mutex_lock(&lock);
	asked = done;
	asked_data = data;
	answered = strstr(request->url, "/.well-known/") ? metadata : keys;
	fetches++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return TPAM_OK;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	*ret_length = strlen((const char *)answer);
	return (const char *)answer;
}

VISIBLE const char *tpam_http_header(
	const struct tpam_http_answer *answer, const char *name, uint32_t index)
{
	(void)answer;
	return index == 0 && strcmp(name, "ETag") == 0 ? "\"one\"" : NULL;
}

VISIBLE int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	(void)answer;
	return 200;
}

static void *answer(void *data)
{
	(void)data;
	pthread_mutex_lock(&lock);
	while (!ending) {
		tpam_http_done *done = asked;
		char *text = answered;
		asked = NULL;
		busy = done != NULL;
		pthread_cond_broadcast(&changed);
		if (!done) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		pthread_mutex_unlock(&lock);
		done(asked_data, (struct tpam_http_answer *)text, NULL);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Until whoever answers has let go of everything. */
static void wait_for_quiet(void)
{
	pthread_mutex_lock(&lock);
	while (asked || busy)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

/* ---- Scenes ---- */

struct scene {
	struct tpam_engine *engine;
	const struct tpam_request *request;
	unsigned long nth;
	struct tpam_result *result;
	int code;
	bool lacked;
};

/* In a thread of its own, with which goes what the kit keeps for threads. */
static void *decide(void *data)
{
	struct scene *scene = data;

	allocations_arm(scene->nth, false);
	scene->code = tpam_authenticate(scene->engine, scene->request, &scene->result);
	wait_for_quiet();
	scene->lacked = allocations_disarm();
	return NULL;
}

/* A fresh engine, whose keys are to be fetched. True once nothing was lacking. */
static bool play(const char *authorization, int32_t outcome, unsigned long nth)
{
	struct scene scene = {.nth = nth};
	struct tpam_request *request = sandbox_request("notes", authorization);
	long before = allocations_living();
	pthread_t thread;

	scene.engine = sandbox_engine("jwks.ini", (struct tpam_engine_options){.size = 0});
	scene.request = request;
	if (pthread_create(&thread, NULL, decide, &scene) != 0)
		abort();
	pthread_join(thread, NULL);
	bool accepted = scene.code == TPAM_OK && tpam_result_accepted(scene.result);
	CHECK(!accepted || outcome == TPAM_SUCCESS);
	CHECK(scene.lacked || scene.code == TPAM_OK);
	if (!scene.lacked && scene.code == TPAM_OK)
		CHECK_TEXT(tpam_outcome_name(tpam_result_outcome(scene.result)),
			tpam_outcome_name(outcome));
	tpam_result_unref(scene.result);
	tpam_engine_close(scene.engine);
	if (nth < MOST && allocations_living() != before) {
		fprintf(stderr, "allocation %lu: %ld blocks more\n", nth,
			allocations_living() - before);
		allocations_explain();
	}
	CHECK(nth == MOST || allocations_living() == before);
	tpam_request_destroy(request);
	return !scene.lacked;
}

static void play_all(const char *authorization, int32_t outcome)
{
	unsigned long nth = 1;

	/* What is made once a process, or kept with a thread's stack, is made now. */
	(void)play(authorization, outcome, MOST);
	(void)play(authorization, outcome, MOST);
	while (nth < MOST && !play(authorization, outcome, nth))
		nth++;
	CHECK(nth > 20 && nth < MOST);
}

static char *authorization_by(const struct tpam_signer *signer)
{
	static const char payload[] = "{\"iss\":\"https://issuer.example/t\",\"sub\":\"alice\","
				      "\"aud\":\"notes\",\"exp\":4000000000}";
	char *token = tpam_signer_sign(signer, "at+jwt", payload, sizeof(payload) - 1);
	size_t size = strlen(token) + sizeof("Bearer ");
	char *text = malloc(size);

	(void)snprintf(text, size, "Bearer %s", token);
	tpam_kit_free(token);
	return text;
}

static struct tpam_signer *signer_make(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	return signer;
}

/* With a folder for keys they are there from then on. */
static void configure(const char *folder)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n[provider:ours]\nplugin = bearer\n"
		"issuer = https://issuer.example/t\n%s"
		"[service:notes]\naudience = notes\nauth = decisive ours\n",
		folder);
	sandbox_write("jwks.ini", text);
}

int main(void)
{
	struct tpam_signer *ours = signer_make(), *stranger = signer_make();
	char *good = authorization_by(ours), *unknown = authorization_by(stranger);
	char *set = tpam_signer_public_json(ours);
	pthread_t thread;

	sandbox_begin();
	configure("jwks_folder = .\n");
	keys = set;
	metadata = (char[]){
		"{\"issuer\":\"https://issuer.example/t\",\"jwks_uri\":\"https://k.example\"}"};
	pthread_create(&thread, NULL, answer, NULL);
	tpam_engine_close(sandbox_engine("jwks.ini", (struct tpam_engine_options){.size = 0}));
	allocations_begin();
	play_all(good, TPAM_SUCCESS);
	configure("");
	play_all(unknown, TPAM_INVALID);
	metadata = (char[]){"{\"issuer\":\"https://other.example\"}"};
	play_all(good, TPAM_ERROR);
	metadata = (char[]){
		"{\"issuer\":\"https://issuer.example/t\",\"jwks_uri\":\"https://k.example\"}"};
	keys = (char[]){"{\"keys\":[]}"};
	play_all(good, TPAM_UNAVAILABLE);
	CHECK(fetches > 200);
	pthread_mutex_lock(&lock);
	ending = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	tpam_signer_destroy(ours);
	tpam_signer_destroy(stranger);
	tpam_kit_free(set);
	free(good);
	free(unknown);
	sandbox_end();
	return check_end();
}
