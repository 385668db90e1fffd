# plugins/oidc/local.mk - access tokens and ID tokens of an OpenID provider.

plugin_LTLIBRARIES += plugins/oidc.la
plugins_oidc_la_SOURCES = \
	plugins/oidc/config.c \
	plugins/oidc/config.h \
	plugins/oidc/endpoint.c \
	plugins/oidc/endpoint.h \
	plugins/oidc/identity.c \
	plugins/oidc/identity.h \
	plugins/oidc/oidc.c \
	plugins/oidc/opaque.c \
	plugins/oidc/opaque.h \
	plugins/oidc/userinfo.c \
	plugins/oidc/userinfo.h
plugins_oidc_la_CPPFLAGS = $(plugin_cppflags)
plugins_oidc_la_LDFLAGS = $(plugin_ldflags)
plugins_oidc_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_oidc_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/oidc/tokenpam-oidc.8
