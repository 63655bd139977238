import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import type { WorldEffect } from "../../../../hardware/virtual/events.ts";
import type { Front } from "../../../../hardware/virtual/fronts/front.ts";
import { type Crossing, plugBoard } from "../../../../hardware/virtual/fronts/plug-board.ts";
import { type RunningWorld, runWorld } from "../../../../hardware/virtual/fronts/run-world.ts";
import { world } from "../../../../hardware/virtual/world.ts";
import { ManualClock } from "./manual-clock.ts";

const BOOT_MS = 400;
const made = () => world({ seed: 1, errorRate: 0, boards: [{ board: boards.esp32, position: { x: 0, y: 0 } }] });

describe("a world on a clock", () => {
  test("does what is due when it is due, and not before", () => {
    const clock = new ManualClock();
    const effects: WorldEffect[] = [];
    const running = runWorld(made(), clock, (effect) => effects.push(effect));
    clock.pass(BOOT_MS - 1);
    expect(effects).toEqual([]);
    clock.pass(20);
    expect(effects.map(({ type }) => type)).toContain("read");
    expect(running.now()).toBe(BOOT_MS + 19);
  });

  test("leaves out the time in which its machine slept", () => {
    const clock = new ManualClock();
    const one = made();
    const running = runWorld(one, clock, () => {});
    clock.pass(2 * BOOT_MS);
    clock.skip(3_600_000);
    clock.pass(0);
    expect(running.now()).toBeLessThan(2 * BOOT_MS + 3000);
    expect(running.now()).toBeGreaterThan(2 * BOOT_MS);
  });

  test("does what an effect brings about after it, in order, and nothing once it is stopped", () => {
    const clock = new ManualClock();
    const one = made();
    const order: string[] = [];
    const running: RunningWorld = runWorld(one, clock, (effect) => {
      if (effect.type !== "cable") return;
      order.push(`${effect.plugged}`);
      if (!effect.plugged) running.tell({ type: "cable", board: 0, plugged: true });
      order.push("done");
    });
    running.tell({ type: "cable", board: 0, plugged: false });
    expect(order).toEqual(["false", "done", "true", "done"]);
    running.stop();
    expect(clock.waiting).toBe(0);
    running.tell({ type: "cable", board: 0, plugged: false });
    expect(order).toHaveLength(4);
  });
});

function plugged() {
  const clock = new ManualClock();
  const one = made();
  const crossings: Crossing[] = [];
  const calls: string[] = [];
  const port = plugBoard(
    one,
    () => running,
    0,
    clock,
    (crossing) => crossings.push(crossing),
    (why) => calls.push(why),
  );
  const front: Front = {
    place: { type: "tcp", port: 1 },
    device: "tcp://127.0.0.1:1",
    send: (bytes) => calls.push(`send ${bytes.length > 0}`),
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
    close: async () => {
      calls.push("close");
    },
  };
  port.front = front;
  const running = runWorld(one, clock, port.onEffect);
  running.tell({ type: "cable", board: 0, plugged: false });
  return { clock, world: one, port, crossings, calls };
}

describe("a board and its port", () => {
  test("whoever writes more than the wire has room for waits for the wire", () => {
    const { clock, port, calls } = plugged();
    port.listener.onOpened();
    port.listener.onBytes(new Uint8Array(4000));
    expect(calls).toEqual([]);
    port.listener.onBytes(new Uint8Array(4000));
    expect(calls).toEqual(["pause"]);
    const aheadMs = (8000 - 2048) * (10_000 / boards.esp32.baud);
    clock.pass(aheadMs - 1);
    expect(calls).toEqual(["pause"]);
    clock.pass(2);
    expect(calls).toEqual(["pause", "resume"]);
    expect(port.counters).toMatchObject({ opened: 1, bytesDown: 8000, waits: 1 });
  });

  test("what a board says while nobody listens is lost, and not told later", () => {
    const { clock, port, calls, crossings } = plugged();
    clock.pass(3 * BOOT_MS);
    port.listener.onOpened();
    expect(crossings).toEqual([{ type: "note", words: "opened" }]);
    clock.pass(5000);
    expect(calls).toContain("send true");
    expect(port.counters.bytesUp).toBeGreaterThan(0);
    port.listener.onClosed();
    const { bytesUp } = port.counters;
    clock.pass(5000);
    expect(port.counters.bytesUp).toBe(bytesUp);
    expect(crossings.at(-1)).toEqual({ type: "note", words: "closed" });
  });

  test("the speed of the host's end is that of the world's wire", () => {
    const { world: one, port } = plugged();
    port.listener.onOpened();
    port.listener.onBaud(115_200);
    expect(one.boards[0].hostBaud).toBe(115_200);
    expect(one.boards[0].down.ratio).toBeCloseTo(8, 5);
  });

  test("a pulled cable closes the port once, and what was under way is gone", async () => {
    const { clock, world: one, port, calls, crossings } = plugged();
    port.listener.onOpened();
    port.listener.onBytes(new Uint8Array(9000));
    await port.pull();
    expect(one.boards[0].plugged).toBe(false);
    expect(one.boards[0].down.underway).toEqual([]);
    expect(calls).toEqual(["pause", "close"]);
    await port.pull();
    expect(crossings.filter(({ type }) => type === "note")).toHaveLength(2);
    const { waiting } = clock;
    expect(waiting).toBe(1);
  });
});
