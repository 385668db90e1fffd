# tests/upstream/local.mk - a fake of Google, GitHub, WorkOS and AuthKit for tests and for people, and the tests of it.

RUNNERS += tests/upstream/run
dist_check_SCRIPTS += tests/upstream/upstream
EXTRA_DIST += \
	tests/upstream/authkit.py \
	tests/upstream/cases.py \
	tests/upstream/cases_server.py \
	tests/upstream/client.py \
	tests/upstream/control.py \
	tests/upstream/faults.py \
	tests/upstream/github.py \
	tests/upstream/github_apps.py \
	tests/upstream/github_people.py \
	tests/upstream/github_shapes.py \
	tests/upstream/google.py \
	tests/upstream/issuer.py \
	tests/upstream/keys.py \
	tests/upstream/message.py \
	tests/upstream/proxy.py \
	tests/upstream/recorder.py \
	tests/upstream/server.py \
	tests/upstream/suite.py \
	tests/upstream/table.py \
	tests/upstream/tell.py \
	tests/upstream/workos.py \
	tests/upstream/world.py
