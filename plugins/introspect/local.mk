# plugins/introspect/local.mk - tokens that their issuer is asked about.

plugin_LTLIBRARIES += plugins/introspect.la
plugins_introspect_la_SOURCES = \
	plugins/introspect/answer.c \
	plugins/introspect/answer.h \
	plugins/introspect/ask.c \
	plugins/introspect/ask.h \
	plugins/introspect/client_auth.c \
	plugins/introspect/client_auth.h \
	plugins/introspect/config.c \
	plugins/introspect/config.h \
	plugins/introspect/introspect.c \
	plugins/introspect/probe.c
plugins_introspect_la_CPPFLAGS = $(plugin_cppflags)
plugins_introspect_la_CFLAGS = $(AM_CFLAGS) $(LIBCRYPTO_CFLAGS)
plugins_introspect_la_LDFLAGS = $(plugin_ldflags)
plugins_introspect_la_LIBADD = plugins/kit/libtokenpam-kit.la $(LIBCRYPTO_LIBS)
EXTRA_plugins_introspect_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/introspect/tokenpam-introspect.8
