/*
 * descriptor.c - checks that a plugin's descriptor keeps the contract of provider.h.
 *
 * What a plugin of a newer header says beyond what is known here is let pass where ignoring it cannot accept
 * anyone: unknown bits of flags, groups, outcomes and inputs. An unknown role, binding or option type, and a
 * needed input that does not exist here, is refused from any plugin.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <string.h>

#include "descriptor.h"
#include "instance.h"
#include "memory.h"
#include "plugin.h"
#include "plugin_path.h"
#include "text.h"

#define SIZE_FIRST     136 /* of version 1; the structure may have grown since */
#define TEXT_MAXIMUM   1024
#define GROUPS_KNOWN   (TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION | TPAM_LOGIN)
#define FLAGS_KNOWN    (TPAM_CONCURRENT | TPAM_BLOCKING | TPAM_TEST_ONLY | TPAM_TOKEN_SCOPES_DROP)
#define OUTCOMES_KNOWN ((UINT32_C(1) << TPAM_OUTCOME_LIMIT) - 2)
#define INPUTS_KNOWN   ((TPAM_INPUT(HOST_POINTER) << 1) - 2)

void check_fault(struct check *check, const char *format, ...)
{
	char quote[PATH_QUOTE_SIZE];
	struct buffer text = BUFFER(2048);
	va_list list;
	va_start(list, format);
	buffer_vformat(&text, format, list);
	va_end(list);
	report_error(check->report, check->at, "plugin %s: %s", path_quote(quote, check->path),
		text.failed || !text.data ? "its descriptor breaks the contract" : text.data);
	buffer_finish(&text);
	check->failed = true;
}

static void require(struct check *check, bool condition, const char *member, const char *expected)
{
	if (!condition)
		check_fault(check, "got a descriptor whose member %s does not do, expected %s",
			member, expected);
}

bool check_size(uint32_t size, uint32_t first)
{
	return size >= first && size <= DESCRIPTOR_SIZE_MAX && size % 8 == 0;
}

bool check_bits(const struct check *check, uint64_t bits, uint64_t known)
{
	return (bits & ~known) == 0 || check->provider->abi > TPAM_ABI;
}

bool check_line(const char *text)
{
	if (!text)
		return false;
	size_t length = strnlen(text, TEXT_MAXIMUM + 1);
	return length > 0 && length <= TEXT_MAXIMUM && text_check(text, length, false) == length;
}

size_t check_count(const char *const *words, size_t maximum)
{
	size_t count = 0;
	while (words && count <= maximum && words[count])
		count++;
	return count;
}

