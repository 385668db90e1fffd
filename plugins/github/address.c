/*
 * address.c - where an API of GitHub's is, and what lies there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "address.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* asprintf() leaves what it wrote where it was if there is no memory to make that smaller. */
char *address_format(const char *format, ...)
{
	va_list list, again;

	va_start(list, format);
	va_copy(again, list);
	int length = vsnprintf(NULL, 0, format, list);
	char *text = length >= 0 ? malloc((size_t)length + 1) : NULL;
	if (text)
		(void)vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(list);
	return text;
}

static bool ends_in(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* Where the host, with its port, ends. */
static size_t origin_length(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/") : strlen(url);
}

char *address_of_api(const char *url)
{
	size_t origin = origin_length(url), kept = origin, length = strlen(url);
	char *api = strdup(url);

	if (!api)
		return NULL;
	for (size_t i = 0; i < origin; i++)
		if (api[i] >= 'A' && api[i] <= 'Z')
			api[i] = (char)(api[i] - 'A' + 'a');
	if (ends_in(api, origin, ":443") && strncmp(api, "https:", 6) == 0)
		kept -= 4;
	memmove(api + kept, api + origin, length - origin + 1);
	for (length = strlen(api); length > kept && api[length - 1] == '/'; length--)
		api[length - 1] = '\0';
	return api;
}

char *address_of_issuer(const char *api, bool *ret_known)
{
	static const char dotcom[] = "https://api.", cloud[] = ".ghe.com", server[] = "/api/v3";
	size_t length = strlen(api), host = length - strlen(dotcom);

	*ret_known = true;
	if (strcmp(api, "https://api.github.com") == 0)
		return strdup("https://github.com");
	if (ends_in(api, length, server))
		return strndup(api, length - strlen(server));
	if (strncmp(api, dotcom, strlen(dotcom)) == 0 && length == origin_length(api) &&
		ends_in(api, length, cloud) && host > strlen(cloud))
		return address_format("https://%s", api + strlen(dotcom));
	*ret_known = false;
	return NULL;
}

/* A parameter of a link, without blanks around it, says that this is the next page. */
static bool says_next(const char *parameter, const char *end)
{
	static const char *const forms[] = {"rel=\"next\"", "rel=next"};

	while (parameter < end && *parameter == ' ')
		parameter++;
	while (end > parameter && end[-1] == ' ')
		end--;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strlen(forms[i]) == (size_t)(end - parameter) &&
			strncasecmp(parameter, forms[i], strlen(forms[i])) == 0)
			return true;
	return false;
}

/* What stands between a link and the next one: parameters, each behind a ';'. */
static bool any_says_next(const char *at, const char *end)
{
	while (at < end) {
		const char *next = memchr(at, ';', (size_t)(end - at));
		if (says_next(at, next ? next : end))
			return true;
		at = next ? next + 1 : end;
	}
	return false;
}

const char *address_of_next(const char *link, size_t *ret_length)
{
	while (link && (link = strchr(link, '<'))) {
		const char *url = link + 1, *close = strchr(url, '>');
		if (!close)
			return NULL;
		link = close + 1 + strcspn(close + 1, ",");
		if (any_says_next(close + 1, link)) {
			*ret_length = (size_t)(close - url);
			return url;
		}
	}
	return NULL;
}

bool address_is_below(const char *api, const char *url, size_t length)
{
	size_t size = strlen(api);

	return length > size && memcmp(url, api, size) == 0 && url[size] == '/';
}

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

char *address_segment(const char *text)
{
	char *segment = malloc(3 * strlen(text) + 1), *to = segment;

	for (; segment && *text; text++) {
		if (is_plain(*text))
			*to++ = *text;
		else
			to += sprintf(to, "%%%02X", (unsigned char)*text);
	}
	if (segment)
		*to = '\0';
	return segment;
}
