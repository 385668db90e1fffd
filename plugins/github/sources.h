/*
 * sources.h - what may be looked up of a user, who wants it, and what is taken of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_SOURCES_H
#define GITHUB_SOURCES_H

#include "person.h"

/* One element of a list, or what is no list: 0, or the outcome. */
typedef int32_t take_fn(const struct look *look, struct person *person,
	const struct tpam_json *json, const struct tpam_json_value *value);

struct source {
	const char *what;
	const char *path;
	struct need need;
	bool (*wanted)(const struct look *look);
	take_fn *take; /* NULL: it is the profile */
};

enum { PROFILE, EMAILS, ORGS, TEAMS, SOURCES };

extern const struct source sources[SOURCES];

#endif
