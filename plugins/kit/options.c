/*
 * options.c - what options of an instance say, for all who read them alike.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

const char **tpam_option_texts(const struct tpam_host *host, const struct tpam_instance *instance,
	const char *const *options)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; options[i]; i++)
		count += host->option_count(instance, options[i]);
	const char **texts = calloc(count + 1, sizeof(char *));
	for (size_t i = 0; texts && options[i]; i++)
		for (uint32_t j = 0; j < host->option_count(instance, options[i]); j++)
			texts[at++] = host->option_text(instance, options[i], j);
	return texts;
}

int tpam_option_seconds(int64_t *ret, const struct tpam_host *host, struct tpam_instance *instance,
	const char *option)
{
	int64_t milliseconds = 0;

	*ret = 0;
	if (host->option_number(instance, option, 0, &milliseconds) != TPAM_OK)
		return TPAM_OK;
	*ret = milliseconds / 1000;
	if (milliseconds == 0 || *ret > 0)
		return TPAM_OK;
	host->problem(
		instance, option, 0, host->option_text(instance, option, 0), "0s, or at least 1s");
	return TPAM_E_CONFIG;
}
