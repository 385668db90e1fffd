/*
 * tokenpam.h - what a host needs: load a configuration, decide about requests, read the results.
 *
 *     struct tpam_engine *engine = NULL;
 *     struct tpam_engine_options options = {
 *             .size = sizeof(options), .config = "/etc/tokenpam/production.ini"};
 *     int code = tpam_engine_open(&engine, &options, NULL);
 *     ...
 *     struct tpam_request *request = tpam_request_create();
 *     tpam_request_set(request, TPAM_ITEM_SERVICE, "my-api", 6);
 *     tpam_request_add_header(request, "Authorization", header);
 *     struct tpam_result *result = NULL;
 *     if (tpam_authenticate(engine, request, &result) == TPAM_OK && tpam_result_accepted(result))
 *             serve(tpam_result_subject(result));
 *
 * Whatever fails, denies: a function that does not return TPAM_OK gives no result, and without a result that
 * tpam_result_accepted() confirms nobody is let in.
 *
 * Conventions
 *   - Functions that can fail return enum tpam_code and write their outputs only on TPAM_OK (reports
 *     excepted).
 *   - create and open make something that destroy, close or unref ends; those accept NULL.
 *   - Strings are UTF-8. What is passed in is copied; what is handed out belongs to the object it was asked
 *     of and lives as long, unless the description says that it is to be freed with tpam_free().
 *   - Structures begin with `size`, set by the caller to sizeof: older callers and newer libraries fit.
 *   - The library prints nothing, installs no signal handler, and reads the environment only where the
 *     configuration says ${env:}.
 *
 * Threads: an engine may be used by any number of threads at once, also while one of them reloads it. A
 * request belongs to one thread at a time. A result never changes and may be read by any thread.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_TOKENPAM_H
#define TOKENPAM_TOKENPAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/codes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TPAM_API          __attribute__((visibility("default")))
#define TPAM_MUST_CHECK   __attribute__((warn_unused_result))
#define TPAM_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))

struct tpam_engine;
struct tpam_report;
struct tpam_request;
struct tpam_result;

/* ---- Codes, outcomes, reasons ---------------------------------------------------------------- */

/* The library's version, "MAJOR.MINOR.PATCH". */
TPAM_API const char *tpam_version(void);

/* A sentence for a code of enum tpam_code; never NULL. */
TPAM_API const char *tpam_code_text(int code);

/* The word for an outcome, as the INI and the JSON spell it; NULL if there is no such outcome. */
TPAM_API const char *tpam_outcome_name(int32_t outcome);

/* What an outcome means, one line; NULL if there is no such outcome. */
TPAM_API const char *tpam_outcome_meaning(int32_t outcome);

/* The outcome that a word stands for; 0 if there is none. */
TPAM_API int32_t tpam_outcome_by_name(const char *name) TPAM_NONNULL(1);

/* The HTTP status that goes with an outcome; 500 if there is no such outcome. */
TPAM_API int tpam_outcome_status(int32_t outcome);

/* The stable name of a reason, what it means, and what to do about it; NULL if there is no such reason. */
TPAM_API const char *tpam_reason_name(int32_t reason);
TPAM_API const char *tpam_reason_meaning(int32_t reason);
TPAM_API const char *tpam_reason_remedy(int32_t reason);

/* The reason that a name stands for; TPAM_REASON_NONE if there is none. */
TPAM_API int32_t tpam_reason_by_name(const char *name) TPAM_NONNULL(1);

/* Frees a string that the library handed out to be freed. NULL is fine. */
TPAM_API void tpam_free(void *memory);

/* ---- Reports: what is wrong with a configuration --------------------------------------------- */

enum tpam_severity {
	TPAM_SEVERITY_ERROR = 1,  /* the configuration does not load */
	TPAM_SEVERITY_WARNING = 2 /* it loads, and somebody should look */
};

