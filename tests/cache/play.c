/*
 * play.c - the provider of a case: says what the case's last lines `answer` and `recheck` say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "play.h"

#include <stdlib.h>
#include <string.h>

/* The value of "NAME=VALUE" among the words of a text; NULL. */
static const char *word_of(const char *text, const char *name, char value[256])
{
	size_t length = strlen(name);
	for (const char *at = text; at && *at; at = strchr(at, ' '), at += at != NULL) {
		if (strncmp(at, name, length) != 0 || at[length] != '=')
			continue;
		size_t size = strcspn(at + length + 1, " ");
		memcpy(value, at + length + 1, size);
		value[size] = '\0';
		return value;
	}
	return NULL;
}

static int32_t outcome_of(const char *text)
{
	char word[256];
	size_t length = strcspn(text, " ");
	memcpy(word, text, length);
	word[length] = '\0';
	return tpam_outcome_by_name(word);
}

static void set_time(const struct play *play, const struct tpam_host *host, struct tpam_call *call,
	const char *name, int32_t field)
{
	char value[256];
	if (word_of(play->answer, name, value))
		(void)host->set_number(call, field, BEGIN + strtoll(value, NULL, 10));
}

int32_t play_ask(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call)
{
	struct play *play = (struct play *)control;
	char value[256];
	int32_t outcome = outcome_of(play->answer);
	play->host = host;
	play->instance = instance;
	play->asked++;
	if (word_of(play->answer, "cache", value))
		host->cache(call, strtoll(value, NULL, 10));
	if (word_of(play->answer, "reason", value))
		host->reason(call, tpam_reason_by_name(value), "this", "that");
	if (word_of(play->answer, "retry", value))
		host->retry_after(call, strtoll(value, NULL, 10));
	if (word_of(play->answer, "nonce", value))
		(void)host->challenge(call, "Bearer", "nonce", value);
	if (outcome != TPAM_SUCCESS && outcome != TPAM_EXPIRING)
		return outcome;
	const char *audience = word_of(play->answer, "aud", value);
	(void)host->add_text(call, TPAM_FIELD_AUDIENCES, audience ? audience : "x",
		strlen(audience ? audience : "x"));
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, "somebody", 8);
	(void)host->set_text(call, TPAM_FIELD_CLAIMS, "{\"sid\":\"s1\"}", 12);
	(void)host->add_text(call, TPAM_FIELD_SCOPES, "read", 4);
	(void)host->set_text(call, TPAM_FIELD_TOKEN_ID, "t1", 2);
	set_time(play, host, call, "exp", TPAM_FIELD_EXPIRES_AT);
	set_time(play, host, call, "nbf", TPAM_FIELD_NOT_BEFORE);
	return outcome;
}

/* It sees what it said, and can say no more than whether that holds. */
int32_t play_recheck(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call)
{
	struct play *play = (struct play *)control;
	const char *subject = host->identity_text(call, TPAM_FIELD_SUBJECT, 0);
	const char *claims = host->identity_text(call, TPAM_FIELD_CLAIMS, 0);
	const char *id = host->identity_text(call, TPAM_FIELD_TOKEN_ID, 0);
	play->rechecked++;
	if (!subject || strcmp(subject, "somebody") != 0 || !claims ||
		strcmp(claims, "{\"sid\":\"s1\"}") != 0 || !id || strcmp(id, "t1") != 0)
		return TPAM_ERROR;
	if (strcmp(play->recheck, "set") == 0)
		(void)host->set_text(call, TPAM_FIELD_SUBJECT, "another", 7);
	host->cache(call, 1000000);
	if (strcmp(play->recheck, "flush") == 0)
		host->cache_flush(instance);
	int32_t outcome = outcome_of(play->recheck);
	return outcome ? outcome : TPAM_SUCCESS;
}
