/*
 * actors.c - providers that use all that the host table offers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "actors.h"

#include <stdlib.h>
#include <string.h>

#define LONG_TEXT "text that makes the buffers of a parser grow more than once \xC3\xBC "

typedef const struct tpam_host table;

static void set(table *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->set_text(call, field, text, strlen(text));
}

static void add(table *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->add_text(call, field, text, strlen(text));
}

static int32_t accept(struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	static const char owner;
	void **slot = host->slot(call, &owner, name, free);
	char *secret = host->allocate(16);
	(void)puppet;
	if (slot && !*slot)
		*slot = malloc(16);
	host->release(secret, 16);
	set(host, call, TPAM_FIELD_SUBJECT, "replaced");
	set(host, call, TPAM_FIELD_SUBJECT, "everybody");
	set(host, call, TPAM_FIELD_NAME, "J\xC3\xBCrgen");
	set(host, call, TPAM_FIELD_CLAIMS, "{\"replaced\":true}");
	set(host, call, TPAM_FIELD_CLAIMS,
		"{\"a\":{\"b\":[1,2.5,\"y\"]},\"a_name_of_more_than_thirty_two_bytes_x\":null,"
		"\"text\":\"" LONG_TEXT LONG_TEXT LONG_TEXT "\\u00fc\",\"n\":1234567890123456}");
	for (const char *c = "abcdef"; *c; c++) {
		const char scope[] = {*c, '\0'};
		add(host, call, TPAM_FIELD_SCOPES, scope);
	}
	add(host, call, TPAM_FIELD_SCOPES, "read");
	add(host, call, TPAM_FIELD_ROLES, "r1");
	add(host, call, TPAM_FIELD_ROLES, "r1");
	add(host, call, TPAM_FIELD_AUDIENCES, "https://a.example");
	(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, 4102444800);
	for (int i = 0; i < 6; i++)
		host->trace(call, "a note\nof two lines");
	return TPAM_SUCCESS;
}

static int32_t refuse(struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	(void)puppet;
	set(host, call, TPAM_FIELD_SUBJECT, name);
	host->reason(call, TPAM_REASON_PROOF_REQUIRED, "replaced", NULL);
	host->reason(call, TPAM_REASON_PROOF_REQUIRED, "a proof", "none");
	(void)host->challenge(call, "DPoP", "nonce", "a\"b\\c");
	(void)host->challenge(call, "DPoP", "algs", "ES256");
	(void)host->challenge(call, "Bearer", "acr_values", "gold");
	host->retry_after(call, 7);
	return TPAM_STEP_UP;
}

static int32_t look(struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	const char *subject = host->identity_text(call, TPAM_FIELD_SUBJECT, 0);
	(void)puppet;
	host->trace(call, subject ? subject : name);
	return subject ? TPAM_SUCCESS : TPAM_ERROR;
}

struct puppet actor_accepts = {.auth = accept, .account = look, .session = look};
struct puppet actor_refuses = {.auth = refuse};
