/*
 * audit_rows.h - rows of records, tokenpam-audit(5): what is wrong with them, and what nobody can know.
 *
 * Of each row only its unbroken runs are kept, so files of any size can be looked at, in whatever order they are named.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_AUDIT_ROWS_H
#define CLI_AUDIT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_read.h"

#define ROWS_MAX       ((size_t)1 << 20) /* runs of all rows */
#define FINDINGS_MAX   ((size_t)100000)
#define WRITER_SIZE    17
#define ROWS_MAC_SIZE  33
#define FINDING_LENGTH 256

/* Where a record stands. */
struct stand {
	const char *file;
	size_t file_index;
	size_t line;
};

/* Records of one file that follow each other as they were written. */
struct run {
	uint64_t first, last;
	struct stand begin, end;
	char before[ROWS_MAC_SIZE]; /* the MAC that the first one has of the one before */
	char mac[ROWS_MAC_SIZE];    /* of the last */
	bool ended;                 /* the last is a checkpoint */
};

/* One writer's row. */
struct writer {
	char name[WRITER_SIZE];
	struct run *runs;
	size_t count, room;

	/* Known once it is judged. */
	uint64_t absent; /* records before the first that is there: in an older file, or removed */
	uint64_t last;   /* that is there */
	bool open;       /* no checkpoint: what came behind the last cannot be known */
};

/* A record that was not written with the key, and what it says it is. */
struct claim {
	struct stand at;
	char writer[WRITER_SIZE]; /* "": none that there can be */
	uint64_t number;
	bool known; /* it stands where that record is missing */
};

struct finding {
	struct stand at; /* file NULL: nowhere */
	size_t lines;    /* how many there are like it, one behind the other */
	bool wrong;      /* and not only to be known */
	char text[FINDING_LENGTH];
};

struct rows {
	struct writer *list; /* by their names */
	size_t count, room;
	struct claim *claims;
	size_t claim_count, claim_room;
	struct finding *findings;
	size_t finding_count, finding_room;
	char *const *files;
	size_t file_count;
	bool *follows; /* of two files: the second has records behind those of the first */

	size_t run_count;
	uint64_t genuine;
	size_t wrong;   /* findings, those too for which there was no room */
	bool failed;    /* there is no memory */
	bool overflown; /* there are more runs than ROWS_MAX */
};

/* EXIT_ACCEPTED, or EXIT_MISUSED after a message. To be finished in any case. */
int rows_begin(struct rows *rows, char *const files[], size_t count);

/* A record that was written with the key; one that was not; a line that is no record of a row. */
void rows_add_genuine(struct rows *rows, const struct audit_record *record);
void rows_add_claim(struct rows *rows, const struct audit_record *record);
void rows_add_stranger(struct rows *rows, const struct audit_record *record, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* Something that is wrong (audit_rows.c). */
void rows_find(struct rows *rows, const struct stand *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Once all records were added: what is wrong, as findings by their place (audit_rows_judge.c). */
void rows_judge(struct rows *rows);
void rows_finish(struct rows *rows);

#endif
