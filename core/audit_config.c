/*
 * audit_config.c - what [audit] says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_config.h"

#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "audit_chain.h"
#include "memory.h"
#include "options.h"

#define QUEUE_MAX 1000000

const char *const audit_keys[] = {"sink", "fields", "queue", "overflow", "hash_identity", "chain",
	"chain_key", "fingerprint_key", NULL};

static const char *const field_words[AUDIT_FIELDS + 1] = {
	[AUDIT_REQUEST_ID] = "request_id",
	[AUDIT_SERVICE] = "service",
	[AUDIT_TOOL] = "tool",
	[AUDIT_TAGS] = "tags",
	[AUDIT_PROVIDER] = "provider",
	[AUDIT_IDENTITY] = "identity",
	[AUDIT_EMAIL] = "email",
	[AUDIT_CLIENT] = "client",
	[AUDIT_TENANT] = "tenant",
	[AUDIT_ROLES] = "roles",
	[AUDIT_GROUPS] = "groups",
	[AUDIT_STATUS] = "status",
	[AUDIT_REASON] = "reason",
	[AUDIT_RULE] = "rule",
	[AUDIT_EXPECTED] = "expected",
	[AUDIT_GOT] = "got",
	[AUDIT_NEEDED] = "needed",
	[AUDIT_GRANTED] = "granted",
	[AUDIT_MISSING] = "missing",
	[AUDIT_TOKEN_SCOPES] = "token_scopes",
	[AUDIT_CACHED] = "cached",
	[AUDIT_LATENCY] = "latency",
	[AUDIT_ADDRESS] = "address",
	[AUDIT_CREDENTIAL] = "credential",
	[AUDIT_CLAIMS] = "claims",
};

/* Claims are whatever an issuer knows of somebody: they are written where somebody asks for them. */
#define FIELDS_USUAL ((UINT32_C(1) << AUDIT_CLAIMS) - 1)

static const char *const overflow_words[] = {"drop", "block", NULL};

#define OPTION(key, kind, bits, words, standard)                                                   \
	{                                                                                          \
		.size = sizeof(struct tpam_option), .type = kind, .flags = bits, .name = key,      \
		.fallback = standard, .values = words                                              \
	}

enum key { SINK, FIELDS, QUEUE, OVERFLOW, HASH, CHAIN, CHAIN_KEY, FINGERPRINT_KEY, KEYS };

static const struct tpam_option options[KEYS] = {
	[SINK] =
		OPTION("sink", TPAM_TYPE_TEXT, TPAM_OPTION_LIST | TPAM_OPTION_REQUIRED, NULL, NULL),
	[FIELDS] = OPTION("fields", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL, NULL),
	[QUEUE] = OPTION("queue", TPAM_TYPE_NUMBER, 0, NULL, "8192"),
	[OVERFLOW] = OPTION("overflow", TPAM_TYPE_ENUM, 0, overflow_words, "drop"),
	[HASH] = OPTION("hash_identity", TPAM_TYPE_BOOL, 0, NULL, "off"),
	[CHAIN] = OPTION("chain", TPAM_TYPE_BOOL, 0, NULL, "off"),
	[CHAIN_KEY] = OPTION("chain_key", TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, NULL, NULL),
	[FINGERPRINT_KEY] =
		OPTION("fingerprint_key", TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, NULL, NULL),
};

static int take_sinks(
	struct audit_config *config, const struct option_value *value, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];
	enum audit_sink_kind kind;
	const char *path;

	for (size_t i = 0; i < value->count; i++) {
		const struct option_item *item = &value->items[i];
		if (!audit_sink_read(&kind, &path, item->text) ||
			config->sinks.count >= AUDIT_SINKS_MAX) {
			report_error(report, item->at,
				"got sink %s, expected file:PATH, stderr, syslog, journald or "
				"socket:PATH, at most %d",
				report_quote(quoted, item->text, strlen(item->text)),
				AUDIT_SINKS_MAX);
			return TPAM_E_CONFIG;
		}
		if (path && *path && *path != '/') {
			report_error(report, item->at,
				"got path %s, expected one that begins with /",
				report_quote(quoted, path, strlen(path)));
			return TPAM_E_CONFIG;
		}
		if (!list_add_new(&config->sinks, item->text, strlen(item->text)))
			return TPAM_E_MEMORY;
	}
	return TPAM_OK;
}

