/*
 * audit_chain.c - what makes a row of records one that nobody can change unseen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END_SIZE 192

#define WRITER_KEY ",\"writer\":\""
#define SEQ_KEY    "\",\"seq\":"
#define BEFORE_KEY ",\"prev\":\""
#define MAC_KEY    ",\"mac\":\""
#define MAC_END    "\"}"

bool audit_chain_begin(struct audit_chain *chain, const struct audit_mac *mac)
{
	*chain = (struct audit_chain){.mac = mac};
	memset(chain->before, '0', AUDIT_MAC_DIGITS);
	return audit_random(chain->writer, (AUDIT_WRITER_SIZE - 1) / 2);
}

char *audit_chain_add(struct audit_chain *chain, const char *line)
{
	size_t length = strlen(line) - 1; /* without the brace */
	char *full = malloc(length + END_SIZE);
	char mac[AUDIT_MAC_SIZE];

	if (!full)
		return NULL;
	memcpy(full, line, length);
	length += (size_t)sprintf(full + length, WRITER_KEY "%s" SEQ_KEY "%llu" BEFORE_KEY "%s\"",
		chain->writer, (unsigned long long)chain->next, chain->before);
	if (!audit_mac_make(chain->mac, mac, full, length)) {
		free(full);
		return NULL;
	}
	(void)sprintf(full + length, MAC_KEY "%s" MAC_END, mac);
	memcpy(chain->before, mac, sizeof(mac));
	chain->next++;
	return full;
}

/* All of a line but its end is under the MAC, so nothing else of it needs a look. */
bool audit_chain_is_genuine(
	const struct audit_mac *mac, const char *line, size_t length, bool *ret_failed)
{
	const size_t end = strlen(MAC_KEY) + AUDIT_MAC_DIGITS + strlen(MAC_END);
	char made[AUDIT_MAC_SIZE];

	if (length < end || memcmp(line + length - end, MAC_KEY, strlen(MAC_KEY)) != 0 ||
		memcmp(line + length - strlen(MAC_END), MAC_END, strlen(MAC_END)) != 0)
		return false;
	if (!audit_mac_make(mac, made, line, length - end)) {
		*ret_failed = true;
		return false;
	}
	return audit_mac_same(made, line + length - end + strlen(MAC_KEY));
}
