/*
 * drive.c - the kit's keys from the network, commanded line by line. A tool of run.
 *
 *	key NAME ALG [BITS]        makes a key pair; prints the public JWK
 *	open NAME OPTION=VALUE...  prints "open", or what does not do
 *	close NAME
 *	ask NAME KEY [kid=KID|kid=] [iat=SECONDS] [tampered] [wait] [late]
 *	                           verifies a token; prints "ok", or outcome, reason, what came instead,
 *	                           and the seconds to wait. "wait": in a call that cannot be parked
 *	many NAME KEY COUNT        parked calls at once, each with a kid of its own; prints how they ended
 *	begin NAME KEY             one that is parked, to be ended by "finish" or given up by "cancel"
 *	finish | cancel
 *	probe NAME                 prints the claims, or outcome and reason
 *	clock SECONDS              moves the clock
 *	idle NAME                  until no fetch is under way
 *	flushes                    prints how often kept verdicts were flushed since the last time
 *	log                        prints what was logged since the last time
 *	events                     prints what the audit was told since the last time
 *	fork NAME KEY              asks in a child
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakehost.h"
#include "http_engine.h"
#include "http_hooks.h"
#include "jwks_source.h"

#define WORDS_MAX   24
#define KEYS_LIMIT  16
#define OPEN_LIMIT  4
#define VALUES_MAX  16
#define MANY_MAX    1000
#define LOG_SIZE    4096
#define REFUSED_MAX 400

struct tpam_instance {
	char name[32];
	char keys[VALUES_MAX][32];
	char values[VALUES_MAX][512];
	size_t count;
	struct tpam_jwks *jwks;
	char problem[REFUSED_MAX];
};

static struct tpam_instance instances[OPEN_LIMIT];
static struct {
	char name[32];
	struct tpam_signer *signer;
} pairs[KEYS_LIMIT];
static _Atomic int64_t offset;
static atomic_int flushes;
static char logged[LOG_SIZE];
static char told[LOG_SIZE];

/* What the last call was told. */
static int32_t last_reason;
static char last_got[200];
static char last_claims[4096];

/* ---- A host ---- */

static int64_t clock_moved(void)
{
	return fake_clock(NULL) + atomic_load(&offset);
}

static int64_t host_monotonic(const struct tpam_instance *instance)
{
	(void)instance;
	return clock_moved();
}

static int64_t host_wall(const struct tpam_instance *instance)
{
	(void)instance;
	return (int64_t)time(NULL) * SECOND + atomic_load(&offset);
}

static int64_t host_leeway(const struct tpam_instance *instance)
{
	(void)instance;
	return 30;
}

static const char *host_text(const struct tpam_instance *instance, const char *name, uint32_t index)
{
	for (size_t i = 0; index == 0 && i < instance->count; i++)
		if (strcmp(instance->keys[i], name) == 0)
			return instance->values[i];
	return NULL;
}

/* Durations in seconds, or with "ms". */
static int32_t host_number(
	const struct tpam_instance *instance, const char *name, uint32_t index, int64_t *ret)
{
	const char *text = host_text(instance, name, index);

	if (!text)
		return TPAM_E_UNSET;
	*ret = atoll(text) * (strstr(text, "ms") ? 1 : 1000);
	return TPAM_OK;
}

static void host_problem(struct tpam_instance *instance, const char *option, uint32_t index,
	const char *got, const char *expected)
{
	(void)index;
	snprintf(instance->problem, sizeof(instance->problem), "%s: got %s, expected %s",
		option ? option : "section", got ? got : "nothing", expected);
}

static void host_log(const struct tpam_instance *instance, int32_t level, const char *text)
{
	size_t used = strlen(logged);

	snprintf(logged + used, sizeof(logged) - used, "%s%s:%d: %s", used ? " | " : "",
		instance->name, level, text);
}

static const char *outcome_name(int32_t outcome);

static void host_event(
	const struct tpam_instance *instance, int32_t event, int32_t outcome, const char *text)
{
	size_t used = strlen(told);

	snprintf(told + used, sizeof(told) - used, "%s%s:%d: %s: %s", used ? " | " : "",
		instance->name, event, outcome_name(outcome), text);
}

static void host_reason(
	struct tpam_call *call, int32_t reason, const char *expected, const char *got)
{
	(void)call;
	(void)expected;
	last_reason = reason;
	snprintf(last_got, sizeof(last_got), "%s", got ? got : "");
}

