/*
 * credential.c - where in a request a provider finds its credential.
 *
 * Authorization is read by RFC 9110 and, for its content, RFC 6750 and RFC 7617; nothing is guessed: what
 * does not follow the grammar is malformed, and of two nobody picks one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base64.h"
#include "credential.h"
#include "memory.h"
#include "text.h"

#define TOKEN68 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"

/* One candidate: a scheme and what follows it. */
struct candidate {
	const char *scheme;
	size_t scheme_length;
	const char *bytes;
	size_t length;
	bool from_header; /* the grammar of the header applies */
};

static bool malformed(struct credential *ret, int32_t reason, const char *expected, const char *got)
{
	*ret = (struct credential){
		.outcome = TPAM_MALFORMED, .reason = reason, .expected = expected, .got = got};
	return true;
}

static bool absent(struct credential *ret)
{
	*ret = (struct credential){
		.outcome = TPAM_NO_CREDENTIAL, .reason = TPAM_REASON_NO_CREDENTIAL};
	return true;
}

static bool copy(struct credential *ret, const char *bytes, size_t length)
{
	char *owned = text_copy(bytes, length);

	if (!owned)
		return false;
	*ret = (struct credential){.outcome = TPAM_SUCCESS,
		.bytes = owned,
		.length = length,
		.owned = owned,
		.owned_length = length};
	return true;
}

/* A NUL behind it is promised to providers; where there is one already, what the request has will do. */
static bool lend(struct credential *ret, const char *bytes, size_t length)
{
	if (bytes[length] != '\0')
		return copy(ret, bytes, length);
	*ret = (struct credential){.outcome = TPAM_SUCCESS, .bytes = bytes, .length = length};
	return true;
}

static bool refuse_basic(struct credential *ret, const char *got)
{
	return malformed(ret, TPAM_REASON_MALFORMED_HEADER,
		"Basic with base64 of user:password, without control characters", got);
}

/* RFC 7617, section 2: the password is the credential, the user name stands beside it. */
static bool take_pair(struct credential *ret, const char *plain, size_t length)
{
	const char *colon = memchr(plain, ':', length);

	if (!colon || text_check(plain, length, false) != length)
		return refuse_basic(ret, colon ? "control characters or broken UTF-8" : "no colon");
	size_t user = (size_t)(colon - plain);
	if (user + 1 == length)
		return refuse_basic(ret, "an empty password");
	if (!copy(ret, colon + 1, length - user - 1))
		return false;
	ret->user = text_copy(plain, user);
	if (!ret->user)
		credential_finish(ret);
	return ret->user != NULL;
}

static bool take_basic(struct credential *ret, const struct candidate *candidate)
{
	size_t size = base64_decoded_size(candidate->length), length = 0;
	char *plain = malloc(size);

	if (!plain)
		return false;
	bool decoded = base64_decode(plain, &length, candidate->bytes, candidate->length);
	bool done = decoded ? take_pair(ret, plain, length) : refuse_basic(ret, "no base64");
	secret_free(plain, size);
	return done;
}

/* Sixteen at a time: of a token of usual size each byte is looked at for each request. */
typedef unsigned char block __attribute__((vector_size(16)));

/* Bytes of RFC 9110's token68 without the padding: letters, digits and what stands beside them, "_~+". */
static block allowed(block bytes)
{
	block letters = (bytes | 0x20) - 'a', others = bytes - '-';

	return (block)(letters < 26) | (block)(others < 13) | (block)(bytes == '_') |
	       (block)(bytes == '~') | (block)(bytes == '+');
}

static block block_at(const char *text)
{
	block bytes;

	memcpy(&bytes, text, sizeof(bytes));
	return allowed(bytes);
}

static bool is_all(block bytes)
{
	uint64_t halves[2];

	memcpy(halves, &bytes, sizeof(halves));
	return (halves[0] & halves[1]) == UINT64_MAX;
}

/* Four blocks at a time, then one, then the last sixteen bytes, some of them again. */
static bool all_allowed(const char *text, size_t length)
{
	size_t at = 0;
	block all;

	if (length < sizeof(block))
		return strspn(text, TOKEN68) >= length;
	for (all = block_at(text + length - sizeof(block)); length - at >= 4 * sizeof(block);
		at += 4 * sizeof(block))
		all &= block_at(text + at) & block_at(text + at + sizeof(block)) &
		       block_at(text + at + 2 * sizeof(block)) &
		       block_at(text + at + 3 * sizeof(block));
	for (; length - at >= sizeof(block); at += sizeof(block))
		all &= block_at(text + at);
	return is_all(all);
}

static bool token68(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == '=')
		length--;
	return length > 0 && all_allowed(text, length);
}

static bool take(
	struct credential *ret, const struct candidate *candidate, enum credential_place place)
{
	if (candidate->length == 0)
		return malformed(ret, TPAM_REASON_MALFORMED_HEADER, "a credential after the scheme",
			"nothing");
	if (candidate->from_header && !token68(candidate->bytes, candidate->length))
		return malformed(ret, TPAM_REASON_MALFORMED_HEADER,
			"one token of letters, digits and -._~+/", "other characters");
	if (place == CREDENTIAL_BASIC)
		return candidate->from_header ? take_basic(ret, candidate)
					      : lend(ret, candidate->bytes, candidate->length);
	return lend(ret, candidate->bytes, candidate->length);
}