static int take_fields(
	struct audit_config *config, const struct option_value *value, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];

	config->fields = value->count > 0 ? 0 : FIELDS_USUAL;
	for (size_t i = 0; i < value->count; i++) {
		const char *text = value->items[i].text;
		size_t field = 0;
		while (field < AUDIT_FIELDS && strcmp(field_words[field], text) != 0)
			field++;
		if (field == AUDIT_FIELDS) {
			report_error(report, value->items[i].at,
				"got field %s, expected one that tokenpam-audit(5) lists",
				report_quote(quoted, text, strlen(text)));
			return TPAM_E_CONFIG;
		}
		config->fields |= UINT32_C(1) << field;
	}
	return TPAM_OK;
}

static int take_queue(
	struct audit_config *config, const struct option_value *value, struct tpam_report *report)
{
	config->queue = (size_t)value->items[0].number;
	if (value->items[0].number >= 1 && value->items[0].number <= QUEUE_MAX)
		return TPAM_OK;
	report_error(report, value->items[0].at, "got %s records, expected 1 to %d",
		value->items[0].text, QUEUE_MAX);
	return TPAM_E_CONFIG;
}

static int take_key(char **ret, const struct option_value *value, struct tpam_report *report)
{
	if (value->count == 0)
		return TPAM_OK;
	const char *text = value->items[0].text;
	if (strlen(text) < AUDIT_KEY_MIN) {
		report_error(report, value->items[0].at,
			"got a key of %zu bytes, expected at least %d", strlen(text),
			AUDIT_KEY_MIN);
		return TPAM_E_CONFIG;
	}
	*ret = text_copy(text, strlen(text));
	return *ret ? TPAM_OK : TPAM_E_MEMORY;
}

/* One who has the key can write what he likes, so that there is none without it being said. */
static int check_chain(const struct audit_config *config, const struct option_value values[KEYS],
	const struct section *section, struct tpam_report *report)
{
	if (config->chain && !config->chain_key) {
		report_error(
			report, section->at, "got chain = on without chain_key, expected both");
		return TPAM_E_CONFIG;
	}
	if (!config->chain && config->chain_key) {
		report_error(report, values[CHAIN_KEY].items[0].at,
			"got chain_key without chain = on, expected both");
		return TPAM_E_CONFIG;
	}
	return TPAM_OK;
}

static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

static int take(struct audit_config *ret, const struct option_value values[KEYS],
	const struct section *section, struct tpam_report *report)
{
	int code = take_sinks(ret, &values[SINK], report);

	code = worse(code, take_fields(ret, &values[FIELDS], report));
	code = worse(code, take_queue(ret, &values[QUEUE], report));
	code = worse(code, take_key(&ret->chain_key, &values[CHAIN_KEY], report));
	code = worse(code, take_key(&ret->fingerprint_key, &values[FINGERPRINT_KEY], report));
	ret->block = values[OVERFLOW].items[0].number == 1;
	ret->hash_identity = values[HASH].items[0].number == 1;
	ret->chain = values[CHAIN].items[0].number == 1;
	return code == TPAM_OK ? check_chain(ret, values, section, report) : code;
}

int audit_config_read(struct audit_config *ret, struct section *section, bool development,
	struct tpam_report *report)
{
	const struct option_context how = {development, report};
	struct option_value values[KEYS] = {{0}};
	int code = TPAM_OK;

	*ret = (struct audit_config){.queue = 1};
	for (size_t i = 0; i < KEYS; i++)
		code = worse(code, option_read(&values[i], &options[i],
					   section_get(section, options[i].name), section, &how));
	if (code == TPAM_OK)
		code = take(ret, values, section, report);
	for (size_t i = 0; i < KEYS; i++)
		option_finish(&values[i]);
	return code;
}

void audit_config_finish(struct audit_config *config)
{
	list_finish(&config->sinks);
	secret_free(config->chain_key, config->chain_key ? strlen(config->chain_key) : 0);
	secret_free(config->fingerprint_key,
		config->fingerprint_key ? strlen(config->fingerprint_key) : 0);
}

static bool same_text(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

bool audit_config_same(const struct audit_config *one, const struct audit_config *other)
{
	if (one->sinks.count != other->sinks.count || one->fields != other->fields ||
		one->queue != other->queue || one->block != other->block ||
		one->hash_identity != other->hash_identity || one->chain != other->chain ||
		!same_text(one->chain_key, other->chain_key) ||
		!same_text(one->fingerprint_key, other->fingerprint_key))
		return false;
	for (size_t i = 0; i < one->sinks.count; i++)
		if (strcmp(one->sinks.items[i], other->sinks.items[i]) != 0)
			return false;
	return true;
}
