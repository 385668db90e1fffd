/*
 * stage.h - what a scene of the torture works with, and what is seen of it afterwards.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_STAGE_H
#define TESTS_TORTURE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include <tokenpam/tokenpam.h>

#define SIGHT_MAX (256 * 1024)

/* What a scene made; whatever is not NULL is destroyed when it is over. */
struct stage {
	int code; /* what the call under test returned */
	struct tpam_engine *engine;
	struct tpam_report *report;
	struct tpam_request *request;
	struct tpam_result *result;
	char *text;
};

struct scene {
	const char *name;
	const char *target;        /* of the request, "service/tool" */
	const char *authorization; /* its header; NULL: none */
	const char *config;        /* file that the engine loads; NULL: "main.ini" */
	void (*prepare)(struct stage *stage, const struct scene *scene);
	void (*act)(struct stage *stage, const struct scene *scene); /* while allocations fail */
	int code;   /* what it comes to with memory */
	bool keeps; /* without memory the engine must decide as before */
};

extern const struct scene scenes[];
extern const size_t scene_count;
extern const struct scene
	first_scene; /* opens an engine whose plugins no other scene may have loaded before */

/* Writes the files that the scenes load. */
void stage_write_files(void);

/* All that can be seen of a scene that is over, as text of at most SIGHT_MAX bytes. */
void stage_look(const struct stage *stage, const struct scene *scene, char *sight);

/* What the engine of a scene decides now. */
void stage_look_at_engine(const struct stage *stage, const struct scene *scene, char *sight);
void stage_clear(struct stage *stage);

#endif
