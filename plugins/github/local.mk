# plugins/github/local.mk - tokens of GitHub.

plugin_LTLIBRARIES += plugins/github.la
plugins_github_la_SOURCES = \
	plugins/github/address.c \
	plugins/github/address.h \
	plugins/github/app.c \
	plugins/github/app.h \
	plugins/github/carry.c \
	plugins/github/config.c \
	plugins/github/config.h \
	plugins/github/github.c \
	plugins/github/kind.c \
	plugins/github/kind.h \
	plugins/github/lists.c \
	plugins/github/look.c \
	plugins/github/look.h \
	plugins/github/names.c \
	plugins/github/names.h \
	plugins/github/person.c \
	plugins/github/person.h \
	plugins/github/probe.c \
	plugins/github/probe.h \
	plugins/github/roles.c \
	plugins/github/scopes.c \
	plugins/github/scopes.h \
	plugins/github/sources.c \
	plugins/github/sources.h \
	plugins/github/status.c \
	plugins/github/token.c
plugins_github_la_CPPFLAGS = $(plugin_cppflags)
plugins_github_la_CFLAGS = $(AM_CFLAGS) $(LIBCRYPTO_CFLAGS)
plugins_github_la_LDFLAGS = $(plugin_ldflags)
plugins_github_la_LIBADD = plugins/kit/libtokenpam-kit.la $(LIBCRYPTO_LIBS)
EXTRA_plugins_github_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/github/tokenpam-github.8