static int32_t host_set_text(
	struct tpam_call *call, int32_t field, const char *text, uint64_t length)
{
	(void)call;
	(void)field;
	snprintf(last_claims, sizeof(last_claims), "%.*s", (int)length, text);
	return TPAM_OK;
}

static void host_flush(struct tpam_instance *instance)
{
	(void)instance;
	atomic_fetch_add(&flushes, 1);
}

static int32_t host_read_file(const struct tpam_instance *instance, const char *path,
	uint32_t secret, uint64_t limit, char **ret, uint64_t *ret_length)
{
	FILE *file = fopen(path, "rb");

	(void)instance;
	(void)secret;
	*ret = calloc(1, limit + 1);
	*ret_length = file ? fread(*ret, 1, limit, file) : 0;
	if (file)
		fclose(file);
	return file ? TPAM_OK : TPAM_E_SYSTEM;
}

static void host_release(void *bytes, uint64_t length)
{
	(void)length;
	free(bytes);
}

static struct tpam_host host;

static void host_make(void)
{
	host = fake_host;
	host.clock_monotonic = host_monotonic;
	host.clock_wall = host_wall;
	host.leeway = host_leeway;
	host.option_text = host_text;
	host.option_number = host_number;
	host.problem = host_problem;
	host.log = host_log;
	host.event = host_event;
	host.reason = host_reason;
	host.set_text = host_set_text;
	host.cache_flush = host_flush;
	host.read_file = host_read_file;
	host.release = host_release;
	http_hooks.clock = clock_moved;
}

/* ---- Things by their names ---- */

static struct tpam_instance *instance_named(const char *name)
{
	for (size_t i = 0; i < OPEN_LIMIT; i++)
		if (strcmp(instances[i].name, name) == 0)
			return &instances[i];
	fprintf(stderr, "no instance \"%s\"\n", name);
	exit(2);
}

static const struct tpam_signer *pair_named(const char *name)
{
	for (size_t i = 0; i < KEYS_LIMIT; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].signer;
	fprintf(stderr, "no key %s\n", name);
	exit(2);
}

static const char *word_of(char **words, const char *key)
{
	for (; *words; words++)
		if (strncmp(*words, key, strlen(key)) == 0)
			return *words + strlen(key);
	return NULL;
}

static const char *reason_name(int32_t reason)
{
	switch (reason) {
#define X(number, NAME, name, meaning, remedy)                                                     \
	case number:                                                                               \
		return #name;
#include <tokenpam/reasons.def>
#undef X
	}
	return "none";
}

static const char *outcome_name(int32_t outcome)
{
	switch (outcome) {
#define X(number, NAME, name, status, weight, meaning)                                             \
	case number:                                                                               \
		return #name;
#include <tokenpam/outcomes.def>
#undef X
	}
	return "none";
}

/* ---- Tokens ---- */

