/*
 * control.h - control words and [outcome=action ...] as a table of actions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CONTROL_H
#define CORE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/codes.h>

#include "report.h"
#include "words.h"

/* What becomes of an outcome; 1 and more: jump over so many rules. */
enum action {
	ACTION_IGNORE = 0,
	ACTION_OK = -1,
	ACTION_DONE = -2,
	ACTION_BAD = -3,
	ACTION_DIE = -4,
	ACTION_RESET = -5
};

struct control {
	int32_t actions[TPAM_OUTCOME_LIMIT]; /* by outcome; index 0 is unused */
	bool decisive; /* written as "decisive", which has no meaning inside a substack */
};

enum control_kind { CONTROL_ACTIONS, CONTROL_INCLUDE, CONTROL_SUBSTACK };

/*
 * Reads the control of a rule, its first word. What is wrong is reported, with what was probably meant.
 * TPAM_OK, TPAM_E_CONFIG or TPAM_E_MEMORY.
 */
int control_parse(enum control_kind *ret_kind, struct control *ret, const struct word *word,
	struct tpam_report *report);

/* "ok", "die", "jump 2": a word, or in a buffer of the caller's. */
#define ACTION_TEXT_SIZE 24
const char *action_text(char buffer[ACTION_TEXT_SIZE], int32_t action);

#endif
