# tests/differential/local.mk - random stacks by tokenpam and by the system's libpam.

differential_sources = \
	tests/differential/generate.c \
	tests/differential/model.c \
	tests/differential/pam.c \
	tests/differential/scratch.c \
	tests/differential/stacks.h \
	tests/differential/write.c

check_PROGRAMS += \
	tests/differential/differential \
	tests/differential/public

# libpam must find the program's audit_open(), and the module its probe_call().
tests_differential_differential_SOURCES = tests/differential/differential.c $(differential_sources)
tests_differential_differential_LDADD = core/libcore.la $(PAM_LIBS)
tests_differential_differential_LDFLAGS = $(AM_LDFLAGS) -export-dynamic

# With nothing but what the library exports.
tests_differential_public_SOURCES = tests/differential/public.c $(differential_sources)
tests_differential_public_LDADD = core/libtokenpam.la $(PAM_LIBS)
tests_differential_public_LDFLAGS = $(AM_LDFLAGS) -export-dynamic

check_LTLIBRARIES += tests/differential/pam_probe.la
tests_differential_pam_probe_la_SOURCES = tests/differential/pam_probe.c
tests_differential_pam_probe_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere

RUNNERS += tests/differential/mutants
EXTRA_DIST += tests/differential/mutants.txt

AM_TESTS_ENVIRONMENT += \
	PAM_PROBE='$(abs_builddir)/tests/differential/.libs/pam_probe.so'; export PAM_PROBE;
