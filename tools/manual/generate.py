#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
"""Writes caliptra-emu's manual page or a shell's completion out of what the program says of itself.

    generate.py PROGRAM man|bash|zsh          to standard output
"""

import re
import subprocess
import sys

EVENTS = ["ready-for-fw", "rt-ready", "exit", "fatal", "boot-status=", "output=", "cycle="]


class Option:
    def __init__(self, names, value, description):
        self.names, self.value, self.description = names, value, description
        self.repeatable = description.endswith("; repeatable")

    def choices(self):
        """What the value can be, where that is a list of words."""
        if self.value == "EVENT":
            return EVENTS
        words = self.value.split("|")
        return words if len(words) > 1 and all(re.fullmatch(r"[a-z0-9.-]+", word) for word in words) else []

    def is_file(self):
        return "FILE" in self.value and self.value != "CMD[:FILE]" or self.value == "DIR"


class Command:
    """A command's help: its groups of options, its subcommands, and the text behind them."""

    def __init__(self, program, name):
        self.name = name
        text = subprocess.run([program, *([name] if name else []), "--help"], stdout=subprocess.PIPE, check=True,
                              encoding="utf-8").stdout
        usage = re.search(r"^Usage: .*$", text, re.MULTILINE)
        self.summary = text[:usage.start()].strip()
        self.groups, self.subcommands, self.footer = [], [], []
        group = None
        for line in text[usage.end():].splitlines():
            heading = re.fullmatch(r"([A-Z][^:]*):", line)
            entry = re.fullmatch(r"  (\S.*?)(?:  +(\S.*))?", line)
            more = re.fullmatch(r" {10,}(\S.*)", line)
            if heading:
                group = (heading[1], [])
                self.groups.append(group)
            elif more and group and group[1]:
                option = group[1][-1]
                option[1] = (option[1] + " " + more[1]).strip()
            elif entry and group:
                group[1].append([entry[1], entry[2] or ""])
            elif line or self.footer:
                self.footer.append(line)
                group = None
        commands = [entries for title, entries in self.groups if title == "Subcommands"]
        self.subcommands = [tuple(each) for each in commands[0]] if commands else []
        self.groups = [(title, [self.option(*entry) for entry in entries]) for title, entries in self.groups
                       if title != "Subcommands"]

    @staticmethod
    def option(usage, description):
        usage = re.sub(r" (REQUIRED|\.\.\.)", "", usage)
        names, _, value = usage.partition(" ")
        return Option(names.split(","), value.strip(), description)

    def options(self):
        return [option for _, options in self.groups for option in options]


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def man_options(command, out):
    for title, options in command.groups:
        out.append(f".SS {roff(title)}")
        for option in options:
            out.append(".TP")
            names = ", ".join(f"\\fB{roff(name)}\\fR" for name in option.names)
            out.append(names + (f" \\fI{roff(option.value)}\\fR" if option.value else ""))
            out.append(roff(option.description))


