# conf/local.mk - example configurations; the folder of the real ones is made, and left empty.

dist_example_DATA += conf/common.ini conf/development.ini conf/production.ini conf/staging.ini

# Stacks to copy, which docs/guide explains.
dist_example_DATA += \
	conf/examples/github-organization.ini \
	conf/examples/google-workspace.ini \
	conf/examples/layers.ini \
	conf/examples/quick-start-bearer.ini \
	conf/examples/quick-start-claims.ini \
	conf/examples/quick-start-google.ini \
	conf/examples/roles.ini \
	conf/examples/roles.test \
	conf/examples/tenants.ini \
	conf/examples/two-issuers.ini

exampleworkosdir = $(exampledir)/workos
dist_exampleworkos_DATA = \
	conf/examples/workos/common.ini \
	conf/examples/workos/development.ini \
	conf/examples/workos/production.ini

exampleprovidersdir = $(exampledir)/providers
dist_exampleproviders_DATA = \
	conf/providers/auth0.ini \
	conf/providers/authkit.ini \
	conf/providers/cognito.ini \
	conf/providers/descope.ini \
	conf/providers/discord.ini \
	conf/providers/entra.ini \
	conf/providers/entra-v1.ini \
	conf/providers/github-actions.ini \
	conf/providers/github.ini \
	conf/providers/gitlab.ini \
	conf/providers/google.ini \
	conf/providers/introspect.ini \
	conf/providers/keycloak.ini \
	conf/providers/kubernetes.ini \
	conf/providers/okta.ini \
	conf/providers/scalekit.ini \
	conf/providers/supabase.ini \
	conf/providers/workos.ini

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(confdir)"
