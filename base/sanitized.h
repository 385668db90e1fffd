/*
 * sanitized.h - whether the address sanitizer looks at what is compiled.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif
