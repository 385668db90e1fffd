/*
 * files.c - the configurations that the scenes load.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stage.h"

#include "../unit/sandbox.h"

/* The tokens are "tp_good" and "tp_user". */
static const char tokens[] =
	"# hash and who has it\n"
	"sha256:6adc1f56ededb039b3114a1bc7597b694afaeebca1dbd04d6e9dff440091195c subject=good "
	"scopes=read,mail email=good@a.example roles=r1,r2\n"
	"sha256:19b691e43f7029223346c9c2adb32ece888438123ba758a8f551ac4ee87cca92 subject=user "
	"scopes=read expires=2099-01-01T00:00:00Z name=\"A User\"\n";

static const char common[] =
	"[tokenpam]\n"
	"mode = development\n"
	"leeway = 10s\n"
	"max_token = 4KiB\n"
	"[provider:team]\n"
	"plugin = static\n"
	"tokens = tokens\n"
	"issuer = ${file:issuer.txt}\n"
	"accept = prefix:xx_\n"
	"token_scopes = keep\n"
	"grant = \"role:r?\" -> write one two three !mail\n"
	"grant = email:${file:issuer.txt} -> never\n"
	"grant = email:*@a.example -> four\n"
	"[stack:people]\n"
	"auth = decisive team\n"
	"auth = [success=ok foreign=ignore no_credential=ignore default=bad] keys\n";

static const char providers[] = "[provider:keys]\n"
				"plugin = static\n"
				"tokens += ../tokens\n"
				"credential = header:X-API-Key\n"
				"link = on\n"
				"[provider:pass]\n"
				"plugin = static\n"
				"tokens = \"../tokens\"\n"
				"credential = basic\n"
				"[provider:jar]\n"
				"plugin = static\n"
				"tokens = ../tokens\n"
				"credential = cookie:sid\n"
				"[provider:ok]\n"
				"plugin = debug\n"
				"subject = \"${env:TORTURE_SUBJECT} Smith\"\n"
				"scopes = read write one two three four five\n"
				"[provider:other]\n"
				"plugin = debug\n"
				"subject = other\n"
				"[provider:linked]\n"
				"plugin = debug\n"
				"link = on\n"
				"subject = third\n"
				"scopes = admin\n"
				"[provider:no]\n"
				"plugin = deny\n"
				"[provider:yes]\n"
				"plugin = permit\n"
				"[provider:anyone]\n"
				"plugin = permit\n"
				"anonymous = on\n"
				"[provider:kept]\n"
				"plugin = kept\n"
				"audience = https://api.example.com\n"
				"grant = claim:scope=*read* -> one two three four five\n"
				"grant = email:*@example.com -> six\n"
				"grant = any -> read !two\n"
				"[provider:puppet]\n"
				"plugin = puppet\n"
				"[stack:checked]\n"
				"account = requisite ok\n"
				"account = required ok\n";

static const char services[] = "include = common.ini\n"
			       "include = conf.d/*.ini\n"
			       "[provider:team]\n"
			       "accept = prefix:tp_ ; replaces the other's\n"
			       "[hub]\n"
			       "auth = include people\n"
			       "require_scopes = read\n"
			       "[service:api]\n"
			       "account = substack checked\n"
			       "session = optional yes\n"
			       "audience = https://a.example https://b.example\n"
			       "require_scopes = read\n"
			       "[tool:api/delete_*]\n"
			       "require_scopes = admin write\n"
			       "[tool:api/exact]\n"
			       "match = \"a weird tool\"\n"
			       "require_scopes = read\n"
			       "[service:union]\n"
			       "inherit = no\n"
			       "auth = required ok linked\n"
			       "scope_merge = union\n"
			       "match_username = subject\n"
			       "[service:conflict]\n"
			       "inherit = no\n"
			       "auth = required ok other\n"
			       "[service:basic]\n"
			       "inherit = no\n"
			       "auth = sufficient pass\n"
			       "auth = required jar\n"
			       "[service:open]\n"
			       "inherit = no\n"
			       "auth = required anyone\n"
			       "[service:puppet]\n"
			       "inherit = no\n"
			       "auth = required puppet\n"
			       "account = required puppet\n"
			       "session = required puppet\n"
			       "[service:kept]\n"
			       "inherit = no\n"
			       "auth = required kept\n"
			       "[service:closed]\n"
			       "inherit = before\n"
			       "auth = requisite no\n";

