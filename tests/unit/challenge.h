/*
 * challenge.h - a strict reader of challenges, and texts that would like to be more than a value in one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_CHALLENGE_H
#define TESTS_UNIT_CHALLENGE_H

#include <ctype.h>
#include <strings.h>

#include "check.h"
#include "sandbox.h"

#define PARAMETERS 16
#define VALUE_MAX  4096

/* ---- A strict reader: token SP token="quoted" *( ", " token="quoted" ), printable ASCII alone ---- */

struct parameter {
	char name[64];
	char value[VALUE_MAX];
};

struct challenge {
	char scheme[64];
	size_t count;
	struct parameter list[PARAMETERS];
};

/* RFC 9110, section 5.6.2 */
static inline bool is_token(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static inline const char *read_token(const char *at, char *ret, size_t size)
{
	size_t length = 0;

	for (; is_token(*at) && length + 1 < size; at++)
		ret[length++] = *at;
	ret[length] = '\0';
	return length > 0 ? at : NULL;
}

static inline const char *read_quoted(const char *at, char *ret)
{
	size_t length = 0;

	if (*at++ != '"')
		return NULL;
	for (; *at != '"'; at++) {
		if (*at == '\\')
			at++;
		if (*at < 0x20 || *at >= 0x7F || length + 1 >= VALUE_MAX)
			return NULL;
		ret[length++] = *at;
	}
	ret[length] = '\0';
	return at + 1;
}

static inline bool is_new(const struct challenge *challenge, const char *name)
{
	for (size_t i = 0; i < challenge->count; i++)
		if (strcasecmp(challenge->list[i].name, name) == 0)
			return false;
	return true;
}

static inline bool parse(struct challenge *ret, const char *at)
{
	*ret = (struct challenge){.count = 0};
	if (!(at = read_token(at, ret->scheme, sizeof(ret->scheme))) || *at++ != ' ')
		return false;
	while (ret->count < PARAMETERS) {
		struct parameter *next = &ret->list[ret->count];
		if (!(at = read_token(at, next->name, sizeof(next->name))) ||
			!is_new(ret, next->name) || *at++ != '=' ||
			!(at = read_quoted(at, next->value)))
			return false;
		ret->count++;
		if (*at == '\0')
			return true;
		if (strncmp(at, ", ", 2) != 0)
			return false;
		at += 2;
	}
	return false;
}

/* ---- What is put everywhere ---- */

static const char *const nasty[] = {"plain", "a\"b", "\"", "\\", "a\\\"b", "a\\", "\\\\\"", "a, b",
	"\", error=\"none", "x\", realm=\"evil\", y=\"", "a b", " a ", "a=b", "a;b", "a/b?c#d",
	"caf\xC3\xA9", "\xE2\x80\xA8", "\xF0\x9F\x94\x91", "\xC3\xA9\", scope=\"all",
	"Bearer a=\"b\"", "${env:HOME}", "%0d%0aX: y", "<script>", "a\tb", "a\r\nSet-Cookie: b=c",
	"a\nb", "a\rb", "\x7F", "\x1B[31m", "\xC2\x85"};
#define NASTY (sizeof(nasty) / sizeof(nasty[0]))

/* As a client sees it: what a header cannot hold is '?'. */
static inline const char *seen(const char *text)
{
	static char out[256];
	size_t i = 0;

	for (; text[i] && i + 1 < sizeof(out); i++)
		out[i] = (char)(text[i] >= 0x20 && text[i] < 0x7F ? text[i] : '?');
	out[i] = '\0';
	return out;
}

static inline struct tpam_result *decide(struct tpam_engine *engine, struct tpam_request *request)
{
	struct tpam_result *result = NULL;

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	if (!result)
		exit(check_end());
	return result;
}

static inline struct tpam_request *request_to(const char *tool)
{
	struct tpam_request *request = sandbox_request("s", NULL);

	if (tpam_request_set(request, TPAM_ITEM_TOOL, tool, strlen(tool)) != TPAM_OK)
		CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, "x", 1) == TPAM_OK);
	return request;
}

/* Each challenge of a result is well-formed, and has no other parameters than these, in this order. */
static inline void check_names(
	const struct tpam_result *result, const char *names, const char *name, const char *value)
{
	const char *text = tpam_result_challenge(result, 0);
	struct challenge challenge;
	char got[512] = "";

	CHECK(text && parse(&challenge, text) && !tpam_result_challenge(result, 1));
	if (!text || !parse(&challenge, text)) {
		fprintf(stderr, "%s\n", text ? text : "no challenge");
		return;
	}
	CHECK_TEXT(challenge.scheme, "Bearer");
	for (size_t i = 0; i < challenge.count; i++) {
		strcat(strcat(got, i > 0 ? " " : ""), challenge.list[i].name);
		if (name && strcmp(challenge.list[i].name, name) == 0)
			CHECK_TEXT(challenge.list[i].value, value);
	}
	CHECK_TEXT(got, names);
}

#endif
