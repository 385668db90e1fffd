/*
 * families.h - session tokens and tokens of Connect: which issuers they name, where their keys are, what their claims
 * mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WORKOS_FAMILIES_H
#define WORKOS_FAMILIES_H

#include "config.h"

#define WORKOS_API "https://api.workos.com"

int families_open(struct workos *workos);
void families_close(struct workos *workos);

/* A URL, with or without a slash at its end, and what is put behind it; to be freed, NULL without memory. */
char *url_below(const char *url, const char *path, const char *name);

#endif