/* One finding. `file` is NULL and the numbers are 0 where it belongs to no place. */
struct tpam_diagnostic {
	uint32_t size;
	uint32_t severity; /* enum tpam_severity */
	uint32_t line;     /* from 1 */
	uint32_t column;   /* from 1, in bytes */
	const char *file;
	const char *text; /* "got ..., expected ..." */
};

/*
 * How many findings a report holds, all of one pass, errors
 * and warnings in the order of their places. NULL: 0.
 */
TPAM_API size_t tpam_report_count(const struct tpam_report *report);

/* How many of them are errors. */
TPAM_API size_t tpam_report_errors(const struct tpam_report *report);

/* Finding `index`, NULL beyond the last; lives as long as the report. */
TPAM_API const struct tpam_diagnostic *tpam_report_get(
	const struct tpam_report *report, size_t index);

/*
 * Finding `index` as one line, "file:line:column: got ..., expected ...", with "warning: " after the place of
 * a warning. To be freed with tpam_free(); NULL beyond the last and without memory.
 */
TPAM_API char *tpam_report_line(const struct tpam_report *report, size_t index);

TPAM_API void tpam_report_destroy(struct tpam_report *report);

/* ---- Engines --------------------------------------------------------------------------------- */

/*
 * Hooks may be called by several threads at once, and must not call back into the engine. A log line holds no
 * credential and no control character.
 */
typedef void tpam_log_fn(void *data, int level, const char *text);

enum tpam_clock_kind { TPAM_CLOCK_WALL = 0, TPAM_CLOCK_MONOTONIC = 1 };

/* The time in nanoseconds; wall: since 1970 (UTC), monotonic: since any moment, never going back. */
typedef int64_t tpam_clock_fn(void *data, enum tpam_clock_kind kind);

enum tpam_engine_flag {
	/* what the configuration says of an audit is checked, and none is written: for programs that try things out */
	TPAM_ENGINE_SILENT_AUDIT = 1
};

struct tpam_engine_options {
	uint32_t size;
	uint32_t include_depth; /* how deeply files may include files; 0: 16 */
	uint64_t config_size;   /* bytes that all files together may have; 0: 1 MiB */
	const char *config;     /* path of the INI file */
	/* folders for plugins where the INI has no plugin_path, ':' between; NULL: as built */
	const char *plugin_path;
	tpam_log_fn *log; /* NULL: no log */
	void *log_data;
	tpam_clock_fn *clock; /* NULL: the system's */
	void *clock_data;
	/* threads at most for providers that block or take turns, in asynchronous decisions; 0: 8 */
	uint32_t workers;
	uint32_t flags; /* enum tpam_engine_flag */
};

/*
 * The file of an environment, "$sysconfdir/tokenpam/NAME.ini". The name must match [a-z0-9-]+ and have at
 * most 64 bytes: TPAM_E_ARGUMENT. To be freed with tpam_free().
 */
TPAM_API int tpam_environment_path(const char *name, char **ret_path) TPAM_MUST_CHECK
	TPAM_NONNULL(1, 2);

/*
 * Loads a configuration and its plugins. On TPAM_OK the engine is in `ret_engine`.
 * With `ret_report` the findings are handed out in success and failure alike (NULL if
 * memory is so short that there is none), to be destroyed by the caller. Errors:
 * TPAM_E_CONFIG with at least one error in the report, TPAM_E_MEMORY, TPAM_E_ARGUMENT.
 *
 * Plugins stay loaded until the process ends. Opening starts no
 * thread and keeps no descriptor, so a host may fork afterwards.
 */
TPAM_API int tpam_engine_open(struct tpam_engine **ret_engine,
	const struct tpam_engine_options *options, struct tpam_report **ret_report) TPAM_MUST_CHECK
	TPAM_NONNULL(1, 2);

/*
 * Loads the configuration again and swaps it in whole. Calls in flight finish on the generation that they
 * began with. On any failure the running generation stays. Errors as tpam_engine_open(). Reloads take turns.
 * The library does the same by itself when secrets or keys in files behind the configuration have changed
 * ([tokenpam] refresh), within tpam_authenticate(), or in a worker that tpam_begin() does not wait for.
 */