def man(top, commands, version):
    out = ['.\\" SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later', '.TH CALIPTRA-EMU 1',
           ".SH NAME", "caliptra\\-emu \\- run Caliptra boot ROMs and firmware on an emulated core", ".SH SYNOPSIS"]
    for each in commands:
        out += [f".B caliptra\\-emu {roff(each.name)}", ".RI [ option ...]", ".br"]
    out += [".B caliptra\\-emu", ".RI [ "
            "option ...]", ".SH DESCRIPTION", roff(top.summary), ".PP", roff("; ".join(version.splitlines()[1:]) + ".")]
    for each in commands:
        out += [f".SH {roff(each.name.upper())}", roff(each.summary) + "."]
        man_options(each, out)
    out += [".SH WITHOUT A SUBCOMMAND", "The options are those of",
            ".BR run ", "and", "\\fB\\-\\-version\\fR, which prints the version and the hardware generations that are modelled."]
    out += [".SH EVENTS, COMMANDS AND EXIT STATUS"]
    for line in commands[0].footer:
        out.append(roff(line) if line else ".PP")
    out += [".SH EXAMPLES", "Debug a ROM, forwards and backwards:", ".PP", ".EX",
            roff("caliptra-emu run --rom rom.bin --gdb 3333"),
            roff("gdb-multiarch -ex 'set architecture riscv:rv32' -ex 'target remote :3333'"), ".EE", ".PP",
            "Boot once, and talk to the runtime again and again:", ".PP", ".EX",
            roff("caliptra-emu run --rom rom.bin --firmware fw.bin --until rt-ready --save-snapshot ready.snapshot"),
            roff("caliptra-emu run --rom rom.bin --firmware fw.bin --load-snapshot ready.snapshot --mailbox FW_INFO"),
            ".EE", ".SH SEE ALSO", ".BR caliptra\\-mbox (1),", ".BR libcaliptra\\-emu (3),", ".BR gdb (1)"]
    while ".PP" in out and out[out.index(".SH EXAMPLES") - 1] == ".PP":
        del out[out.index(".SH EXAMPLES") - 1]
    return "\n".join(line for line in out if line) + "\n"


def bash(top, commands):
    def words(command):
        return " ".join(name for option in command.options() for name in option.names)

    def values(command):
        lines = []
        for option in command.options():
            names = "|".join(option.names)
            if option.choices():
                lines.append(f'        {names}) COMPREPLY=($(compgen -W "{" ".join(option.choices())}" -- "$word")); return ;;')
            elif option.is_file():
                kind = "-d" if option.value == "DIR" else "-f"
                lines.append(f'        {names}) compopt -o filenames; COMPREPLY=($(compgen {kind} -- "$word")); return ;;')
            elif option.value:
                lines.append(f"        {names}) return ;;")
        return "\n".join(lines)

    names = " ".join(each.name for each in commands)
    cases = "\n".join(f"""    {each.name or "''"})
      case $before in
{values(each)}
      esac
      options="{words(each)}"
      ;;""" for each in (*commands, top))
    return f"""# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
# bash completion for caliptra-emu

_caliptra_emu() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command='' options='' each
  for each in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {names} " in *" $each "*) command=$each; break ;; esac
  done
  COMPREPLY=()
  case $command in
{cases}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "{names}" -- "$word"))
  fi
}}
complete -F _caliptra_emu caliptra-emu
"""


def zsh(top, commands):
    def quote(text):
        return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")

    def specifications(command):
        lines = []
        for option in command.options():
            for name in option.names:
                if option.choices():
                    action = f":value:({' '.join(option.choices())})"
                elif option.is_file():
                    action = ":directory:_files -/" if option.value == "DIR" else ":file:_files"
                else:
                    action = f":{quote(option.value)}: " if option.value else ""
                star = "*" if option.repeatable else ""
                lines.append(f"    '{star}{name}[{quote(option.description)}]{action}'")
        return " \\\n".join(lines)

    functions = "\n".join(f"""_caliptra-emu-{each.name}() {{
  _arguments \\
{specifications(each)}
}}
""" for each in commands)
    described = " ".join(f"'{each.name}:{quote(each.summary)}'" for each in commands)
    cases = "\n".join(f"      {each.name}) _caliptra-emu-{each.name} ;;" for each in commands)
    return f"""#compdef caliptra-emu
# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

{functions}
_caliptra-emu() {{
  local context state state_descr line
  typeset -A opt_args
  local -a commands=({described})
  _arguments -C \\
{specifications(top)} \\
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
{cases}
      esac
      ;;
  esac
}}

_caliptra-emu "$@"
"""


def main():
    program, what = sys.argv[1:]
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    top = Command(program, "")
    commands = [Command(program, name) for name, _ in top.subcommands]
    print({"man": lambda: man(top, commands, version), "bash": lambda: bash(top, commands),
           "zsh": lambda: zsh(top, commands)}[what](), end="")


if __name__ == "__main__":
    main()
