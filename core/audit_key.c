/*
 * audit_key.c - whether records of an audit are those that were written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "audit_chain.h"
#include "engine.h"

struct tpam_audit_key {
	struct audit_mac *mac;
};

/* Takes the key over; NULL: there was no memory for it. */
static int create(struct tpam_audit_key **ret, struct audit_mac *mac)
{
	struct tpam_audit_key *key = mac ? malloc(sizeof(*key)) : NULL;

	if (!key) {
		audit_mac_destroy(mac);
		return TPAM_E_MEMORY;
	}
	key->mac = mac;
	*ret = key;
	return TPAM_OK;
}

int tpam_audit_key_create(struct tpam_audit_key **ret_key, const void *bytes, size_t length)
{
	if (length < AUDIT_KEY_MIN)
		return TPAM_E_ARGUMENT;
	return create(ret_key, audit_mac_create(bytes, length));
}

int tpam_audit_key_of(struct tpam_audit_key **ret_key, struct tpam_engine *engine)
{
	struct pin pin = engine_pin(engine);
	const struct audit_mac *rows = pin.generation->audit_facts.rows;

	int code = rows ? create(ret_key, audit_mac_copy(rows)) : TPAM_E_UNSET;
	generation_unref(pin);
	return code;
}

void tpam_audit_key_destroy(struct tpam_audit_key *key)
{
	if (key)
		audit_mac_destroy(key->mac);
	free(key);
}

int tpam_audit_check(const struct tpam_audit_key *key, const char *line, size_t length)
{
	bool failed = false;

	if (audit_chain_is_genuine(key->mac, line, length, &failed))
		return TPAM_OK;
	return failed ? TPAM_E_MEMORY : TPAM_E_ARGUMENT;
}