static size_t without_blanks(const char *text, size_t length)
{
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	return length;
}

static struct candidate split_header(const char *value)
{
	struct candidate candidate = {.scheme = value, .from_header = true};

	candidate.scheme_length = strcspn(value, " ");
	const char *rest = value + candidate.scheme_length;
	rest += strspn(rest, " ");
	candidate.bytes = rest;
	candidate.length = without_blanks(rest, strlen(rest));
	return candidate;
}

/* How many credentials stand in Authorization or were given; the last of them in `ret`. */
static size_t collect(struct candidate *ret, const struct tpam_request *request)
{
	size_t count = 0;

	for (const char *value; (value = request_header(request, "Authorization", count)); count++)
		*ret = split_header(value);
	for (size_t i = 0; i < request->credential_count; i++, count++) {
		const struct given_credential *given = &request->credentials[i];
		*ret = (struct candidate){given->scheme, strlen(given->scheme), given->bytes.data,
			given->bytes.length, false};
	}
	return count;
}

static bool find_authorization(struct credential *ret, const struct tpam_request *request,
	enum credential_place place, size_t limit)
{
	const char *scheme = place == CREDENTIAL_BASIC ? "basic" : "bearer";
	struct candidate candidate = {0};
	size_t count = collect(&candidate, request);

	if (count == 0)
		return absent(ret);
	if (count > 1)
		return malformed(ret, TPAM_REASON_TWO_CREDENTIALS, "one Authorization header",
			"more than one");
	if (!text_is_token(candidate.scheme, candidate.scheme_length))
		return malformed(ret, TPAM_REASON_MALFORMED_HEADER, "a scheme and one blank",
			"something else");
	if (candidate.scheme_length != strlen(scheme) ||
		strncasecmp(candidate.scheme, scheme, candidate.scheme_length) != 0)
		return absent(ret);
	if (candidate.length > limit)
		return malformed(ret, TPAM_REASON_TOO_LARGE,
			"a credential of at most max_token bytes", "more");
	return take(ret, &candidate, place);
}

static bool take_value(struct credential *ret, const char *value, size_t length, size_t limit)
{
	if (length == 0)
		return malformed(
			ret, TPAM_REASON_MALFORMED_HEADER, "a credential", "an empty value");
	if (length > limit)
		return malformed(ret, TPAM_REASON_TOO_LARGE,
			"a credential of at most max_token bytes", "more");
	return lend(ret, value, length);
}

static bool find_header(
	struct credential *ret, const struct tpam_request *request, const char *name, size_t limit)
{
	const char *value = request_header(request, name, 0);

	if (!value)
		return absent(ret);
	if (request_header(request, name, 1))
		return malformed(
			ret, TPAM_REASON_TWO_CREDENTIALS, "the header once", "more than once");
	value += strspn(value, " \t");
	return take_value(ret, value, without_blanks(value, strlen(value)), limit);
}

/* How many cookies have the name; the last one's value in `ret` (RFC 6265, section 4.2.1). */
static size_t cookies(struct bytes *ret, const struct tpam_request *request, const char *name)
{
	size_t count = 0, size = strlen(name);
	const char *value;

	for (size_t i = 0; (value = request_header(request, "Cookie", i)); i++) {
		while (*value) {
			value += strspn(value, "; \t");
			size_t length = strcspn(value, ";");
			if (length > size && strncmp(value, name, size) == 0 &&
				value[size] == '=') {
				const char *found = value + size + 1;
				*ret = (struct bytes){(char *)(uintptr_t)found,
					without_blanks(found, length - size - 1)};
				count++;
			}
			value += length;
		}
	}
	return count;
}

static bool find_cookie(
	struct credential *ret, const struct tpam_request *request, const char *name, size_t limit)
{
	struct bytes found = {0};
	size_t count = cookies(&found, request, name);

	if (count == 0)
		return absent(ret);
	if (count > 1)
		return malformed(
			ret, TPAM_REASON_TWO_CREDENTIALS, "the cookie once", "more than once");
	return take_value(ret, found.data, found.length, limit);
}

bool credential_find(struct credential *ret, const struct tpam_request *request,
	enum credential_place place, const char *name, size_t limit)
{
	switch (place) {
	case CREDENTIAL_BEARER:
	case CREDENTIAL_BASIC:
		return find_authorization(ret, request, place, limit);
	case CREDENTIAL_HEADER:
		return find_header(ret, request, name, limit);
	case CREDENTIAL_COOKIE:
		return find_cookie(ret, request, name, limit);
	case CREDENTIAL_NONE:
		break;
	}
	return absent(ret);
}

bool credential_presented(
	const struct tpam_request *request, enum credential_place place, const char *name)
{
	struct bytes cookie;

	if (request_header(request, "Authorization", 0) || request->credential_count > 0)
		return true;
	if (place == CREDENTIAL_HEADER)
		return request_header(request, name, 0) != NULL;
	return place == CREDENTIAL_COOKIE && cookies(&cookie, request, name) > 0;
}

void credential_finish(struct credential *credential)
{
	secret_free(credential->owned, credential->owned_length);
	secret_free(credential->user, credential->user ? strlen(credential->user) : 0);
	*credential = (struct credential){0};
}
