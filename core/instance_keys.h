/*
 * instance_keys.h - the keys that every [provider:NAME] section has, whatever its plugin.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_INSTANCE_KEYS_H
#define CORE_INSTANCE_KEYS_H

#include "instance.h"

extern const struct tpam_option key_plugin;

/*
 * Reads credential, link, leeway, anonymous, token_scopes, grant, the guards, the times of the cache and audience, refuses those that the plugin has no
 * use for, and reports keys that nobody knows. TPAM_OK, TPAM_E_CONFIG or TPAM_E_MEMORY.
 */
int instance_keys_read(struct tpam_instance *instance, struct section *section,
	const struct instance_context *context);

#endif
