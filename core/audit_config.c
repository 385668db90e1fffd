/*
 * audit_config.c - what [audit] says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_config.h"

#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "audit_folder.h"
#include "audit_line.h"
#include "audit_mac.h"
#include "memory.h"
#include "options.h"
#include "text.h"

#define QUEUE_MAX      1000000
#define QUEUE_SIZE_MIN (2 * AUDIT_LINE_MAX)
#define QUEUE_SIZE_MAX (INT64_C(1) << 30)

const char *const audit_keys[] = {"sink", "fields", "queue", "queue_size", "overflow",
	"hash_identity", "chain", "chain_key", "fingerprint_key", NULL};

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
		.fallback = standard, .values = words, .help = ""                                  \
	}

enum key { SINK, FIELDS, QUEUE, QUEUE_SIZE, OVERFLOW, HASH, CHAIN, CHAIN_KEY, MARK_KEY, KEYS };

static const struct tpam_option options[KEYS] = {
	[SINK] = OPTION("sink", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL, NULL),
	[FIELDS] = OPTION("fields", TPAM_TYPE_TEXT, TPAM_OPTION_LIST, NULL, NULL),
	[QUEUE] = OPTION("queue", TPAM_TYPE_NUMBER, 0, NULL, "8192"),
	[QUEUE_SIZE] = OPTION("queue_size", TPAM_TYPE_SIZE, 0, NULL, "16MiB"),
	[OVERFLOW] = OPTION("overflow", TPAM_TYPE_ENUM, 0, overflow_words, "drop"),
	[HASH] = OPTION("hash_identity", TPAM_TYPE_BOOL, 0, NULL, "off"),
	[CHAIN] = OPTION("chain", TPAM_TYPE_BOOL, 0, NULL, "off"),
	[CHAIN_KEY] = OPTION("chain_key", TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, NULL, NULL),
	[MARK_KEY] = OPTION("fingerprint_key", TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, NULL, NULL),
};

/* One [audit] being read. */
struct reading {
	struct audit_config *config;
	const struct section *section;
	const struct option_value *values; /* by enum key */
	bool development;
	struct tpam_report *report;
};

static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

/* ---- Where to ---- */

/* "file:PATH" with the path seen from /. A path that nobody named needs no look. */
static int take_sink(const struct reading *reading, const struct option_item *item,
	enum audit_sink_kind kind, const char *named)
{
	char *path = option_path(named, item->at);
	char *text = path ? text_format("%s:%s", audit_sink_word(kind), path) : NULL;
	int code = TPAM_OK;

	if (!text || !audit_folder_check(path, item->at, reading->development, reading->report) ||
		!list_add_new(&reading->config->sinks, text, strlen(text)))
		code = TPAM_E_MEMORY;
	free(text);
	free(path);
	return code;
}

static int take_sinks(const struct reading *reading)
{
	const struct option_value *value = &reading->values[SINK];
	char quoted[REPORT_QUOTE_SIZE];
	enum audit_sink_kind kind;
	const char *path;
	int code = TPAM_OK;

	if (value->count == 0 || value->count > AUDIT_SINKS_MAX) {
		report_error(reading->report, reading->section->at,
			"got %zu sinks of the audit, expected 1 to %d", value->count,
			AUDIT_SINKS_MAX);
		return TPAM_E_CONFIG;
	}
	for (size_t i = 0; i < value->count && code != TPAM_E_MEMORY; i++) {
		const struct option_item *item = &value->items[i];
		if (!audit_sink_read(&kind, &path, item->text)) {
			report_error(reading->report, item->at,
				"got sink %s, expected file:PATH, stderr, syslog, syslog:PATH, "
				"journald, journald:PATH or socket:PATH",
				report_quote(quoted, item->text, strlen(item->text)));
			code = TPAM_E_CONFIG;
		} else if (strchr(item->text, ':')) {
			code = worse(code, take_sink(reading, item, kind, path));
		} else if (!list_add_new(&reading->config->sinks, item->text, strlen(item->text))) {
			code = TPAM_E_MEMORY;
		}
	}
	return code;
}

/* ---- The rest ---- */

static int take_fields(const struct reading *reading)
{
	const struct option_value *value = &reading->values[FIELDS];
	char quoted[REPORT_QUOTE_SIZE];
	int code = TPAM_OK;

	reading->config->fields = value->count > 0 ? 0 : FIELDS_USUAL;
	for (size_t i = 0; i < value->count; i++) {
		const char *text = value->items[i].text;
		size_t field = 0;
		while (field < AUDIT_FIELDS && strcmp(field_words[field], text) != 0)
			field++;
		if (field < AUDIT_FIELDS) {
			reading->config->fields |= UINT32_C(1) << field;
			continue;
		}
		const char *meant = text_nearest(text, field_words);
		report_error(reading->report, value->items[i].at,
			"got field %s, expected one that tokenpam-audit(5) lists%s%s%s",
			report_quote(quoted, text, strlen(text)), meant ? "; did you mean \"" : "",
			meant ? meant : "", meant ? "\"?" : "");
		code = TPAM_E_CONFIG;
	}
	return code;
}

