/*
 * ask.h - puts the question about a token to the endpoint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef INTROSPECT_ASK_H
#define INTROSPECT_ASK_H

#include "config.h"

/*
 * An outcome that refuses, TPAM_PENDING, or 0 with the answer. Once the question is under way, later
 * runs need not write it again, nor sign for it: the step stands for it.
 */
int32_t ask(const struct introspect *introspect, struct tpam_call *call, const char *token,
	size_t length, const struct tpam_http_answer **ret);

/* Asks about a token that nobody issued: whether the endpoint knows us, and knows what it says. */
int32_t introspect_probe(void *state, struct tpam_call *call);

#endif
