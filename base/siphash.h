/*
 * siphash.h - SipHash (Aumasson and Bernstein): hashes under a key that nobody outside knows, so that nobody can aim at a
 * place in a table or guess the next of a row of numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-1-3, for places in tables. */
uint64_t siphash(const uint64_t key[2], const void *bytes, size_t length);

/* SipHash-2-4 with 128 bits, of a number as its eight bytes. */
void siphash_number(uint64_t ret[2], const uint64_t key[2], uint64_t number);

#endif
