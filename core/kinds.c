/*
 * kinds.c - whose kind of credential begins how, so that no other provider is shown it.
 *
 * A provider with `accept = opaque` takes whatever it cannot recognise. What another provider of the same rules can is
 * not its business, in whatever order they stand, and whatever that other one made of it: a token that is refused by
 * whom it belongs to would else be sent to somebody else's endpoint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kinds.h"

#include <string.h>

#include "host.h"

#define PREFIX_MAX 128

bool kinds_read(struct tpam_instance *instance)
{
	static const char word[] = "prefix:";
	size_t length = sizeof(word) - 1;

	for (size_t i = 0; i < instance->option_count; i++) {
		const struct option_value *value = &instance->options[i];
		for (size_t j = 0; strcmp(value->option->name, "accept") == 0 && j < value->count;
			j++) {
			const char *text = value->items[j].text;
			if (strcmp(text, "opaque") == 0)
				instance->takes_opaque = true;
			else if (strncmp(text, word, length) == 0 && text[length] &&
				 !list_add_new(
					 &instance->prefixes, text + length, strlen(text + length)))
				return false;
		}
	}
	return true;
}

int32_t host_own_prefix(struct tpam_instance *instance, const char *prefix)
{
	size_t length = strlen(prefix);

	if (!instance->report || length == 0 || length > PREFIX_MAX)
		return TPAM_E_ARGUMENT;
	return list_add_new(&instance->prefixes, prefix, length) ? TPAM_OK : TPAM_E_MEMORY;
}

static bool owns(const struct tpam_instance *instance, const char *credential, size_t length)
{
	for (size_t i = 0; i < instance->prefixes.count; i++) {
		const char *prefix = instance->prefixes.items[i];
		size_t size = strlen(prefix);
		if (size <= length && memcmp(credential, prefix, size) == 0)
			return true;
	}
	return false;
}

const struct tpam_instance *kinds_owner(const struct program *program,
	const struct tpam_instance *instance, const char *credential, size_t length)
{
	if (!instance->takes_opaque || owns(instance, credential, length))
		return NULL;
	for (size_t i = 0; i < program->count; i++) {
		const struct tpam_instance *other = program->rules[i].instance;
		if (other && other != instance && owns(other, credential, length))
			return other;
	}
	return NULL;
}
