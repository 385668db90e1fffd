/*
 * identity_pack.h - an identity as one piece of memory, and back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_IDENTITY_PACK_H
#define CORE_IDENTITY_PACK_H

#include "identity.h"
#include "memory.h"

/* Appends it; what goes wrong is in buffer->failed. */
void identity_pack(struct buffer *buffer, const struct identity *identity);

/*
 * Sets the fields of an identity that has none: texts point into `packed`, which identity_pack() wrote and the
 * identity's arena holds. False without memory.
 */
bool identity_unpack(struct identity *identity, const char *packed, size_t size);

#endif
