/*
 * fastmcp_upstream.c - sections for the classes of FastMCP that know an upstream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fastmcp_ini.h"
#include "output.h"

#define METADATA "/.well-known/openid-configuration"

static void say_upstream(struct ini *ini)
{
	ini_comment(ini, "FastMCP gives clients tokens of its own. Here they bring the upstream's, "
			 "issued to this client.");
}

/* Which are others here, unless they are asked for. */
static void keep_scopes(struct ini *ini)
{
	ini_comment(
		ini, "FastMCP takes the scopes of the upstream's tokens for those of the server.");
	ini_line(ini, "token_scopes", "keep");
}

/* FastMCP wants a scope where nothing is said. */
static void usual_scope(struct ini *ini, const char *scope)
{
	if (json_array_size(ini->scopes) == 0)
		json_array_append_new(ini->scopes, json_string(scope));
}

void write_github(struct ini *ini)
{
	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "github");
	ini_line(ini, "client_id", ini_need(ini, "client_id"));
	ini_secret(ini, "client_secret", "client_secret");
	keep_scopes(ini);
	ini_timeout(ini);
	usual_scope(ini, "user");
}

void write_google(struct ini *ini)
{
	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "google");
	ini_line(ini, "client_id", ini_need(ini, "client_id"));
	keep_scopes(ini);
	ini_timeout(ini);
	usual_scope(ini, "openid");
}

void write_discord(struct ini *ini)
{
	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "userinfo");
	ini_line(ini, "endpoint", "https://discord.com/api/oauth2/@me");
	ini_line(ini, "accept", "opaque");
	ini_line(ini, "client_id", ini_need(ini, "client_id"));
	ini_line(ini, "client_claim", "application.id");
	ini_line(ini, "subject_claim", "user.id");
	ini_line(ini, "username_claim", "user.username");
	ini_line(ini, "scope_claim", "scopes");
	ini_line(ini, "expires_claim", "expires");
	ini_timeout(ini);
	usual_scope(ini, "identify");
}

void write_authkit(struct ini *ini)
{
	ini_provider(ini, INI_PROVIDER, "workos");
	ini_line_json(ini, "authkit_domain", ini_need_url(ini, "authkit_domain"));
	ini_take_resource(ini);
}

void write_workos(struct ini *ini)
{
	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "workos");
	ini_line_json(ini, "authkit_domain", ini_need_url(ini, "authkit_domain"));
	ini_timeout(ini);
	ini_need_audience(ini,
		", which FastMCP does not look at here (a resource indicator, else the "
		"environment's client id)");
}

/* The issuer is what the metadata says; its URL is made of it. */
static void write_oidc(struct ini *ini, const char *slash)
{
	const char *given = ini->import->options->issuer;
	json_t *config = ini_need_url(ini, "config_url");
	const char *url = json_string_value(config);
	size_t length = strlen(url), end = sizeof(METADATA) - 1;

	ini_provider(ini, INI_PROVIDER, "oidc");
	if (given)
		ini_line(ini, "issuer", given);
	else if (length <= end || strcmp(url + length - end, METADATA) != 0)
		fastmcp_say(ini->import->errors, ini_place(ini, "config_url"),
			"config_url: got a URL that "
			"does not end in " METADATA
			", expected --iss with the issuer that is named there");
	else
		ini_line_json(
			ini, "issuer", json_sprintf("%.*s%s", (int)(length - end), url, slash));
	ini_line_json(ini, "metadata_url", config);
	ini_line(ini, "algorithms", "RS256");
}

void write_auth0(struct ini *ini)
{
	say_upstream(ini);
	write_oidc(ini, "/");
	ini_take_audience(ini);
	usual_scope(ini, "openid");
}

void write_oci(struct ini *ini)
{
	say_upstream(ini);
	write_oidc(ini, "");
	ini_take_audience(ini);
	usual_scope(ini, "openid");
}

