/*
 * kinds.h - whose kind of credential begins how, so that no other provider is shown it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_KINDS_H
#define CORE_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "instance.h"
#include "program.h"

/* Once options are read: what the option `accept` says. False without memory. */
bool kinds_read(struct tpam_instance *instance);

/*
 * The provider of a program that a credential belongs to by how it begins, where `instance` would take it for want of a
 * better; NULL if there is none.
 */
const struct tpam_instance *kinds_owner(const struct program *program,
	const struct tpam_instance *instance, const char *credential, size_t length);

#endif
