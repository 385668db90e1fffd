/*
 * sections.h - what is right and wrong about sections as
 * wholes: kinds, names, [tokenpam], what fits together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SECTIONS_H
#define CORE_SECTIONS_H

#include "generation.h"

/*
 * Checks kinds and names of all sections and keys of those that nobody else reads, and reads [tokenpam] into
 * the generation. TPAM_OK or TPAM_E_MEMORY; what is wrong is reported.
 */
int sections_check(struct generation *generation, struct tpam_report *report);

/* Reports a [tool:SERVICE/NAME] whose service does not exist. */
void section_report_service(const struct generation *generation, const struct section *section,
	struct tpam_report *report);

/* Reports services that reach a provider bound by audience where neither names one. */
void sections_check_audiences(const struct generation *generation, struct tpam_report *report);

/* Reports services in which two providers take every opaque token for theirs. */
void sections_check_opaque(const struct generation *generation, struct tpam_report *report);

#endif