TPAM_API int tpam_engine_reload(struct tpam_engine *engine, struct tpam_report **ret_report)
	TPAM_NONNULL(1);

/*
 * Ends an engine. No other thread may be in a function with it. Results live on; the last of them frees what
 * the engine shared with it, so the log and clock hooks must outlive the results too.
 */
TPAM_API void tpam_engine_close(struct tpam_engine *engine);

/* Counters since the engine was opened. */
struct tpam_statistics {
	uint32_t size; /* set by the caller; no more is written */
	uint32_t reserved;
	uint64_t generation; /* 1 after open, one more after each reload */
	int64_t loaded_at;   /* when the running generation was loaded, seconds since 1970 */
	uint64_t reloads;
	uint64_t reload_failures;
	uint64_t decisions;
	uint64_t accepted;
	uint64_t outcomes[16]; /* decisions by outcome, indexed by its number */
	/* Verdicts of providers: found kept and good; found kept and refusing; not found, so the provider was asked. */
	uint64_t cache_hits;
	uint64_t cache_negative_hits;
	uint64_t cache_misses;
	uint64_t cache_stale;     /* stood in for a provider that was unavailable */
	uint64_t cache_evictions; /* went before their time, to make room */
	uint64_t
		cache_entries; /* what is kept now; what has run out counts until its memory is needed */
	uint64_t cache_bytes;
	/* Records of the audit: written to every sink, and lost to at least one. */
	uint64_t audit_written;
	uint64_t audit_lost;
	uint64_t unenforced; /* of the decisions: refusals that were let pass (audit_only) */
};

TPAM_API int tpam_engine_statistics(struct tpam_engine *engine, struct tpam_statistics *statistics)
	TPAM_NONNULL(1, 2);

/*
 * What is configured, as JSON, for people and tools: with `service` the effective stack, requirements and
 * tools of that service, each value with its place and with what it replaced; without, the names of services,
 * providers and files, and the cache with its counters. Secrets appear as their references, or as "(secret)". To be freed with tpam_free().
 * TPAM_E_UNSET: there is no such service.
 */
TPAM_API int tpam_engine_describe(struct tpam_engine *engine, const char *service,
	char **ret_json) TPAM_MUST_CHECK TPAM_NONNULL(1, 3);

/*
 * The document that describes a service as a protected resource (RFC 9728), for a host to serve at the place that
 * challenges name: JSON, to be freed with tpam_free(). TPAM_E_UNSET: there is no such service, or it names no
 * authorization_servers; TPAM_E_MEMORY.
 */
TPAM_API int tpam_resource_metadata(struct tpam_engine *engine, const char *service,
	char **ret_json) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3);

/*
 * A plugin's descriptor as JSON: name, version, summary, path, role, groups, inputs, credentials, options.
 * `name` as in the INI, without a folder it is looked for in `plugin_path` (NULL: as built). To be freed with
 * tpam_free(). Errors are explained in the report, as for tpam_engine_open().
 */
TPAM_API int tpam_plugin_describe(const char *name, const char *plugin_path, char **ret_json,
	struct tpam_report **ret_report) TPAM_MUST_CHECK TPAM_NONNULL(1, 3);

/*
 * The names of the plugins in `plugin_path` (NULL: as built),
 * as a JSON array in C-locale order, by file name alone.
 */
TPAM_API int tpam_plugin_list(const char *plugin_path, char **ret_json) TPAM_MUST_CHECK
	TPAM_NONNULL(2);

/* ---- Requests -------------------------------------------------------------------------------- */

/* An empty request; NULL without memory. Destroying it wipes what it held. */
TPAM_API struct tpam_request *tpam_request_create(void);
TPAM_API void tpam_request_destroy(struct tpam_request *request);

