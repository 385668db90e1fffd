/*
 * lint.c - what loads, and cannot be meant.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lint.h"

#include <string.h>

#include "pattern.h"
#include "text.h"

bool lint_afford(struct linting *linting, size_t cost)
{
	bool is = linting->left >= cost;

	linting->left = is ? linting->left - cost : 0;
	return is;
}

bool lint_covers(struct linting *linting, const char *broad, const char *narrow)
{
	return lint_afford(linting, strlen(broad) * strlen(narrow) + 1) &&
	       pattern_covers(broad, narrow);
}

bool lint_meets(struct linting *linting, const char *one, const char *other)
{
	return !lint_afford(linting, strlen(one) * strlen(other) + 1) ||
	       text_globs_meet(one, other);
}

static void lint_rules(struct linting *linting, const struct service *service)
{
	static const enum tpam_group groups[RESULT_GROUPS] = {
		TPAM_AUTH, TPAM_ACCOUNT, TPAM_SESSION};

	if (service->programs[group_index(TPAM_AUTH)].count == 0)
		report_warning(linting->report, service->at,
			"got a service without auth rules, which refuses everybody; "
			"expected auth "
			"= here or in [hub]");
	for (size_t i = 0; i < RESULT_GROUPS; i++)
		if (service->programs[i].count > 0)
			program_lint(&service->programs[i], groups[i], linting->report);
}

bool lint_all(const struct generation *generation, struct tpam_report *report)
{
	struct linting linting = {generation, report, LINT_COST, false};

	for (size_t i = 0; i < generation->service_count; i++)
		lint_rules(&linting, &generation->services[i]);
	lint_scopes(&linting);
	lint_hub_subjects(&linting);
	for (size_t i = 0; i < generation->instance_count; i++)
		lint_grants(&linting, generation->instances[i]);
	for (size_t i = 0; i < generation->service_count; i++) {
		const struct service *service = &generation->services[i];
		lint_subjects(&linting, service);
		lint_requirements(&linting, service);
		lint_pairs(&linting, service);
		lint_tools(&linting, service);
	}
	return !linting.failed;
}
