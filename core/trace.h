/*
 * trace.h - the record of each rule and requirement that was run, in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include <tokenpam/tokenpam.h>

#include "arena.h"
#include "control.h"
#include "list.h"

#define TRACE_TEXT_MAX  512 /* of expected, got and one note, in bytes; the rest is cut */
#define TRACE_NOTES_MAX 64

/* A parameter that a provider wants in the challenge of a scheme. */
struct challenge_parameter {
	const char *scheme;
	const char *name;
	const char *value;
};

/* `entry` is what the host sees; its strings are the arena's or the generation's, which the result pins. */
struct trace_record {
	struct tpam_trace_entry entry;
	struct arena *arena;
	enum tpam_group group; /* 0: a requirement */
	size_t rule;           /* its index in the program */
	bool utility;          /* its outcome explains nothing */
	int32_t action;        /* enum action */
	char jump[ACTION_TEXT_SIZE];
	const char *expected;
	const char *got;
	struct list notes;
	struct challenge_parameter *parameters;
	size_t parameter_count;
	int64_t retry_after;
};

struct trace {
	struct arena *arena; /* of the result: all that records own */
	struct trace_record *records;
	size_t count;
	size_t capacity;
};

/* Makes room for as many as are expected. False without memory. */
bool trace_expect(struct trace *trace, size_t count);

/* A new record at the end; NULL without memory. Moves the records before it. */
struct trace_record *trace_add(struct trace *trace);

/*
 * Set a text of a record: cut, and made harmless where it
 * is not clean UTF-8. False without memory; NULL unsets.
 */
bool trace_expected(struct trace_record *record, const char *text);
bool trace_got(struct trace_record *record, const char *text);
bool trace_note(struct trace_record *record, const char *text);
bool trace_parameter(
	struct trace_record *record, const char *scheme, const char *name, const char *value);

/* Cuts and cleans a text in its place, as the above do; and adds one that is so and lives as long as the result. */
void trace_clean(char *text);
bool trace_note_kept(struct trace_record *record, const char *text);

/* Forgets what a provider said that begins again. */
void trace_forget(struct trace_record *record);

/* Points the entries at what the records own, once nothing will move any more. */
void trace_settle(struct trace *trace);

#endif