static int take_number(const struct reading *reading, size_t *ret, enum key key, int64_t least,
	int64_t most, const char *expected)
{
	const struct option_item *item = &reading->values[key].items[0];

	*ret = (size_t)item->number;
	if (item->number >= least && item->number <= most)
		return TPAM_OK;
	report_error(reading->report, item->at, "got %s for %s, expected %s", item->text,
		options[key].name, expected);
	return TPAM_E_CONFIG;
}

static int take_key(const struct reading *reading, char **ret, enum key key)
{
	const struct option_value *value = &reading->values[key];

	if (value->count == 0)
		return TPAM_OK;
	const char *text = value->items[0].text;
	if (strlen(text) < AUDIT_KEY_MIN) {
		report_error(reading->report, value->items[0].at,
			"got %zu bytes for %s, expected at least %d", strlen(text),
			options[key].name, AUDIT_KEY_MIN);
		return TPAM_E_CONFIG;
	}
	*ret = secret_copy(text, strlen(text));
	return *ret ? TPAM_OK : TPAM_E_MEMORY;
}

static int refuse(const struct reading *reading, enum key key, const char *text)
{
	const struct option_value *value = &reading->values[key];

	report_error(reading->report,
		value->count > 0 && !value->fallback ? value->items[0].at : reading->section->at,
		"%s", text);
	return TPAM_E_CONFIG;
}

static bool same_text(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

/* What is right by itself and wrong together. */
static int check_together(const struct reading *reading)
{
	const struct audit_config *config = reading->config;
	bool claims = (config->fields >> AUDIT_CLAIMS & 1) != 0;
	int code = TPAM_OK;

	if (config->chain && !config->chain_key)
		code = refuse(reading, CHAIN, "got chain = on without chain_key, expected both");
	if (!config->chain && config->chain_key)
		code = refuse(
			reading, CHAIN_KEY, "got chain_key without chain = on, expected both");
	if (config->chain_key && same_text(config->chain_key, config->fingerprint_key))
		code = refuse(reading, MARK_KEY,
			"got the same fingerprint_key as chain_key, expected another: who chooses "
			"a "
			"credential would choose what is signed");
	if (config->hash_identity && claims)
		code = refuse(reading, HASH,
			"got hash_identity = on and the field claims, which name people, expected "
			"one of them");
	return code;
}

static int take(const struct reading *reading)
{
	const struct option_value *values = reading->values;
	struct audit_config *config = reading->config;
	int code = take_sinks(reading);

	code = worse(code, take_fields(reading));
	code = worse(code,
		take_number(reading, &config->queue, QUEUE, 1, QUEUE_MAX, "1 to 1000000 records"));
	code = worse(code, take_number(reading, &config->queue_size, QUEUE_SIZE, QUEUE_SIZE_MIN,
				   QUEUE_SIZE_MAX, "256KiB to 1024MiB"));
	code = worse(code, take_key(reading, &config->chain_key, CHAIN_KEY));
	code = worse(code, take_key(reading, &config->fingerprint_key, MARK_KEY));
	config->block = values[OVERFLOW].items[0].number == 1;
	config->hash_identity = values[HASH].items[0].number == 1;
	config->chain = values[CHAIN].items[0].number == 1;
	return code == TPAM_OK ? check_together(reading) : code;
}

int audit_config_read(struct audit_config *ret, struct section *section, bool development,
	struct tpam_report *report)
{
	const struct option_context how = {development, report};
	struct option_value values[KEYS] = {{0}};
	const struct reading reading = {ret, section, values, development, report};
	int code = TPAM_OK;

	*ret = (struct audit_config){.queue = 1};
	for (size_t i = 0; i < KEYS; i++)
		code = worse(code, option_read(&values[i], &options[i],
					   section_get(section, options[i].name), section, &how));
	if (code == TPAM_OK)
		code = take(&reading);
	for (size_t i = 0; i < KEYS; i++)
		option_finish(&values[i]);
	return report_failed(report) ? TPAM_E_MEMORY : code;
}

void audit_config_finish(struct audit_config *config)
{
	list_finish(&config->sinks);
	secret_free(config->chain_key, config->chain_key ? strlen(config->chain_key) : 0);
	secret_free(config->fingerprint_key,
		config->fingerprint_key ? strlen(config->fingerprint_key) : 0);
}

bool audit_config_same(const struct audit_config *one, const struct audit_config *other)
{
	if (one->sinks.count != other->sinks.count || one->fields != other->fields ||
		one->queue != other->queue || one->queue_size != other->queue_size ||
		one->block != other->block || one->hash_identity != other->hash_identity ||
		one->chain != other->chain || !same_text(one->chain_key, other->chain_key) ||
		!same_text(one->fingerprint_key, other->fingerprint_key))
		return false;
	for (size_t i = 0; i < one->sinks.count; i++)
		if (strcmp(one->sinks.items[i], other->sinks.items[i]) != 0)
			return false;
	return true;
}
