# plugins/local.mk - a module for each plugin, all of them side by side in plugins/.libs, exporting one function.

plugin_cppflags = $(public_cppflags)
plugin_ldflags = $(AM_LDFLAGS) -module -avoid-version -shared \
	-Wl,--version-script=$(srcdir)/plugins/plugin.map
EXTRA_DIST += plugins/plugin.map

include plugins/kit/local.mk

plugin_LTLIBRARIES += \
	plugins/bearer.la \
	plugins/debug.la \
	plugins/deny.la \
	plugins/permit.la \
	plugins/static.la

include plugins/github/local.mk
include plugins/google/local.mk
include plugins/introspect/local.mk
include plugins/oidc/local.mk
include plugins/userinfo/local.mk
include plugins/workos/local.mk

plugins_bearer_la_SOURCES = \
	plugins/bearer/bearer.c \
	plugins/bearer/config.c \
	plugins/bearer/config.h \
	plugins/bearer/keys.c \
	plugins/bearer/keys.h \
	plugins/bearer/revocation.c \
	plugins/bearer/revocation.h
plugins_bearer_la_CPPFLAGS = $(plugin_cppflags)
plugins_bearer_la_LDFLAGS = $(plugin_ldflags)
plugins_bearer_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_bearer_la_DEPENDENCIES = plugins/plugin.map

plugins_debug_la_SOURCES = plugins/debug/debug.c
plugins_debug_la_CPPFLAGS = $(plugin_cppflags)
plugins_debug_la_LDFLAGS = $(plugin_ldflags)
EXTRA_plugins_debug_la_DEPENDENCIES = plugins/plugin.map

plugins_deny_la_SOURCES = plugins/deny/deny.c
plugins_deny_la_CPPFLAGS = $(plugin_cppflags)
plugins_deny_la_LDFLAGS = $(plugin_ldflags)
EXTRA_plugins_deny_la_DEPENDENCIES = plugins/plugin.map

plugins_permit_la_SOURCES = plugins/permit/permit.c
plugins_permit_la_CPPFLAGS = $(plugin_cppflags)
plugins_permit_la_LDFLAGS = $(plugin_ldflags)
EXTRA_plugins_permit_la_DEPENDENCIES = plugins/plugin.map

plugins_static_la_SOURCES = \
	plugins/static/static.c \
	plugins/static/token_field.c \
	plugins/static/tokens.c \
	plugins/static/tokens.h
plugins_static_la_CPPFLAGS = $(plugin_cppflags)
plugins_static_la_CFLAGS = $(AM_CFLAGS) $(LIBCRYPTO_CFLAGS)
plugins_static_la_LDFLAGS = $(plugin_ldflags)
plugins_static_la_LIBADD = $(LIBCRYPTO_LIBS)
EXTRA_plugins_static_la_DEPENDENCIES = plugins/plugin.map

# An example for reading: built so that it stays right, installed as source. Without an rpath libtool would make an
# archive of it.
noinst_LTLIBRARIES += plugins/custom.la
plugins_custom_la_SOURCES = plugins/custom/custom.c
plugins_custom_la_CPPFLAGS = $(plugin_cppflags)
plugins_custom_la_LDFLAGS = $(plugin_ldflags) -rpath /nowhere
EXTRA_plugins_custom_la_DEPENDENCIES = plugins/plugin.map
dist_example_DATA += plugins/custom/custom.c

dist_man_MANS += \
	plugins/bearer/tokenpam-bearer.8 \
	plugins/debug/tokenpam-debug.8 \
	plugins/deny/tokenpam-deny.8 \
	plugins/permit/tokenpam-permit.8 \
	plugins/static/tokenpam-static.8

# libtool links a module again when it is installed, with the kit that is installed by then.
# By way of a variable, since automake takes a rule of that name for a replacement of its own.
install_modules = install-pluginLTLIBRARIES
$(install_modules): install-libLTLIBRARIES
