/** What a person presses while a table runs. On a terminal a key works at once; elsewhere a line of one letter does. */
import { createInterface } from "node:readline";

/** Answers how to let the keyboard go. */
export function readKeys(on: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) {
    const lines = createInterface({ input: stdin });
    lines.on("line", (line) => on(line.trim()));
    return () => {
      lines.close();
      stdin.destroy();
    };
  }
  const onData = (text: Buffer): void => {
    for (const key of text.toString()) on(key === CTRL_C ? "q" : key);
  };
  stdin.setRawMode(true);
  stdin.on("data", onData);
  return () => {
    stdin.off("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** While keys are read one by one, it is a letter and no signal. */
const CTRL_C = "\u0003";
