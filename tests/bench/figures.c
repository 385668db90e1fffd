/*
 * figures.c - what else there is to know of tokenpam: loading, memory, starting, rules, the audit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "tokenpam.h"

#define TOOLS 1000
#define ASKED 20000

/* Milliseconds to load a configuration, the plugins being there. */
static double load(const struct bench_material *material, const char *name)
{
	double before = bench_used();
	struct tpam_engine *engine = tokenpam_open(material->folder, name, material->alg);
	double after = bench_used();

	tpam_engine_close(engine);
	return engine ? (after - before) / 1e6 : -1;
}

static double load_20(const struct bench_material *material, const char *program)
{
	(void)program;
	return load(material, "load-20");
}

static double load_100(const struct bench_material *material, const char *program)
{
	(void)program;
	return load(material, "load-100");
}

/* Bytes that this process has in memory. */
static double resident(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	if (file)
		(void)fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/*
 * Bytes for each token that is kept. The first tenth is not counted, since
 * by then everything else is there. Once in a process, which has to be new.
 */
static double memory(const struct bench_material *material, const char *program)
{
	struct tpam_engine *engine = tokenpam_open(material->folder, "cache-100000", material->alg);
	size_t first = material->count / 10;
	double before = 0;
	bool good = engine && first > 0;

	(void)program;
	for (size_t i = 0; good && i < material->count; i++) {
		if (i == first)
			before = resident();
		good = tokenpam_verify(engine, material->tokens[i]);
	}
	double grown = resident() - before;
	tpam_engine_close(engine);
	return good && before > 0 ? grown / (double)(material->count - first) : -1;
}

/* This program again, with pipes at both ends; the process, or 0. */
static pid_t start(const char *program, const char *folder, int *ret_in, int *ret_out)
{
	/* posix_spawn() does not change them, and cannot say so. */
	union {
		const char *given[3];
		char *taken[3];
	} arguments = {.given = {program, folder, NULL}};
	posix_spawn_file_actions_t actions;
	int in[2], out[2];
	pid_t pid = 0;

	if (pipe(in) != 0 || pipe(out) != 0 || posix_spawn_file_actions_init(&actions) != 0)
		abort();
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, in[1]);
	posix_spawn_file_actions_addclose(&actions, out[0]);
	if (posix_spawn(&pid, program, &actions, NULL, arguments.taken, environ) != 0)
		pid = 0;
	posix_spawn_file_actions_destroy(&actions);
	(void)close(in[0]);
	(void)close(out[1]);
	*ret_in = in[1];
	*ret_out = out[0];
	return pid;
}

static double milliseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

/* Milliseconds that a process takes which makes one decision and ends, in a folder that has one token. */
static double cold(const struct bench_material *material, const char *program)
{
	static const char command[] = "run plain RS256 0 1\n";
	char folder[4096], answer[64] = "";
	struct rusage used = {0};
	int in, out;

	(void)snprintf(folder, sizeof(folder), "%s/one", material->folder);
	pid_t pid = start(program, folder, &in, &out);
	bool good = pid > 0 && write(in, command, sizeof(command) - 1) > 0 &&
		    read(out, answer, sizeof(answer) - 1) > 2 && answer[0] == 'o';
	(void)close(in);
	(void)close(out);
	if (pid > 0)
		good = wait4(pid, NULL, 0, &used) == pid && good;
	return good ? milliseconds(used.ru_utime) + milliseconds(used.ru_stime) : -1;
}

/* The result of a token; NULL if it is not accepted. */
static struct tpam_result *decide(struct tpam_engine *engine, const char *token)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = tpam_request_create();
	bool good = request &&
		    tpam_request_set(request, TPAM_ITEM_SERVICE, "notes", 5) == TPAM_OK &&
		    tpam_request_add_header(
			    request, "Authorization", token - strlen(BENCH_SCHEME)) == TPAM_OK &&
		    tpam_authenticate(engine, request, &result) == TPAM_OK &&
		    tpam_result_accepted(result);

	tpam_request_destroy(request);
	if (good)
		return result;
	tpam_result_unref(result);
	return NULL;
}

static struct tpam_tools *thousand(struct tpam_engine *engine)
{
	static char names[TOOLS][32];
	const char *list[TOOLS];
	struct tpam_tools *tools = NULL;

	for (size_t i = 0; i < TOOLS; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "kind%zu_%zu", i % 10, i);
		list[i] = names[i];
	}
	return tpam_tools_create(&tools, engine, "notes", list, NULL, TOOLS) == TPAM_OK ? tools
											: NULL;
}

