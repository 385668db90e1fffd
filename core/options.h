/*
 * options.h - typed values: what a word of the INI means where a duration, a size or a path is expected.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_OPTIONS_H
#define CORE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/provider.h>

#include "report.h"
#include "settings.h"

/* One value of an option, expanded and checked. */
struct option_item {
	char *text;
	int64_t number;
	struct place at;
};

struct option_value {
	const struct tpam_option *option;
	struct option_item *items;
	size_t count;
	bool fallback; /* its default */
};

/* What a value may be made from and how strictly. */
struct option_context {
	bool development;
	struct tpam_report *report;
};

/*
 * Reads a setting as the option says: quotes, words, references, type.
 * `setting` NULL: the default, or, if there is none, no value (reported
 * if required: `section` says where; NULL: nowhere). TPAM_OK,
 * TPAM_E_CONFIG or TPAM_E_MEMORY; `ret` is to be finished in any case.
 */
int option_read(struct option_value *ret, const struct tpam_option *option, struct setting *setting,
	const struct section *section, const struct option_context *context);
void option_finish(struct option_value *value);

/* The value of a word by its type (TPAM_TYPE_BOOL to TPAM_TYPE_ENUM); false if it has none. */
bool option_number(int64_t *ret, const struct tpam_option *option, const char *text);

/*
 * The path that a value at a place means, which is one beside the file that it stands in, seen from /; to be freed. NULL
 * without memory.
 */
char *option_path(const char *text, struct place at);

/*
 * A leeway in whole seconds, at most an hour, from a TPAM_TYPE_DURATION; else reported and TPAM_E_CONFIG.
 */
int option_leeway(int64_t *ret, const struct option_value *value, struct tpam_report *report);

/* Which durations do, in milliseconds. */
struct option_span {
	int64_t least;
	int64_t most;
	int64_t unit; /* that they are multiples of */
	const char *expected;
};

/*
 * Milliseconds from a TPAM_TYPE_TEXT that holds a duration, or 0 from `off`; what does not do is reported, and
 * TPAM_E_CONFIG.
 */
int option_off(int64_t *ret, const struct option_value *value, const struct option_span *span,
	struct tpam_report *report);

/* Whole seconds of `expire_soon`; 0: off. */
int option_soon(int64_t *ret, const struct option_value *value, struct tpam_report *report);

/* "a duration such as 30s or 5m" and so on, for messages. */
const char *option_expects(const struct tpam_option *option);

/*
 * Reports each key of a section that is in neither list ("got key \"isuer\", expected ...; did you mean
 * \"issuer\"?"). `options` and `others` may be NULL.
 */
void option_report_unknown(const struct section *section, const struct tpam_option *const *options,
	const char *const *others, struct tpam_report *report);

#endif
