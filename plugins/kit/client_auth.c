/*
 * client_auth.c - the question about a token, and how we prove to the endpoint who asks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/http.h>

#include "client_auth.h"

#define ASSERTION_LIFETIME 60 /* seconds */

static const char assertion_type[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/* RFC 7523, section 3: for this endpoint, for a minute, and different each time. */
static char *assertion(const struct client *client, const char *url, int64_t now)
{
	const char *audience = client->audience ? client->audience : url;
	struct tpam_payload *payload = tpam_payload_create();
	char *text = NULL, *signed_text = NULL;

	if (payload && tpam_payload_set_text(payload, "iss", client->id) == TPAM_OK &&
		tpam_payload_set_text(payload, "sub", client->id) == TPAM_OK &&
		tpam_payload_set_text(payload, "aud", audience) == TPAM_OK &&
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

static struct tpam_http_field field(const char *name, const char *value)
{
	return (struct tpam_http_field){name, value, value ? strlen(value) : 0};
}

int question_write(struct question *ret, const struct client *client, const char *url,
	const char *token, size_t length, const char *hint, int64_t now)
{
	const struct way *way = &ways[client->auth];
	char *proof = way->assertion ? assertion(client, url, now) : NULL;

	if (way->header)
		ret->authorization = tpam_http_basic(client->id, client->secret);
	if ((way->assertion && !proof) || (way->header && !ret->authorization)) {
		tpam_kit_free(proof);
		return TPAM_E_MEMORY;
	}
	const struct tpam_http_field fields[] = {
		{"token", token, length},
		field("token_type_hint", hint),
		field("client_id", way->id ? client->id : NULL),
		field("client_secret", way->secret ? client->secret : NULL),
		field("client_assertion_type", proof ? assertion_type : NULL),
		field("client_assertion", proof),
		{NULL, NULL, 0},
	};
	ret->body = tpam_http_form(fields, &ret->length);
	tpam_kit_free(proof);
	return ret->body ? TPAM_OK : TPAM_E_MEMORY;
}

void question_finish(struct question *question)
{
	tpam_kit_free(question->body);
	tpam_kit_free(question->authorization);
	*question = (struct question){0};
}
