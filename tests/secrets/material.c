/*
 * material.c - secrets that nobody has seen before, in files of the sandbox, and a configuration that has them all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "material.h"

#include <sys/random.h>

#include <openssl/evp.h>
#include <tokenpam/http.h>
#include <tokenpam/kit.h>

#include "../unit/sandbox.h"

#define LETTERS 40

const char *const material_options[] = {
	"hmac", "key", "basic", "post", "app", "op", "proxy", "chain", "mark", NULL};
const char *const material_made[] = {"token", "password", "opaque", "ghtoken", "pair", "question",
	"apppair", "jwt", "jwk", NULL};

static void need(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "cannot make %s\n", what);
	exit(EXIT_FAILURE);
}

static const char *letters(char ret[LETTERS + 1])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char bytes[LETTERS];

	need(getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes), "randomness");
	for (size_t i = 0; i < LETTERS; i++)
		ret[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	ret[LETTERS] = '\0';
	return ret;
}

/* Two texts one after the other, in static memory. */
static const char *joined(const char *one, const char *other)
{
	static char text[4096];

	(void)snprintf(text, sizeof(text), "%s%s", one, other);
	return text;
}

static char *read_back(const char *name)
{
	static char text[4096];
	FILE *file = fopen(sandbox_path(name), "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	need(file && length > 0, name);
	(void)fclose(file);
	text[length] = '\0';
	return text;
}

/* ---- Credentials ---- */

static void write_token(void)
{
	char secret[LETTERS + 1], line[256];
	unsigned char hash[32];
	size_t length = 0;

	sandbox_write("token", joined("tp_", letters(secret)));
	const char *token = read_back("token");
	need(EVP_Q_digest(NULL, "SHA256", NULL, token, strlen(token), hash, &length) == 1,
		"a hash");
	char *end = stpcpy(line, "sha256:");
	for (size_t i = 0; i < length; i++)
		end += sprintf(end, "%02x", hash[i]);
	(void)stpcpy(end, " subject=alice\n");
	sandbox_write("tokens", line);
}

static void write_basic(const char *name, const char *id, const char *secret)
{
	char *value = tpam_http_basic(id, secret);

	need(value != NULL, name);
	sandbox_write(name, value + strlen("Basic "));
	tpam_kit_free(value);
}

static void write_jwt(void)
{
	static const char payload[] = "{\"iss\":\"https://issuer.example\",\"sub\":\"alice\","
				      "\"aud\":\"notes\",\"iat\":1,\"exp\":4000000000}";
	const char *secret = read_back("hmac");
	char encoded[128], jwk[256];
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	(void)EVP_EncodeBlock(
		(unsigned char *)encoded, (const unsigned char *)secret, (int)strlen(secret));
	encoded[strcspn(encoded, "=")] = '\0';
	(void)snprintf(
		jwk, sizeof(jwk), "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"%s\"}", encoded);
	need(tpam_signer_parse(&signer, jwk, strlen(jwk), &fault) == TPAM_OK, "a signer");
	char *token = tpam_signer_sign(signer, "JWT", payload, strlen(payload));
	need(token != NULL, "a token");
	sandbox_write("jwt", token);
	tpam_kit_free(token);
	tpam_signer_destroy(signer);
}

/* Numbers of OpenSSL have their low bytes first. */
static void write_number(const char *encoded)
{
	unsigned char bytes[48];
	char text[64], reversed[32];

	(void)snprintf(text, sizeof(text), "%.43s=", encoded);
	for (char *at = text; *at; at++)
		*at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
	need(EVP_DecodeBlock(bytes, (unsigned char *)text, 44) == 33, "a number");
	for (size_t i = 0; i < sizeof(reversed); i++)
		reversed[i] = (char)bytes[sizeof(reversed) - 1 - i];
	FILE *file = fopen(sandbox_path(MATERIAL_NUMBER), "w");
	need(file && fwrite(reversed, 1, sizeof(reversed), file) == sizeof(reversed) &&
			fclose(file) == 0,
		MATERIAL_NUMBER);
}

static void write_key(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;
	char number[64];

	need(tpam_signer_generate(&signer, "ES256", 0, &fault) == TPAM_OK, "a key");
	char *json = tpam_signer_json(signer);
	const char *d = json ? strstr(json, "\"d\"") : NULL;
	need(d && sscanf(d, "\"d\": \"%43[^\"]\"", number) == 1, "a private key");
	sandbox_write("key.jwk", json);
	sandbox_write("jwk", number);
	write_number(number);
	tpam_kit_free(json);
	tpam_signer_destroy(signer);
}

/* ---- The configuration ---- */

/* "@NAME" is the secret of that name, in the way that is wanted; "%d" the port. */
static const char configuration[] =
	"[tokenpam]\nmode = development\n"
	"[audit]\nsink = file:audit.log\nchain = on\nchain_key = @chain\nfingerprint_key = @mark\n"
	"[provider:hmac]\nplugin = bearer\nissuer = https://issuer.example\nalgorithms = HS256\n"
	"secret = @hmac\n"
	"[provider:team]\nplugin = static\ntokens = tokens\naccept = prefix:tp_\n"
	"[provider:login]\nplugin = static\ntokens = tokens\ncredential = basic\n"
	"[provider:own]\nplugin = custom\nkey = @key\nsubject = key\n"
	"[provider:asks]\nplugin = introspect\nendpoint = http://127.0.0.1:@port/asks\n"
	"accept = prefix:op_\nclient_id = us\nclient_secret = @basic\n"
	"[provider:posts]\nplugin = introspect\nendpoint = http://127.0.0.1:@port/posts\n"
	"accept = prefix:op_\nclient_id = us\nclient_auth = client_secret_post\n"
	"client_secret = @post\n"
	"[provider:signs]\nplugin = introspect\nendpoint = http://127.0.0.1:@port/signs\n"
	"accept = prefix:op_\nclient_id = us\nclient_auth = private_key_jwt\n"
	"private_key_file = key.jwk\n"
	"[provider:op]\nplugin = oidc\nissuer = http://127.0.0.1:@port\nclient_id = us\n"
	"opaque = introspection\naccept = prefix:oq_\nclient_secret = @op\n"
	"[provider:hub]\nplugin = github\napi_url = http://127.0.0.1:@port/api/v3\n"
	"client_id = us\nclient_secret = @app\n"
	"[provider:far]\nplugin = introspect\nendpoint = https://as.example/introspect\n"
	"accept = prefix:far_\nclient_auth = none\nclient_id = us\n"
	"proxy = http://proxy.example:3128\nproxy_credentials = @proxy\n"
	"[service:notes]\naudience = notes\n"
	"auth = sufficient hmac\nauth = sufficient team\nauth = sufficient login\n"
	"auth = sufficient own\nauth = optional asks\nauth = optional posts\n"
	"auth = optional signs\nauth = optional op\nauth = optional hub\nauth = optional far\n";

static const char *word_of(const char *name, enum way way, int port)
{
	static const char *const schemes[] = {
		[WAY_FILE] = "file", [WAY_ENV] = "env", [WAY_CRED] = "cred"};
	static char text[128];

	if (strcmp(name, "port") == 0)
		(void)snprintf(text, sizeof(text), "%d", port);
	else if (way == WAY_CLEAR)
		return read_back(name);
	else
		(void)snprintf(text, sizeof(text), "${%s:%s}", schemes[way], name);
	return text;
}

static void write_configuration(enum way way, int port)
{
	char text[sizeof(configuration) * 2], *end = text, name[16];

	for (const char *at = configuration; *at;) {
		if (sscanf(at, "@%15[a-z]", name) == 1) {
			end = stpcpy(end, word_of(name, way, port));
			at += 1 + strlen(name);
		} else {
			*end++ = *at++;
		}
	}
	*end = '\0';
	sandbox_write(MATERIAL_INI, text);
}

void material_write(enum way way, int port)
{
	char secret[LETTERS + 1];

	for (size_t i = 0; material_options[i]; i++)
		sandbox_write(material_options[i], letters(secret));
	sandbox_write("proxy", joined("us:", letters(secret)));
	write_token();
	write_key();
	write_jwt();
	sandbox_write("opaque", joined("op_", letters(secret)));
	(void)letters(secret);
	secret[36] = '\0';
	sandbox_write("ghtoken", joined("gho_", secret));
	sandbox_write("password", read_back("token"));
	write_basic("pair", "alice", read_back("token"));
	write_basic("question", "us", read_back("basic"));
	write_basic("apppair", "us", read_back("app"));
	write_configuration(way, port);
}
