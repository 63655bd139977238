import { describe, expect, it } from "vitest";
import { attenuate, cyclePower, switchPower } from "../../../hardware/bench/hands.ts";
import { ASK_WITHIN_MS, POWER_OFF_MS } from "../../../hardware/bench/limits.ts";
import { placeOf } from "../../../hardware/bench/places.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { mapOf, type RadioWords, rig, server } from "./rig.ts";

const nrf = boards.nrf52.name;
/** A radio on a wire, on a bench of virtual time. */
const of = (over: RadioWords) =>
  rig([server("left", nrf, { device: "/dev/left", ...over })], {}, () => placeOf(mapOf([server("other", nrf)])));

describe("a person who switches power", () => {
  it("is told which board and what to do, off and then on, and presses Enter", async () => {
    const bench = of({ power: "manual" });
    const [left] = bench.map.radios;
    const before = bench.place.now();
    expect(await cyclePower(left, bench.ports)).toEqual({ ok: true });
    expect(bench.place.now() - before).toBe(POWER_OFF_MS);
    expect(bench.asked).toEqual([
      'left (Nordic nRF52840 DK, /dev/left): unplug its supply, then press Enter ("no" gives it up)',
      'left (Nordic nRF52840 DK, /dev/left): plug in its supply, then press Enter ("no" gives it up)',
    ]);
  });

  it("may refuse, in any words but yes, and is then not asked to switch it on again", async () => {
    for (const said of ["no", "later"]) {
      const bench = of({ power: "manual" });
      bench.answer = () => said;
      expect(await cyclePower(bench.map.radios[0], bench.ports)).toEqual({
        ok: false,
        why: `switching left off: the person at the bench said "${said}"`,
        next: "Run it again when it can be done.",
      });
      expect(bench.asked).toHaveLength(1);
    }
    const bench = of({ power: "manual" });
    bench.answer = () => " Yes ";
    expect(await switchPower(bench.map.radios[0], true, bench.ports)).toEqual({ ok: true });
  });

  it("may not be there: where nobody can be asked, the map needs another way, and the message says so", async () => {
    const bench = of({ power: "manual" });
    bench.answer = () => undefined;
    expect(await switchPower(bench.map.radios[0], false, bench.ports)).toEqual({
      ok: false,
      why: "switching left off: there is nobody to ask",
      next: "Run it on a terminal, or give the radio another power than manual.",
    });
  });

  it("is heard at once where nothing else is said on the bench", async () => {
    const bench = of({ power: "manual" });
    // As a real place, which looks again when a radio says something: none does.
    const wait = (_: number, done: () => boolean, signal?: AbortSignal) =>
      new Promise<boolean>((resolve) => {
        if (signal?.aborted === true) resolve(done());
        else signal?.addEventListener("abort", () => resolve(done()));
      });
    const place = { ...bench.place, isVirtual: false, wait };
    expect(await switchPower(bench.map.radios[0], false, { ...bench.ports, place })).toEqual({ ok: true });
  });

  it("may have gone away: after some minutes the bench goes on without", async () => {
    const bench = of({ power: "manual" });
    // As a real place: time goes on while a person is awaited.
    const place = { ...bench.place, isVirtual: false };
    bench.answer = () => new Promise(() => {});
    const before = bench.place.now();
    expect(await switchPower(bench.map.radios[0], false, { ...bench.ports, place })).toMatchObject({
      ok: false,
      why: "switching left off: nobody answered within 5 minutes",
    });
    expect(bench.place.now() - before).toBe(ASK_WITHIN_MS);
  });

  it("is no longer awaited after Ctrl-C", async () => {
    const bench = of({ power: "manual" });
    bench.answer = () => new Promise(() => {});
    bench.abort.abort();
    const place = { ...bench.place, isVirtual: false };
    expect(await switchPower(bench.map.radios[0], false, { ...bench.ports, place })).toMatchObject({
      ok: false,
      why: "switching left off: it was broken off",
    });
  });
});

describe("a program that does it", () => {
  it("is run with the state or the attenuation in its place", async () => {
    const bench = of({
      power: { command: ["uhubctl", "-a", "{state}", "-p", "2"] },
      attenuator: { command: ["attenuator", "--db={db}"] },
    });
    const [left] = bench.map.radios;
    expect(await switchPower(left, false, bench.ports)).toEqual({ ok: true });
    expect(await switchPower(left, true, bench.ports)).toEqual({ ok: true });
    expect(await attenuate(left, 12.5, bench.ports)).toEqual({ ok: true });
    expect(bench.ran).toEqual([
      ["uhubctl", "-a", "off", "-p", "2"],
      ["uhubctl", "-a", "on", "-p", "2"],
      ["attenuator", "--db=12.5"],
    ]);
    expect(bench.asked).toEqual([]);
  });

  it("may fail: the message has its words and the line to run by hand", async () => {
    const bench = of({ power: { command: ["uhubctl", "-a", "{state}"] } });
    bench.program = () => ({ ok: false, why: "uhubctl ended with 1: no such hub" });
    expect(await switchPower(bench.map.radios[0], false, bench.ports)).toEqual({
      ok: false,
      why: "switching left off: uhubctl ended with 1: no such hub",
      next: "Run it by hand: uhubctl -a off",
    });
  });
});

it("a radio whose power nobody has is not switched, and the message names the key", async () => {
  const bench = of({});
  expect(await switchPower(bench.map.radios[0], false, bench.ports)).toEqual({
    ok: false,
    why: "switching left off: nobody can do that",
    next: "Give the radio a power in the map.",
  });
});
