/*
 * names.h - takes the place of getaddrinfo() in a program that is linked with --export-dynamic, so that libcurl asks it.
 *
 * "nameROUND-X.hang.test" hangs until names_let_go(), and is no name then, nor in any other round; what ends in
 * ".fine.test" is 127.0.0.1; anything else is asked for as ever.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_HTTP_NAMES_H
#define TESTS_HTTP_NAMES_H

#include <stdbool.h>

unsigned names_hanging(void);

/* Counts from 0; each names_let_go() begins another. */
unsigned names_round(void);

/* How often a name of .fine.test was asked for. */
unsigned names_asked(void);

/* Waits until so many hang. */
void names_await(unsigned count);

/*
 * Those that hang go on, and others hang afterwards. Returns when none of them does any more: how
 * many hung at once at most since the last time.
 */
unsigned names_let_go(void);

#endif
