/*
 * jws.h - a compact JWS, taken apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_JWS_H
#define KIT_JWS_H

#include <tokenpam/kit.h>

#include "document.h"

#define JWS_HEADER_MAX 4096 /* characters */
#define JWS_DEPTH_MAX  16

struct tpam_jws {
	size_t token_length;
	size_t signed_length; /* of header.payload, with which the token begins */
	const char *header_text;
	size_t header_length;
	struct document header;
	const char *alg, *kid, *typ; /* NULL where absent, or no text */
	const char *payload;
	size_t payload_length;
	const unsigned char *signature;
	size_t signature_length;
	struct tpam_fault
		refused; /* why nobody may accept it, found while taking it apart; reason 0: nothing */
	bool verified;
	char *issuer; /* unverified, once scanned; NULL: there is none */
	bool scanned;
	bool object; /* what was scanned could be one */
	size_t size;
	char memory[]; /* a copy of the token, then its parts, decoded */
};

/*
 * The text of the top-level member `name` of a JSON object, found without building anything (scan.c): a new string, or NULL where
 * there is none or no text. *ret_object: the text could be an object, as far as it was read.
 */
char *scan_member(const char *json, size_t length, const char *name, bool *ret_object);

/* The same of a member that is a number, cut to whole ones; false where there is none, or it has more than 15 digits. */
bool scan_number(const char *json, size_t length, const char *name, int64_t *ret);

#endif