/*
 * Sets an item of enum tpam_item up to TPAM_ITEM_CLIENT_CERTIFICATE; length 0 unsets it. Setting again
 * replaces. Text must be UTF-8 without control characters. At most 1 KiB for names (service: [A-Za-z0-9._-],
 * at most 128 bytes), 8 KiB for URL, resource and proof, 64 KiB for arguments and certificate: TPAM_E_LIMIT.
 * Otherwise: TPAM_E_ARGUMENT, TPAM_E_MEMORY.
 */
TPAM_API int tpam_request_set(struct tpam_request *request, enum tpam_item item, const void *data,
	size_t length) TPAM_NONNULL(1);

/*
 * Adds a header as the client sent it, in the client's order. The library reads Authorization by itself, and
 * others where a provider's option `credential` names them. Two Authorization headers are refused when it
 * comes to deciding, not here. A name that is no token (RFC 9110) or a value with NUL, CR or LF:
 * TPAM_E_ARGUMENT. At most 1,000 headers and 1 MiB in all: TPAM_E_LIMIT; max_headers of the configuration is
 * applied later and to the client.
 */
TPAM_API int tpam_request_add_header(
	struct tpam_request *request, const char *name, const char *value) TPAM_NONNULL(1, 2, 3);

/*
 * Adds a credential that did not come in a header, for hosts that do not speak HTTP:
 * `scheme` as in Authorization ("bearer"), the bytes, and where it came from, for the
 * trace ("sasl", "mqtt password"; may be NULL). It counts as if it stood in
 * Authorization: two are refused when it comes to deciding. At most 1 MiB: TPAM_E_LIMIT.
 */
TPAM_API int tpam_request_add_credential(struct tpam_request *request, const char *scheme,
	const void *bytes, size_t length, const char *where) TPAM_NONNULL(1, 2, 3);

#define TPAM_TAG_MAX 1024 /* bytes of one tag */

/* Adds a tag of the tool, as it is known to the host and whatever the client says. At most 64. */
TPAM_API int tpam_request_add_tag(struct tpam_request *request, const char *tag) TPAM_NONNULL(1, 2);

/*
 * Monotonic nanoseconds (the engine's clock) after which the host does not want an answer any more; 0: never.
 */
TPAM_API void tpam_request_set_deadline(struct tpam_request *request, int64_t deadline)
	TPAM_NONNULL(1);

/* A pointer that plugins of the host's own may ask for; the library does not look at it. */
TPAM_API void tpam_request_set_host_pointer(struct tpam_request *request, void *pointer)
	TPAM_NONNULL(1);

/*
 * Who it is, recognised before by `result`, of which the request becomes another owner; NULL: nobody. Auth rules are not
 * run then, and credentials not looked at: what is asked is what they may do, now and for this request, by the
 * configuration that recognised them. For the service of the result, or one whose auth rules are the hub's, as the
 * result's service's are, and whose audience is the same; any other is refused as `error`. TPAM_E_ARGUMENT where the
 * result accepts nobody in particular, or whose credential would have been refused (audit_only).
 */
TPAM_API int tpam_request_set_result(struct tpam_request *request, struct tpam_result *result)
	TPAM_NONNULL(1);

/* ---- Deciding -------------------------------------------------------------------------------- */

/*
 * Decides: auth rules, requirements, account rules, session rules. On TPAM_OK there is a result, which
 * accepts or refuses, to be given back with tpam_result_unref(). The request is not changed and may be used
 * again. TPAM_E_MEMORY and TPAM_E_ARGUMENT (no service set) give none, and mean: refuse.
 */
TPAM_API int tpam_authenticate(struct tpam_engine *engine, const struct tpam_request *request,
	struct tpam_result **ret_result) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3);

/*
 * As tpam_authenticate() for a request with somebody who was recognised before, and TPAM_E_ARGUMENT for one without:
 * their credential has expired, or requirements, account rules, session rules. To be asked for each operation of a
 * connection that was authenticated once. What is configured since is not looked at: authenticate again after a reload.
 */
