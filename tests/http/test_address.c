/*
 * test_address.c - which addresses are public, and how URLs and Retry-After are read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "address.h"
#include "check.h"
#include "http_answer.h"

/* NULL: public. */
static const struct {
	const char *text;
	const char *oddity;
} addresses[] = {
	{"1.1.1.1", NULL},
	{"9.255.255.255", NULL},
	{"11.0.0.0", NULL},
	{"100.63.255.255", NULL},
	{"100.128.0.0", NULL},
	{"126.255.255.255", NULL},
	{"172.15.255.255", NULL},
	{"172.32.0.0", NULL},
	{"192.167.255.255", NULL},
	{"198.20.0.0", NULL},
	{"223.255.255.255", NULL},
	{"2600::1", NULL},
	{"2a00:1450::1", NULL},
	{"64:ff9b::8.8.8.8", NULL},
	{"0.0.0.0", "an unspecified address"},
	{"0.1.2.3", "an unspecified address"},
	{"10.0.0.0", "a private address"},
	{"10.255.255.255", "a private address"},
	{"100.64.0.0", "a carrier's private address"},
	{"100.127.255.255", "a carrier's private address"},
	{"127.0.0.1", "a loopback address"},
	{"127.255.255.255", "a loopback address"},
	{"169.254.169.254", "a link-local address"},
	{"172.16.0.0", "a private address"},
	{"172.31.255.255", "a private address"},
	{"192.0.0.1", "a reserved address"},
	{"192.0.2.1", "a reserved address"},
	{"192.88.99.1", "a reserved address"},
	{"192.168.1.1", "a private address"},
	{"198.18.0.0", "a reserved address"},
	{"198.19.255.255", "a reserved address"},
	{"198.51.100.1", "a reserved address"},
	{"203.0.113.1", "a reserved address"},
	{"224.0.0.1", "a multicast address"},
	{"239.255.255.255", "a multicast address"},
	{"240.0.0.1", "a reserved address"},
	{"255.255.255.255", "a reserved address"},
	{"::", "an unspecified address"},
	{"::1", "a loopback address"},
	{"::8.8.8.8", "an IPv4 address inside IPv6"},
	{"::ffff:127.0.0.1", "an IPv4 address inside IPv6"},
	{"::ffff:8.8.8.8", "an IPv4 address inside IPv6"},
	{"::ffff:0:8.8.8.8", "a reserved address"},
	{"64:ff9b::10.0.0.1", "a private address"},
	{"64:ff9b::127.0.0.1", "a loopback address"},
	{"64:ff9b::169.254.169.254", "a link-local address"},
	{"64:ff9b:1::8.8.8.8", "a reserved address"},
	{"100::1", "a reserved address"},
	{"2001::1", "a reserved address"},
	{"2001:db8::1", "a reserved address"},
	{"2002:7f00:1::", "an IPv4 address inside IPv6"},
	{"2002:808:808::", "an IPv4 address inside IPv6"},
	{"3fff::1", "a reserved address"},
	{"5f00::1", "a reserved address"},
	{"fc00::1", "a private address"},
	{"fdff::1", "a private address"},
	{"fe80::1", "a link-local address"},
	{"fe80::1%eth0", "a link-local address"},
	{"fec0::1", "a private address"},
	{"ff02::1", "a multicast address"},
};

static void test_addresses(void)
{
	struct sockaddr_storage address;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		if (!address_read(&address, addresses[i].text)) {
			CHECK_TEXT(addresses[i].text, "an address");
			continue;
		}
		const char *oddity = address_oddity((const struct sockaddr *)&address);
		bool same = oddity && addresses[i].oddity ? strcmp(oddity, addresses[i].oddity) == 0
							  : oddity == addresses[i].oddity;
		if (!same)
			CHECK_TEXT(addresses[i].text, oddity ? oddity : "public");
		else
			CHECK(same);
	}
	struct sockaddr other = {.sa_family = AF_UNIX};
	CHECK(address_oddity(&other) != NULL);
	CHECK(!address_is_loopback(&other));
	CHECK(!address_read(&address, "localhost"));
	CHECK(!address_read(&address, ""));
	CHECK(!address_read(
		&address, "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"));
}

static const struct {
	const char *value;
	int64_t seconds;
} waits[] = {
	{NULL, -1},
	{"", -1},
	{"0", 0},
	{"7", 7},
	{"3600", 3600},
	{"3601", 3600},
	{"99999999999999999999999999", 3600},
	{"-1", -1},
	{"1.5", -1},
	{"soon", -1},
	{"Thu, 01 Jan 1970 00:17:00 GMT", 20},
	{"Thu, 01 Jan 1970 00:00:10 GMT", 0},
	{"Fri, 31 Dec 2100 00:00:00 GMT", 3600},
};

static void test_retry_after(void)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		int64_t got = retry_after_read(waits[i].value, 1000);
		if (got != waits[i].seconds)
			fprintf(stderr, "%s: got %lld\n", waits[i].value ? waits[i].value : "",
				(long long)got);
		CHECK(got == waits[i].seconds);
	}
}

int main(void)
{
	test_addresses();
	test_retry_after();
	return check_end();
}
