# docs/local.mk - manual pages and what a reader may want beside them.

dist_man_MANS += \
	docs/man/tokenpam.1 \
	docs/man/tokenpam.3 \
	docs/man/tokenpam.conf.5 \
	docs/man/tokenpam-audit.5 \
	docs/man/tokenpam-http.3 \
	docs/man/tokenpam-jwks.3 \
	docs/man/tokenpam-kit.3 \
	docs/man/tokenpam-oauth.3 \
	docs/man/tokenpam-provider.7 \
	docs/man/tokenpam-reasons.7 \
	docs/man/tokenpam-test.5

dist_doc_DATA = README.md README.zh-CN.md docs/architecture.md docs/performance.md

guidedir = $(docdir)/guide
dist_guide_DATA = \
	docs/guide/README.md \
	docs/guide/audit.md \
	docs/guide/bearer.md \
	docs/guide/configuration.md \
	docs/guide/custom.md \
	docs/guide/environments.md \
	docs/guide/hub.md \
	docs/guide/layers.md \
	docs/guide/linking.md \
	docs/guide/oauth.md \
	docs/guide/offline.md \
	docs/guide/practice.md \
	docs/guide/quick-starts.md \
	docs/guide/reference.md \
	docs/guide/roles.md \
	docs/guide/scopes.md \
	docs/guide/secrets.md \
	docs/guide/stacks.md \
	docs/guide/tenants.md \
	docs/guide/tests.md \
	docs/guide/troubleshooting.md

guidezhdir = $(guidedir)/zh
dist_guidezh_DATA = \
	docs/guide/zh/README.md \
	docs/guide/zh/audit.md \
	docs/guide/zh/bearer.md \
	docs/guide/zh/configuration.md \
	docs/guide/zh/custom.md \
	docs/guide/zh/environments.md \
	docs/guide/zh/hub.md \
	docs/guide/zh/layers.md \
	docs/guide/zh/linking.md \
	docs/guide/zh/oauth.md \
	docs/guide/zh/offline.md \
	docs/guide/zh/practice.md \
	docs/guide/zh/quick-starts.md \
	docs/guide/zh/reference.md \
	docs/guide/zh/roles.md \
	docs/guide/zh/scopes.md \
	docs/guide/zh/secrets.md \
	docs/guide/zh/stacks.md \
	docs/guide/zh/tenants.md \
	docs/guide/zh/tests.md \
	docs/guide/zh/troubleshooting.md

dist_noinst_SCRIPTS += docs/man/make-reasons
EXTRA_DIST += docs/examples/demo.sh
