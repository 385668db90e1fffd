/*
 * report.h - what is wrong with a configuration, collected in one pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/tokenpam.h>

/* A place in a file. The file's name belongs to the config that was read from it. */
struct place {
	const char *file; /* NULL: nowhere */
	uint32_t line;
	uint32_t column;
};

#define NOWHERE ((struct place){.file = NULL})

struct origins;

/* NULL without memory. */
struct tpam_report *report_create(void);

/*
 * Add a finding; its text and the file's name are copied. Text from outside
 * goes through report_quote() first. Without memory the report remembers that
 * it is incomplete, and report_failed() says so: treat that as TPAM_E_MEMORY.
 */
void report_error(struct tpam_report *report, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void report_warning(struct tpam_report *report, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* An error in production and a warning in development. */
void report_strict(struct tpam_report *report, bool development, struct place at,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* While a configuration is loaded: where the files that it is made from are remembered; NULL: nowhere. */
void report_gather(struct tpam_report *report, struct origins *origins);
struct origins *report_origins(const struct tpam_report *report);

bool report_failed(const struct tpam_report *report);
bool report_has_errors(const struct tpam_report *report);

/* Sorts by place (file in the order of first mention, line, column), stable, and drops exact repetitions. */
void report_finish(struct tpam_report *report);

/*
 * `text` in double quotes, cut at 80 bytes with "..." and made harmless (control characters and broken UTF-8
 * as \xNN), in a buffer of the caller's; returns the buffer.
 */
#define REPORT_QUOTE_SIZE 344
const char *report_quote(char buffer[REPORT_QUOTE_SIZE], const char *text, size_t length);

#endif
