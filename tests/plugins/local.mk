# tests/plugins/local.mk - plugins for tests, side by side in tests/plugins/.libs; those that do not load in bad/.libs.
#
# The rpath is what makes libtool build shared objects of what is not installed.

test_plugin_ldflags = $(plugin_ldflags) -rpath /nowhere

check_LTLIBRARIES = \
	tests/plugins/bound.la \
	tests/plugins/faulty.la \
	tests/plugins/faulty_check.la \
	tests/plugins/kept.la \
	tests/plugins/needy.la \
	tests/plugins/owner.la \
	tests/plugins/person.la \
	tests/plugins/turns.la \
	tests/plugins/bad/hollow.la \
	tests/plugins/bad/libentry.la \
	tests/plugins/bad/no_entry.la \
	tests/plugins/bad/null.la \
	tests/plugins/bad/null_texts.la \
	tests/plugins/bad/odd_size.la \
	tests/plugins/bad/options.la \
	tests/plugins/bad/too_small.la \
	tests/plugins/bad/unbuilt_group.la

tests_plugins_bound_la_SOURCES = tests/plugins/bound.c
tests_plugins_bound_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_bound_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_faulty_la_SOURCES = tests/plugins/faulty.c
tests_plugins_faulty_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_faulty_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_faulty_check_la_SOURCES = tests/plugins/faulty.c
tests_plugins_faulty_check_la_CPPFLAGS = $(plugin_cppflags) -DROLE=TPAM_ROLE_CHECK
tests_plugins_faulty_check_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_kept_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_kept_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_needy_la_SOURCES = tests/plugins/needy.c
tests_plugins_needy_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_needy_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_owner_la_SOURCES = tests/plugins/person.c
tests_plugins_owner_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"owner"' -DFLAGS=TPAM_TOKEN_SCOPES_DROP
tests_plugins_owner_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_person_la_SOURCES = tests/plugins/person.c
tests_plugins_person_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_person_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_turns_la_SOURCES = tests/plugins/turns.c
tests_plugins_turns_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_turns_la_LDFLAGS = $(test_plugin_ldflags)

# Finds libentry.so where it was built, wherever it is copied to itself.
tests_plugins_bad_hollow_la_SOURCES = tests/plugins/bad/hollow.c
tests_plugins_bad_hollow_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_bad_hollow_la_LDFLAGS = $(test_plugin_ldflags) -Wl,-rpath,$(abs_builddir)/tests/plugins/bad/.libs
tests_plugins_bad_hollow_la_LIBADD = tests/plugins/bad/libentry.la

# A library that another one links, and no module; it exports the entry all the same.
tests_plugins_bad_libentry_la_SOURCES = tests/plugins/bad/entry.c
tests_plugins_bad_libentry_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_bad_libentry_la_LDFLAGS = $(AM_LDFLAGS) -avoid-version -shared -rpath /nowhere \
	-Wl,--version-script=$(srcdir)/plugins/plugin.map

tests_plugins_bad_no_entry_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_no_entry_la_CPPFLAGS = $(plugin_cppflags) -DBAD_NO_ENTRY
tests_plugins_bad_no_entry_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_null_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_null_la_CPPFLAGS = $(plugin_cppflags) -DBAD_NULL
tests_plugins_bad_null_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_null_texts_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_null_texts_la_CPPFLAGS = $(plugin_cppflags) -DBAD_NULL_TEXTS
tests_plugins_bad_null_texts_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_odd_size_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_odd_size_la_CPPFLAGS = $(plugin_cppflags) -DBAD_ODD_SIZE
tests_plugins_bad_odd_size_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_options_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_options_la_CPPFLAGS = $(plugin_cppflags) -DBAD_OPTIONS
tests_plugins_bad_options_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_too_small_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_too_small_la_CPPFLAGS = $(plugin_cppflags) -DBAD_TOO_SMALL
tests_plugins_bad_too_small_la_LDFLAGS = $(test_plugin_ldflags)

tests_plugins_bad_unbuilt_group_la_SOURCES = tests/plugins/bad/bad.c
tests_plugins_bad_unbuilt_group_la_CPPFLAGS = $(plugin_cppflags) -DBAD_UNBUILT_GROUP
tests_plugins_bad_unbuilt_group_la_LDFLAGS = $(test_plugin_ldflags)
