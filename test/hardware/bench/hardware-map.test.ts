import { describe, expect, it } from "vitest";
import { chooseEdges, edgesOf } from "../../../hardware/bench/edges.ts";
import { parseHardwareMap } from "../../../hardware/bench/hardware-map.ts";
import { estimateMs, pointsOf } from "../../../hardware/bench/plan.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { client, mapOf, planOf, type RadioWords, server } from "./rig.ts";

const nrf = boards.nrf52.name;
const esp = boards.esp32.name;

const complaintsOf = (text: string): string[] => {
  const parsed = parseHardwareMap("bench/map.json", text, nearest);
  if (parsed.ok) throw new Error("the map is right");
  expect(parsed.next).toContain("bench/map.json");
  return parsed.why.split("\n");
};
const complaints = (...radios: RadioWords[]): string[] =>
  complaintsOf(JSON.stringify({ version: 1, radios })).map((each) => each.replace(/^bench\/map\.json:1:\d+: /, ""));

describe("a hardware map", () => {
  it("that is no JSON is refused with file, line and column", () => {
    expect(complaintsOf('{\n  "version": 1,\n  "radios": [}\n}')).toEqual([
      "bench/map.json:3:14: no JSON from here on",
    ]);
    expect(complaintsOf("")).toEqual(["bench/map.json:1:1: no JSON from here on"]);
    expect(complaintsOf('{ "version": 1,\n  "version": 1 }')).toEqual([
      "bench/map.json:2:3: version: the key is there twice",
    ]);
  });

  it("with a key that nobody knows is refused with its place, and the key that was meant", () => {
    const radio = JSON.stringify({ ...server("left", nrf), atenuator: "virtual" }, undefined, 2);
    expect(complaintsOf(`{ "version": 1, "radios": [${radio}] }`)).toEqual([
      'bench/map.json:7:3: radios[0].atenuator: there is no such key; did you mean "attenuator"?',
    ]);
    expect(
      complaintsOf('{ "version": 1, "colour": 1, "radios": [\n{}] }').filter((each) => /colour/.test(each)),
    ).toEqual(["bench/map.json:1:17: colour: there is no such key; known are version, radios"]);
  });

  it("is told everything that is wrong with it at once, each with its place", () => {
    expect(
      complaints(
        server("left", "nrf52dk"),
        { ...client("left", esp), device: "virtual:left" },
        { ...client("wire", esp), device: "tcp://nowhere" },
      ),
    ).toEqual([
      'radios[0].board: there is no board "nrf52dk"; did you mean "nrf52-dk"?',
      'radios[1].name: another radio is called "left"',
      'radios[1].device: another radio has "virtual:left"',
      'radios[2].device: radio "tcp://nowhere": tcp:// wants a host and a port, as in tcp://localhost:4000',
    ]);
    expect(complaints({ ...server("Left!", nrf), role: "both" })).toEqual([
      expect.stringMatching(/^radios\[0\]\.name: a name is made of/),
      expect.stringMatching(/^radios\[0\]\.role: /),
    ]);
  });

  it("gives a radio only hands that it can have", () => {
    expect(complaints(server("left", nrf, { power: "manual" }))[0]).toContain("lay hands on a virtual radio");
    expect(complaints(server("left", nrf, { device: "/dev/x", attenuator: "virtual" }))[0]).toContain(
      "radios[0].attenuator: only a virtual radio has a virtual one",
    );
    expect(complaints(server("left", nrf, { power: { command: ["switch"] } }))[0]).toContain("has no {state} in it");
    expect(complaints(server("left", nrf, { power: "automatic" }))[0]).toContain("it is none, manual, virtual");
  });
});

