/*
 * test_dump.c - no core dump has a secret of a configuration that is loaded, and no memory one of a configuration that was.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "maps.h"
#include "material.h"

#define SECRETS_SIZE 65536
#define SECRETS_MOST 32

static struct sought secrets[SECRETS_MOST];
static size_t count;
static char *memory; /* hidden: the secrets, one after the other */
static size_t used;

/* ---- What is known of the secrets, in hidden memory alone ---- */

static char *keep(const char *name)
{
	char *at = memory + used;
	int file = open(sandbox_path(name), O_RDONLY | O_CLOEXEC);
	ssize_t length = read(file, at, SECRETS_SIZE - used - 1);

	if (file < 0 || length <= 0 || count == SECRETS_MOST)
		sandbox_fail(name);
	(void)close(file);
	used += (size_t)length + 1;
	secrets[count++] = (struct sought){.name = name, .bytes = at, .length = (size_t)length};
	return at;
}

static const char *find(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(secrets[i].name, name) == 0)
			return secrets[i].bytes;
	sandbox_fail(name);
	return "";
}

/* Three texts as one, in hidden memory. */
static const char *text_of(const char *before, const char *name, const char *between)
{
	char *at = memory + used, *end = stpcpy(at, before);

	end = stpcpy(stpcpy(end, between), find(name));
	used += (size_t)(end - at) + 1;
	return at;
}

static void keep_all(void)
{
	memory = maps_hidden(SECRETS_SIZE);
	for (size_t i = 0; material_options[i]; i++)
		(void)keep(material_options[i]);
	for (size_t i = 0; material_made[i]; i++)
		(void)keep(material_made[i]);
	(void)keep(MATERIAL_NUMBER);
}

/* What is in the environment stands where whoever started the process put it; here that is hidden, too. */
static void set_environment(void)
{
	for (size_t i = 0; material_options[i]; i++)
		if (putenv((char *)(uintptr_t)text_of(
			    material_options[i], material_options[i], "=")) != 0)
			sandbox_fail("putenv");
}

/* ---- Looking ---- */

/* Of a private key OpenSSL has its own form as long as it is needed, and that in ordinary memory. */
static bool may_be_dumped(const struct sought *secret)
{
	return strcmp(secret->name, MATERIAL_NUMBER) == 0;
}

static void look(const char *when, bool live)
{
	maps_search(secrets, count);
	for (size_t i = 0; i < count; i++) {
		const struct sought *secret = &secrets[i];
		bool fine = live ? !secret->dumped || may_be_dumped(secret) : !secret->present;
		if (!fine)
			fprintf(stderr, "%s: %s is %s\n", when, secret->name,
				secret->dumped ? "where dumps reach" : "still there");
		CHECK(fine);
	}
}

/* Whether the looking finds anything. */
static void look_at_looking(void)
{
	char *piece = strdup(secrets[0].bytes), *hidden = maps_hidden(4096);

	maps_search(secrets, count);
	CHECK(secrets[0].dumped && secrets[0].present && !secrets[1].present);
	explicit_bzero(piece, strlen(piece));
	free(piece);
	(void)stpcpy(hidden, secrets[0].bytes);
	look("at first", false);
}

/* ---- Deciding ---- */

static void decide(struct tpam_engine *engine, const char *authorization, int32_t outcome)
{
	struct tpam_request *request = sandbox_request("notes", authorization);
	struct tpam_result *result = NULL;

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK_TEXT(tpam_outcome_name(tpam_result_outcome(result)), tpam_outcome_name(outcome));
	tpam_request_destroy(request);
	look("with a result", true);
	tpam_result_unref(result);
}

static void decide_all(struct tpam_engine *engine)
{
	decide(engine, text_of("Bearer ", "token", ""), TPAM_SUCCESS);
	decide(engine, text_of("Bearer ", "token", ""), TPAM_SUCCESS);
	decide(engine, text_of("Basic ", "pair", ""), TPAM_SUCCESS);
	decide(engine, text_of("Bearer ", "jwt", ""), TPAM_SUCCESS);
	decide(engine, text_of("Bearer ", "key", "custom_"), TPAM_SUCCESS);
	decide(engine, text_of("Bearer ", "opaque", ""), TPAM_UNAVAILABLE);
	decide(engine, text_of("Bearer ", "opaque", "oq_"), TPAM_UNAVAILABLE);
	decide(engine, text_of("Bearer ", "ghtoken", ""), TPAM_UNAVAILABLE);
	/* And what is refused. */
	decide(engine, text_of("Bearer ", "jwt", "e"), TPAM_FOREIGN);
	decide(engine, text_of("Bearer ", "token", "tp_"), TPAM_INVALID);
	decide(engine, text_of("Bearer ", "hmac", "custom_"), TPAM_INVALID);
}

/* ---- Ways ---- */

/* A port of this machine that is taken, and at which nobody listens. */
static int closed_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);
	int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (taken < 0 || bind(taken, (struct sockaddr *)&address, size) != 0 ||
		getsockname(taken, (struct sockaddr *)&address, &size) != 0)
		sandbox_fail("a port");
	return ntohs(address.sin_port);
}

static int wait_for(pid_t child)
{
	int status = -1;

	if (child < 0 || waitpid(child, &status, 0) != child)
		sandbox_fail("a child");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

static void prepare(enum way way)
{
	int port = closed_port();
	pid_t child = fork();

	if (child == 0) {
		material_write(way, port);
		_exit(EXIT_SUCCESS);
	}
	if (wait_for(child) != EXIT_SUCCESS)
		exit(EXIT_FAILURE);
	keep_all();
}

static void run(enum way way)
{
	prepare(way);
	look_at_looking();
	if (way == WAY_ENV)
		set_environment();
	if (way == WAY_CRED && setenv("CREDENTIALS_DIRECTORY", sandbox_folder, 1) != 0)
		sandbox_fail("setenv");
	if (chdir(sandbox_folder) != 0)
		sandbox_fail(sandbox_folder);
	struct tpam_engine *engine =
		sandbox_engine(MATERIAL_INI, (struct tpam_engine_options){.size = 0});
	look("loaded", true);
	decide_all(engine);
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	look("loaded again", true);
	tpam_engine_close(engine);
	look("destroyed", false);
}

/*
 * Registers are nobody's memory: what was last copied through them stands on the stack once the dynamic linker has saved
 * them, to look for a function that is called for the first time. So all are looked for when programs begin.
 */
static void bind_now(char **arguments)
{
	if (getenv("LD_BIND_NOW"))
		return;
	if (setenv("LD_BIND_NOW", "1", 1) != 0 || execv("/proc/self/exe", arguments) != 0)
		sandbox_fail("/proc/self/exe");
}

int main(int argument_count, char **arguments)
{
	(void)argument_count;
	bind_now(arguments);
	sandbox_begin();
	for (enum way way = 0; way < WAYS; way++) {
		pid_t child = fork();
		if (child == 0) {
			run(way);
			exit(check_end());
		}
		CHECK(wait_for(child) == EXIT_SUCCESS);
	}
	sandbox_end();
	return check_end();
}
