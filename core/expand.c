/*
 * expand.c - references: ${env:NAME}, ${file:PATH}, ${cred:NAME}, and $${ for a literal ${.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include <tokenpam/codes.h>

#include "memory.h"
#include "origins.h"
#include "safefile.h"
#include "text.h"

#define EXPANDED_MAX  65536
#define REFERENCE_MAX 4096

/* One word being expanded. */
struct expanding {
	struct place at;
	bool secret;
	bool clear; /* a secret of which a part stands in clear, so that nothing of it is repeated */
	bool development;
	struct tpam_report *report;
	struct buffer out;
	char quote[REPORT_QUOTE_SIZE]; /* the reference at hand, for messages */
};

typedef int resolve_fn(struct expanding *expanding, const char *name);

static int refuse(const struct expanding *expanding, const char *got, const char *expected)
{
	report_error(expanding->report, expanding->at, "got %s%s, expected %s", got,
		expanding->quote, expected);
	return TPAM_E_CONFIG;
}

static int add_value(struct expanding *expanding, const char *text, size_t length)
{
	struct buffer *out = &expanding->out;
	if (length == 0)
		return refuse(expanding, "nothing behind ", "a value");
	if (text_check(text, length, false) != length)
		return refuse(expanding, "control characters or broken UTF-8 behind ",
			"one line of text");
	if (length > out->max - out->length)
		return refuse(expanding, "too much text behind ", "at most 64 KiB");
	buffer_append(out, text, length);
	return out->failed ? TPAM_E_MEMORY : TPAM_OK;
}

static int resolve_env(struct expanding *expanding, const char *name)
{
	const char *value = secure_getenv(name);
	if (!value)
		return refuse(expanding, "", "a variable that is set");
	return add_value(expanding, value, strlen(value));
}

/* False, with the finding, if the fault is one that the mode does not forgive. */
static bool judge_fault(const struct expanding *expanding, enum file_fault fault)
{
	if (fault == FILE_SAFE)
		return true;
	report_strict(expanding->report, expanding->development, expanding->at,
		"got %s, which %s, expected a file that only its owner may change%s",
		expanding->quote, file_fault_text(fault),
		expanding->secret ? " and only its group may read" : "");
	return expanding->development;
}

static int refuse_file(const struct expanding *expanding, enum file_fault fault)
{
	const char *why = file_fault_text(fault);
	if (fault == FILE_ERRNO)
		report_error(expanding->report, expanding->at,
			"got %s, expected a file that can be read: %s", expanding->quote, why);
	else
		report_error(expanding->report, expanding->at,
			"got %s, which %s, expected a file of at most 64 KiB", expanding->quote,
			why);
	return TPAM_E_CONFIG;
}

static int read_path(struct expanding *expanding, const char *path)
{
	char *bytes = NULL;
	size_t length = 0;
	enum file_fault fault = FILE_SAFE;
	int code = origins_read(report_origins(expanding->report), ORIGIN_OTHER, path,
		expanding->secret, EXPANDED_MAX, &bytes, &length, &fault);
	if (code == TPAM_E_MEMORY)
		return code;
	if (code != TPAM_OK)
		return refuse_file(expanding, fault);
	size_t kept = length && bytes[length - 1] == '\n' ? length - 1 : length;
	code = judge_fault(expanding, fault) ? add_value(expanding, bytes, kept) : TPAM_E_CONFIG;
	secret_free(bytes, length);
	return code;
}

static int resolve_file(struct expanding *expanding, const char *name)
{
	char *path = expanding->at.file ? file_beside(expanding->at.file, name)
					: text_copy(name, strlen(name));
	if (!path)
		return TPAM_E_MEMORY;
	int code = read_path(expanding, path);
	free(path);
	return code;
}

