import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { askHidden } from "../../../host/cli/commands/hidden-answer.ts";

class Keyboard extends EventEmitter {
  isTTY = true;
  isRaw = false;
  isHeard = false;
  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }
  resume(): void {
    this.isHeard = true;
  }
  pause(): void {
    this.isHeard = false;
  }
}

function asked(isTTY = true) {
  const keyboard = new Keyboard();
  keyboard.isTTY = isTTY;
  let shown = "";
  const stop = new AbortController();
  const screen = { write: (text: string) => (shown += text) };
  const answer = askHidden("Word:", { keyboard: keyboard as never, screen, signal: stop.signal });
  return {
    keyboard,
    answer,
    stop,
    shown: () => shown,
    type: (text: string) => keyboard.emit("data", Buffer.from(text)),
  };
}

it("what is typed is answered and never shown, and the keyboard is as it was", async () => {
  const { keyboard, answer, shown, type } = asked();
  expect(keyboard).toMatchObject({ isRaw: true, isHeard: true });
  type("zwei W");
  type("örx\u007fter\r");
  expect(await answer).toBe("zwei Wörter");
  expect(shown()).toBe("Word: \n");
  expect(keyboard).toMatchObject({ isRaw: false, isHeard: false });
  expect(keyboard.listenerCount("data")).toBe(0);
});

it("a letter of two bytes may come in two pieces", async () => {
  const { keyboard, answer } = asked();
  const bytes = Buffer.from("ö\n");
  keyboard.emit("data", bytes.subarray(0, 1));
  keyboard.emit("data", bytes.subarray(1));
  expect(await answer).toBe("ö");
});

it("a line is begun anew by Ctrl-U; Ctrl-C, Ctrl-D and the end of the command answer nothing", async () => {
  const anew = asked();
  anew.type("wrong\u0015right\r");
  expect(await anew.answer).toBe("right");
  for (const key of ["\u0003", "\u0004"]) {
    const given = asked();
    given.type(key);
    expect(await given.answer).toBe(undefined);
    expect(given.keyboard.isRaw).toBe(false);
  }
  const ended = asked();
  ended.stop.abort();
  expect(await ended.answer).toBe(undefined);
  expect(ended.keyboard.isRaw).toBe(false);
});

it("nobody is waited for where no terminal is", async () => {
  const { answer, shown } = asked(false);
  expect(await answer).toBe(undefined);
  expect(shown()).toBe("");
});
