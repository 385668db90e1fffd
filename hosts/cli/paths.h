/*
 * paths.h - where configurations and plugins are: installed, or in the tree that the program was built in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

struct paths {
	char *conf;    /* folder of the environments; NULL: the library's */
	char *plugins; /* folder of the plugins; NULL: the library's */
};

/* Looks where the running program lies. EXIT_ACCEPTED, or EXIT_MISUSED without memory. */
int paths_init(struct paths *paths);
void paths_finish(struct paths *paths);

/*
 * The file of an environment; NULL: that of $TOKENPAM_ENV, else of production. To be freed. EXIT_ACCEPTED, or
 * EXIT_MISUSED after a message.
 */
int paths_environment(const struct paths *paths, const char *name, char **ret_path);

#endif