TPAM_API int tpam_authorize(struct tpam_engine *engine, const struct tpam_request *request,
	struct tpam_result **ret_result) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3);

/*
 * Asks a provider whether it could decide now, which may go over the network and waits: for operators, not
 * for requests. On TPAM_OK the result has the outcome, success or what requests would hear, with its reason;
 * ignore if the provider has nothing to find out; and the claims are what it found out, as JSON. It
 * identifies nobody, and tpam_result_accepted() says no. TPAM_E_UNSET: there is no such provider.
 * TPAM_E_MEMORY.
 */
TPAM_API int tpam_probe(struct tpam_engine *engine, const char *provider,
	struct tpam_result **ret_result) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3);

/* ---- Simulating ------------------------------------------------------------------------------ */

/*
 * What would be decided if providers said this of somebody: for tests of a configuration, and for people who look after
 * one. A simulation holds what they say; it is filled by one thread, and then read by any number.
 */
struct tpam_simulation;

/* An empty one, in which nobody presents anything; NULL without memory. */
TPAM_API struct tpam_simulation *tpam_simulation_create(void);
TPAM_API void tpam_simulation_destroy(struct tpam_simulation *simulation);

/*
 * A provider's answer to auth: success or expiring with the identity that is set next, or another outcome. Each provider
 * once. TPAM_E_ARGUMENT, TPAM_E_LIMIT (64 answers), TPAM_E_MEMORY.
 */
TPAM_API int tpam_simulation_add(struct tpam_simulation *simulation, const char *provider,
	int32_t outcome) TPAM_NONNULL(1, 2);

/*
 * A field of the identity of the provider that was added last, as a plugin sets it, before any grant; a list gets one
 * element more. TPAM_E_ARGUMENT, TPAM_E_LIMIT, TPAM_E_MEMORY.
 */
TPAM_API int tpam_simulation_set_text(struct tpam_simulation *simulation, enum tpam_field field,
	const char *text) TPAM_NONNULL(1, 3);
TPAM_API int tpam_simulation_set_number(
	struct tpam_simulation *simulation, enum tpam_field field, int64_t value) TPAM_NONNULL(1);

/*
 * Decides as tpam_authenticate() does, but that no provider of role identity is asked in auth: those that were added say
 * what was said, all others that what is presented is not theirs. In an empty simulation they are asked, about nothing.
 * Session rules are not run, nothing is counted or logged, and providers can tell (provider.h). The outcome is what would
 * be, and tpam_result_accepted() says no, whatever it is. Credentials of the request are not looked at.
 * TPAM_E_UNSET: there is no such provider. TPAM_E_ARGUMENT: no service set; somebody who was recognised before; an answer
 * of a utility; an accepting one without a subject; of a check, one with an identity. TPAM_E_MEMORY.
 */
TPAM_API int tpam_simulate(struct tpam_engine *engine, const struct tpam_request *request,
	const struct tpam_simulation *simulation, struct tpam_result **ret_result) TPAM_MUST_CHECK
	TPAM_NONNULL(1, 2, 3, 4);

/* ---- Audits ---------------------------------------------------------------------------------- */

/*
 * The key of rows of records, tokenpam-audit(5), for who looks whether somebody changed them. Immutable, may be used by
 * any number of threads, and belongs to no engine.
 */
struct tpam_audit_key;

/* Of the bytes of a chain_key. TPAM_E_ARGUMENT: less than 16; TPAM_E_MEMORY. */
TPAM_API int tpam_audit_key_create(struct tpam_audit_key **ret_key, const void *bytes,
	size_t length) TPAM_MUST_CHECK TPAM_NONNULL(1, 2);

/* Of the configuration that runs, also where it writes no audit. TPAM_E_UNSET: it has none; TPAM_E_MEMORY. */
TPAM_API int tpam_audit_key_of(struct tpam_audit_key **ret_key,
	struct tpam_engine *engine) TPAM_MUST_CHECK TPAM_NONNULL(1, 2);
