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
#include "json.h"
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
	return json_string_value(json_object_get(jws->header, name));
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
		if (json_object_get(jws->header, refused_members[i].name))
			return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN, refused_members[i].why,
				refused_members[i].name);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const json_t *member = json_object_get(jws->header, texts[i]);
		if (member && (!json_is_string(member) || json_string_length(member) > KEY_KID_MAX))
			return fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
				"text of at most 256 bytes", texts[i]);
	}
	const char *alg = header_member(jws, "alg"), *cty = header_member(jws, "cty");
	if (!alg || !alg_find(alg))
		return fault_set(
			fault, TPAM_REASON_WRONG_ALGORITHM, "an algorithm that is known", alg);
	if (cty && (strcasecmp(cty, "JWT") == 0 || strcasecmp(cty, "application/jwt") == 0))
		return fault_set(
			fault, TPAM_REASON_WRONG_TYPE, "a token", "a token inside another");
	return TPAM_OK;
}

/* TPAM_E_ARGUMENT while it may still be something else than a JWS. */
static int read_header(struct tpam_jws *jws, const struct parts *parts, struct tpam_fault *fault)
{
	if (parts->length[0] > JWS_HEADER_MAX)
		return fault_set(fault, TPAM_REASON_TOO_LARGE,
			"a header of at most 4096 characters", "more");
	jws->header_text =
		(char *)b64url_decode_new(parts->start[0], parts->length[0], &jws->header_length);
	if (!jws->header_text)
		return errno == ENOMEM ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;
	if (jws->header_text[0] != '{')
		return TPAM_E_ARGUMENT;
	jws->header = json_object_read(jws->header_text, jws->header_length, JWS_DEPTH_MAX);
	if (jws->header) {
		/* Told by tpam_jws_verify(): until then the token may turn out to be somebody else's. */
		(void)check_header(jws, &jws->refused);
		return TPAM_OK;
	}
	return errno == ENOMEM ? TPAM_E_MEMORY
			       : fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
					 "a header that is a JSON object without repeated members",
					 "another");
}

static int decode_part(char **ret, size_t *ret_length, const struct parts *parts, size_t index,
	const char *name, struct tpam_fault *fault)
{
	*ret = (char *)b64url_decode_new(parts->start[index], parts->length[index], ret_length);
	if (*ret)
		return TPAM_OK;
	return errno == ENOMEM ? TPAM_E_MEMORY
			       : fault_set(fault, TPAM_REASON_MALFORMED_TOKEN,
					 "base64url in one spelling", name);
}

static int take_apart(struct tpam_jws *jws, size_t length, struct tpam_fault *fault)
{
	struct parts parts;
	char *signature = NULL;

	if (!split(&parts, jws->token, length))
		return TPAM_E_ARGUMENT;
	int code = read_header(jws, &parts, fault);
	if (code == TPAM_OK)
		code = decode_part(
			&jws->payload, &jws->payload_length, &parts, 1, "payload", fault);
	if (code == TPAM_OK)
		code = decode_part(
			&signature, &jws->signature_length, &parts, 2, "signature", fault);
	jws->signature = (unsigned char *)signature;
	jws->signed_length = (size_t)(parts.start[2] - jws->token) - 1;
	return code;
}

int tpam_jws_parse(struct tpam_jws **ret, const char *token, size_t length, size_t limit,
	struct tpam_fault *fault)
{
	*fault = (struct tpam_fault){0};
	if (length > limit)
		return TPAM_E_LIMIT;
	struct tpam_jws *jws = calloc(1, sizeof(*jws));
	if (!jws)
		return TPAM_E_MEMORY;
	jws->token = text_copy(token, length);
	jws->token_length = length;
	int code = jws->token ? take_apart(jws, length, fault) : TPAM_E_MEMORY;
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
	secret_free(jws->token, jws->token_length);
	secret_free(jws->signature, jws->signature_length);
	secret_free(jws->payload, jws->payload_length);
	free(jws->header_text);
	json_decref(jws->header);
	free(jws->issuer);
	free(jws);
}

const char *tpam_jws_alg(const struct tpam_jws *jws)
{
	return header_member(jws, "alg");
}

const char *tpam_jws_kid(const struct tpam_jws *jws)
{
	return header_member(jws, "kid");
}

const char *tpam_jws_typ(const struct tpam_jws *jws)
{
	return header_member(jws, "typ");
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
	free(jws->issuer);
	jws->issuer = scan_member(jws->payload, jws->payload_length, "iss", ret_object);
	return jws->issuer;
}

int tpam_jws_verify(struct tpam_jws *jws, const struct tpam_keys *keys, struct tpam_fault *fault)
{
	if (jws->refused.reason) {
		*fault = jws->refused;
		return TPAM_E_CONFIG;
	}
	const struct key *key = keys_choose(keys, tpam_jws_alg(jws), tpam_jws_kid(jws), fault);
	if (!key)
		return TPAM_E_CONFIG;
	if (!key_verify(key, jws->token, jws->signed_length, jws->signature, jws->signature_length))
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
