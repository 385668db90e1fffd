/*
 * url.c - is a configured URL one that credentials and decisions may travel over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define HOST_MAX 253

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* Unreserved, reserved and the percent sign of RFC 3986; brackets are looked at with the host. */
#define URL_SET LETTERS DIGITS "-._~:/?#[]@!$&'()*+,;=%"

static const char *const fault_text[] = {
	[URL_FINE] = "a fine URL",
	[URL_PLAIN] = "an http:// URL, over which anybody may read and change what is sent",
	[URL_TOO_LONG] = "a URL of more than 2048 bytes",
	[URL_SCHEME] = "something that begins with neither https:// nor http://",
	[URL_BYTES] = "a URL with bytes that must be percent-encoded",
	[URL_FRAGMENT] = "a URL with a fragment (#)",
	[URL_USERINFO] = "a URL with user information (@)",
	[URL_NO_HOST] = "a URL without a host",
	[URL_HOST] = "a URL whose host is no name or address",
	[URL_PORT] = "a URL whose port is not in 1 to 65535",
};

struct host {
	char text[HOST_MAX + 1];
	bool bracketed;
};

const char *url_fault_text(enum url_fault fault)
{
	return fault_text[fault];
}

static bool bytes_are_fine(const char *url)
{
	if (url[strspn(url, URL_SET)])
		return false;
	for (const char *at = strchr(url, '%'); at; at = strchr(at + 1, '%'))
		if (strspn(at + 1, DIGITS "abcdefABCDEF") < 2)
			return false;
	return true;
}

static bool name_is_fine(const char *name)
{
	if (name[strspn(name, LETTERS DIGITS "-._")] || name[0] == '-')
		return false;
	return name[0] != '.' && !strstr(name, "..");
}

static bool host_is_fine(const struct host *host)
{
	struct in6_addr address;
	if (host->bracketed)
		return inet_pton(AF_INET6, host->text, &address) == 1;
	return name_is_fine(host->text);
}

/* Only what inet_pton() takes: "127.1" or "0x7f000001" mean different things to different resolvers. */
static bool host_is_loopback(const struct host *host)
{
	struct in6_addr six;
	struct in_addr four;
	if (host->bracketed)
		return inet_pton(AF_INET6, host->text, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
	if (inet_pton(AF_INET, host->text, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127;
	return strcasecmp(host->text, "localhost") == 0;
}

static bool port_is_fine(const char *port, size_t length)
{
	unsigned number = 0;
	if (length == 0 || length > 5)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (port[i] < '0' || port[i] > '9')
			return false;
		number = number * 10 + (unsigned)(port[i] - '0');
	}
	return number >= 1 && number <= 65535;
}

/* Takes HOST or HOST:PORT apart. */
static enum url_fault authority_judge(struct host *host, const char *authority, size_t length)
{
	const char *end = authority + length;
	const char *stop;
	host->bracketed = length > 0 && authority[0] == '[';
	if (host->bracketed) {
		stop = memchr(authority, ']', length);
		if (!stop || (stop + 1 < end && stop[1] != ':'))
			return URL_HOST;
		authority++;
	} else {
		stop = memchr(authority, ':', length);
		stop = stop ? stop : end;
	}
	size_t size = (size_t)(stop - authority);
	if (size == 0)
		return URL_NO_HOST;
	if (size > HOST_MAX)
		return URL_HOST;
	memcpy(host->text, authority, size);
	host->text[size] = '\0';
	if (!host_is_fine(host))
		return URL_HOST;
	const char *port = host->bracketed ? stop + 1 : stop;
	if (port < end && !port_is_fine(port + 1, (size_t)(end - port - 1)))
		return URL_PORT;
	return URL_FINE;
}

enum url_fault url_judge(const char *url)
{
	bool secure = strncasecmp(url, "https://", 8) == 0;
	if (!secure && strncasecmp(url, "http://", 7) != 0)
		return URL_SCHEME;
	if (strlen(url) > URL_MAX)
		return URL_TOO_LONG;
	if (!bytes_are_fine(url))
		return URL_BYTES;
	if (strchr(url, '#'))
		return URL_FRAGMENT;
	const char *authority = url + (secure ? 8 : 7);
	size_t length = strcspn(authority, "/?");
	if (memchr(authority, '@', length))
		return URL_USERINFO;
	if (strpbrk(authority + length, "[]"))
		return URL_BYTES;
	struct host host;
	enum url_fault fault = authority_judge(&host, authority, length);
	if (fault == URL_FINE && !secure && !host_is_loopback(&host))
		return URL_PLAIN;
	return fault;
}