TPAM_API void tpam_audit_key_destroy(struct tpam_audit_key *key);

/*
 * Whether a line, without its end, is a record that was written with this key and is what it was: TPAM_OK, else
 * TPAM_E_ARGUMENT. Where it stands, "writer", "seq" and "prev" in it say. TPAM_E_MEMORY: nobody knows. Takes the same time
 * whatever the MAC is.
 */
TPAM_API int tpam_audit_check(const struct tpam_audit_key *key, const char *line,
	size_t length) TPAM_MUST_CHECK TPAM_NONNULL(1, 2);

/* ---- Deciding without waiting ---------------------------------------------------------------- */

/*
 * A loop lets one thread have many decisions under way at once. It belongs to the thread that made it, after
 * any fork(), and nests into the host's own event loop: poll its one descriptor for reading, for at most its
 * timeout, and call tpam_loop_run() when either says so. Nothing blocks in these functions; what a provider
 * must wait for, or a provider that blocks, is waited for elsewhere.
 */
struct tpam_loop;

/* One decision under way. It ends with its completion. */
struct tpam_operation;

/*
 * Called by tpam_loop_run() and tpam_loop_destroy() alone, exactly once for each operation: TPAM_OK with a
 * result that is the callee's to give back with tpam_result_unref(), else a code without one, which means:
 * refuse. TPAM_E_CANCELLED after tpam_cancel(). May begin and cancel others; must not destroy the loop.
 */
typedef void tpam_done_fn(void *data, int code, struct tpam_result *result);

/* TPAM_OK, TPAM_E_MEMORY, or TPAM_E_SYSTEM where there is no descriptor to be had. */
TPAM_API int tpam_loop_create(
	struct tpam_loop **ret_loop, struct tpam_engine *engine) TPAM_MUST_CHECK TPAM_NONNULL(1, 2);

/* Cancels what is under way, delivers it, and ends the loop. Before the engine is closed. NULL is fine. */
TPAM_API void tpam_loop_destroy(struct tpam_loop *loop);

/* The descriptor, for poll() and the like; the loop's. */
TPAM_API int tpam_loop_fd(const struct tpam_loop *loop) TPAM_NONNULL(1);

/* Milliseconds until tpam_loop_run() must be called even if the descriptor is silent; -1: never. */
TPAM_API int tpam_loop_timeout(const struct tpam_loop *loop) TPAM_NONNULL(1);

/* Goes on with what has been waked or has passed its deadline, and delivers what is finished; how many. */
TPAM_API size_t tpam_loop_run(struct tpam_loop *loop) TPAM_NONNULL(1);

/*
 * Begins to decide. Never calls back: TPAM_OK with a result where there was nothing to wait for; TPAM_PENDING
 * with an operation, whose completion tpam_loop_run() delivers; else a code, which means: refuse, and nothing
 * is delivered. The request may be destroyed at once, but not changed before the completion. Its deadline
 * makes the result unavailable.
 */
TPAM_API int tpam_begin(struct tpam_loop *loop, const struct tpam_request *request,
	tpam_done_fn *done, void *data, struct tpam_operation **ret_operation,
	struct tpam_result **ret_result) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3, 5, 6);

/*
 * Gives an operation up; its completion is delivered by the
 * next tpam_loop_run(), as cancelled unless it was finished.
 */
TPAM_API void tpam_cancel(struct tpam_loop *loop, struct tpam_operation *operation)
	TPAM_NONNULL(1, 2);

/* ---- Many tools at once ---------------------------------------------------------------------- */

/*
 * A list of tools of a service, for a host that shows each user those that they may use. Immutable, may be
 * used by any number of threads, and belongs to no configuration; made again after a reload it is faster.
 */
struct tpam_tools;

