/*
 * http_open.c - a client from the options of a provider's section.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "http_client.h"
#include "memory.h"

#define FILE_MAX (UINT64_C(1024) * 1024)

/*
 * The files that options name, and the options that a fault of tpam_http_create() is put down to.
 */
enum file { FILE_CA, FILE_CERTIFICATE, FILE_KEY, FILES };

static const struct {
	const char *option;
	uint32_t flags;
} files[FILES] = {
	[FILE_CA] = {"ca_file", 0},
	[FILE_CERTIFICATE] = {"tls_certificate", 0},
	[FILE_KEY] = {"tls_key", TPAM_FILE_SECRET},
};

struct opening {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	char *texts[FILES];
	uint64_t lengths[FILES];
};

static const char *option(const struct opening *opening, const char *name)
{
	return opening->host->option_text(opening->instance, name, 0);
}

static int read_file(struct opening *opening, enum file file)
{
	const char *path = option(opening, files[file].option);

	if (!path)
		return TPAM_OK;
	int code = opening->host->read_file(opening->instance, path, files[file].flags, FILE_MAX,
		&opening->texts[file], &opening->lengths[file]);
	if (code == TPAM_OK && strlen(opening->texts[file]) != opening->lengths[file])
		code = TPAM_E_CONFIG;
	if (code != TPAM_OK && code != TPAM_E_MEMORY)
		opening->host->problem(opening->instance, files[file].option, 0, path,
			"a PEM file of at most 1 MiB that can be read, and by nobody else that "
			"should "
			"not");
	return code;
}

static int64_t duration(const struct opening *opening, const char *name)
{
	int64_t number = 0;

	if (opening->host->option_number(opening->instance, name, 0, &number) != TPAM_OK)
		return 0;
	return number;
}

/* The option that is to blame, told by what is set. */
static const char *blame(const struct tpam_http_options *options)
{
	struct tpam_fault fault;
	struct tpam_http *http = NULL;
	struct tpam_http_options part = *options;

	part.proxy = part.proxy_credentials = NULL;
	if (tpam_http_create(&http, &part, &fault) == TPAM_OK) {
		tpam_http_unref(http);
		return options->proxy ? "proxy" : "proxy_credentials";
	}
	part.certificate = part.key = NULL;
	if (tpam_http_create(&http, &part, &fault) == TPAM_OK) {
		tpam_http_unref(http);
		return options->certificate ? "tls_certificate" : "tls_key";
	}
	part.ca = NULL;
	if (tpam_http_create(&http, &part, &fault) == TPAM_OK) {
		tpam_http_unref(http);
		return "ca_file";
	}
	return "timeout";
}

static int create(struct tpam_http **ret, const struct opening *opening, uint32_t flags)
{
	struct tpam_fault fault;
	const struct tpam_http_options options = {
		.ca = opening->texts[FILE_CA],
		.certificate = opening->texts[FILE_CERTIFICATE],
		.key = opening->texts[FILE_KEY],
		.proxy = option(opening, "proxy"),
		.proxy_credentials = option(opening, "proxy_credentials"),
		.connect_timeout = duration(opening, "connect_timeout"),
		.timeout = duration(opening, "timeout"),
		.flags = flags,
	};

	int code = tpam_http_create(ret, &options, &fault);
	if (code == TPAM_E_CONFIG)
		opening->host->problem(
			opening->instance, blame(&options), 0, fault.got, fault.expected);
	return code;
}

int tpam_http_open(struct tpam_http **ret, const struct tpam_host *host,
	struct tpam_instance *instance, uint32_t flags)
{
	struct opening opening = {.host = host, .instance = instance};
	int code = TPAM_OK;

	for (int i = 0; code == TPAM_OK && i < FILES; i++)
		code = read_file(&opening, (enum file)i);
	if (code == TPAM_OK)
		code = create(ret, &opening, flags);
	for (int i = 0; i < FILES; i++)
		if (opening.texts[i])
			host->release(opening.texts[i], opening.lengths[i]);
	return code;
}