static const char *url_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode(char *out, const char *text)
{
	size_t length = strlen(text), bits = 0;
	unsigned value = 0;

	for (size_t i = 0; i < length; i++) {
		value = value << 8 | (unsigned char)text[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*out++ = url_letters[value >> (bits - 6) & 63];
	}
	if (bits > 0)
		*out++ = url_letters[value << (6 - bits) & 63];
	*out = '\0';
}

/* Another header than the one that was signed changes nothing for a key that is not found. */
static struct tpam_jws *token_make(char **words, const char *key)
{
	const struct tpam_signer *signer = pair_named(key);
	const char *kid = word_of(words, "kid="), *iat = word_of(words, "iat=");
	char payload[200], header[200], encoded[300], token[2000];
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;

	snprintf(payload, sizeof(payload), "{\"iss\":\"x\",\"iat\":%lld}",
		(long long)(host_wall(NULL) / SECOND + (iat ? atoll(iat) : 0)));
	char *signed_text = tpam_signer_sign(signer, NULL, payload, strlen(payload));
	snprintf(token, sizeof(token), "%s", signed_text);
	if (kid) {
		snprintf(header, sizeof(header), "{\"alg\":\"%s\"%s%s%s}", tpam_signer_alg(signer),
			kid[0] ? ",\"kid\":\"" : "", kid, kid[0] ? "\"" : "");
		encode(encoded, header);
		snprintf(token, sizeof(token), "%s%s", encoded, strchr(signed_text, '.'));
	}
	if (word_of(words, "tampered")) {
		char *last = strrchr(token, '.') + 5;
		*last = *last == 'A' ? 'B' : 'A';
	}
	tpam_kit_free(signed_text);
	if (tpam_jws_parse(&jws, token, strlen(token), sizeof(token), &fault) != TPAM_OK)
		exit(2);
	return jws;
}

static int32_t verify(struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	int32_t outcome;

	while ((outcome = tpam_jwks_verify(jwks, call, jws)) == TPAM_PENDING)
		fake_sleep(call);
	return outcome;
}

static void say(int32_t outcome, const struct tpam_call *call)
{
	if (outcome == 0)
		printf("ok");
	else
		printf("%s %s", outcome_name(outcome), reason_name(last_reason));
	if (outcome != 0 && call->retry_after > 0)
		printf(" after %lld", (long long)call->retry_after);
	if (outcome != 0 && last_got[0])
		printf(" (%s)", last_got);
	printf("\n");
}

/* ---- Commands ---- */

static void do_key(char **words)
{
	struct tpam_fault fault;

	for (size_t i = 0; i < KEYS_LIMIT; i++) {
		if (pairs[i].signer)
			continue;
		snprintf(pairs[i].name, sizeof(pairs[i].name), "%s", words[1]);
		if (tpam_signer_generate(&pairs[i].signer, words[2],
			    words[3] ? (unsigned)atoi(words[3]) : 0, &fault) != TPAM_OK)
			exit(2);
		char *json = tpam_signer_public_json(pairs[i].signer);
		for (char *at = json; (at = strchr(at, '\n'));)
			*at = ' ';
		printf("%s\n", json);
		tpam_kit_free(json);
		return;
	}
	exit(2);
}

static void do_open(char **words)
{
	struct tpam_instance *instance = instance_named("");
	struct tpam_http *http = NULL;
	struct tpam_fault fault;
	struct tpam_http_options http_options = {0};

	*instance = (struct tpam_instance){0};
	snprintf(instance->name, sizeof(instance->name), "%s", words[1]);
	for (char **at = words + 2; *at; at++) {
		size_t length = strcspn(*at, "=");
		snprintf(instance->keys[instance->count], 32, "%.*s", (int)length, *at);
		snprintf(instance->values[instance->count++], 512, "%s", *at + length + 1);
	}
	int64_t timeout = 0;
	(void)host_number(instance, "timeout", 0, &timeout);
	http_options.timeout = timeout;
	const char *algorithms[] = {host_text(instance, "algorithms", 0), NULL};
	const struct tpam_jwks_options options = {.issuer = host_text(instance, "issuer", 0),
		.jwks_uri = host_text(instance, "jwks_uri", 0),
		.metadata_url = host_text(instance, "metadata_url", 0),
		.algorithms = algorithms[0] ? algorithms : NULL,
		.key_flags = host_text(instance, "large_rsa", 0) ? TPAM_KEYS_LARGE_RSA : 0};
	if (tpam_http_create(&http, &http_options, &fault) != TPAM_OK)
		exit(2);
	int code = tpam_jwks_open(&instance->jwks, &host, instance, http, &options);
	tpam_http_unref(http);
	printf("%s\n", code == TPAM_OK ? "open" : instance->problem);
	if (code != TPAM_OK)
		instance->name[0] = '\0';
}

static void do_close(char **words)
{
	struct tpam_instance *instance = instance_named(words[1]);

	tpam_jwks_close(instance->jwks);
	instance->name[0] = '\0';
	printf("closed\n");
}

static void do_ask(char **words)
{
	struct tpam_jws *jws = token_make(words, words[2]);
	struct tpam_call call = {.async = !word_of(words, "wait")};

	if (word_of(words, "late"))
		call.deadline = clock_moved() + 20 * MILLISECOND;
	int32_t outcome = verify(instance_named(words[1])->jwks, &call, jws);
	say(outcome, &call);
	fake_end(&call);
	tpam_jws_destroy(jws);
}

static void do_many(char **words)
{
	static struct tpam_call calls[MANY_MAX];
	static struct tpam_jws *tokens[MANY_MAX];
	static int32_t outcomes[MANY_MAX];
	struct tpam_jwks *jwks = instance_named(words[1])->jwks;
	int count = atoi(words[3]), pending = 0, ok = 0, invalid = 0, unavailable = 0;

	for (int i = 0; i < count; i++) {
		char kid[32];
		snprintf(kid, sizeof(kid), "kid=stranger-%d", i);
		char *own[] = {kid, NULL}, *none[] = {NULL};
		tokens[i] = token_make(words[4] ? own : none, words[2]);
		calls[i] = (struct tpam_call){.async = true};
	}
	for (int i = 0; i < count; i++) {
		outcomes[i] = tpam_jwks_verify(jwks, &calls[i], tokens[i]);
		pending += outcomes[i] == TPAM_PENDING;
	}
	for (int i = 0; i < count; i++) {
		int32_t outcome = outcomes[i];
		if (outcome == TPAM_PENDING) {
			fake_sleep(&calls[i]);
			outcome = verify(jwks, &calls[i], tokens[i]);
		}
		ok += outcome == 0;
		invalid += outcome == TPAM_INVALID;
		unavailable += outcome == TPAM_UNAVAILABLE;
		fake_end(&calls[i]);
		tpam_jws_destroy(tokens[i]);
	}
	printf("%d ok %d invalid %d unavailable %s\n", ok, invalid, unavailable,
		pending ? "parked" : "at once");
}

static struct tpam_call parked;
static struct tpam_jws *parked_token;
static struct tpam_jwks *parked_at;

static void do_begin(char **words)
{
	parked = (struct tpam_call){.async = true};
	parked_token = token_make(words, words[2]);
	parked_at = instance_named(words[1])->jwks;
	int32_t outcome = tpam_jwks_verify(parked_at, &parked, parked_token);
	if (outcome == TPAM_PENDING)
		printf("parked\n");
	else
		say(outcome, &parked);
}

static void do_finish(char **words)
{
	if (strcmp(words[0], "finish") == 0) {
		fake_sleep(&parked);
		say(verify(parked_at, &parked, parked_token), &parked);
	} else {
		printf("cancelled\n");
	}
	fake_end(&parked);
	tpam_jws_destroy(parked_token);
}

static void do_probe(char **words)
{
	struct tpam_call call = {.async = true};
	int32_t outcome;

	last_claims[0] = '\0';
	while ((outcome = tpam_jwks_probe(instance_named(words[1])->jwks, &call)) == TPAM_PENDING)
		fake_sleep(&call);
	if (outcome == 0)
		printf("%s\n", last_claims);
	else
		say(outcome, &call);
	fake_end(&call);
}

static void do_clock(char **words)
{
	atomic_fetch_add(&offset, atoll(words[1]) * SECOND);
	http_poke();
	printf("moved\n");
}

static void do_idle(char **words)
{
	struct source *source = instance_named(words[1])->jwks->source;

	unsigned users = 0;
	const struct tpam_jwks *user;

	jwks_lock();
	TAILQ_FOREACH(user, &source->users, link)
	users++;
	/* Until the job has let go of it, too. */
	while (source_busy(source) || source->references > users)
		(void)jwks_wait_here(INT64_MAX);
	jwks_unlock();
	printf("idle\n");
}

static void do_flushes(char **words)
{
	(void)words;
	printf("%d\n", atomic_exchange(&flushes, 0));
}

static void do_log(char **words)
{
	(void)words;
	printf("%s\n", logged);
	logged[0] = '\0';
}

static void do_events(char **words)
{
	(void)words;
	printf("%s\n", told);
	told[0] = '\0';
}

static void do_fork(char **words)
{
	fflush(stdout);
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		do_ask(words);
		fflush(stdout);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		printf("the child ended with %d\n", status);
}

static const struct {
	const char *name;
	void (*run)(char **words);
} commands[] = {
	{"key", do_key},
	{"open", do_open},
	{"close", do_close},
	{"ask", do_ask},
	{"many", do_many},
	{"begin", do_begin},
	{"finish", do_finish},
	{"cancel", do_finish},
	{"probe", do_probe},
	{"clock", do_clock},
	{"idle", do_idle},
	{"flushes", do_flushes},
	{"log", do_log},
	{"events", do_events},
	{"fork", do_fork},
};

static bool command_run(char **words)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, words[0]) != 0)
			continue;
		last_reason = 0;
		last_got[0] = '\0';
		commands[i].run(words);
		return true;
	}
	return false;
}

int main(void)
{
	char line[4096];

	host_make();
	while (fgets(line, sizeof(line), stdin)) {
		char *words[WORDS_MAX + 1] = {NULL};
		size_t count = 0;
		for (char *word = strtok(line, " \n"); word && count < WORDS_MAX;
			word = strtok(NULL, " \n"))
			words[count++] = word;
		if (count > 0 && !command_run(words))
			return 2;
		fflush(stdout);
	}
	for (size_t i = 0; i < OPEN_LIMIT; i++)
		if (instances[i].name[0])
			tpam_jwks_close(instances[i].jwks);
	for (size_t i = 0; i < KEYS_LIMIT; i++)
		tpam_signer_destroy(pairs[i].signer);
	http_stop();
	return 0;
}