describe("the links of a group", () => {
  it("are as many as its boards hold, always in the same order", () => {
    const names = (radios: RadioWords[]) =>
      edgesOf(mapOf(radios), "pair").map(({ server, client }) => `${server.name}-${client.name}`);
    expect(names([server("a", nrf), server("b", nrf), client("c", nrf)])).toEqual(["a-c"]);
    expect(names([server("a", esp), server("b", esp), server("d", esp), client("c", esp)])).toEqual(["a-c", "b-c"]);
    expect(names([server("a", nrf), server("b", nrf), client("c", nrf), client("d", nrf)])).toEqual(["a-c", "b-d"]);
    expect(names([server("a", nrf), client("c", nrf, { group: "far" })])).toEqual([]);
  });

  it("leave out a point that the bench has not, and say why", () => {
    const chosen = (radios: RadioWords[], plan = {}, only = {}) => {
      const map = mapOf(radios);
      const points = pointsOf(planOf(plan), map, [], nearest);
      if (!points.ok) throw new Error(points.why);
      return chooseEdges(map, planOf(plan), { ...points.value[0], ...only });
    };
    const pair = [server("a", nrf), client("c", nrf)];
    expect(chosen(pair, { links: [2] })).toMatchObject({ status: "skipped", why: expect.stringContaining("1 links") });
    expect(chosen(pair, { bauds: [921_600] })).toMatchObject({
      status: "skipped",
      why: "a (nrf52-dk) offers 115200, 230400, 460800, 1000000 baud",
    });
    expect(chosen(pair, { attenuationsDb: [10] })).toMatchObject({ status: "skipped" });
    expect(chosen(pair, { requires: ["shield-box"] })).toMatchObject({
      status: "skipped",
      why: 'a has no fixture "shield-box"',
    });
    expect(chosen([server("a", nrf, { quarantine: "its antenna is off" }), client("c", nrf)])).toMatchObject({
      status: "quarantined",
      why: "a: its antenna is off",
    });
    const boxed = { fixtures: ["shield-box"], attenuator: "virtual" };
    const whole = { requires: ["shield-box"], attenuationsDb: [10] };
    expect(chosen([server("a", nrf, boxed), client("c", nrf, boxed)], whole)).toMatchObject({ ok: true });
  });
});

describe("a plan", () => {
  const map = mapOf([server("a", nrf), client("c", nrf), server("x", esp, { group: "far" })]);
  const plan = planOf({ bauds: [115_200, 230_400], payloads: [20, 244], attenuationsDb: [0, 20], repeats: 3 });
  const ids = (only: string[]) => {
    const points = pointsOf(plan, map, only, nearest);
    return points.ok ? points.value.map(({ id }) => id) : points.why;
  };

  it("is every combination, each with a name; attenuation changes slowest", () => {
    expect(ids([])).toHaveLength(16);
    expect(ids([]).slice(0, 3)).toEqual([
      "pair/baud=115200/payload=20/links=1/attenuation=0",
      "pair/baud=115200/payload=244/links=1/attenuation=0",
      "pair/baud=230400/payload=20/links=1/attenuation=0",
    ]);
  });

  it("may be run in part, and a selection that fits nothing or that nobody understands is refused", () => {
    expect(ids(["payload=20,attenuation=20,group=pair"])).toEqual([
      "pair/baud=115200/payload=20/links=1/attenuation=20",
      "pair/baud=230400/payload=20/links=1/attenuation=20",
    ]);
    expect(ids(["payload=20", "group=far"])).toHaveLength(12);
    expect(ids(["payload=21"])).toBe("--only: no point of the plan fits payload=21");
    expect(ids(["paylod=20"])).toBe('--only: there is no axis "paylod"; did you mean "payload"?');
    expect(ids(["payload"])).toBe('--only: "payload" is not of the form axis=value');
  });

  it("says beforehand how long it takes", () => {
    const points = pointsOf(plan, map, [], nearest);
    if (!points.ok) throw new Error(points.why);
    expect(estimateMs(plan, points.value)).toBe(16 * 3 * (2000 + 500 + 2000 + 500));
  });

  it("with a value twice, out of bounds, or of a group that the map has not is refused", () => {
    expect(() => planOf({ payloads: [20, 20] })).toThrow("plan.json:1:14: payloads: a value is there twice");
    expect(() => planOf({ payloads: [5000] })).toThrow(/^plan\.json:1:26: payloads\[0\]: /);
    expect(() => planOf({ windw: 3 })).toThrow('windw: there is no such key; did you mean "window"?');
    expect(pointsOf(planOf({ groups: ["near"] }), map, [], nearest)).toMatchObject({
      ok: false,
      why: 'the plan: the map has no group "near"; it has pair, far',
    });
  });
});
