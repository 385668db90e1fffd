/*
 * host.c - the smallest host: it opens the environment that is configured.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include <tokenpam/tokenpam.h>

int main(void)
{
	struct tpam_engine *engine = NULL;
	struct tpam_engine_options options = {
		.size = sizeof(options), .config = "/etc/tokenpam/production.ini"};

	if (tpam_engine_open(&engine, &options, NULL) != TPAM_OK)
		return 1;
	printf("tokenpam %s\n", tpam_version());
	tpam_engine_close(engine);
	return 0;
}
