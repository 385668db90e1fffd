/*
 * actors.h - providers that use all that the host table offers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_ACTORS_H
#define TESTS_TORTURE_ACTORS_H

#include "../plugins/puppet.h"

extern struct puppet actor_accepts;
extern struct puppet actor_refuses;

#endif
