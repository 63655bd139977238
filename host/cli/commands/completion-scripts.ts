/** Scripts that complete a command line, one a shell. They hold the whole table, so that a key pressed starts no program. */
import type { CompletionOption, CompletionPlace, Described } from "./completion-table.ts";

export type Shell = "bash" | "zsh" | "fish";

export const COMPLETION_SCRIPTS: { readonly [shell in Shell]: (places: readonly CompletionPlace[]) => string } =
  Object.freeze({ bash, zsh, fish });

function bash(places: readonly CompletionPlace[]): string {
  const cases = places.map((place) => {
    const words = [...place.next.map(({ word }) => word), ...listed(place.command?.operands)].join(" ");
    const options = (place.command?.options ?? []).map(({ name }) => `--${name}`).join(" ");
    const valued = (place.command?.options ?? []).filter(({ values }) => values !== undefined);
    const values = valued.map(
      (option) =>
        `        --${option.name}) words=${quoted(listed(option.values).join(" "))}; files=${option.values === "files" ? 1 : 0}; options="";;\n`,
    );
    const inner = values.length === 0 ? "" : `      case "$before" in\n${values.join("")}      esac\n`;
    const files = place.command?.operands === "files" ? 1 : 0;
    return `    ${quoted(begin(place))}*)\n      words=${quoted(words)}; options=${quoted(options)}; files=${files}\n${inner}      ;;`;
  });
  return `# Completion of hardway for bash. To have it always: eval "$(hardway completion bash)" in ~/.bashrc
_hardway() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" line="" words="" options="" files=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == -* ]] || line+="\${COMP_WORDS[i]} "
  done
  case "$line" in
${cases.join("\n")}
  esac
  [[ "$word" == -* ]] && words="$options" && files=0
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  ((files)) && compopt -o default
  return 0
}
complete -F _hardway hardway
`;
}

function zsh(places: readonly CompletionPlace[]): string {
  const list = (described: readonly Described[]): string =>
    described.map(({ word, about }) => quoted(`${word.replaceAll(":", "\\:")}:${about}`)).join(" ");
  const cases = places.map((place) => {
    const options = (place.command?.options ?? []).map(({ name, about }) => ({ word: `--${name}`, about }));
    const words = [...place.next, ...listed(place.command?.operands).map((word) => ({ word, about: "" }))];
    const valued = (place.command?.options ?? []).filter(({ values }) => values !== undefined);
    const values = valued.map(
      (option) =>
        `        --${option.name}) offered=(${listed(option.values).map(quoted).join(" ")}); files=${option.values === "files" ? 1 : 0}; options=();;\n`,
    );
    const inner = values.length === 0 ? "" : `      case "\${words[CURRENT-1]}" in\n${values.join("")}      esac\n`;
    const files = place.command?.operands === "files" ? 1 : 0;
    return `    ${quoted(begin(place))}*)\n      offered=(${list(words)}); options=(${list(options)}); files=${files}\n${inner}      ;;`;
  });
  return `#compdef hardway
# Completion of hardway for zsh. To have it always: eval "$(hardway completion zsh)" in ~/.zshrc, after compinit
_hardway() {
  local line="" files=0 i
  local -a offered options
  for ((i = 2; i < CURRENT; i++)); do
    [[ "\${words[i]}" == -* ]] || line+="\${words[i]} "
  done
  case "$line" in
${cases.join("\n")}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o option options
  else
    ((\${#offered})) && _describe word offered
    ((files)) && _files
  fi
  return 0
}
compdef _hardway hardway
`;
}

function fish(places: readonly CompletionPlace[]): string {
  const rows = places.flatMap((place) => {
    const at = `-n ${quoted(`__hardway_at ${quotedInside(begin(place))}`)}`;
    const offered = [...place.next, ...listed(place.command?.operands).map((word) => ({ word, about: "" }))];
    return [
      ...offered.map(({ word, about }) => `complete -c hardway ${at} -a ${quoted(word)}${described(about)}`),
      ...(place.command?.operands === "files" ? [`complete -c hardway ${at} -F`] : []),
      ...(place.command?.options ?? []).map((option) => `complete -c hardway ${at} ${fishOption(option)}`),
    ];
  });
  const begins = places.map((place) => quoted(begin(place))).join(" ");
  return `# Completion of hardway for fish. To have it always: hardway completion fish > ~/.config/fish/completions/hardway.fish
function __hardway_at
  set -l words (commandline -opc)
  set -e words[1]
  set -l line ""
  for word in $words
    string match -q -- '-*' $word; or set line "$line$word "
  end
  for begin in ${begins}
    if test (string sub -l (string length -- "$begin") -- "$line") = "$begin"
      test "$begin" = "$argv[1]"
      return
    end
  end
  return 1
end
complete -c hardway -f
${rows.join("\n")}
`;
}

function fishOption({ name, about, values }: CompletionOption): string {
  const takes = values === undefined ? "" : values === "files" ? " -r -F" : ` -x -a ${quoted(values.join(" "))}`;
  return `-l ${name}${takes}${described(about)}`;
}

const described = (about: string): string => (about === "" ? "" : ` -d ${quoted(about)}`);
const listed = (words: readonly string[] | "files" | undefined): readonly string[] =>
  words === undefined || words === "files" ? [] : words;

/** What a command line begins with there, each word with its space. */
const begin = ({ words }: CompletionPlace): string => words.map((word) => `${word} `).join("");

/** Within quotes of a shell nothing has a meaning but the quote; each of the three goes on behind one so. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const quotedInside = (text: string): string => `"${text}"`;