static const char changed[] = "include = common.ini\n"
			      "include = conf.d/*.ini\n"
			      "[service:api]\n"
			      "auth = required other\n";

/* A mistake of each kind. */
static const char wrong[] = "include = common.ini\n"
			    "include = missing.ini\n"
			    "include = conf.d/*.ini\n"
			    "unknown = before\n"
			    "[tokenpamm]\n"
			    "[provider:broken]\n"
			    "plugin = statik\n"
			    "[provider:absent]\n"
			    "plugin = ./absent.so\n"
			    "[provider:debug]\n"
			    "plugin = debug\n"
			    "auth = sucess\n"
			    "scopes = \"a b\"\n"
			    "subjekt = x\n"
			    "subject = ${file:missing}\n"
			    "reason = nonsense\n"
			    "[provider:static]\n"
			    "plugin = static\n"
			    "tokens = bad-tokens missing-tokens\n"
			    "issuer = ${env:TORTURE_UNSET}\n"
			    "[provider:keys]\n"
			    "link = perhaps\n"
			    "audience = x\n"
			    "grant = role:x -> fine !too\n"
			    "grant = rolle:x -> \"a b\"\n"
			    "grant = claim:x= -> x\n"
			    "grant = x\n"
			    "token_scopes = kept\n"
			    "[stack:a]\n"
			    "auth = include b\n"
			    "[stack:b]\n"
			    "auth = include a\n"
			    "[hub]\n"
			    "auth = required nobody\n"
			    "auth = [success=ok sucess=ok default=9999] team\n"
			    "auth = includ people\n"
			    "[service:api]\n"
			    "auth = include a\n"
			    "require_scopes = \"a b\" ${x}\n"
			    "scope_merge = onion\n"
			    "[service:bad name]\n"
			    "[service:two]\n"
			    "inherit = no\n"
			    "auth = [success=5] team\n"
			    "auth = required people\n"
			    "scope_merge = union\n"
			    "scope_merge = union\n"
			    "[tool:ap/x]\n"
			    "[tool:api]\n"
			    "  indented = key\n"
			    "key without equals\n"
			    "key: value\n";

static const char bad_tokens[] =
	"sha256:12 subject=x\n"
	"plain subject=y\n"
	"sha256:6adc1f56ededb039b3114a1bc7597b694afaeebca1dbd04d6e9dff440091195c\n";

/* Plugins that need nothing but the C library. */
static const char first[] = "[tokenpam]\n"
			    "mode = development\n"
			    "[provider:ok]\n"
			    "plugin = debug\n"
			    "[provider:yes]\n"
			    "plugin = permit\n"
			    "[service:api]\n"
			    "auth = required ok yes\n";

void stage_write_files(void)
{
	if (mkdir(sandbox_path("conf.d"), 0700) != 0 || setenv("TORTURE_SUBJECT", "Jo", 1) != 0)
		sandbox_fail("conf.d");
	(void)unsetenv("TORTURE_UNSET");
	sandbox_write("tokens", tokens);
	sandbox_write("bad-tokens", bad_tokens);
	sandbox_write("issuer.txt", "https://issuer.example\n");
	sandbox_write("common.ini", common);
	sandbox_write("conf.d/10-providers.ini", providers);
	sandbox_write("main.ini", services);
	sandbox_write("changed.ini", changed);
	sandbox_write("wrong.ini", wrong);
	sandbox_write("first.ini", first);
}
