# plugins/workos/local.mk - session tokens of AuthKit, and access tokens of WorkOS Connect.

plugin_LTLIBRARIES += plugins/workos.la
plugins_workos_la_SOURCES = \
	plugins/workos/config.c \
	plugins/workos/config.h \
	plugins/workos/families.c \
	plugins/workos/families.h \
	plugins/workos/identity.c \
	plugins/workos/kinds.c \
	plugins/workos/opaque.c \
	plugins/workos/token.h \
	plugins/workos/workos.c
plugins_workos_la_CPPFLAGS = $(plugin_cppflags)
plugins_workos_la_LDFLAGS = $(plugin_ldflags)
plugins_workos_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_workos_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/workos/tokenpam-workos.8
