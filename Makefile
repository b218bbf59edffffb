# Everything a newcomer or a machine does with this project. `make` says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO ?= go
# Where the evaluation sets and the treebanks lie, when somebody has them.
EVAL ?= ../shared/eval
DATA ?= ../shared/data
ARGS ?=

# The linter is a program of its own and no `tool` of go.mod: docs/adr/0004.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := bin/golangci-lint-$(GOLANGCI_LINT_VERSION)

GOVULNCHECK_VERSION := v1.9.0
GOVULNCHECK := bin/govulncheck-$(GOVULNCHECK_VERSION)

# What docs/clients/grpcurl.md is tested with.
GRPCURL_VERSION := v1.9.4
GRPCURL := bin/grpcurl-$(GRPCURL_VERSION)

GRAMMAR := claims/language/grammar/model.bin
TREEBANKS := $(DATA)/treebanks
WORDNET := $(DATA)/wordnet/oewn-src.tar.gz
GENERATED := proto docs/api.md server/gateway/internal/routes server/gateway/openapi.swagger.json

.PHONY: help
help: ## Say what there is (the default)
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Start a server on a temporary database, ingest a story, ask four questions
	$(GO) run ./client/demo

.PHONY: evening
evening: ## Tell of an evening at a newsroom: feeds, a watch, judgements, a draft, exports, clients
	$(GO) run ./client/evening

.PHONY: run
run: ## Run the server here: make run ARGS="--log-level debug"
	$(GO) run ./server/secondsourced $(ARGS)

.PHONY: build
build: ## Build secondsourced and secondsource into ./bin
	@mkdir -p bin
	$(GO) build -o bin/ ./server/secondsourced ./client/secondsource

.PHONY: man
man: build ## Write the manual pages into ./build/man/man1
	bin/secondsourced man build/man/man1
	bin/secondsource man build/man/man1

.PHONY: test
test: ## Run the tests
	$(GO) test ./...

.PHONY: race
race: ## Run the tests with the race detector
	$(GO) test -race ./...

AXE := server/web/testdata/axe

.PHONY: browsers
browsers: ## Fetch what the tests of the desk need: Chromium (Debian's, as root) and axe-core
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; }
	cd $(AXE) && npm ci --no-audit --no-fund

.PHONY: bench
bench: ## Measure speed beside peers in one run: make bench ARGS="-sizes 10k,100k"
	$(GO) build -tags sqlite_fts5 -o build/bench ./server/bench
	build/bench $(ARGS)

.PHONY: hundred
hundred: ## Store 100,000 items over both stores and watch memory: make hundred ARGS="-postgres URL -items 20000"
	$(GO) run ./client/hundred $(ARGS)

.PHONY: bench-go
bench-go: ## Run the benchmarks in the tests: make bench-go ARGS="-benchtime 5s"
	$(GO) test -run '^$$' -bench . -benchmem $(ARGS) ./...

# How long make torture takes: some 40 minutes on two cores.
ROUNDS ?= 200
MINUTES ?= 10
FUZZED := claims/copies:FuzzParse server/store/forward:FuzzDecode server/store/block:FuzzBlock server/store/postings:FuzzDecode server/store/record:FuzzBodies server/rpc:FuzzPageToken server/rpc:FuzzResumeToken

.PHONY: torture
torture: ## Kill, cut the power, fill disks, crowd and fuzz, for long: make torture ROUNDS=200 MINUTES=10
	$(GO) test ./server/store/sqlite -v -timeout 2h -run 'TestNothingAcknowledgedIsLost|TestAPowerCut|TestATornLog|FullDisk|DiskTooSmall' \
	  -crash.rounds $(ROUNDS) -powercut.cuts $(ROUNDS) -powercut.stored 1000
	$(GO) test ./server/e2e -v -timeout 2h -run 'TestKillNine|TestOverPostgres/a_server_is_killed' -kill.rounds $(ROUNDS)
	$(GO) test ./server/e2e -v -timeout 2h -run 'TestManyCallersMixEverything' -mix.for $(MINUTES)m
	@for f in $(FUZZED); do $(GO) test ./$${f%%:*} -run '^$$' -fuzz "^$${f##*:}\$$" -fuzztime 1m; done

