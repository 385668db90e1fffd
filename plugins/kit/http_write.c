/*
 * http_write.c - what is written into requests: forms, and who asks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <openssl/evp.h>

#include <tokenpam/http.h>

#include "secret.h"

#define FORM_MAX   (4 * 1024 * 1024)
#define CLIENT_MAX 65536 /* of a client's id and its secret, each */

/* ---- application/x-www-form-urlencoded (RFC 6749, appendix B) ---- */

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

/* What the form takes at most, with its end; 0 beyond the limit. */
static size_t form_size(const struct tpam_http_field *fields)
{
	size_t size = 1;

	for (const struct tpam_http_field *field = fields; field->name; field++) {
		if (!field->value)
			continue;
		if (field->length > FORM_MAX || strlen(field->name) > FORM_MAX)
			return 0;
		size += strlen(field->name) + 3 * (size_t)field->length + 2;
		if (size > FORM_MAX)
			return 0;
	}
	return size;
}

char *tpam_http_form(const struct tpam_http_field *fields, uint64_t *ret_length)
{
	size_t size = form_size(fields);
	char *form = size > 0 ? secret_take(size) : NULL, *end = form;

	if (!form)
		return NULL;
	for (const struct tpam_http_field *field = fields; field->name; field++) {
		if (!field->value)
			continue;
		if (end != form)
			*end++ = '&';
		end = stpcpy(end, field->name);
		*end++ = '=';
		end = encode(end, field->value, (size_t)field->length);
	}
	*end = '\0';
	*ret_length = (uint64_t)(end - form);
	return form;
}

/* ---- Authorization ---- */

static char *encode_basic(const char *joined, size_t length)
{
	static const char scheme[] = "Basic ";
	char *value = secret_take(sizeof(scheme) + (length + 2) / 3 * 4);

	if (!value)
		return NULL;
	memcpy(value, scheme, sizeof(scheme) - 1);
	EVP_EncodeBlock((unsigned char *)value + sizeof(scheme) - 1, (const unsigned char *)joined,
		(int)length);
	return value;
}

char *tpam_http_basic(const char *id, const char *secret)
{
	size_t id_length = strlen(id), secret_length = strlen(secret);

	if (id_length > CLIENT_MAX || secret_length > CLIENT_MAX)
		return NULL;
	char *joined = secret_take(3 * (id_length + secret_length) + 2), *end = joined;
	if (!joined)
		return NULL;
	end = encode(end, id, id_length);
	*end++ = ':';
	end = encode(end, secret, secret_length);
	size_t length = (size_t)(end - joined);
	char *value = encode_basic(joined, length);
	secret_free(joined, length);
	return value;
}

/* What a header cannot hold would be cut, or be another header. */
static bool fits_header(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
			return false;
	return true;
}

int32_t tpam_http_bearer(const struct tpam_host *host, struct tpam_call *call, char **ret)
{
	static const char scheme[] = "Bearer ";
	uint64_t length = 0;
	const char *token = host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	if (!token || !fits_header(token, (size_t)length))
		return tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_MALFORMED_TOKEN,
			"a token without control characters", token ? "another" : "none");
	char *value = secret_take(sizeof(scheme) + (size_t)length);
	if (!value)
		return tpam_call_no_memory(host, call);
	memcpy(value, scheme, sizeof(scheme) - 1);
	memcpy(value + sizeof(scheme) - 1, token, (size_t)length + 1);
	*ret = value;
	return 0;
}
