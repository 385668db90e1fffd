# conf/local.mk - example configurations; the folder of the real ones is made, and left empty.

dist_example_DATA += conf/common.ini conf/development.ini conf/production.ini conf/staging.ini

exampleprovidersdir = $(exampledir)/providers
dist_exampleproviders_DATA = conf/providers/introspect.ini

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(confdir)"
