/*
 * kept.h - what a test plays the plugin "kept" with: its address, in decimal, is the option `control`.
 *
 * The host pointer of a request would not do: a verdict that depends on it is never kept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_PLUGINS_KEPT_H
#define TESTS_PLUGINS_KEPT_H

#include <tokenpam/provider.h>

struct kept_control;

typedef int32_t kept_fn(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call);

/* First member of what the test makes of it. A recheck that is NULL lets everything stand. */
struct kept_control {
	kept_fn *ask;
	kept_fn *recheck;
};

#endif
