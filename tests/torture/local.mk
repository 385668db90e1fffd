# tests/torture/local.mk - the n-th allocation fails.
#
# Links the shared library: what it allocates is told from what others do by where the caller lies. The plugin that a
# test plays itself is here because it was made for this; unit tests use it, too.

check_LTLIBRARIES += tests/plugins/puppet.la
tests_plugins_puppet_la_SOURCES = tests/plugins/puppet.c tests/plugins/puppet.h
tests_plugins_puppet_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_puppet_la_LDFLAGS = $(test_plugin_ldflags)

check_PROGRAMS += tests/torture/torture
tests_torture_torture_SOURCES = \
	tests/torture/actors.c \
	tests/torture/actors.h \
	tests/torture/allocations.c \
	tests/torture/allocations.h \
	tests/torture/files.c \
	tests/torture/scenes.c \
	tests/torture/stage.c \
	tests/torture/stage.h \
	tests/torture/torture.c
tests_torture_torture_CPPFLAGS = $(public_cppflags)
tests_torture_torture_LDADD = core/libtokenpam.la

# For the memory tests of plugins, which have nothing but what the libraries export, as a host would; they take the place
# of functions of the kit, so they export their own.
lacking_sources = \
	tests/torture/allocations.c \
	tests/torture/allocations.h \
	tests/torture/answering.c \
	tests/torture/answering.h \
	tests/torture/issuing.c \
	tests/torture/issuing.h \
	tests/torture/lacking.c \
	tests/torture/lacking.h
lacking_ldflags = $(AM_LDFLAGS) -Wl,--export-dynamic
lacking_ldadd = core/libtokenpam.la plugins/kit/libtokenpam-kit.la
