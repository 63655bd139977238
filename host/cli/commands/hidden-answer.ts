/** A passphrase as a person types it: nothing of it is shown, and nobody is waited for where no terminal is. */

export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode(isRaw: boolean): unknown;
  on(event: "data", hear: (bytes: Uint8Array) => void): unknown;
  off(event: "data", hear: (bytes: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface HiddenAsk {
  readonly keyboard: Keyboard;
  readonly screen: { write(text: string): unknown };
  readonly signal: AbortSignal;
}

const ENTER = new Set(["\r", "\n"]);
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
const ERASE = new Set(["\u007f", "\b"]);

/** Undefined where nobody answers. */
export function askHidden(question: string, { keyboard, screen, signal }: HiddenAsk): Promise<string | undefined> {
  if (keyboard.isTTY !== true || signal.aborted) return Promise.resolve(undefined);
  screen.write(`${question} `);
  return new Promise((resolve) => {
    const letters: string[] = [];
    const decoder = new TextDecoder();
    const end = (answer: string | undefined): void => {
      keyboard.off("data", hear);
      signal.removeEventListener("abort", giveUp);
      keyboard.setRawMode(false);
      keyboard.pause();
      screen.write("\n");
      resolve(answer);
    };
    const giveUp = (): void => end(undefined);
    const hear = (bytes: Uint8Array): void => {
      for (const letter of decoder.decode(bytes, { stream: true })) {
        if (ENTER.has(letter)) {
          end(letters.join(""));
          return;
        }
        if (letter === CTRL_C || (letter === CTRL_D && letters.length === 0)) {
          giveUp();
          return;
        }
        if (letter === CTRL_U) letters.length = 0;
        else if (ERASE.has(letter)) letters.pop();
        else if (letter >= " ") letters.push(letter);
      }
    };
    signal.addEventListener("abort", giveUp, { once: true });
    keyboard.setRawMode(true);
    keyboard.on("data", hear);
    keyboard.resume();
  });
}
