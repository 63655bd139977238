import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MUTE_REOPEN_MS, OPEN_AGAIN_MS, SerialPort } from "../../../firmware-js/serial/serial-port.ts";
import { type Clock, FakeUart } from "./fake-uarts.ts";

const BAUD = 230_400;

function bench(board: "nrf52" | "esp32"): { clock: Clock; uart: FakeUart; port: SerialPort; woken: { count: number } } {
  const clock = { now: 0 };
  const uart = new FakeUart(clock, board);
  const woken = { count: 0 };
  const port = new SerialPort(
    uart.open,
    BAUD,
    () => clock.now,
    () => (woken.count += 1),
  );
  return { clock, uart, port, woken };
}

const bytes = (size: number, from = 0): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (from + i) & 0xff);

describe.each(["nrf52", "esp32"] as const)("the port over the UART of an %s", (board) => {
  test("writes nothing before the device has said that it has room", () => {
    const { uart, port, clock } = bench(board);
    port.write(bytes(20));
    expect(uart.sent).toEqual([]);
    uart.run();
    clock.now = 10;
    uart.run();
    expect(uart.sent).toEqual([...bytes(20)]);
  });

  test("never gives the device more than it takes, whatever is written when, and loses nothing [I11]", () => {
    const pieces = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 400 }), waitMs: fc.integer({ min: 0, max: 20 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const { uart, port, clock } = bench(board);
        const said: number[] = [];
        for (const { size, waitMs } of all) {
          port.write(bytes(size, said.length));
          said.push(...bytes(size, said.length));
          clock.now += waitMs;
          uart.run();
          port.poll(clock.now);
        }
        for (let turn = 0; turn < 200 && uart.sent.length < said.length; turn++) {
          clock.now += 20;
          uart.run();
        }
        expect(uart.sent).toEqual(said);
        expect(port.reopened).toBe(0);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("takes all that came at once, and then nothing", () => {
    const { uart, port, woken } = bench(board);
    uart.hear(bytes(100));
    expect(woken.count).toBe(1);
    expect(port.read()).toEqual(bytes(100));
    expect(port.read()).toBeUndefined();
  });

  test("tells how much has not left yet, by the speed of the line", () => {
    const { uart, port, clock } = bench(board);
    uart.run();
    port.write(bytes(32));
    expect(port.backlog(0)).toBe(32);
    // 32 bytes at 230400 take 1.39 ms.
    clock.now = 1;
    expect(port.backlog(1)).toBeCloseTo(32 - 23.04, 6);
    expect(port.backlogAt(16)).toBeCloseTo(16 / 23.04, 6);
    expect(port.backlog(2)).toBe(0);
  });

  test("opens anew when nobody takes its output for a second", () => {
    const { uart, port, clock } = bench(board);
    uart.mute = true;
    port.write(bytes(10));
    clock.now = MUTE_REOPEN_MS - 1;
    port.poll(clock.now);
    expect(uart.opened).toHaveLength(1);
    clock.now = MUTE_REOPEN_MS;
    port.poll(clock.now);
    expect([uart.opened, port.reopened]).toEqual([[BAUD, BAUD], 1]);
    uart.mute = false;
    uart.run();
    port.write(bytes(3));
    clock.now += 10;
    uart.run();
    expect(uart.sent).toEqual([0, 1, 2]);
  });

  test("opens at another speed when told, and stays there", () => {
    const { uart, port } = bench(board);
    port.reopen(1_000_000);
    port.reopen();
    expect(uart.opened).toEqual([BAUD, 1_000_000, 1_000_000]);
  });

  test("that is to open anew while its device calls waits until it does not, and says then what was said since", () => {
    const clock = { now: 0 };
    const uart = new FakeUart(clock, board);
    const port: SerialPort = new SerialPort(
      uart.open,
      BAUD,
      () => clock.now,
      () => {
        if (uart.opened.length > 1) return;
        port.reopen(1_000_000);
        port.write(bytes(5));
        port.poll(clock.now);
      },
    );
    uart.hear(bytes(3));
    expect([uart.opened, uart.closedCalling]).toEqual([[BAUD], 0]);
    port.poll(clock.now);
    expect([uart.opened, uart.closedCalling]).toEqual([[BAUD, 1_000_000], 0]);
    uart.run();
    clock.now = 10;
    uart.run();
    expect(uart.sent).toEqual([...bytes(5)]);
  });

  test("tries again where the device cannot be opened, and drops what is said meanwhile", () => {
    const { uart, port, clock } = bench(board);
    uart.refuses = true;
    port.reopen();
    port.write(bytes(5));
    expect(port.backlog(0)).toBe(0);
    expect(port.read()).toBeUndefined();
    uart.refuses = false;
    port.poll(OPEN_AGAIN_MS - 1);
    expect(uart.opened).toHaveLength(1);
    clock.now = OPEN_AGAIN_MS;
    port.poll(clock.now);
    expect(uart.opened).toHaveLength(2);
  });
});

test("a device before the last reopening is not heard any more", () => {
  const clock = { now: 0 };
  const words: ((room: number) => void)[] = [];
  const written: number[] = [];
  const port = new SerialPort(
    (_baud, { onWritable }) => {
      words.push(onWritable);
      return { read: () => undefined, write: (some) => written.push(some.length), close: () => {} };
    },
    BAUD,
    () => clock.now,
    () => {},
  );
  port.reopen();
  port.write(bytes(4));
  words[0](128);
  expect(written).toEqual([]);
  words[1](128);
  expect(written).toEqual([4]);
});