.PHONY: lint
lint: $(GOLANGCI_LINT) proto/.imports/buf/validate/validate.proto ## Lint the Go code and the API
	$(GO) vet ./...
	$(GOLANGCI_LINT) run ./...
	$(GO) tool buf lint

.PHONY: format
format: $(GOLANGCI_LINT) ## Format the Go code and the API
	$(GOLANGCI_LINT) fmt
	$(GO) tool buf format -w proto/secondsource

$(GOLANGCI_LINT):
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv bin/golangci-lint $@

$(GOVULNCHECK):
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin $(GO) install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	@mv bin/govulncheck $@

$(GRPCURL):
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin $(GO) install github.com/fullstorydev/grpcurl/cmd/grpcurl@$(GRPCURL_VERSION)
	@mv bin/grpcurl $@

.PHONY: clients
clients: $(GRPCURL) ## Install what the tests of docs/clients run: Python's gRPC, Node's, grpcurl
	client/install

# It asks https://vuln.go.dev, or what GOVULNDB names. Only what could not be asked
# passes unasked; anything else that goes wrong fails.
.PHONY: vulncheck
vulncheck: $(GOVULNCHECK) ## Fail when this code calls something with a known vulnerability
	@said=$$(mktemp) && trap 'rm -f "$$said"' EXIT; \
	if $(GOVULNCHECK) ./... > "$$said" 2>&1; then cat "$$said"; \
	elif grep -q '^govulncheck: fetching vulnerabilities: ' "$$said"; then \
	  tail -n 1 "$$said"; echo 'vulncheck: NOT CHECKED, the database of vulnerabilities cannot be reached'; \
	else cat "$$said" >&2; exit 1; fi

.PHONY: licences
licences: ## Fail when a module that is built in stands under a licence not on the allow list
	$(GO) run ./packaging/licences ./server/secondsourced ./client/secondsource

# validate.proto comes out of the Go module that go.mod pins, not from a registry.
proto/.imports/buf/validate/validate.proto: go.mod proto/internal/vendorproto/main.go
	$(GO) run ./proto/internal/vendorproto proto/.imports
	@touch $@

.PHONY: generate
generate: proto/.imports/buf/validate/validate.proto ## Generate Go, the OpenAPI document and docs/api.md from the .proto files
	$(GO) tool buf generate
	$(GO) tool buf build --path proto/secondsource --as-file-descriptor-set -o - | $(GO) run ./proto/internal/apidoc > docs/.api.md
	@mv docs/.api.md docs/api.md
	$(GO) tool buf build --exclude-source-info -o proto/secondsource.binpb

.PHONY: checkgenerate
checkgenerate: ## Fail when what is generated is not what its sources say
	@before=$$(mktemp) && after=$$(mktemp) && trap 'rm -f "$$before" "$$after"' EXIT; \
	find $(GENERATED) -type f -not -path '*/.imports/*' -exec sha256sum {} + | sort -k 2 > "$$before"; \
	$(MAKE) --no-print-directory generate; \
	find $(GENERATED) -type f -not -path '*/.imports/*' -exec sha256sum {} + | sort -k 2 > "$$after"; \
	diff "$$before" "$$after" || { echo 'checkgenerate: these files were not what "make generate" writes; commit them' >&2; exit 1; }
	@if [[ -d '$(TREEBANKS)' ]]; then \
	  $(GO) run ./claims/language/grammar/train -data '$(TREEBANKS)' -out $(GRAMMAR) -check; \
	  rarity=$$(mktemp); $(GO) run ./claims/match/background -data '$(TREEBANKS)' -out "$$rarity"; \
	  diff -q "$$rarity" claims/match/background.txt; rm -f "$$rarity"; \
	else \
	  echo 'checkgenerate: $(GRAMMAR) was not checked: there are no treebanks at $(TREEBANKS)'; \
	fi
	@if [[ -f '$(WORDNET)' ]]; then \
	  lexicon=$$(mktemp); $(GO) run ./claims/match/lexicon -wordnet '$(WORDNET)' -out "$$lexicon"; \
	  cmp "$$lexicon" claims/match/lexicon.bin; rm -f "$$lexicon"; \
	else \
	  echo 'checkgenerate: claims/match/lexicon.bin was not checked: there is no $(WORDNET)'; \
	fi

