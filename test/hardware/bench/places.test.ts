import { describe, expect, it } from "vitest";
import { placeOf } from "../../../hardware/bench/places.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { client, mapOf, server } from "./rig.ts";

const nrf = boards.nrf52.name;
const never = () => false;

describe("a place of virtual radios", () => {
  const place = placeOf(mapOf([server("left", nrf), client("right", nrf)]));

  it("waits in no time, and its clock shows what was waited for", async () => {
    const before = place.now();
    expect(await place.wait(3_600_000, never)).toBe(false);
    expect(place.now() - before).toBe(3_600_000);
    expect(await place.wait(1000, () => true)).toBe(true);
    expect(place.now() - before).toBe(3_600_000);
  });

  it("hears Ctrl-C while it waits", async () => {
    const abort = new AbortController();
    // From the program's own loop, as a signal comes.
    setImmediate(() => abort.abort());
    const before = place.now();
    expect(await place.wait(1e12, never, abort.signal)).toBe(false);
    expect(place.now() - before).toBeLessThan(1e12);
  });
});

describe("a place of real ports", () => {
  const place = placeOf(mapOf([server("left", nrf, { device: "/dev/left" }), client("right", nrf)]));

  it("waits until it is done, or until somebody breaks it off", async () => {
    expect(place.isVirtual).toBe(false);
    expect(await place.wait(1e6, () => true)).toBe(true);
    const abort = new AbortController();
    const waiting = place.wait(1e6, never, abort.signal);
    abort.abort();
    expect(await waiting).toBe(false);
    expect(await place.wait(1e6, never, abort.signal)).toBe(false);
    place.close();
  });
});
