# plugins/introspect/local.mk - tokens that their issuer is asked about.

plugin_LTLIBRARIES += plugins/introspect.la
plugins_introspect_la_SOURCES = \
	plugins/introspect/config.c \
	plugins/introspect/config.h \
	plugins/introspect/introspect.c
plugins_introspect_la_CPPFLAGS = $(plugin_cppflags)
plugins_introspect_la_LDFLAGS = $(plugin_ldflags)
plugins_introspect_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_introspect_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/introspect/tokenpam-introspect.8