.PHONY: train
train: ## Train the embedded tagger and parser anew: make train DATA=folder
	$(GO) run ./claims/language/grammar/train -data '$(TREEBANKS)' -out $(GRAMMAR)
	$(GO) run ./claims/match/background -data '$(TREEBANKS)' -out claims/match/background.txt
	$(GO) run ./claims/match/lexicon -wordnet '$(WORDNET)' -out claims/match/lexicon.bin

# measure answers one suite and scores it: name of the printed section, suite and
# its arguments, input below $(EVAL), scorer and its arguments, gold below $(EVAL).
define measure
	@echo '== $(1)'; if [[ -e '$(EVAL)/$(3)' ]]; then \
	  build/predict -suite $(2) -in '$(EVAL)/$(3)' -out 'build/pred-$(1).jsonl' && \
	  cd '$(EVAL)' && $(GO) run ./$(4) -gold '$(5)' -pred '$(CURDIR)/build/pred-$(1).jsonl'; \
	else \
	  echo 'not measured: there is no $(EVAL)/$(3)'; \
	fi
endef

.PHONY: eval
eval: ## Measure against the evaluation sets: make eval EVAL=folder
	@mkdir -p build && $(GO) build -o build/predict ./claims/eval/predict
	$(call measure,scenarios,scenarios,scenarios/dev,scenarios/score,scenarios/dev)
	$(call measure,polnear,polnear,polnear/dev/valid.jsonl,polnear/score -mode spans,polnear/dev/valid.jsonl)
	$(call measure,polnear-docs,polnear -docs,polnear/dev/dev_docs.jsonl,polnear/score -mode docs,polnear/dev/dev_docs.jsonl)
	$(call measure,benchie,benchie,benchie/dev/gold.jsonl,benchie/score,benchie/dev/gold.jsonl)
	$(call measure,propsegment-seg,propsegment -task seg,propsegment/dev/segmentation.jsonl,propsegment/score -task seg,propsegment/dev/segmentation.jsonl)
	$(call measure,propsegment-entail,propsegment -task entail,propsegment/dev,propsegment/score -task entail,propsegment/dev/claims.jsonl)
	$(call measure,feversym,feversym,feversym/dev/pairs.jsonl,feversym/score,feversym/dev/pairs.jsonl)
	$(call measure,msrp-train,msrp,msrp/dev/train.jsonl,msrp/score,msrp/dev/train.jsonl)
	$(call measure,msrp-val,msrp,msrp/dev/val.jsonl,msrp/score,msrp/dev/val.jsonl)
	$(call measure,ecbplus,ecbplus,ecbplus/dev,ecbplus/score,ecbplus/dev/devset_mentions.jsonl)
	@if [[ -e '$(EVAL)/fnc1/dev' ]]; then build/predict -suite fnc1-held -in '$(EVAL)/fnc1/dev' -out build/fnc1-held.jsonl; fi
	$(call measure,fnc1,fnc1,fnc1/dev,fnc1/score,$(CURDIR)/build/fnc1-held.jsonl)
	@echo '== nearcopies'; if [[ -e '$(EVAL)/fnc1/dev' ]]; then $(GO) run ./claims/eval/nearcopies -in '$(EVAL)/fnc1/dev'; else echo 'not measured: there is no $(EVAL)/fnc1/dev'; fi

.PHONY: eval-heldout
eval-heldout: ## Verdicts on scenarios the trees were not grown from: make eval-heldout EVAL=folder
	claims/eval/heldout.sh '$(EVAL)'

.PHONY: eval-corpus
eval-corpus: ## Answer headlines from a whole archive, which takes long: make eval-corpus EVAL=folder ARGS="-n 100"
	$(GO) run ./claims/eval/corpus -in '$(EVAL)/fnc1/dev' $(ARGS)

.PHONY: bench-peers
bench-peers: ## Measure the reading of articles beside another program, in the same run
	cd claims/eval/peers && $(GO) test -run none -bench Article -cpu 1 -count 5

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin build
