/*
 * audit_chain.c - what makes a row of records one that nobody can change unseen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END_SIZE   192
#define SEQ_DIGITS 19

#define WRITER_KEY ",\"writer\":\""
#define SEQ_KEY    "\",\"seq\":"
#define BEFORE_KEY ",\"prev\":\""
#define MAC_KEY    ",\"mac\":\""

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
	(void)sprintf(full + length, MAC_KEY "%s\"}", mac);
	memcpy(chain->before, mac, sizeof(mac));
	chain->next++;
	return full;
}

/* ---- Taking a line apart ---- */

/* Goes back over what must stand before `*end`. */
static bool back(const char *line, const char **end, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(*end - line) < length || memcmp(*end - length, text, length) != 0)
		return false;
	*end -= length;
	return true;
}

/* Digits of that number, into a text of one byte more. */
static bool back_digits(const char *line, const char **end, char *ret, size_t count)
{
	if ((size_t)(*end - line) < count)
		return false;
	*end -= count;
	memcpy(ret, *end, count);
	ret[count] = '\0';
	return strspn(ret, "0123456789abcdef") == count;
}

static bool back_number(const char *line, const char **end, uint64_t *ret)
{
	char text[SEQ_DIGITS + 1];
	size_t count = 0;

	while (*end - count > line && (*end)[-1 - (ptrdiff_t)count] >= '0' &&
		(*end)[-1 - (ptrdiff_t)count] <= '9')
		count++;
	if (count == 0 || count > SEQ_DIGITS)
		return false;
	*end -= count;
	memcpy(text, *end, count);
	text[count] = '\0';
	*ret = strtoull(text, NULL, 10);
	return true;
}

/* From the end, where nothing but what was added here can stand. */
bool audit_link_read(struct audit_link *ret, const char *line, size_t length)
{
	const char *end = line + length;

	if (!back(line, &end, "\"}") || !back_digits(line, &end, ret->mac, AUDIT_MAC_DIGITS) ||
		!back(line, &end, MAC_KEY))
		return false;
	ret->signed_length = (size_t)(end - line);
	return back(line, &end, "\"") && back_digits(line, &end, ret->before, AUDIT_MAC_DIGITS) &&
	       back(line, &end, BEFORE_KEY) && back_number(line, &end, &ret->seq) &&
	       back(line, &end, SEQ_KEY) &&
	       back_digits(line, &end, ret->writer, AUDIT_WRITER_SIZE - 1) &&
	       back(line, &end, WRITER_KEY) && line[0] == '{';
}

bool audit_link_genuine(const struct audit_link *link, const struct audit_mac *mac,
	const char *line, bool *ret_failed)
{
	char made[AUDIT_MAC_SIZE];

	if (!audit_mac_make(mac, made, line, link->signed_length)) {
		*ret_failed = true;
		return false;
	}
	return audit_mac_same(made, link->mac);
}
