/*
 * jws.c - takes a compact JWS apart, strictly (RFC 7515, RFC 8725), and verifies it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "b64url.h"
#include "fault.h"
#include "jws.h"
#include "keys.h"
#include "memory.h"

struct parts {
	const char *start[3];
	size_t length[3];
};

/* Exactly two dots and nothing empty but, perhaps, the signature. */
static bool split(struct parts *ret, const char *token, size_t length)
{
	const char *end = token + length;

	for (size_t i = 0; i < 3; i++) {
		const char *dot = memchr(token, '.', (size_t)(end - token));
		if ((dot == NULL) != (i == 2))
			return false;
		ret->start[i] = token;
		ret->length[i] = (size_t)((dot ? dot : end) - token);
		token = dot ? dot + 1 : end;
	}
	return ret->length[0] > 0 && ret->length[1] > 0;
}

static const char *header_member(const struct tpam_jws *jws, const char *name)
{
	return value_text(document_member(&jws->header, jws->header.values, name));
}

struct refused_member {
	const char *name;
	const char *why;
};

/* Nothing here is understood, so nothing that demands understanding is accepted. */
static const struct refused_member refused_members[] = {
	{"crit", "no crit"},
	{"b64", "no b64"},
	{"enc", "no enc"},
	{"zip", "no zip"},
};

static int check_header(const struct tpam_jws *jws, struct tpam_fault *fault)
{
	static const char *const texts[] = {"alg", "kid", "typ", "cty"};

	for (size_t i = 0; i < sizeof(refused_members) / sizeof(refused_members[0]); i++)
		if (document_member(&jws->header, jws->header.values, refused_members[i].name))
			return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN, refused_members[i].why,
				refused_members[i].name);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct json_value *member =
			document_member(&jws->header, jws->header.values, texts[i]);
		if (member && (!value_is(member, VALUE_TEXT) || member->length > KEY_KID_MAX))
			return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
				"text of at most 256 bytes", texts[i]);
	}
	const char *cty = header_member(jws, "cty");
	if (!jws->alg || !alg_find(jws->alg))
		return fault_set(
			fault, TPAM_REASON_WRONG_ALGORITHM, "an algorithm that is known", jws->alg);
	if (cty && (strcasecmp(cty, "JWT") == 0 || strcasecmp(cty, "application/jwt") == 0))
		return fault_set(
			fault, TPAM_REASON_WRONG_TYPE, "a token", "a token inside another");
	return TPAM_OK;
}

/* A part, decoded into `out`, which has room for it and a NUL. */
static bool decode(
	char *out, const struct parts *parts, size_t index, const char **ret, size_t *ret_length)
{
	if (!b64url_decode((unsigned char *)out, parts->start[index], parts->length[index]))
		return false;
	*ret_length = b64url_decoded_size(parts->length[index]);
	out[*ret_length] = '\0';
	*ret = out;
	return true;
}

/* TPAM_E_ARGUMENT while it may still be something else than a JWS. */
static int read_header(
	struct tpam_jws *jws, char *out, const struct parts *parts, struct tpam_fault *fault)
{
	if (parts->length[0] > JWS_HEADER_MAX)
		return fault_set(fault, TPAM_REASON_TOO_LARGE,
			"a header of at most 4096 characters", "more");
	if (!decode(out, parts, 0, &jws->header_text, &jws->header_length) ||
		jws->header_text[0] != '{')
		return TPAM_E_ARGUMENT;
	switch (document_read(&jws->header, jws->header_text, jws->header_length, JWS_DEPTH_MAX)) {
	case DOCUMENT_FINE:
		break;
	case DOCUMENT_NO_MEMORY:
		return TPAM_E_MEMORY;
	case DOCUMENT_BAD:
		return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
			"a header that is a JSON object without repeated members", "another");
	}
	jws->alg = header_member(jws, "alg");
	jws->kid = header_member(jws, "kid");
	jws->typ = header_member(jws, "typ");
	/* Told by tpam_jws_verify(): until then the token may turn out to be somebody else's. */
	(void)check_header(jws, &jws->refused);
	return TPAM_OK;
}

static int read_part(struct tpam_jws *jws, char *out, const struct parts *parts, size_t index,
	struct tpam_fault *fault)
{
	static const char *const names[] = {"header", "payload", "signature"};
	const char *signature = NULL;
	bool fine = index == 1 ? decode(out, parts, 1, &jws->payload, &jws->payload_length)
			       : decode(out, parts, 2, &signature, &jws->signature_length);

