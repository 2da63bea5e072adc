# SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
# Completion of caliptra-image for bash.

_caliptra_image() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= word options
  local keys='--test-keys --fresh-test-keys --keys --vendor-ecc-key --vendor-lms-key --owner-ecc-key --owner-lms-key'
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in info | create | keys | hash | verify | mutate) command=$word && break ;; esac
  done
  case $previous in
    --lifecycle) COMPREPLY=($(compgen -W 'unprovisioned manufacturing production' -- "$current")) && return ;;
    --set)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -S = -W "$(caliptra-image mutate --list 2>/dev/null | cut -d' ' -f1)" -- "$current"))
      return ;;
  esac
  case $command in
    info | hash) options='--json' ;;
    create) options="--fmc --fmc-load --fmc-entry --fmc-version --fmc-svn --fmc-revision
      --runtime --runtime-load --runtime-entry --runtime-version --runtime-svn --runtime-revision
      --vendor-ecc-index --vendor-lms-index --lms-leaf --pl0-user --vendor-from --vendor-until --owner-from --owner-until
      --epoch --out $keys" ;;
    keys) options='--seed --lms-leaves --force' ;;
    verify) options='--fuses --fuse --lifecycle --json' ;;
    mutate) options="--out --set --size --list --lms-leaf $keys" ;;
    *) COMPREPLY=($(compgen -W 'info create keys hash verify mutate --help --version' -- "$current")) && return ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options --help" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _caliptra_image caliptra-image
