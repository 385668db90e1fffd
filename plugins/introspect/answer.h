/*
 * answer.h - what the endpoint says of a token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef INTROSPECT_ANSWER_H
#define INTROSPECT_ANSWER_H

#include "config.h"

/* Judges the answer and carries what it says into the identity of the call. An outcome. */
int32_t answer_judge(const struct introspect *introspect, struct tpam_call *call,
	const struct tpam_http_answer *answer);

#endif
