/*
 * address.c - is an address one that the whole Internet shares.
 *
 * The special-purpose registries of IANA (RFC 6890), and for IPv6 the other way round: only
 * 2000::/3, less what is special in it, and NAT64 to a public address. An address that carries
 * another one is refused, since who forwards it is unknown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct prefix {
	uint8_t bytes[16];
	unsigned bits;
	const char *oddity; /* NULL: see the four bytes at the end */
};

static const struct prefix four[] = {
	{{0}, 8, "an unspecified address"},
	{{10}, 8, "a private address"},
	{{100, 64}, 10, "a carrier's private address"},
	{{127}, 8, "a loopback address"},
	{{169, 254}, 16, "a link-local address"},
	{{172, 16}, 12, "a private address"},
	{{192, 0, 0}, 24, "a reserved address"},
	{{192, 0, 2}, 24, "a reserved address"},
	{{192, 88, 99}, 24, "a reserved address"},
	{{192, 168}, 16, "a private address"},
	{{198, 18}, 15, "a reserved address"},
	{{198, 51, 100}, 24, "a reserved address"},
	{{203, 0, 113}, 24, "a reserved address"},
	{{224}, 4, "a multicast address"},
	{{240}, 4, "a reserved address"},
};

/* The first that fits decides. */
static const struct prefix six[] = {
	{{0}, 128, "an unspecified address"},
	{{[15] = 1}, 128, "a loopback address"},
	{{[10] = 0xFF, [11] = 0xFF}, 96, "an IPv4 address inside IPv6"},
	{{0}, 96, "an IPv4 address inside IPv6"},
	{{0x00, 0x64, 0xFF, 0x9B}, 96, NULL},
	{{0xFC}, 7, "a private address"},
	{{0xFE, 0x80}, 10, "a link-local address"},
	{{0xFE, 0xC0}, 10, "a private address"},
	{{0xFF}, 8, "a multicast address"},
	{{0x20, 0x02}, 16, "an IPv4 address inside IPv6"},
	{{0x20, 0x01}, 23, "a reserved address"},
	{{0x20, 0x01, 0x0D, 0xB8}, 32, "a reserved address"},
	{{0x3F, 0xFF}, 20, "a reserved address"},
};

static bool fits(const struct prefix *prefix, const uint8_t *bytes)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;

	if (memcmp(prefix->bytes, bytes, whole) != 0)
		return false;
	return rest == 0 || (prefix->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

static const char *oddity_four(const uint8_t *bytes)
{
	for (size_t i = 0; i < sizeof(four) / sizeof(four[0]); i++)
		if (fits(&four[i], bytes))
			return four[i].oddity;
	return NULL;
}

static const char *oddity_six(const uint8_t *bytes)
{
	for (size_t i = 0; i < sizeof(six) / sizeof(six[0]); i++)
		if (fits(&six[i], bytes))
			return six[i].oddity ? six[i].oddity : oddity_four(bytes + 12);
	return (bytes[0] & 0xE0) == 0x20 ? NULL : "a reserved address";
}

/* Sockets hand addresses out as bytes; a copy is aligned and of the type it is read as. */
static struct in_addr address_four(const struct sockaddr *address)
{
	struct sockaddr_in copy;

	memcpy(&copy, address, sizeof(copy));
	return copy.sin_addr;
}

static struct in6_addr address_six(const struct sockaddr *address)
{
	struct sockaddr_in6 copy;

	memcpy(&copy, address, sizeof(copy));
	return copy.sin6_addr;
}

const char *address_oddity(const struct sockaddr *address)
{
	uint8_t bytes[4];

	if (address->sa_family == AF_INET6) {
		struct in6_addr found = address_six(address);
		return oddity_six(found.s6_addr);
	}
	if (address->sa_family != AF_INET)
		return "an address that is neither IPv4 nor IPv6";
	struct in_addr found = address_four(address);
	memcpy(bytes, &found, sizeof(bytes));
	return oddity_four(bytes);
}

bool address_is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6) {
		struct in6_addr found = address_six(address);
		return IN6_IS_ADDR_LOOPBACK(&found);
	}
	if (address->sa_family != AF_INET)
		return false;
	return ntohl(address_four(address).s_addr) >> 24 == 127;
}

bool address_read(struct sockaddr_storage *ret, const char *text)
{
	struct sockaddr_in found = {.sin_family = AF_INET};
	struct sockaddr_in6 found6 = {.sin6_family = AF_INET6};
	char bare[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "%");

	if (length >= sizeof(bare))
		return false;
	memcpy(bare, text, length);
	bare[length] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, bare, &found.sin_addr) == 1)
		memcpy(ret, &found, sizeof(found));
	else if (inet_pton(AF_INET6, bare, &found6.sin6_addr) == 1)
		memcpy(ret, &found6, sizeof(found6));
	else
		return false;
	return true;
}
