/*
 * resource.h - a service as a protected resource of OAuth: its identifier, and the document that describes it (RFC 9728).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_RESOURCE_H
#define CORE_RESOURCE_H

#include <stdbool.h>

#include "report.h"
#include "scopes.h"
#include "settings.h"

struct resource {
	char *identifier;   /* NULL: the service is none */
	char *metadata_url; /* where clients find the document */
	char *document; /* JSON; NULL where it would be none: no authorization server is named */
};

/* The keys of a service that are read here. */
#define RESOURCE_KEYS                                                                              \
	"resource", "resource_name", "resource_documentation", "resource_metadata",                \
		"authorization_servers"

/* TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY; to be finished in any case. */
int resource_read(struct resource *ret, struct section *service, const struct scopes *scopes,
	bool development, struct tpam_report *report);
void resource_finish(struct resource *resource);

/*
 * Where the document of a resource is: the well-known path goes between its host and its path (RFC 9728, section 3.1).
 * NULL without memory.
 */
char *resource_metadata_url(const char *identifier);

#endif
