# plugins/google/local.mk - access tokens and ID tokens of Google.

plugin_LTLIBRARIES += plugins/google.la
plugins_google_la_SOURCES = \
	plugins/google/access.c \
	plugins/google/access.h \
	plugins/google/account.c \
	plugins/google/account.h \
	plugins/google/ask.c \
	plugins/google/ask.h \
	plugins/google/config.c \
	plugins/google/config.h \
	plugins/google/google.c \
	plugins/google/id_token.c \
	plugins/google/id_token.h \
	plugins/google/identity.c \
	plugins/google/identity.h \
	plugins/google/probe.c \
	plugins/google/probe.h \
	plugins/google/scopes.c \
	plugins/google/scopes.h
plugins_google_la_CPPFLAGS = $(plugin_cppflags)
plugins_google_la_LDFLAGS = $(plugin_ldflags)
plugins_google_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_google_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/google/tokenpam-google.8
