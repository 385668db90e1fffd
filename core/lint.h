/*
 * lint.h - what loads, and cannot be meant: requirements that nobody meets, lines that others make useless.
 *
 * Warns where it is certain, and is silent otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_LINT_H
#define CORE_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "generation.h"

/* What comparing may cost, in steps: a fraction of a second. */
#define LINT_COST 20000000

struct linting {
	const struct generation *generation;
	struct tpam_report *report;
	size_t left; /* of LINT_COST; once it is gone, nothing more is found */
	bool failed; /* no memory */
};

/* Warns of all that there is in a configuration without errors. False without memory. */
bool lint_all(const struct generation *generation, struct tpam_report *report);

/* Its parts. */
void lint_scopes(struct linting *linting);
void lint_grants(struct linting *linting, const struct tpam_instance *instance);
void lint_tools(struct linting *linting, const struct service *service);
void lint_requirements(struct linting *linting, const struct service *service);
void lint_pairs(struct linting *linting, const struct service *service);

/* Words of allow_subject and deny_subject that mean nobody: of a service and its tools, and of [hub]. */
void lint_subjects(struct linting *linting, const struct service *service);
void lint_hub_subjects(struct linting *linting);

void lint_hub_subjects(struct linting *linting);

/* Pays for a step; false if there is nothing left. */
bool lint_afford(struct linting *linting, size_t cost);

/* As pattern_covers() and text_globs_meet(), for what is left; beyond it false and true, of which nobody is warned. */
bool lint_covers(struct linting *linting, const char *broad, const char *narrow);
bool lint_meets(struct linting *linting, const char *one, const char *other);

/* True if everybody whom `narrow` matches is matched by `broad`. */
struct grant;
bool lint_grant_covers(
	struct linting *linting, const struct grant *broad, const struct grant *narrow);

/* ---- Who may be recognised ---- */

/* A provider that may say who somebody is. */
struct giver {
	const struct tpam_instance *instance;
	char ids[144]; /* a pattern of all "provider:subject" */
};

struct givers {
	struct giver *list;
	size_t count;
	bool together; /* scopes of several count, if they join */
};

/* Adds those of the auth rules of a service. To be freed by givers_finish(); none without memory, which linting->failed says. */
void givers_add(struct linting *linting, struct givers *givers, const struct service *service);
void givers_finish(struct givers *givers);

/* True unless nobody whom the provider recognises has an id that the pattern matches. */
bool giver_calls(struct linting *linting, const struct giver *giver, const char *pattern);

/* True unless nobody whom the provider recognises can be granted the scope. */
bool giver_grants(struct linting *linting, const struct giver *giver, const char *scope);

/* True unless no value of a field that the provider sets can be one of those that a test looks for. */
typedef bool value_fn(const char *value, const void *data);
bool giver_says(const struct giver *giver, int32_t field, value_fn *test, const void *data);

#endif
