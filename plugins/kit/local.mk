# plugins/kit/local.mk - libtokenpam-kit: what providers share. Shared only, with a soname of its own.

noinst_LTLIBRARIES += plugins/kit/libkit.la
plugins_kit_libkit_la_CPPFLAGS = $(public_cppflags) -I$(srcdir)/base
plugins_kit_libkit_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(LIBCRYPTO_CFLAGS) \
	$(LIBSSL_CFLAGS) $(LIBCURL_CFLAGS)
plugins_kit_libkit_la_LIBADD = base/libbase.la $(JANSSON_LIBS) $(LIBCURL_LIBS) $(LIBSSL_LIBS) $(LIBCRYPTO_LIBS)
plugins_kit_libkit_la_SOURCES = \
	plugins/kit/accept.c \
	plugins/kit/address.c \
	plugins/kit/address.h \
	plugins/kit/alg.c \
	plugins/kit/alg.h \
	plugins/kit/answer.c \
	plugins/kit/b64url.c \
	plugins/kit/b64url.h \
	plugins/kit/breaker.c \
	plugins/kit/breaker.h \
	plugins/kit/call.c \
	plugins/kit/claims.c \
	plugins/kit/claims.h \
	plugins/kit/client_auth.c \
	plugins/kit/client_auth.h \
	plugins/kit/client_open.c \
	plugins/kit/context.c \
	plugins/kit/context.h \
	plugins/kit/crypto.c \
	plugins/kit/ecdsa.c \
	plugins/kit/export.c \
	plugins/kit/export.h \
	plugins/kit/fault.c \
	plugins/kit/fault.h \
	plugins/kit/fill.c \
	plugins/kit/freshness.c \
	plugins/kit/freshness.h \
	plugins/kit/http_answer.c \
	plugins/kit/http_answer.h \
	plugins/kit/http_cause.c \
	plugins/kit/http_client.c \
	plugins/kit/http_client.h \
	plugins/kit/http_confirm.c \
	plugins/kit/http_engine.c \
	plugins/kit/http_engine.h \
	plugins/kit/http_failure.c \
	plugins/kit/http_failure.h \
	plugins/kit/http_fetch.c \
	plugins/kit/http_hooks.h \
	plugins/kit/http_judge.c \
	plugins/kit/http_kept.c \
	plugins/kit/http_kept.h \
	plugins/kit/http_loop.c \
	plugins/kit/http_many.c \
	plugins/kit/http_open.c \
	plugins/kit/http_request.c \
	plugins/kit/http_request.h \
	plugins/kit/http_target.c \
	plugins/kit/http_target.h \
	plugins/kit/http_times.c \
	plugins/kit/http_transfer.c \
	plugins/kit/http_transfer.h \
	plugins/kit/http_upstream.c \
	plugins/kit/http_upstream.h \
	plugins/kit/http_waiter.c \
	plugins/kit/http_waiter.h \
	plugins/kit/http_waiters.c \
	plugins/kit/http_write.c \
	plugins/kit/introspection.c \
	plugins/kit/introspection.h \
	plugins/kit/introspection_ask.c \
	plugins/kit/introspection_judge.c \
	plugins/kit/introspection_probe.c \
	plugins/kit/json_document.c \
	plugins/kit/jwk.c \
	plugins/kit/jwks.c \
	plugins/kit/jwks_endpoint.c \
	plugins/kit/jwks_fetched.c \
	plugins/kit/jwks_file.c \
	plugins/kit/jwks_issuer.c \
	plugins/kit/jwks_job.c \
	plugins/kit/jwks_probe.c \
	plugins/kit/jwks_source.c \
	plugins/kit/jwks_source.h \
	plugins/kit/jwks_view.c \
	plugins/kit/jwks_wait.c \
	plugins/kit/jwks_wait.h \
	plugins/kit/jws.c \
	plugins/kit/jws.h \
	plugins/kit/jws_call.c \
	plugins/kit/key.c \
	plugins/kit/key.h \
	plugins/kit/keys.c \
	plugins/kit/keys.h \
	plugins/kit/mapping.c \
	plugins/kit/metadata.c \
	plugins/kit/moment.c \
	plugins/kit/options.c \
	plugins/kit/payload.c \
	plugins/kit/pem.c \
	plugins/kit/rules.c \
	plugins/kit/scan.c \
	plugins/kit/signer.c \
	plugins/kit/stranger.c \
	plugins/kit/stranger.h \
	plugins/kit/token_kind.c \
	plugins/kit/userinfo.c \
	plugins/kit/verdict.c

lib_LTLIBRARIES += plugins/kit/libtokenpam-kit.la
plugins_kit_libtokenpam_kit_la_SOURCES =
plugins_kit_libtokenpam_kit_la_LIBADD = plugins/kit/libkit.la
plugins_kit_libtokenpam_kit_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
	-Wl,-z,nodelete \
	-Wl,--version-script=$(srcdir)/plugins/kit/libtokenpam-kit.map
EXTRA_plugins_kit_libtokenpam_kit_la_DEPENDENCIES = plugins/kit/libtokenpam-kit.map
EXTRA_DIST += plugins/kit/libtokenpam-kit.map
pkgconfig_DATA += tokenpam-kit.pc
