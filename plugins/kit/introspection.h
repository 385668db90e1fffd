/*
 * introspection.h - the parts of asking about a token: the question, and what becomes of its answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_INTROSPECTION_H
#define KIT_INTROSPECTION_H

#include <tokenpam/oauth.h>

#include "client_auth.h"

#define SALT_SIZE 32

struct tpam_introspection {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *issuer; /* NULL: any */
	int64_t max_age;    /* seconds; 0: any */
	const char *hint;   /* NULL: none is given */
	struct client client;
	unsigned char salt[SALT_SIZE]; /* what tokens are hashed with to find equal questions */
};

/*
 * Puts the question about a token: an outcome that refuses, TPAM_PENDING, or 0 with the answer. Once the
 * question is under way, later runs need not write it again, nor sign for it: the step stands for it.
 */
int32_t introspection_put(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call, const char *token,
	size_t length, const struct tpam_http_answer **ret);

/* 0 if an answer says of a token that it is good, and for whom the call asks; else the outcome. */
int32_t introspection_judge(const struct tpam_introspection *introspection, struct tpam_call *call,
	const struct tpam_claims *claims);

#endif
