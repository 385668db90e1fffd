/*
 * audit_read.h - the records of an audit, tokenpam-audit(5), one after the other out of its files.
 *
 *     struct audit_reader reader;
 *     struct audit_record record;
 *     int code = audit_read_begin(&reader, files, count);
 *     while (code == EXIT_ACCEPTED && (step = audit_read_next(&reader, &record)) != AUDIT_END)
 *             ...
 *     audit_read_end(&reader);
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_AUDIT_READ_H
#define CLI_AUDIT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define AUDIT_FILES_MAX    1024
#define AUDIT_PROBLEM_SIZE 256
#define AUDIT_LINE_SIZE    ((size_t)256 * 1024) /* what no line reaches */
#define AUDIT_NUMBER_NO    INT64_MIN            /* a number that a record does not have */

enum audit_step {
	AUDIT_RECORD,
	AUDIT_BAD, /* a line that is none: `problem` says why, and the next call goes on behind it */
	AUDIT_END, /* of the last file */
	AUDIT_FAILED /* a file cannot be read; a message was printed, and the program ends with EXIT_MISUSED */
};

/*
 * One line. All of it is good until the next call, but for `file`, which is the caller's. Members that the record does not
 * have are NULL, or AUDIT_NUMBER_NO. Of a line that is bad there are file, line, text and length, and nothing else.
 */
struct audit_record {
	const char *file;  /* as it was named; "-" is standard input */
	size_t file_index; /* among those that were named */
	size_t line;       /* from 1 */
	const char *
		text; /* the line without its end, followed by a NUL; cut, if it was longer than AUDIT_LINE_SIZE */
	size_t length;
	const json_t *object; /* all members, those too that nobody knows */

	const char *
		time; /* "2026-11-26T12:00:00.000000Z": always there, and in the order of time if compared as text */
	const char *event;   /* always there */
	const char *outcome; /* of a decision or authorization always there */
	const char *request_id;
	const char *service;
	const char *tool;
	const char *requested_tenant;
	const char *address;
	const char *reason;
	const char *provider;
	const char *rule;
	const char *expected;
	const char *got;
	const char *id;
	const char *issuer;
	const char *subject;
	const char *username;
	const char *email;
	const char *client;
	const char *tenant;
	const char *cached;
	const char *credential;
	const char *what; /* "text": what happened */
	const char *sink;
	const char *writer;

	/* Lists of strings. */
	const json_t *tags;
	const json_t *roles;
	const json_t *groups;
	const json_t *token_scopes;
	const json_t *granted;
	const json_t *needed;
	const json_t *missing;
	const json_t *cut; /* members that are not whole */

	const json_t *claims; /* an object */
	const json_t *email_verified;

	int64_t status;
	int64_t auth_time;
	int64_t identities;
	int64_t latency_us;
	int64_t count;
	int64_t seq;
};

struct audit_reader {
	char *const *files;
	size_t file_count;
	size_t next; /* file to be opened */
	const char *name;
	FILE *file; /* NULL: none is open */
	size_t line;
	char *text;
	json_t *object;
	char problem
		[AUDIT_PROBLEM_SIZE]; /* of the last line that was bad: "got ..., expected ..." */
};

/*
 * Begins with the first of the files, "-" being standard input, which may be named once; they are read in the order in
 * which they are named. EXIT_ACCEPTED, or EXIT_MISUSED after a message. To be ended in any case.
 */
int audit_read_begin(struct audit_reader *reader, char *const files[], size_t count);

/* The next line. A line is strictly one JSON object with what each record has, and ends. */
enum audit_step audit_read_next(struct audit_reader *reader, struct audit_record *ret);
void audit_read_end(struct audit_reader *reader);

/*
 * Every record, one after the other, until `visit` returns another code than EXIT_ACCEPTED, or there is none any more. Lines
 * that are none are counted, and the first is told on standard error. That code, or EXIT_MISUSED after a message.
 */
typedef int audit_visit_fn(void *data, const struct audit_record *record);
int audit_read_all(
	char *const files[], size_t count, audit_visit_fn *visit, void *data, uint64_t *ret_bad);

/*
 * For the reader (audit_record.c): takes all that an object says, which stays the caller's, or false with the problem;
 * and makes it as if there were no object.
 */
bool audit_record_take(
	struct audit_record *record, const json_t *object, char problem[AUDIT_PROBLEM_SIZE]);
void audit_record_forget(struct audit_record *record);

/* True if it says what somebody was answered, so that it has an outcome. */
bool audit_is_decision(const struct audit_record *record);

/* True if `list` has that text; false for NULL. */
bool audit_list_has(const json_t *list, const char *text);

#endif
