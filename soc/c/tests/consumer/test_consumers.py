#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Builds and runs a small C program against this project in the ways that hosts use it.

    test_consumers.py WAY BUILD SOURCE      with WAY one of shared, static, subproject, cmake

BUILD is a build directory of this project; what is missing there isn't built. Exit status 77: skipped, with the reason.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def skip(reason):
    print(f"[skipped] consumer: {reason}")
    sys.exit(77)


def run(*command, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(str(part) for part in command)}:\n{result.stdout}\n{result.stderr}")
    return result.stdout


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            skip(f"{program} is not installed")


def install(build, work):
    """Installs the library's part of the build; returns an environment in which pkg-config finds it."""
    target = work / "installed"
    run("meson", "install", "-C", build, "--no-rebuild", "--tags", "devel,runtime-library,runtime", "--destdir", target,
        "--skip-subprojects")
    pkg_config = next(target.rglob("caliptra-emu.pc"), None)
    if pkg_config is None:
        sys.exit("no caliptra-emu.pc was installed")
    for header in ("caliptra_bootmcu.h", "caliptra_emu.h", "caliptra_model.h"):
        if next(target.rglob(header), None) is None:
            sys.exit(f"{header} was not installed")
    # Relocates the installation from its prefix to where DESTDIR put it.
    for each in pkg_config.parent.glob("caliptra-*.pc"):
        text = each.read_text(encoding="utf-8")
        prefix = next(line[len("prefix="):] for line in text.splitlines() if line.startswith("prefix="))
        each.write_text(text.replace(f"prefix={prefix}\n", f"prefix={target}{prefix}\n"), encoding="utf-8")
    environment = dict(os.environ)
    environment["PKG_CONFIG_PATH"] = str(pkg_config.parent)
    environment["LD_LIBRARY_PATH"] = str(pkg_config.parent.parent)
    return environment


def flags_of(environment, *options):
    return run("pkg-config", *options, "caliptra-emu", env=environment).split()


def shared(build, _source, work):
    need("cc", "pkg-config")
    environment = install(build, work)
    flags = flags_of(environment, "--cflags", "--libs")
    same = run("pkg-config", "--cflags", "--libs", "caliptra-bootmcu", env=environment).split()
    assert set(same) == set(flags), f"caliptra-bootmcu is {same}, caliptra-emu {flags}"
    run("cc", "-Wall", "-Wextra", "-Werror", HERE / "consumer.c", "-o", work / "consumer", *flags)
    needed = run("readelf", "-d", work / "consumer") if shutil.which("readelf") else "libcaliptra-emu.so.1"
    assert "libcaliptra-emu.so.1" in needed, "the program does not use the shared library"
    return run(work / "consumer", env=environment)


def static(build, _source, work):
    need("cc", "pkg-config")
    environment = install(build, work)
    for library in Path(work).rglob("libcaliptra-emu.so*"):
        library.unlink()
    flags = flags_of(environment, "--static", "--cflags", "--libs")
    run("cc", HERE / "consumer.c", "-o", work / "consumer", *flags, "-lstdc++")
    return run(work / "consumer")


def subproject(_build, source, work):
    need("meson", "ninja", "nm")
    host = work / "host"
    (host / "subprojects").mkdir(parents=True)
    shutil.copy(HERE / "consumer.c", host)
    shutil.copy(HERE / "meson.build.host", host / "meson.build")
    (host / "subprojects" / "caliptra-emu").symlink_to(Path(source).resolve())
    run("meson", "setup", work / "build", host, "--wrap-mode=nodownload")
    run("ninja", "-C", work / "build", "consumer", "libplugin.so")
    exported = run("nm", "-D", "--defined-only", "-C", work / "build" / "libplugin.so")
    leaked = [line for line in exported.splitlines() if "veer::" in line or "caliptra::" in line]
    assert not leaked, "the host's library shows what is inside:\n" + "\n".join(leaked[:10])
    return run(work / "build" / "consumer")


def cmake(build, _source, work):
    need("cmake", "pkg-config")
    environment = install(build, work)
    run("cmake", "-S", HERE, "-B", work / "cmake", "-DCMAKE_BUILD_TYPE=Release", env=environment)
    run("cmake", "--build", work / "cmake", env=environment)
    return run(work / "cmake" / "consumer", env=environment)


def main():
    way, build, source, sanitizers = sys.argv[1:]
    if sanitizers != "none":
        print(f"[skipped] C consumer, {way}: a library with sanitizers needs their run time in its host")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        print({"shared": shared, "static": static, "subproject": subproject, "cmake": cmake}[way](build, source, Path(work)))


if __name__ == "__main__":
    main()
