/*
 * online.h - what providers find out over the network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_ONLINE_H
#define CLI_ONLINE_H

#include <jansson.h>

#include <tokenpam/tokenpam.h>

/*
 * Probes every provider that has something to find out, and prints what came of it. EXIT_ACCEPTED if
 * all is well, EXIT_UNKNOWN if one cannot be reached, EXIT_MISUSED if one is misconfigured.
 */
int online_check(struct tpam_engine *engine);

/*
 * The same of one provider, silently unless it fails. *ret_facts is what it found out, an object; NULL
 * if it had nothing to find out.
 */
int online_ask(struct tpam_engine *engine, const char *provider, json_t **ret_facts);

#endif
