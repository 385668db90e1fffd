/*
 * test_siphash.c - SipHash against values of OpenSSL ('openssl mac ... SIPHASH').
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "check.h"
#include "siphash.h"

static const unsigned char key_bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* So many letters "a", and the eight bytes that come out, the first one lowest. */
static const struct {
	size_t length;
	unsigned char hash[8];
} cases[] = {
	{0, {0xDC, 0xC4, 0x0F, 0x05, 0x58, 0x01, 0xAC, 0xAB}},
	{7, {0x83, 0x0E, 0xD3, 0x87, 0x0E, 0x1D, 0x6D, 0x8A}},
	{8, {0x45, 0xD1, 0xC1, 0x35, 0xDF, 0xBD, 0xB9, 0x8F}},
	{15, {0xE8, 0x24, 0x57, 0xB5, 0xA8, 0x87, 0x54, 0x3D}},
};

int main(void)
{
	static const unsigned char wide[16] = {0x3B, 0x62, 0xA9, 0xBA, 0x62, 0x58, 0xF5, 0x61, 0x0F,
		0x83, 0xE2, 0x64, 0xF3, 0x14, 0x97, 0xB4};
	static const unsigned char number_bytes[8] = {0, 1, 2, 3, 4, 5, 6, 7};
	uint64_t key[2], both[2], number;

	memcpy(key, key_bytes, sizeof(key));
	memcpy(&number, number_bytes, sizeof(number));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t hash = siphash(key, "aaaaaaaaaaaaaaa", cases[i].length);
		CHECK(memcmp(&hash, cases[i].hash, sizeof(hash)) == 0);
	}
	siphash_number(both, key, number);
	CHECK(memcmp(both, wide, sizeof(both)) == 0);
	return check_end();
}