/* Microseconds to say which of a thousand tools of ten kinds somebody may use, which is half of them. */
static double permits(const struct bench_material *material, const char *program)
{
	struct tpam_engine *engine = tokenpam_open(material->folder, "permits", material->alg);
	struct tpam_result *result = engine ? decide(engine, material->tokens[0]) : NULL;
	struct tpam_tools *tools = engine ? thousand(engine) : NULL;
	uint64_t bits[(TOOLS + 63) / 64] = {0};
	size_t permitted = 0;
	bool good = result && tools;

	(void)program;
	double before = bench_used();
	for (size_t i = 0; good && i < ASKED; i++)
		good = tpam_permits(result, tools, bits) == TPAM_OK;
	double took = bench_used() - before;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		permitted += (size_t)__builtin_popcountll(bits[i]);
	tpam_tools_destroy(tools);
	tpam_result_unref(result);
	tpam_engine_close(engine);
	return good && permitted == TOOLS / 2 ? took / ASKED / 1e3 : -1;
}

static double process_used(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/*
 * Nanoseconds to ask again what somebody may do, for a tool; -1 where it fails. Of this thread, or of the whole process with
 * all that is left to do when the engine is closed.
 */
static double again(const struct bench_material *material, const char *config, const char *tool,
	double (*clock)(void))
{
	struct tpam_engine *engine = tokenpam_open(material->folder, config, material->alg);
	struct tpam_result *who = engine ? decide(engine, material->tokens[0]) : NULL;
	struct tpam_request *request = tpam_request_create();
	bool good = who && request &&
		    tpam_request_set(request, TPAM_ITEM_SERVICE, "notes", 5) == TPAM_OK &&
		    tpam_request_set(request, TPAM_ITEM_TOOL, tool, strlen(tool)) == TPAM_OK &&
		    tpam_request_set_result(request, who) == TPAM_OK;

	double before = clock();
	for (size_t i = 0; good && i < ASKED; i++) {
		struct tpam_result *result = NULL;
		good = tpam_authorize(engine, request, &result) == TPAM_OK &&
		       tpam_result_accepted(result);
		tpam_result_unref(result);
	}
	double took = clock() - before;
	tpam_request_destroy(request);
	tpam_result_unref(who);
	tpam_engine_close(engine);
	if (clock == process_used)
		took = clock() - before;
	return good ? took / ASKED : -1;
}

/* Microseconds to ask again, for a tool with a requirement of its own. */
static double authorize(const struct bench_material *material, const char *program)
{
	double took = again(material, "demands", "none", bench_used);

	(void)program;
	return took > 0 ? took / 1e3 : -1;
}

/* Nanoseconds for each of eight further requirements, with their lines in the trace. */
static double further(const struct bench_material *material, const char *tool)
{
	double none = again(material, "demands", "none", bench_used),
	       more = again(material, "demands", tool, bench_used);

	return none > 0 && more > 0 ? (more - none) / 8 : -1;
}

static double require_scope(const struct bench_material *material, const char *program)
{
	(void)program;
	return further(material, "scopes");
}

/* The first of them reads the claims. */
static double require_claim(const struct bench_material *material, const char *program)
{
	(void)program;
	return further(material, "claims");
}

/* Microseconds that a record of an audit adds to a decision; what the thread that writes does meanwhile is no part of it. */
static double recorded(
	const struct bench_material *material, const char *config, double (*clock)(void))
{
	double none = again(material, "demands", "none", clock);
	double more = again(material, config, "none", clock);

	return none > 0 && more > 0 ? (more - none) / 1e3 : -1;
}

static double audit(const struct bench_material *material, const char *program)
{
	(void)program;
	return recorded(material, "audit", bench_used);
}

/* With all that is done to have it in a file. */
static double audit_all(const struct bench_material *material, const char *program)
{
	(void)program;
	return recorded(material, "audit", process_used);
}

static double audit_chain(const struct bench_material *material, const char *program)
{
	(void)program;
	return recorded(material, "chain", process_used);
}

const struct bench_figure bench_figures[] = {
	{"load-20", load_20},
	{"load-100", load_100},
	{"memory", memory},
	{"cold", cold},
	{"permits", permits},
	{"authorize", authorize},
	{"require-scope", require_scope},
	{"require-claim", require_claim},
	{"audit", audit},
	{"audit-all", audit_all},
	{"audit-chain", audit_chain},
	{NULL, NULL},
};
