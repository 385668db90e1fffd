/*
 * example.c - a host: three tools over HTTP, open to whom the configuration lets in.
 *
 * What makes a program a host of tokenpam is in this file: a request is described, one call decides, and the result
 * becomes the answer. Whose token it is, and what that person may do, is no business of the program. answer.c writes the
 * answers; server.c has the rest, command line, socket and signals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <jansson.h>

#include "answer.h"

#define SERVICE  "notes" /* the name of the section [service:notes] */
#define PREFIX   "/tools/"
#define PATIENCE INT64_C(10000000000) /* nanoseconds that a client is kept waiting for a decision */

static const char *const tools[] = {"read_note", "write_note", "delete_note"};

/* ---- The request ---- */

static void set(struct exchange *exchange, enum tpam_item item, const char *text)
{
	if (exchange->code == TPAM_OK)
		exchange->code = tpam_request_set(exchange->request, item, text, strlen(text));
}

/*
 * Every header goes to the library, not Authorization alone: which of them count is up to the configuration. A value that ends
 * before its length does would be another one for us than for the next reader.
 */
static enum MHD_Result add_header(void *data, enum MHD_ValueKind kind, const char *name,
	size_t name_length, const char *value, size_t value_length)
{
	struct exchange *exchange = data;

	(void)kind;
	if (!value)
		value = "";
	if (strlen(name) != name_length || strlen(value) != value_length)
		exchange->code = TPAM_E_ARGUMENT;
	if (exchange->code == TPAM_OK)
		exchange->code = tpam_request_add_header(exchange->request, name, value);
	return exchange->code == TPAM_OK ? MHD_YES : MHD_NO;
}

static void set_peer(struct exchange *exchange)
{
	char address[NI_MAXHOST];
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	/* Without an address a rule that needs one refuses; the others go on. */
	if (info && getnameinfo(info->client_addr, sizeof(struct sockaddr_in), address,
			    sizeof(address), NULL, 0, NI_NUMERICHOST) == 0)
		set(exchange, TPAM_ITEM_PEER_ADDRESS, address);
}

static void set_url(struct exchange *exchange)
{
	char url[256];

	(void)snprintf(url, sizeof(url), "%s" PREFIX "%s", exchange->server->base, exchange->tool);
	set(exchange, TPAM_ITEM_URL, url);
}

static int64_t monotonic(void)
{
	struct timespec now;

	return clock_gettime(CLOCK_MONOTONIC, &now) == 0
		       ? now.tv_sec * INT64_C(1000000000) + now.tv_nsec
		       : 0;
}

/* Whatever is known goes in; what is left out can only lead to a refusal. */
static int fill(struct exchange *exchange)
{
	set(exchange, TPAM_ITEM_SERVICE, SERVICE);
	set(exchange, TPAM_ITEM_TOOL, exchange->tool);
	set(exchange, TPAM_ITEM_REQUEST_ID, exchange->id);
	set(exchange, TPAM_ITEM_METHOD, "GET");
	set_url(exchange);
	set_peer(exchange);
	(void)MHD_get_connection_values_n(
		exchange->connection, MHD_HEADER_KIND, add_header, exchange);
	tpam_request_set_deadline(exchange->request, monotonic() + PATIENCE);
	return exchange->code;
}

/* ---- The tools ---- */

static json_t *scopes_of(const struct tpam_result *result)
{
	json_t *scopes = json_array();
	const char *scope;

	for (size_t i = 0; (scope = tpam_result_scope(result, i)); i++) {
		if (json_array_append_new(scopes, json_string(scope)) != 0) {
			json_decref(scopes);
			return NULL;
		}
	}
	return scopes;
}

/* Here a real host would do what the tool is for. */
static enum MHD_Result serve(const struct exchange *exchange, const struct tpam_result *result)
{
	return answer(exchange, MHD_HTTP_OK,
		json_pack("{s:s, s:s, s:s?, s:o, s:s}", "tool", exchange->tool, "who",
			tpam_result_id(result), "tenant", tpam_result_tenant(result), "scopes",
			scopes_of(result), "request_id", exchange->id),
		result);
}

/* ---- In between ---- */

/* tpam_result_accepted() is the one question that lets somebody in. Without a result nobody is. */
static enum MHD_Result decide(const struct exchange *exchange)
{
	struct tpam_result *result = NULL;
	enum MHD_Result sent;

	int code = tpam_authenticate(exchange->server->engine, exchange->request, &result);
	if (code != TPAM_OK)
		return refuse(exchange, MHD_HTTP_INTERNAL_SERVER_ERROR,
			"Something went wrong here.", NULL);
	if (tpam_result_accepted(result))
		sent = serve(exchange, result);
	else
		sent = refuse(
			exchange, tpam_result_status(result), tpam_result_message(result), result);
	tpam_result_unref(result);
	return sent;
}

static enum MHD_Result authenticate(struct exchange *exchange)
{
	enum MHD_Result sent;

	exchange->request = tpam_request_create();
	int code = exchange->request ? fill(exchange) : TPAM_E_MEMORY;
	if (code == TPAM_OK)
		sent = decide(exchange);
	else if (code == TPAM_E_ARGUMENT || code == TPAM_E_LIMIT)
		sent = refuse(exchange, MHD_HTTP_BAD_REQUEST, "The headers are malformed.", NULL);
	else
		sent = refuse(exchange, MHD_HTTP_INTERNAL_SERVER_ERROR,
			"Something went wrong here.", NULL);
	tpam_request_destroy(exchange->request);
	return sent;
}

/* A name of our own for the request, so that answers without a result have one, too. The client's would not be unique. */
static bool make_id(char id[ID_SIZE])
{
	unsigned char bytes[(ID_SIZE - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(id + 2 * i, 3, "%02x", (unsigned int)bytes[i]);
	return true;
}

static const char *find_tool(const char *path)
{
	if (strncmp(path, PREFIX, strlen(PREFIX)) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (strcmp(path + strlen(PREFIX), tools[i]) == 0)
			return tools[i];
	return NULL;
}

enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **state)
{
	struct exchange exchange = {
		.server = data, .connection = connection, .tool = find_tool(path)};

	(void)version;
	(void)upload;
	if (!make_id(exchange.id))
		return MHD_NO;
	if (!exchange.tool)
		return refuse(&exchange, MHD_HTTP_NOT_FOUND, "There is no such tool.", NULL);
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return refuse(&exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "Use GET.", NULL);
	/* Called again when the request is whole: answered then, the connection is good for another one. */
	if (!*state) {
		*state = data;
		return MHD_YES;
	}
	return *upload_size > 0 ? MHD_NO : authenticate(&exchange);
}