/* [a-z][a-z0-9_-]*, at most 40 bytes. */
static bool plugin_name_is_fine(const char *name)
{
	return check_line(name) && strlen(name) <= 40 && name[0] >= 'a' && name[0] <= 'z' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static void check_texts(struct check *check)
{
	const struct tpam_provider *provider = check->provider;
	require(check, plugin_name_is_fine(provider->name), "name",
		"[a-z][a-z0-9_-]*, at most 40 bytes");
	require(check, check_line(provider->version), "version", "a line of text");
	require(check, check_line(provider->summary), "summary", "a line of text");
}

static void check_numbers(struct check *check)
{
	const struct tpam_provider *provider = check->provider;
	bool newer = provider->abi > TPAM_ABI;
	require(check, provider->abi >= 1, "abi", "TPAM_ABI of provider.h");
	require(check, provider->role >= TPAM_ROLE_IDENTITY && provider->role <= TPAM_ROLE_UTILITY,
		"role", "a role of enum tpam_role");
	require(check, provider->binding <= TPAM_BINDING_CLIENT, "binding",
		"a binding of enum tpam_binding");
	require(check,
		provider->binding == TPAM_BINDING_NONE || provider->role == TPAM_ROLE_IDENTITY,
		"binding", "none, since only role identity recognises credentials");
	require(check, check_bits(check, provider->flags, FLAGS_KNOWN), "flags",
		"bits of enum tpam_provider_flag");
	require(check,
		!(provider->flags & TPAM_TOKEN_SCOPES_DROP) || provider->role == TPAM_ROLE_IDENTITY,
		"flags", "no TPAM_TOKEN_SCOPES_DROP, since only role identity gives scopes");
	require(check, check_bits(check, provider->outcomes, OUTCOMES_KNOWN), "outcomes",
		"TPAM_MAY() of known outcomes, or 0");
	require(check, provider->reserved == 0 || newer, "reserved", "0");
}

static void check_inputs(struct check *check)
{
	const struct tpam_provider *provider = check->provider;
	require(check, check_bits(check, provider->inputs, INPUTS_KNOWN), "inputs",
		"TPAM_INPUT() of known items");
	require(check, (provider->inputs_needed & ~provider->inputs) == 0, "inputs_needed",
		"items that inputs has, too");
	require(check, (provider->inputs_needed & ~INPUTS_KNOWN) == 0, "inputs_needed",
		"items that this loader can give");
}

struct served {
	uint32_t group;
	const char *name;
	bool present;
};

static void check_groups(struct check *check)
{
	const struct tpam_provider *provider = check->provider;
	const struct served served[] = {
		{TPAM_AUTH, "authenticate", provider->authenticate != NULL},
		{TPAM_ACCOUNT, "account", provider->account != NULL},
		{TPAM_SESSION, "session", provider->session != NULL},
	};
	require(check, provider->groups != 0 && check_bits(check, provider->groups, GROUPS_KNOWN),
		"groups", "bits of enum tpam_group, at least one");
	require(check, !(provider->groups & TPAM_LOGIN), "groups",
		"none but auth, account and session: login is not served by this loader");
	for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
		if (served[i].present == ((provider->groups & served[i].group) != 0))
			continue;
		check_fault(check,
			"got a descriptor %s function %s, expected one for each group it serves "
			"and no other",
			served[i].present ? "with a" : "without a", served[i].name);
	}
	require(check, provider->open != NULL, "open", "a function");
	require(check, !provider->recheck || provider->authenticate, "recheck",
		"NULL where authenticate is");
}

static void check_credentials(struct check *check)
{
	const struct tpam_provider *provider = check->provider;
	bool takes = (provider->inputs & TPAM_INPUT(CREDENTIAL)) != 0;
	size_t count = check_count(provider->credentials, DESCRIPTOR_WORDS_MAX);
	require(check, takes == (count > 0), "credentials",
		"at least one place if inputs has the credential, else none");
	require(check, count <= DESCRIPTOR_WORDS_MAX, "credentials",
		"at most 64 places, then NULL");
	require(check, takes || !(provider->inputs & TPAM_INPUT(BASIC_USER)), "inputs",
		"the credential, too, where the user of Basic is read");
	for (size_t i = 0; i < count && i < DESCRIPTOR_WORDS_MAX; i++) {
		enum credential_place place;
		const char *name;
		require(check,
			check_line(provider->credentials[i]) &&
				credential_place_read(&place, &name, provider->credentials[i]),
			"credentials", "\"bearer\", \"basic\", \"header:NAME\" or \"cookie:NAME\"");
	}
}

static void check_all(struct check *check)
{
	if (!check->provider) {
		check_fault(check, "got NULL from %s, expected a descriptor", TPAM_PROVIDER_ENTRY);
		return;
	}
	if (!check_size(check->provider->size, SIZE_FIRST)) {
		check_fault(check,
			"got a descriptor of size %u, expected %d to %d and a multiple of 8",
			check->provider->size, SIZE_FIRST, DESCRIPTOR_SIZE_MAX);
		return;
	}
	check_texts(check);
	check_numbers(check);
	check_inputs(check);
	check_groups(check);
	check_credentials(check);
	check_options(check);
}

int descriptor_check(const struct tpam_provider *provider, const char *path, struct place at,
	struct tpam_report *report)
{
	struct check check = {.provider = provider, .path = path, .at = at, .report = report};
	check_all(&check);
	if (check.no_memory || report_failed(report))
		return TPAM_E_MEMORY;
	return check.failed ? TPAM_E_CONFIG : TPAM_OK;
}

const struct tpam_option *descriptor_option(const struct tpam_provider *provider, const char *name)
{
	for (size_t i = 0; provider->options && provider->options[i]; i++)
		if (strcmp(provider->options[i]->name, name) == 0)
			return provider->options[i];
	return NULL;
}