/*
 * `names` are copied: 1 to 65,536, named as TPAM_ITEM_TOOL; so are `tags`, for each tool NULL or a list of its tags that
 * ends with NULL; NULL where no tool has any. TPAM_OK; TPAM_E_UNSET: there is no such service;
 * TPAM_E_ARGUMENT, TPAM_E_LIMIT or TPAM_E_MEMORY.
 */
TPAM_API int tpam_tools_create(struct tpam_tools **ret_tools, struct tpam_engine *engine,
	const char *service, const char *const *names, const char *const *const *tags,
	size_t count) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3, 4);
TPAM_API void tpam_tools_destroy(struct tpam_tools *tools);

/*
 * Which of the tools a section [tool:...], public_tools or protected_tools of the service names, or names by a tag, as the
 * service was configured when the list was made; the others are what unlisted_tools is about. Bits as of tpam_permits().
 */
TPAM_API void tpam_tools_listed(const struct tpam_tools *tools, uint64_t *ret_bits)
	TPAM_NONNULL(1, 2);

/*
 * Which of the tools the identity of a result meets the requirements of: bit i % 64 of ret_bits[i / 64] is 1
 * for tool i, in as many words as it takes. Where the result accepts nobody none is, but for the public ones if
 * nothing was presented; while the service has `audit_only`, all are. By the configuration
 * that the result was decided by, and without asking anybody: account and session rules are not run, so a
 * call of the tool may still be refused. TPAM_OK; TPAM_E_ARGUMENT: the result is of another service; and
 * TPAM_E_MEMORY.
 */
TPAM_API int tpam_permits(const struct tpam_result *result, const struct tpam_tools *tools,
	uint64_t *ret_bits) TPAM_MUST_CHECK TPAM_NONNULL(1, 2, 3);

/* ---- Results --------------------------------------------------------------------------------- */