static int resolve_cred(struct expanding *expanding, const char *name)
{
	if (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return refuse(expanding, "", "the name of a credential, without \"/\"");
	const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");
	if (!folder || !*folder)
		return refuse(expanding, "", "CREDENTIALS_DIRECTORY to be set, as systemd does");
	char *path = text_format("%s/%s", folder, name);
	if (!path)
		return TPAM_E_MEMORY;
	int code = read_path(expanding, path);
	free(path);
	return code;
}

static const struct {
	const char *name;
	resolve_fn *resolve;
} schemes[] = {
	{"env", resolve_env},
	{"file", resolve_file},
	{"cred", resolve_cred},
};

#define SCHEMES (sizeof(schemes) / sizeof(*schemes))

static int refuse_scheme(const struct expanding *expanding, const char *scheme)
{
	const char *names[SCHEMES + 1] = {NULL};
	for (size_t i = 0; i < SCHEMES; i++)
		names[i] = schemes[i].name;
	const char *nearest = text_nearest(scheme, names);
	report_error(expanding->report, expanding->at,
		"got %s, expected ${env:NAME}, ${file:PATH}, ${cred:NAME}, or $${ for the "
		"characters "
		"themselves%s%s%s",
		expanding->quote, nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		nearest ? "\"?" : "");
	return TPAM_E_CONFIG;
}

/* `reference` is what stands between the braces, cut in two at its colon. */
static int resolve(struct expanding *expanding, const char *scheme, const char *name)
{
	for (size_t i = 0; name && i < SCHEMES; i++) {
		if (strcmp(schemes[i].name, scheme) != 0)
			continue;
		if (!*name)
			return refuse(expanding, "", "a name after the colon");
		return schemes[i].resolve(expanding, name);
	}
	return refuse_scheme(expanding, scheme);
}

/* What messages call the text at hand. */
static void quote(struct expanding *expanding, const char *text, size_t length)
{
	if (expanding->clear)
		(void)stpcpy(expanding->quote, "a secret in clear");
	else
		report_quote(expanding->quote, text, length);
}

/* Expands the reference at `start`, "${", and moves *ret_next behind it. */
static int take_reference(struct expanding *expanding, const char *start, const char **ret_next)
{
	const char *close = strchr(start, '}');
	size_t length = close ? (size_t)(close - start) + 1 : strlen(start);
	quote(expanding, start, length);
	if (!close)
		return refuse(expanding, "",
			"a \"}\" after \"${\", or $${ for the characters themselves");
	if (length > REFERENCE_MAX)
		return refuse(expanding, "", "a shorter reference");
	char *scheme = text_copy(start + 2, length - 3);
	if (!scheme)
		return TPAM_E_MEMORY;
	char *colon = strchr(scheme, ':');
	if (colon)
		*colon = '\0';
	int code = resolve(expanding, scheme, colon ? colon + 1 : NULL);
	free(scheme);
	*ret_next = close + 1;
	return code;
}

static int take_piece(struct expanding *expanding, const char **next)
{
	const char *at = *next;
	if (strncmp(at, "${", 2) == 0)
		return take_reference(expanding, at, next);
	size_t length = 1 + strcspn(at + 1, "$");
	if (strncmp(at, "$${", 3) == 0) {
		buffer_text(&expanding->out, "${");
		*next = at + 3;
	} else if (length > expanding->out.max - expanding->out.length) {
		quote(expanding, at, length);
		return refuse(expanding, "too much text before ", "at most 64 KiB");
	} else {
		buffer_append(&expanding->out, at, length);
		*next = at + length;
	}
	return expanding->out.failed ? TPAM_E_MEMORY : TPAM_OK;
}

bool expand_is_reference(const char *text)
{
	if (*text == '\0')
		return false;
	while (*text) {
		const char *end = strncmp(text, "${", 2) == 0 ? strchr(text, '}') : NULL;
		if (!end)
			return false;
		text = end + 1;
	}
	return true;
}

bool expand_has_reference(const char *text)
{
	for (const char *at = text; (at = strstr(at, "${")) != NULL; at += 2) {
		if (at == text || at[-1] != '$')
			return true;
	}
	return false;
}

int expand_text(char **ret, const char *text, struct place at, bool secret, bool development,
	struct tpam_report *report)
{
	struct expanding expanding = {
		.at = at,
		.secret = secret,
		.clear = secret && !expand_is_reference(text),
		.development = development,
		.report = report,
		.out = secret ? SECRET_BUFFER(EXPANDED_MAX) : BUFFER(EXPANDED_MAX),
	};
	int code = TPAM_OK;
	for (const char *next = text; *next && code == TPAM_OK;)
		code = take_piece(&expanding, &next);
	char *expanded = code == TPAM_OK ? buffer_take(&expanding.out) : NULL;
	buffer_finish(&expanding.out);
	if (code == TPAM_OK && !expanded)
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		*ret = expanded;
	return code;
}
