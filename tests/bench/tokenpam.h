/*
 * tokenpam.h - what the files about tokenpam itself share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_BENCH_TOKENPAM_H
#define TESTS_BENCH_TOKENPAM_H

#include <stdbool.h>

#include <tokenpam/tokenpam.h>

/* An engine with FOLDER/NAME-ALG.ini, which the runner has written; NULL, and says why on standard error. */
struct tpam_engine *tokenpam_open(const char *folder, const char *name, const char *alg);

/* One authentication, from what a client sent to a result that is given back. */
bool tokenpam_verify(void *engine, const char *token);

#endif
