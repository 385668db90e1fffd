/*
 * filed.c - identifies everybody as what a file says that it reads when it is opened; for tests of files that change.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tokenpam/provider.h>

#define FILE_MAX 4096

struct filed {
	const struct tpam_host *host;
	char *bytes;
	uint64_t length;
};

static void close_instance(void *state)
{
	struct filed *filed = state;
	filed->host->release(filed->bytes, filed->length);
	free(filed);
}

/* Where the gate is a pipe, nobody passes before it was opened from the other side, and closed. */
static void pass(const struct tpam_host *host, struct tpam_instance *instance)
{
	const char *gate = host->option_text(instance, "gate", 0);
	int file = gate ? open(gate, O_RDONLY | O_CLOEXEC) : -1;
	char byte;
	while (file >= 0 && read(file, &byte, 1) > 0)
		;
	if (file >= 0)
		close(file);
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct filed *filed = calloc(1, sizeof(*filed));
	const char *path = host->option_text(instance, "file", 0);
	int64_t own = 0;
	if (!filed)
		return TPAM_E_MEMORY;
	filed->host = host;
	(void)host->option_number(instance, "own", 0, &own);
	pass(host, instance);
	int32_t code = host->read_file(
		instance, path, own ? TPAM_FILE_OWN : 0, FILE_MAX, &filed->bytes, &filed->length);
	if (code == TPAM_OK && filed->length > 0) {
		*ret_state = filed;
		return TPAM_OK;
	}
	if (code != TPAM_E_MEMORY)
		host->problem(instance, "file", 0, path, "a file with a name in it");
	close_instance(filed);
	return code == TPAM_OK ? TPAM_E_CONFIG : code;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct filed *filed = state;
	filed->host->set_text(call, TPAM_FIELD_SUBJECT, filed->bytes, filed->length);
	return TPAM_SUCCESS;
}

static const struct tpam_option *const options[] = {
	TPAM_OPTION(TPAM_TYPE_PATH, TPAM_OPTION_REQUIRED, "file", NULL, "Who it is."),
	TPAM_OPTION(TPAM_TYPE_BOOL, 0, "own", "off", "Whether the file is the plugin's own."),
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "gate", NULL, "What is opened before anything else."), NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "filed",
	.version = "1",
	.summary = "Identifies everybody as what a file says.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY,
	.options = options,
	.open = open_instance,
	.close = close_instance,
	.authenticate = authenticate,
};

TPAM_PROVIDER(provider)
