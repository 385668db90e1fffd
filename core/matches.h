/*
 * matches.h - the files that a pattern in an include means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_MATCHES_H
#define CORE_MATCHES_H

#include <glob.h>

/*
 * The files that match `word` in the folder of `file`, in the order of their bytes whatever the locale is.
 * TPAM_OK, also where there is none, TPAM_E_SYSTEM (a folder cannot be read) or TPAM_E_MEMORY. To be given to
 * globfree() after TPAM_OK.
 */
int matches_find(glob_t *ret, const char *file, const char *word);

#endif
