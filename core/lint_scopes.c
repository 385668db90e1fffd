/*
 * lint_scopes.c - implications that follow from others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "lint.h"

struct graph {
	const struct implication *list;
	size_t count;
	bool *gone; /* told of already */
	bool *seen; /* whose narrow scope was come to */
	struct linting *linting;
};

/* True if one comes from `from` to `to` by others than `but`. There are no circles. */
static bool leads(struct graph *graph, const char *from, const char *to, size_t but)
{
	for (size_t i = 0; lint_afford(graph->linting, 1) && i < graph->count; i++) {
		const struct implication *way = &graph->list[i];
		if (i == but || graph->gone[i] || graph->seen[i] || strcmp(way->broad, from) != 0)
			continue;
		graph->seen[i] = true;
		if (strcmp(way->narrow, to) == 0 || leads(graph, way->narrow, to, but))
			return true;
	}
	return false;
}

static void look(struct graph *graph)
{
	/* From the last, so that of two equal ones the later is told of. */
	for (size_t i = graph->count; i-- > 0;) {
		const struct implication *own = &graph->list[i];
		memset(graph->seen, 0, graph->count * sizeof(bool));
		graph->gone[i] = leads(graph, own->broad, own->narrow, i);
		if (graph->gone[i])
			report_warning(graph->linting->report, own->at,
				"got \"%s > %s\", which follows from other lines, expected "
				"something new",
				own->broad, own->narrow);
	}
}

void lint_scopes(struct linting *linting)
{
	const struct scopes *scopes = &linting->generation->scopes;
	struct graph graph = {.list = scopes->implications,
		.count = scopes->implication_count,
		.linting = linting};

	if (graph.count < 2)
		return;
	graph.gone = calloc(graph.count, sizeof(bool));
	graph.seen = calloc(graph.count, sizeof(bool));
	if (graph.gone && graph.seen)
		look(&graph);
	else
		linting->failed = true;
	free(graph.gone);
	free(graph.seen);
}
