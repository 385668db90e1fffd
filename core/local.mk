# core/local.mk - libtokenpam. Its objects are a library of their own first, so that unit tests reach the inside.

noinst_LTLIBRARIES += core/libcore.la
core_libcore_la_CPPFLAGS = $(public_cppflags) -I$(srcdir)/base \
	-DTPAM_VERSION='"$(PACKAGE_VERSION)"' \
	-DTPAM_SYSCONFDIR='"$(sysconfdir)"' \
	-DTPAM_PLUGINDIR='"$(plugindir)"'
core_libcore_la_CFLAGS = $(AM_CFLAGS) $(INIH_CFLAGS) $(JANSSON_CFLAGS) $(LIBCRYPTO_CFLAGS)
core_libcore_la_LIBADD = base/libbase.la $(INIH_LIBS) $(JANSSON_LIBS) $(LIBCRYPTO_LIBS)
core_libcore_la_SOURCES = \
	core/audit.c \
	core/audit.h \
	core/audit_chain.c \
	core/audit_chain.h \
	core/audit_config.c \
	core/audit_config.h \
	core/audit_queue.c \
	core/audit_queue.h \
	core/audit_record.c \
	core/audit_sink.c \
	core/audit_sink.h \
	core/base64.c \
	core/base64.h \
	core/cache.c \
	core/cache.h \
	core/cache_key.c \
	core/cache_key.h \
	core/cache_ring.c \
	core/cache_ring.h \
	core/cache_table.c \
	core/cache_table.h \
	core/cache_whole.c \
	core/call.c \
	core/challenge.c \
	core/claim.c \
	core/claim.h \
	core/codes.c \
	core/codes.h \
	core/control.c \
	core/control.h \
	core/credential.c \
	core/credential.h \
	core/credential_place.c \
	core/decide.c \
	core/decision.c \
	core/decision.h \
	core/describe.c \
	core/descriptor.c \
	core/descriptor.h \
	core/descriptor_json.c \
	core/descriptor_options.c \
	core/dispatch.c \
	core/dispatch.h \
	core/engine.c \
	core/engine.h \
	core/environment.c \
	core/expand.c \
	core/expand.h \
	core/fitness.c \
	core/forks.c \
	core/forks.h \
	core/generation.c \
	core/generation.h \
	core/grant.c \
	core/grant.h \
	core/grant_read.c \
	core/guard.c \
	core/guard.h \
	core/hooks.c \
	core/hooks.h \
	core/host.c \
	core/host.h \
	core/host_call.c \
	core/host_instance.c \
	core/identity.c \
	core/identity.h \
	core/identity_pack.c \
	core/identity_pack.h \
	core/instance.c \
	core/instance.h \
	core/instance_keys.c \
	core/instance_keys.h \
	core/judge.c \
	core/kept.c \
	core/kept.h \
	core/kinds.c \
	core/kinds.h \
	core/known.c \
	core/known.h \
	core/layers.c \
	core/layers.h \
	core/line.c \
	core/line.h \
	core/lint.c \
	core/loop.c \
	core/matches.c \
	core/matches.h \
	core/operation.c \
	core/operation.h \
	core/option_types.c \
	core/option_unknown.c \
	core/options.c \
	core/options.h \
	core/origins.c \
	core/origins.h \
	core/permits.c \
	core/plugin.c \
	core/plugin.h \
	core/plugin_describe.c \
	core/plugin_path.c \
	core/plugin_path.h \
	core/policy.c \
	core/pool.c \
	core/pool.h \
	core/probe.c \
	core/program.c \
	core/program.h \
	core/reader.c \
	core/reader.h \
	core/reason.c \
	core/refresh.c \
	core/refresh.h \
	core/report.c \
	core/report.h \
	core/request.c \
	core/request.h \
	core/request_id.c \
	core/request_id.h \
	core/requirement.c \
	core/requirement.h \
	core/requirement_claim.c \
	core/requirement_read.c \
	core/resource.c \
	core/resource.h \
	core/result.c \
	core/result.h \
	core/result_json.c \
	core/rulenames.c \
	core/rules.h \
	core/safefile.c \
	core/safefile.h \
	core/scopes.c \
	core/scopes.h \
	core/sections.c \
	core/sections.h \
	core/service.c \
	core/service.h \
	core/settings.c \
	core/settings.h \
	core/stripe.c \
	core/stripe.h \
	core/tally.c \
	core/tally.h \
	core/timers.c \
	core/timers.h \
	core/tool.c \
	core/tool.h \
	core/trace.c \
	core/trace.h \
	core/words.c \
	core/words.h

# The interface is what core/libtokenpam.map lists; tests/install compares it with tokenpam.h.
lib_LTLIBRARIES += core/libtokenpam.la
core_libtokenpam_la_SOURCES =
core_libtokenpam_la_LIBADD = core/libcore.la
core_libtokenpam_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
	-Wl,-z,nodelete \
	-Wl,--version-script=$(srcdir)/core/libtokenpam.map
EXTRA_core_libtokenpam_la_DEPENDENCIES = core/libtokenpam.map
EXTRA_DIST += core/libtokenpam.map