	if (!fine)
		return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN, "base64url in one spelling",
			names[index]);
	if (index == 2)
		jws->signature = (const unsigned char *)signature;
	return TPAM_OK;
}

/* The token, and behind it its parts, each with a NUL. */
static size_t memory_size(const struct parts *parts, size_t length)
{
	size_t size = length + 1;

	for (size_t i = 0; i < 3; i++)
		size += b64url_decoded_size(parts->length[i]) + 1;
	return size;
}

static int take_apart(struct tpam_jws *jws, const struct parts *parts, struct tpam_fault *fault)
{
	char *header = jws->memory + jws->token_length + 1;
	char *payload = header + b64url_decoded_size(parts->length[0]) + 1;
	char *signature = payload + b64url_decoded_size(parts->length[1]) + 1;

	int code = read_header(jws, header, parts, fault);
	if (code == TPAM_OK)
		code = read_part(jws, payload, parts, 1, fault);
	if (code == TPAM_OK)
		code = read_part(jws, signature, parts, 2, fault);
	return code;
}

int tpam_jws_parse(struct tpam_jws **ret, const char *token, size_t length, size_t limit,
	struct tpam_fault *fault)
{
	struct parts parts;

	*fault = (struct tpam_fault){0};
	if (length > limit)
		return TPAM_E_LIMIT;
	if (!split(&parts, token, length))
		return TPAM_E_ARGUMENT;
	size_t size = memory_size(&parts, length);
	struct tpam_jws *jws = malloc(sizeof(*jws) + size);
	if (!jws)
		return TPAM_E_MEMORY;
	*jws = (struct tpam_jws){.token_length = length,
		.signed_length = (size_t)(parts.start[2] - token) - 1,
		.size = size};
	memcpy(jws->memory, token, length);
	jws->memory[length] = '\0';
	int code = take_apart(jws, &parts, fault);
	if (code != TPAM_OK) {
		tpam_jws_destroy(jws);
		return code;
	}
	*ret = jws;
	return TPAM_OK;
}

void tpam_jws_destroy(struct tpam_jws *jws)
{
	if (!jws)
		return;
	document_finish(&jws->header);
	free(jws->issuer);
	secret_free(jws, sizeof(*jws) + jws->size);
}

const char *tpam_jws_alg(const struct tpam_jws *jws)
{
	return jws->alg;
}

const char *tpam_jws_kid(const struct tpam_jws *jws)
{
	return jws->kid;
}

const char *tpam_jws_typ(const struct tpam_jws *jws)
{
	return jws->typ;
}

const char *tpam_jws_header_text(const struct tpam_jws *jws, size_t *ret_length)
{
	*ret_length = jws->header_length;
	return jws->header_text;
}

const char *tpam_jws_unverified_payload(const struct tpam_jws *jws, size_t *ret_length)
{
	*ret_length = jws->payload_length;
	return jws->payload;
}

const char *tpam_jws_unverified_issuer(struct tpam_jws *jws, bool *ret_object)
{
	if (!jws->scanned) {
		jws->issuer = scan_member(jws->payload, jws->payload_length, "iss", &jws->object);
		/* Not knowing for want of memory is no result. */
		jws->scanned = jws->issuer || errno != ENOMEM;
	} else {
		errno = 0;
	}
	*ret_object = jws->object;
	return jws->issuer;
}

int tpam_jws_verify(struct tpam_jws *jws, const struct tpam_keys *keys, struct tpam_fault *fault)
{
	jws->verified = false;
	if (jws->refused.reason) {
		*fault = jws->refused;
		return TPAM_E_CONFIG;
	}
	const struct key *key = keys_choose(keys, jws->alg, jws->kid, fault);
	if (!key)
		return TPAM_E_CONFIG;
	if (!key_verify(
		    key, jws->memory, jws->signed_length, jws->signature, jws->signature_length))
		return fault_set(
			fault, TPAM_REASON_BAD_SIGNATURE, "a signature by the key", "another");
	jws->verified = true;
	return TPAM_OK;
}

const char *tpam_jws_payload(const struct tpam_jws *jws, size_t *ret_length)
{
	if (!jws->verified)
		return NULL;
	*ret_length = jws->payload_length;
	return jws->payload;
}
