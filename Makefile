# Short names for what one types anyway. "make ci" wants Debian and root; see .ci/run.
.PHONY: build test race fuzz bench ci

build:
	go build -o bin/indy ./cmd/indy

test:
	go test ./...

race:
	go test -race -short ./...

fuzz:
	@set -e; grep -rnoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | while IFS=: read -r file line name; do \
		go test -run '^$$' -fuzz "^$${name#func }\$$" -fuzztime 10s "$$(dirname $$file)"; done

bench:
	go test -run '^$$' -bench . -benchmem ./...

ci:
	.ci/run
