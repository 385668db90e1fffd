# plugins/userinfo/local.mk - tokens of a provider that says whose they are, and has no OpenID.

plugin_LTLIBRARIES += plugins/userinfo.la
plugins_userinfo_la_SOURCES = \
	plugins/userinfo/config.c \
	plugins/userinfo/config.h \
	plugins/userinfo/userinfo.c
plugins_userinfo_la_CPPFLAGS = $(plugin_cppflags)
plugins_userinfo_la_LDFLAGS = $(plugin_ldflags)
plugins_userinfo_la_LIBADD = plugins/kit/libtokenpam-kit.la
EXTRA_plugins_userinfo_la_DEPENDENCIES = plugins/plugin.map
dist_man_MANS += plugins/userinfo/tokenpam-userinfo.8