/* Another owner of the result, from any thread; returns it. */
TPAM_API struct tpam_result *tpam_result_ref(struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API void tpam_result_unref(struct tpam_result *result);

/* True if the request is accepted. False for NULL. Everything a host must look at. */
TPAM_API bool tpam_result_accepted(const struct tpam_result *result) TPAM_MUST_CHECK;

/*
 * False where a service has `audit_only`, for now, and would have refused the request: it is accepted, and what was decided
 * is told by outcome, reason and all that explains them. The status and the message are those of success, and there is no
 * challenge. Who was recognised is the identity; whose credential would have been refused, for whatever cause, is
 * "tokenpam:anonymous" without a scope. Rules behind the refusal were not run, session rules neither.
 */
TPAM_API bool tpam_result_enforced(const struct tpam_result *result) TPAM_NONNULL(1);

/* The decision: enum tpam_outcome, enum tpam_reason, the HTTP status that goes with it. */
TPAM_API int32_t tpam_result_outcome(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API int32_t tpam_result_reason(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API int tpam_result_status(const struct tpam_result *result) TPAM_NONNULL(1);

/*
 * For the log and never for the client: what would have
 * done and what came instead; NULL where it says nothing.
 */
TPAM_API const char *tpam_result_expected(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_got(const struct tpam_result *result) TPAM_NONNULL(1);

/* For the client: a generic sentence. It and the request id are all that a refused client should be told. */
TPAM_API const char *tpam_result_message(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_request_id(const struct tpam_result *result) TPAM_NONNULL(1);

/* Values for WWW-Authenticate, one header each, Bearer first; NULL beyond the last. */
TPAM_API const char *tpam_result_challenge(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);

/* Seconds for Retry-After; 0: none. */
TPAM_API int64_t tpam_result_retry_after(const struct tpam_result *result) TPAM_NONNULL(1);

/*
 * The rule or requirement that decided, "file:line", and the
 * provider's name; NULL where none did (nobody accepted).
 */
TPAM_API const char *tpam_result_rule(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_provider(const struct tpam_result *result) TPAM_NONNULL(1);

/*
 * The identity, for accepted requests, and for those that were denied after
 * somebody was recognised (so that the log can say who); NULL and false where
 * there is none. id is "provider:subject"; (issuer, subject) is the stable key.
 */
TPAM_API const char *tpam_result_id(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_issuer(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_subject(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_client_id(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_username(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_name(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_email(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API bool tpam_result_email_verified(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_tenant(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API const char *tpam_result_token_id(const struct tpam_result *result) TPAM_NONNULL(1);

/* Lists: element `index`, NULL beyond the last. Scopes are those that count here. */
TPAM_API const char *tpam_result_role(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);
TPAM_API const char *tpam_result_group(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);
TPAM_API const char *tpam_result_audience(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);
TPAM_API const char *tpam_result_scope(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);
TPAM_API bool tpam_result_has_scope(const struct tpam_result *result, const char *scope)
	TPAM_NONNULL(1, 2);

/* A scope that was required and is missing: element `index`, NULL beyond the last. */
TPAM_API const char *tpam_result_missing_scope(const struct tpam_result *result, size_t index)
	TPAM_NONNULL(1);

/* The claims as a JSON object, "{}" if there are none. */
TPAM_API const char *tpam_result_claims(const struct tpam_result *result) TPAM_NONNULL(1);

/* Seconds since 1970; TPAM_TIME_UNSET where unknown. */
#define TPAM_TIME_UNSET INT64_MIN
TPAM_API int64_t tpam_result_issued_at(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API int64_t tpam_result_expires_at(const struct tpam_result *result) TPAM_NONNULL(1);
TPAM_API int64_t tpam_result_auth_time(const struct tpam_result *result) TPAM_NONNULL(1);

/* What PAM would have returned for a group of enum tpam_group: an outcome, 0 if the group was not run. */
TPAM_API int32_t tpam_result_group_outcome(const struct tpam_result *result, enum tpam_group group)
	TPAM_NONNULL(1);

/* Where a provider's verdict came from. */
enum tpam_cached {
	TPAM_CACHED_NO = 0,    /* the provider gave it for this request */
	TPAM_CACHED_FRESH = 1, /* it gave it for an earlier one, and it was kept */
	TPAM_CACHED_STALE = 2  /* likewise, and stands in while the provider is unavailable */
};

/* One rule or requirement, in the order in which they were run. Strings are NULL where they say nothing. */
struct tpam_trace_entry {
	uint32_t size;
	int32_t outcome;
	int32_t reason;
	uint32_t level;       /* how many substacks around it */
	const char *group;    /* "auth", "require", "account", "session"; "enforce": audit_only */
	const char *provider; /* NULL for a requirement */
	const char *plugin;   /* NULL for a requirement */
	const char *at;       /* "file:line" */
	const char *
		rule; /* as written: "required", "[success=ok default=die]", "require_scopes = admin" */
	/* what the control made of the outcome: "ok", "done", "bad", "die", "ignore", "reset", "jump 2" */
	const char *action;
	const char *expected;
	const char *got;
	const char *const *notes; /* of the provider and of its grants, NULL-terminated */
	int64_t duration;         /* nanoseconds */
	uint32_t cached; /* enum tpam_cached; absent in libraries before it: look at `size` */
	uint32_t reserved;
};

/* Entry `index`, NULL beyond the last; lives as long as the result. */
TPAM_API const struct tpam_trace_entry *tpam_result_trace(
	const struct tpam_result *result, size_t index) TPAM_NONNULL(1);

/*
 * All of it as a JSON object: outcome, enforced (where it is not), reason, status, message, expected, got, request_id, rule, identity,
 * scopes, missing_scopes, claims, challenge, retry_after, groups, trace. For logs and programs of the
 * operator, not for the client. To be freed with tpam_free().
 */
TPAM_API int tpam_result_json(const struct tpam_result *result, char **ret_json) TPAM_MUST_CHECK
	TPAM_NONNULL(1, 2);

#ifdef __cplusplus
}
#endif

#endif
