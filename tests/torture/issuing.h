/*
 * issuing.h - an issuer without a network: its tokens, and the kit's functions that would fetch its keys.
 *
 * For programs that export their functions, which then stand before the kit's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_ISSUING_H
#define TESTS_TORTURE_ISSUING_H

void issuing_begin(const char *algorithm);

/* A value of Authorization with a token of these claims; to be freed. `typ` may be NULL. */
char *issuing_authorization(const char *typ, const char *claims);

/* The private key as JSON; to be freed with tpam_kit_free(). */
char *issuing_key(void);

void issuing_end(void);

#endif
