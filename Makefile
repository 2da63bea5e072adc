# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
#
# A front door to meson for people. It installs missing Debian packages, configures, builds, and then:
#   make run                        boots our demonstration firmware, talks to it, and shows the conversation
#   make run ROM=FILE [FW=FILE]     boots official images; UNTIL=EVENT says when to stop, ARGS=... adds any option
#   make test                       runs all tests; the last line sums them up
#   make sanitize, make clang       the same tests under ASan and UBSan; built by clang
#   make bench                      measures programs, beside QEMU, and whole boots: see docs/performance.md
#   make timing                     sets the rtl profile's cycles beside the RTL's, and writes docs/timing.md
#   make images-table               tries changed bundles on the official ROMs, and writes docs/images.md
#   make soak N=INSTRUCTIONS        random programs against QEMU, SEED=… for others than the last time
#   make coverage                   runs the tests and prints which lines they reach
#   make coverage-peripherals       the same for peripherals/ by the tests of its own and of soc/ alone, in minutes
#   make format-check, make format  checks or changes the layout of the sources
#   make qemu                       builds a QEMU whose ast2700fc machine has Caliptra in it: see docs/qemu.md
#   make clean                      removes all build directories

BUILD ?= build
# `make test` builds and tests all of these.
BUILDS ?= $(BUILD)
# `make test QEMU=no` builds no QEMU for them.
QEMU ?= yes

# More optimization would make this build take three times as long. What warns only because of the sanitizers is no error.
options_build-sanitize = -Doptimization=1 -Ddebug=false -Db_sanitize=address,undefined -Dwerror=false \
  -Dcpp_args='-g1 -fno-sanitize-recover=all'
options_build-coverage = --buildtype=debugoptimized -Db_coverage=true
ccache = $(if $(shell command -v ccache),ccache )
environment_build-clang = CC='$(ccache)clang' CXX='$(ccache)clang++'

# The same sources compile once, in whichever folder they are.
export CCACHE_NOHASHDIR = 1

# A file's name as one word of a shell command.
quoted = '$(subst ','\'',$(patsubst ~/%,$(HOME)/%,$(1)))'

qemu_cache = $(or $(QEMU_CACHE),$(if $(CALIPTRA_IMAGES),$(CALIPTRA_IMAGES)/../cache,../shared/cache))
qemu_source = $(or $(QEMU_SRC),$(shell ls $(call quoted,$(qemu_cache))/qemu_*.orig.tar.xz 2>/dev/null))
install = tools/setup/install-packages
emulator = $(BUILD)/tools/caliptra-emu
demonstration = $(BUILD)/firmware-tests/demo
UNTIL ?= $(if $(FW),rt-ready,ready-for-fw)

gcovr = gcovr --root . --object-directory build-coverage --exclude '.*_test(_support)?\.(cc|h)' \
  --exclude '.*/(bench|test_bench|test_support|fake_vaults)\.h' --exclude 'subprojects/' --gcov-ignore-parse-errors \
  build-coverage

.PHONY: qemu qemu-for-tests run run-files test sanitize clang bench soak images-table coverage coverage-peripherals format \
  format-check clean build-packages test-packages

run: run-files build-packages
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet
	@test -n $(call quoted,$(ROM)) || test -f $(demonstration)/bundle.bin || \
	  { echo "make run: our firmware needs gcc-riscv64-unknown-elf; install it, or say ROM=FILE" >&2; exit 1; }
ifneq ($(ROM)$(FW),)
	$(emulator) run --rom $(call quoted,$(or $(ROM),$(demonstration)/rom.bin)) $(if $(FW),--firmware $(call quoted,$(FW))) \
	  --until $(UNTIL) $(ARGS)
else
	@firmware-tests/demo/converse $(emulator) $(demonstration) $(if $(filter file,$(origin UNTIL)),,--until $(UNTIL)) $(ARGS)
endif

# Before the build, which takes minutes.
run-files:
	@for file in $(if $(ROM),$(call quoted,$(ROM))) $(if $(FW),$(call quoted,$(FW))); do \
	  test -r "$$file" || { echo "make run: cannot read $$file" >&2; exit 1; }; done

test: test-packages
	@$(MAKE) --no-print-directory $(BUILDS:%=%/build.ninja)
	@$(if $(and $(filter yes,$(QEMU)),$(filter $(BUILD),$(BUILDS))),$(MAKE) --no-print-directory qemu-for-tests)
	@tools/run-tests $(BUILDS)

sanitize:
	@$(MAKE) --no-print-directory test BUILDS=build-sanitize

clang:
	@$(MAKE) --no-print-directory test BUILDS=build-clang

bench: build-packages
	@$(install) bench
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@meson configure $(BUILD) -Dbenchmarks=enabled
	@ninja -C $(BUILD) --quiet
	@tools/bench $(BUILD)

timing: build-packages
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet tools/timing-report
	@$(BUILD)/tools/timing-report --write docs/timing.md || test $$? = 77

images-table: build-packages
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet tools/image/image-refusals
	@$(BUILD)/tools/image/image-refusals --write docs/images.md

soak: test-packages
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet tools/differential/differential
	@$(BUILD)/tools/differential/differential --instructions $(or $(N),100000000) --seed $(or $(SEED),1) --keep $(BUILD)

coverage: test-packages
	@$(install) coverage
	@$(MAKE) --no-print-directory build-coverage/build.ninja
	@ninja -C build-coverage --quiet
	@find build-coverage -name '*.gcda' -delete
	@tools/run-tests build-coverage; tests=$$?; \
	  $(gcovr) --print-summary && echo "peripherals/ alone:" && \
	  $(gcovr) --filter peripherals/ --print-summary --fail-under-line 95 --output build-coverage/peripherals.txt && \
	  exit $$tests

# Builds no more than these tests need.
coverage-peripherals: test-packages
	@$(install) coverage
	@$(MAKE) --no-print-directory build-coverage/build.ninja
	@find build-coverage -name '*.gcda' -delete
	@meson test -C build-coverage --suite peripherals --timeout-multiplier 5
	@$(gcovr) --filter peripherals/ --print-summary --fail-under-line 95 --output build-coverage/peripherals.txt

# Where there is QEMU's source: see docs/qemu.md.
qemu-for-tests:
	@test -z "$(qemu_source)" || $(install) build qemu
	@qemu-integration/build tests

# Goes by its own rules: see qemu-integration/build.
qemu:
	@$(install) build qemu
	@qemu-integration/build

# What meson configures; the packages come first, or it would build what Debian has ready.
%/build.ninja:
	@mkdir -p $* 2>/dev/null && test -w $* || \
	  { echo "make: cannot write into $*; BUILD=FOLDER says where else to build" >&2; exit 1; }
	@$(environment_$*) meson setup $(options_$*) $*

build-packages:
	@$(install) build

test-packages:
	@$(install) build test $(if $(filter build-clang,$(BUILDS)),clang)

sources = $(shell git ls-files '*.cc' '*.h' '*.c')

format:
	@$(install) format
	@clang-format -i $(sources)

format-check:
	@$(install) format
	@tools/check-layout

clean:
	rm -rf build build-sanitize build-clang build-coverage
