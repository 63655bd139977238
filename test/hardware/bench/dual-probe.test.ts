import { describe, expect, it } from "vitest";
import { type DualVerdict, probeDual } from "../../../hardware/bench/dual-probe.ts";
import { placeOf } from "../../../hardware/bench/places.ts";
import type { BleFacts } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { client, happensAt, mapOf, server } from "./rig.ts";

const esp = boards.esp32.name;

/** What the subject's board is, behind the facts that the map knows. */
async function probe(board: string, over: Partial<BleFacts>, powerOffAtMs?: number): Promise<DualVerdict> {
  const map = mapOf([server("subject", board), server("near", esp), client("far", esp)]);
  const [subject, near, far] = map.radios;
  const own = { ...subject.facts, ble: { ...subject.facts.ble, ...over } };
  const place = placeOf(map, { boardOf: ({ name, facts }) => (name === "subject" ? own : facts) });
  const watched =
    powerOffAtMs === undefined
      ? place
      : happensAt(
          place,
          () => place.now() > powerOffAtMs,
          () => place.power(subject, false),
        );
  return probeDual(watched, { subject, server: near, client: far });
}

const passed = ({ steps }: DualVerdict) => steps.map(({ ok }) => ok);

describe("the probe of the dual role", () => {
  it("says yes of a board that advertises and scans at once, is linked both ways and passes packets on both [I09]", async () => {
    const verdict = await probe(esp, { dualProved: true });
    expect(verdict).toMatchObject({ verdict: "yes", board: esp });
    expect(passed(verdict)).toEqual([true, true, true, true, true]);
    expect(verdict.next).toContain("dualProved");
  });

  it("says that it is not offered where the firmware refuses the role, as every board's does as it comes", async () => {
    for (const { name } of Object.values(boards)) {
      const verdict = await probe(name, {});
      expect(verdict).toMatchObject({ verdict: "notOffered", board: name });
      expect(passed(verdict)).toEqual([true, false]);
    }
  });

  it("says no of a board that has one link in all, and which step it did not pass", async () => {
    const verdict = await probe(boards.nrf52.name, { dualProved: true });
    expect(verdict.verdict).toBe("no");
    expect(verdict.steps.at(-1)).toMatchObject({
      ok: false,
      name: "it is linked as server and as client at once",
      why: expect.stringMatching(/^no link came about as (client|server)/),
    });
  });

  it("says no of a board whose stack forgets one of the two, and of one that dies under the load", async () => {
    const mute = await probe(esp, { dualProved: true, linksAsServer: 0 });
    expect(mute).toMatchObject({ verdict: "no" });
    expect(mute.steps.at(-1)?.why).toBe("nobody heard it while it scanned");
    const weak = await probe(esp, { dualProved: true }, 8000);
    expect(weak).toMatchObject({ verdict: "no" });
    expect(weak.steps.at(-1)).toMatchObject({ name: "packets pass on both links in both directions", ok: false });
  });

  it("says nothing of a board that is not there", async () => {
    expect(await probe(esp, { dualProved: true }, -1)).toMatchObject({ verdict: "unknown" });
  });
});
