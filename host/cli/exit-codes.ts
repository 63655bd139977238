/** What a command's exit tells a script. A number once given is not given again; docs/commands.md prints this table. */

export const EXITS = Object.freeze({
  done: { code: 0, about: "It did what was asked." },
  failed: { code: 1, about: "It failed in a way that has no code of its own; the message says how." },
  usage: { code: 2, about: "A word, an option or a value was not understood; nothing was done." },
  missing: { code: 3, about: "The port, the file, the folder or the sequence is not there." },
  busy: { code: 4, about: "Another process holds the port." },
  forbidden: { code: 5, about: "This user may not open it." },
  silent: { code: 6, about: "The port opens, and nothing that makes sense comes." },
  babbling: { code: 7, about: "Bytes come, and none of them is a frame." },
  stranger: { code: 8, about: "A frame comes, but no radio of ours answers." },
  version: { code: 9, about: "The radio speaks another major version." },
  wire: { code: 10, about: "The wire's self-test failed." },
  image: { code: 11, about: "The image is damaged, or not what it says." },
  mismatch: { code: 12, about: "Image, board and chip do not belong together; nothing was written." },
  unwritten: { code: 13, about: "Writing or verifying the flash failed." },
  unconfirmed: { code: 14, about: "It was written, but the board did not come back with that build." },
  tool: { code: 15, about: "A tool of somebody else is needed; the message names it." },
  limits: { code: 16, about: "A measurement lies outside its limits, or is worse than the baseline." },
  lost: { code: 17, about: "The radio went away in the middle." },
  unsound: {
    code: 18,
    about:
      "A game, a roll's proof, a ledger or a configuration was looked at, and does not hold; the answer says where.",
  },
  damaged: { code: 19, about: "What a kiosk has kept is damaged; what could be read of it was told." },
  foreign: { code: 20, about: "It is of another table, or of another version of this program." },
  interrupted: { code: 130, about: "Ctrl-C." },
} as const);

export type Exit = keyof typeof EXITS;
export const exitCode = (exit: Exit): number => EXITS[exit].code;
