/*
 * client_auth.c - the question about a token, and how we prove to the endpoint who asks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "client_auth.h"

#define ASSERTION_LIFETIME 60 /* seconds */
#define FIELDS_MAX         6

static const char assertion_type[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

/* ---- application/x-www-form-urlencoded ---- */

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte && strchr("-._~", byte));
}

/* Writes `text`, encoded, and returns its end; at most three bytes for one. */
static char *encode(char *out, const char *text, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (is_plain(text[i])) {
			*out++ = text[i];
		} else if (byte == ' ') {
			*out++ = '+';
		} else {
			*out++ = '%';
			*out++ = digits[byte >> 4];
			*out++ = digits[byte & 15];
		}
	}
	return out;
}

struct field {
	const char *name;
	const char *value;
	size_t length;
};

/* A form of all fields that have a value. */
static int form_write(struct question *ret, const struct field *fields, size_t count)
{
	size_t size = 1;

	for (size_t i = 0; i < count; i++)
		if (fields[i].value)
			size += strlen(fields[i].name) + 3 * fields[i].length + 2;
	char *body = malloc(size), *end = body;
	if (!body)
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].value)
			continue;
		if (end != body)
			*end++ = '&';
		end = stpcpy(end, fields[i].name);
		*end++ = '=';
		end = encode(end, fields[i].value, fields[i].length);
	}
	*end = '\0';
	ret->body = body;
	ret->length = (size_t)(end - body);
	return TPAM_OK;
}

/* ---- What proves who asks ---- */

/* RFC 6749, section 2.3.1: both are encoded as in a form before they are joined. */
static char *basic(const struct client *client)
{
	static const char scheme[] = "Basic ";
	size_t id = strlen(client->id), secret = strlen(client->secret);
	char *joined = malloc(3 * (id + secret) + 2), *end = joined;

	if (!joined)
		return NULL;
	end = encode(end, client->id, id);
	*end++ = ':';
	end = encode(end, client->secret, secret);
	size_t length = (size_t)(end - joined);
	char *value = malloc(sizeof(scheme) + (length + 2) / 3 * 4);
	if (value) {
		memcpy(value, scheme, sizeof(scheme) - 1);
		EVP_EncodeBlock((unsigned char *)value + sizeof(scheme) - 1,
			(const unsigned char *)joined, (int)length);
	}
	explicit_bzero(joined, length);
	free(joined);
	return value;
}

/* RFC 7523, section 3: for this endpoint, for a minute, and different each time. */
static char *assertion(const struct client *client, int64_t now)
{
	struct tpam_payload *payload = tpam_payload_create();
	char *text = NULL, *signed_text = NULL;

	if (payload && tpam_payload_set_text(payload, "iss", client->id) == TPAM_OK &&
		tpam_payload_set_text(payload, "sub", client->id) == TPAM_OK &&
		tpam_payload_set_text(payload, "aud", client->audience) == TPAM_OK &&
		tpam_payload_set_times(payload, now, ASSERTION_LIFETIME) == TPAM_OK)
		text = tpam_payload_json(payload);
	if (text)
		signed_text = tpam_signer_sign(client->signer, "JWT", text, strlen(text));
	tpam_kit_free(text);
	tpam_payload_destroy(payload);
	return signed_text;
}

/* What each way puts where. */
struct way {
	bool id, secret, assertion, header;
};

static const struct way ways[CLIENT_AUTHS] = {
	[CLIENT_SECRET_BASIC] = {.header = true},
	[CLIENT_SECRET_POST] = {.id = true, .secret = true},
	[CLIENT_PRIVATE_KEY_JWT] = {.id = true, .assertion = true},
	[CLIENT_MTLS] = {.id = true},
	[CLIENT_NONE] = {.id = true},
};

static struct field field(const char *name, const char *value)
{
	return (struct field){name, value, value ? strlen(value) : 0};
}

int question_write(struct question *ret, const struct client *client, const char *token,
	size_t length, const char *hint, int64_t now)
{
	const struct way *way = &ways[client->auth];
	char *proof = way->assertion ? assertion(client, now) : NULL;

	if (way->header)
		ret->authorization = basic(client);
	if ((way->assertion && !proof) || (way->header && !ret->authorization)) {
		wipe(proof);
		return TPAM_E_MEMORY;
	}
	const struct field fields[FIELDS_MAX] = {
		{"token", token, length},
		field("token_type_hint", hint),
		field("client_id", way->id ? client->id : NULL),
		field("client_secret", way->secret ? client->secret : NULL),
		field("client_assertion_type", proof ? assertion_type : NULL),
		field("client_assertion", proof),
	};
	int code = form_write(ret, fields, FIELDS_MAX);
	wipe(proof);
	return code;
}

void question_finish(struct question *question)
{
	if (question->body)
		explicit_bzero(question->body, question->length);
	free(question->body);
	wipe(question->authorization);
	*question = (struct question){0};
}
