/** The text of docs/commands.md: every command's own help, and every exit. */
import { help } from "../../host/cli/arguments.ts";
import { COMMANDS } from "../../host/cli/commands.ts";
import { EXITS } from "../../host/cli/exit-codes.ts";

export function commandsPage(): string {
  const sections = COMMANDS.map(
    (command) => `## hardway ${command.words.join(" ")}\n\n${fenced(help(COMMANDS, command))}`,
  );
  const exits = Object.entries(EXITS).map(([name, { code, about }]) => `| ${code} | ${name} | ${about} |`);
  const table = ["| exit | name | what it means |", "|---|---|---|", ...exits].join("\n");
  return `${[INTRODUCTION, fenced(help(COMMANDS)), ...sections, `## Exit codes\n\n${EXIT_WORDS}\n\n${table}`].join("\n\n")}\n`;
}

const INTRODUCTION = `# Commands

The commands print this page, \`npm run docs\` writes it, and a test fails when the two differ. In a checkout each begins with
\`npm run -s hardway --\`, as in \`npm run -s hardway -- doctor\`.

Answers go to the standard output, everything else to the standard error; with \`--json\` the standard output holds nothing but
JSON, one value a line. Ctrl-C ends a command in order, a second one at once.

A DEVICE is a path such as \`/dev/serial/by-id/…\` or \`/dev/serial0\`, \`tcp://host:port\`, or \`unix:/path\`.`;

const EXIT_WORDS = "Stable: a number once given is not given again.";

const fenced = (text: string): string => `\`\`\`\n${text}\n\`\`\``;
