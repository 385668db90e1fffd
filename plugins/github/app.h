/*
 * app.h - a token of our app, of which GitHub is asked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_APP_H
#define GITHUB_APP_H

#include "person.h"

/* Asks about a token of nothing but what kind_is_whole() lets through. 0, TPAM_PENDING, or the outcome. */
int32_t app_ask(const struct look *look, const char *token, const struct tpam_http_answer **ret);

/* GitHub says that the token is none of ours, or none any more. */
bool app_is_unknown(const struct tpam_http_answer *answer);

/* What the status says: 0 for a token of ours, else the outcome. */
int32_t app_status(const struct look *look, const struct tpam_http_answer *answer);

#endif
