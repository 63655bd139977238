import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { runRadios } from "../../../host/radio/radios.ts";
import type { Told } from "../../../host/radio/run-driver.ts";
import { HIGH } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Rig } from "./rig.ts";

const device = (at: number) => ({ type: "virtual", name: `b${at}` }) as const;

describe("the radios of a host", () => {
  it("are told apart by their devices, come and go, and each says its state", async () => {
    const rig = new Rig([boards.esp32, boards.nrf52]);
    const heard: [string, Told][] = [];
    const { clock, virtual } = rig;
    const radios = runRadios({
      ports: virtual.open,
      clock,
      seed: 1,
      watches: false,
      on: (radio, said) => heard.push([radio, said]),
    });
    expect([radios.add(device(0)), radios.add(device(1)), radios.add(device(0))]).toEqual([true, true, false]);
    await rig.run(20_000);
    expect([...radios.states].map(([radio, { kind }]) => [radio, kind])).toEqual([
      ["virtual:b0", "up"],
      ["virtual:b1", "up"],
    ]);
    expect(radios.order("virtual:b1", { type: "counters" })).toBe(true);
    expect(radios.send("virtual:b0", 3, linkGeneration(9), HIGH, new Uint8Array(4))).toBe(true);
    expect(radios.order("virtual:b7", { type: "counters" })).toBe(false);
    await rig.run(1000);
    const news = heard.flatMap(([radio, said]) =>
      said.type === "news" && said.report.type === "counters" ? [radio] : [],
    );
    expect(news).toEqual(["virtual:b1"]);
    expect(heard.filter(([radio, said]) => radio === "virtual:b0" && said.type === "settled")).toHaveLength(1);
    radios.remove("virtual:b0");
    expect(radios.states.has("virtual:b0")).toBe(false);
    expect(radios.order("virtual:b0", { type: "counters" })).toBe(false);
    radios.close();
    rig.stop();
  });

  it("one that babbles, and one that is not there, keep none of the others waiting", async () => {
    const rig = new Rig([boards.esp32, boards.esp32, boards.esp32]);
    rig.virtual.happen({ type: "voice", board: 0, voice: "babble" });
    rig.virtual.happen({ type: "cable", board: 1, plugged: false });
    const upAt: number[] = [];
    const { clock, virtual } = rig;
    const radios = runRadios({
      ports: virtual.open,
      clock,
      seed: 1,
      watches: false,
      on: (radio, said) => radio === "virtual:b2" && said.type === "up" && upAt.push(clock.now()),
    });
    for (let at = 0; at < 3; at++) radios.add(device(at));
    await rig.run(20_000);
    expect(upAt).toHaveLength(1);
    expect(upAt[0]).toBeLessThan(4000);
    expect([...radios.states.values()].map(({ kind }) => kind)[2]).toBe("up");
    radios.close();
    rig.stop();
  });
});