void write_cognito(struct ini *ini)
{
	const char *region = ini_get(ini, "aws_region");

	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "oidc");
	ini_line_json(ini, "issuer",
		json_sprintf("https://cognito-idp.%s.amazonaws.com/%s",
			region ? region : "eu-central-1", ini_need(ini, "user_pool_id")));
	ini_line(ini, "algorithms", "RS256");
	fputs("typ = none JWT\n", ini->file);
	ini_comment(ini,
		"Cognito's access tokens have no audience: they are bound by the client that "
		"they are issued to.");
	ini_line(ini, "audience", "none");
	ini_line(ini, "client_id", ini_need(ini, "client_id"));
	ini_line(ini, "client_claim", "client_id");
	ini_line(ini, "groups_claim", "cognito:groups");
	ini_line(ini, "username_claim", "username");
	usual_scope(ini, "openid");
}

void write_azure(struct ini *ini)
{
	const char *tenant = ini_need(ini, "tenant_id"),
		   *authority = ini_get(ini, "base_authority");
	static const char *const shared[] = {"common", "organizations", "consumers"};

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(shared[i], tenant) == 0)
			fastmcp_say(ini->import->errors, ini_place(ini, "tenant_id"),
				"tenant_id: got %s, "
				"which lets in every tenant; expected the id of one",
				tenant);
	say_upstream(ini);
	ini_provider(ini, INI_PROVIDER, "oidc");
	ini_line_json(ini, "issuer",
		json_sprintf("https://%s/%s/v2.0",
			authority ? authority : "login.microsoftonline.com", tenant));
	ini_line(ini, "algorithms", "RS256");
	ini_line(ini, "typ", "JWT");
	ini_line(ini, "scope_claim", "scp");
	ini_line(ini, "client_claim", "azp");
	ini_line(ini, "tenant_claim", "tid");
	json_array_append_new(ini->audiences, json_string(ini_need(ini, "client_id")));
}

void write_descope(struct ini *ini)
{
	if (ini_get(ini, "config_url")) {
		write_oidc(ini, "");
	} else {
		ini_provider(ini, INI_PROVIDER, "oidc");
		json_t *base = ini_get(ini, "descope_base_url")
				       ? ini_need_url(ini, "descope_base_url")
				       : json_string("https://api.descope.com");
		ini_line_json(ini, "issuer",
			json_sprintf("%s/v1/apps/%s", json_string_value(base),
				ini_need(ini, "project_id")));
		ini_line(ini, "algorithms", "RS256");
		json_decref(base);
	}
	ini_take_resource(ini);
}

void write_scalekit(struct ini *ini)
{
	ini_provider(ini, INI_PROVIDER, "oidc");
	ini_line_json(ini, "issuer", ini_need_url(ini, "environment_url"));
	ini_line(ini, "algorithms", "RS256");
	fputs("scope_claim = scope scopes\n", ini->file);
	ini_line(ini, "tenant_claim", "oid");
	ini_need_audience(ini,
		", which FastMCP does not look at here (the server's URL as it is registered)");
}

void write_supabase(struct ini *ini)
{
	const char *algorithm = ini_algorithm(ini, "ES256"), *route = ini_get(ini, "auth_route");
	json_t *project = ini_need_url(ini, "project_url");
	const char *url = json_string_value(project);

	if (strncmp(algorithm, "HS", 2) == 0)
		fastmcp_say(ini->import->errors, ini_place(ini, "algorithm"),
			"algorithm: got %s and keys "
			"that are published: whoever reads them could sign; expected ES256 or "
			"RS256",
			algorithm);
	ini_provider(ini, INI_PROVIDER, "bearer");
	ini_line_json(ini, "issuer", json_sprintf("%s%s", url, route ? route : "/auth/v1"));
	ini_line_json(ini, "jwks_uri",
		json_sprintf("%s%s/.well-known/jwks.json", url, route ? route : "/auth/v1"));
	ini_line(ini, "algorithms", algorithm);
	if (ini->import->options->audiences.count > 0) {
		ini_need_audience(ini, "");
	} else {
		ini_comment(ini,
			"FastMCP looked at no audience here. This one keeps out the anonymous "
			"key.");
		json_array_append_new(ini->audiences, json_string("authenticated"));
	}
	json_decref(project);
}
