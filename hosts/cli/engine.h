/*
 * engine.h - opening an engine as the command line says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_ENGINE_H
#define CLI_ENGINE_H

#include <jansson.h>

#include <tokenpam/tokenpam.h>

#include "options.h"

/* The file that -c, -e or the environment name. To be freed. EXIT_ACCEPTED, or the exit code after a message. */
int engine_config(const struct options *options, char **ret_path);

/* Prints findings, one line each, with or without warnings. EXIT_ACCEPTED, or EXIT_MISUSED without memory. */
int engine_findings(const struct tpam_report *report, FILE *file, bool warnings);

/*
 * Loads a file. Findings go to `findings`, one line each: errors always, warnings if the caller wants them or with
 * --verbose. EXIT_ACCEPTED, or the exit code after a message.
 */
int engine_load(const struct options *options, const char *config, FILE *findings,
	struct tpam_engine **ret_engine);

/* engine_config() and engine_load() with the errors on standard error. */
int engine_start(const struct options *options, struct tpam_engine **ret_engine);

/* The same with a clock of its own. */
int engine_start_at(
	const struct options *options, tpam_clock_fn *clock, struct tpam_engine **ret_engine);

/*
 * What the engine says of a service, or with NULL of the configuration. EXIT_ACCEPTED, EXIT_REFUSED if there is no
 * such service (without a message), or EXIT_MISUSED after a message.
 */
int engine_describe(struct tpam_engine *engine, const char *service, json_t **ret_json);

/* What it says of a key in the sections of a service, or of the hub; NULL: nothing. */
const char *engine_setting(const json_t *description, const char *key);

/* Complains about a service that is not configured, with the name that was probably meant. */
int engine_no_service(struct tpam_engine *engine, const char *service);

/* The plugin folders that the command line or the build tree names, NULL for the library's. To be freed. */
int engine_plugin_path(const struct options *options, char **ret_path);

#endif
