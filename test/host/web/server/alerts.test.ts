import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Member } from "../../../../host/web/contract/kiosk-part.ts";
import { ALERT_RULES, type AlertRule } from "../../../../host/web/server/alert-rules.ts";
import { alerting, look } from "../../../../host/web/server/alerting.ts";
import { metricsOf } from "../../../../host/web/server/metrics.ts";
import { type Metric, metricsText } from "../../../../host/web/server/prometheus-text.ts";
import { rates } from "../../../../host/web/server/rates.ts";
import { type FakeView, fakeKiosk } from "./fake-kiosk.ts";
import { firing, metricIn, type Rule, type Scrape, scrape } from "./prometheus-rules.ts";
import { closeRigs, rig } from "./rig.ts";

afterEach(closeRigs);

const FOLDER = "hardware/system/monitoring";
const { groups } = parse(readFileSync(`${FOLDER}/alerts.yaml`, "utf8"));
const FILE: readonly (Rule & { labels: { severity: string }; annotations: { summary: string } })[] = groups[0].rules;
const OURS = FILE.filter(({ alert }) => alert !== "KioskSilent");

const WEB = { sockets: 1, pages: 1, refused: {}, loopLagS: 0 };
const metrics = (view: FakeView): readonly Metric[] => metricsOf(view, fakeKiosk().figures, rates(), WEB);
const { view: WELL } = fakeKiosk();
const members = (change: Partial<Member>): FakeView => ({
  ...WELL,
  members: WELL.members.map((each) => (each.member === 2 ? { ...each, ...change } : each)),
});

/** Looked at by a kiosk itself and scraped by a Prometheus with the shipped rules, every ten seconds. */
function night() {
  const own = alerting(ALERT_RULES);
  const scrapes: Scrape[] = [];
  let atS = 0;
  return {
    goOn(seconds: number, view: (atS: number) => FakeView): readonly string[] {
      let names: readonly string[] = [];
      for (const end = atS + seconds; atS < end; ) {
        atS += 10;
        const now = metrics(view(atS));
        scrapes.push(scrape(atS, metricsText(now)));
        names = look(own, { nowMs: atS * 1000, wallMs: 0 }, now).map(({ alert }) => alert);
      }
      expect(firing(OURS, scrapes)).toEqual(names);
      return names;
    },
  };
}

describe("alerts", () => {
  test("nothing is told while all is well", () => {
    expect(night().goOn(900, () => WELL)).toEqual([]);
  });

  test("a storm of changes of leaders fires, and clears when it has passed [F08]", () => {
    const { goOn } = night();
    let viewChanges = 0;
    const changing = (each: number) => () => {
      viewChanges += each;
      return { ...WELL, consensus: { ...WELL.consensus, viewChanges } };
    };
    // The lead is handed over every half minute: that is no storm.
    let turn = 0;
    const handedOver = () => changing(turn++ % 3 === 0 ? 1 : 0)();
    expect(goOn(600, handedOver)).toEqual([]);
    expect(goOn(120, changing(5))).toEqual(["ViewChangeStorm"]);
    expect(goOn(600, handedOver)).toEqual([]);
  });

  test("a member in quarantine is told of at once, and no more when it is free [F08]", () => {
    const { goOn } = night();
    expect(goOn(10, () => members({ isQuarantined: true }))).toEqual(["Quarantine"]);
    expect(goOn(10, () => members({ trust: 0.3, isQuarantined: true }))).toEqual(["Quarantine", "Byzantine"]);
    expect(goOn(10, () => WELL)).toEqual([]);
  });

  test("a partition is told of when it lasts, and no more when it has healed [F08]", () => {
    const { goOn } = night();
    const parted = {
      ...WELL,
      mesh: {
        ...WELL.mesh,
        isPartitioned: true,
        parts: [
          [0, 1],
          [2, 3],
        ],
      },
    };
    expect(goOn(20, () => parted)).toEqual([]);
    expect(goOn(10, () => WELL)).toEqual([]);
    expect(goOn(30, () => parted)).toEqual([]);
    expect(goOn(10, () => parted)).toEqual(["Partition"]);
    expect(goOn(10, () => WELL)).toEqual([]);
  });

  test("a date that is set does not make anything last longer, and is what is shown", () => {
    const own = alerting(ALERT_RULES);
    const parted = metrics({ ...WELL, mesh: { ...WELL.mesh, isPartitioned: true } });
    expect(look(own, { nowMs: 0, wallMs: 5 }, parted)).toEqual([]);
    expect(look(own, { nowMs: 20_000, wallMs: 1_800_000_000_000 }, parted)).toEqual([]);
    const [alert] = look(own, { nowMs: 30_000, wallMs: 1_800_000_010_000 }, parted);
    expect(alert).toMatchObject({ alert: "Partition", since: 5 });
  });

  test("suspicion alone alerts nobody", () => {
    expect(night().goOn(600, () => members({ reputation: 0, oddities: ["absence"] }))).toEqual([]);
  });

  test.each<readonly [string, FakeView]>([
    ["LedgerUnbalanced", { ...WELL, ledger: { ...WELL.ledger!, isBalanced: false } }],
    ["Muted", { ...WELL, consensus: { ...WELL.consensus, muted: "its journal was restored" } }],
    ["RadioDown", { ...WELL, radios: WELL.radios.map((radio) => ({ ...radio, isUp: false })) }],
    ["RadioBatteryLow", { ...WELL, radios: WELL.radios.map((radio) => ({ ...radio, batteryPercent: 14 })) }],
    ["LinkLoss", { ...WELL, mesh: { ...WELL.mesh, links: [{ ...WELL.mesh.links[0], loss: 0.5 }] } }],
    ["NotPlaying", { ...WELL, recovery: { ...WELL.recovery, state: "alone" } }],
  ])("%s fires in its time, and clears", (name, view) => {
    const { goOn } = night();
    expect(goOn(400, () => view)).toEqual([name]);
    expect(goOn(10, () => WELL)).toEqual([]);
  });

  test("the page of a running kiosk is told of them", async () => {
    const { kiosk, watch } = await rig();
    const { until } = await watch();
    kiosk.change(members({ isQuarantined: true }));
    await until((frame) => frame.type === "changes" && frame.parts.alerts?.[0]?.alert === "Quarantine");
    kiosk.change(members({}));
    await until((frame) => frame.type === "changes" && frame.parts.alerts?.length === 0);
  });
});

describe("what a venue is given", () => {
  const expr = ({ metric, risesOverMs, is, than }: AlertRule): string =>
    `${risesOverMs === undefined ? metric : `increase(${metric}[${risesOverMs / 60_000}m])`} ${is} ${than}`;
  const ms = (text: string): number => Number.parseInt(text, 10) * (text.endsWith("m") ? 60_000 : 1000);

  test("the rules of its file are those by which every kiosk looks at itself [F08]", () => {
    const read = OURS.map(({ alert, expr, for: time, labels, annotations }) => ({
      ...{ alert, expr, forMs: ms(time), severity: labels.severity, words: annotations.summary },
    }));
    const ours = ALERT_RULES.map((rule: AlertRule) => ({
      ...{ alert: rule.alert, expr: expr(rule), forMs: rule.forMs, severity: rule.severity, words: rule.words },
    }));
    expect(read).toEqual(ours);
    expect(FILE.length).toBe(OURS.length + 1);
  });

  test("its dashboard and its rules name no metric that there is not [F08]", async () => {
    const { ask } = await rig();
    const { text } = await ask("/metrics");
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    const there = new Set(
      types.flatMap(([, name, type]) => (type === "histogram" ? [name, `${name}_bucket`] : [name])),
    );
    const dashboard = readFileSync(`${FOLDER}/dashboard.json`, "utf8");
    const named = new Set(dashboard.match(/hardway_\w+/g));
    expect(named.size).toBeGreaterThan(25);
    for (const name of named) expect(there, name).toContain(name);
    for (const rule of OURS) expect(there, rule.expr).toContain(metricIn(rule.expr));
    // What only a machine that is ill would tell.
    expect(ALERT_RULES.map(({ metric }) => metric).filter((name) => !there.has(name))).toEqual([]);
  });

  test("its dashboard shows all twelve figures, each panel in a place of its own", () => {
    const { panels } = JSON.parse(readFileSync(`${FOLDER}/dashboard.json`, "utf8"));
    const shown = JSON.stringify(panels);
    for (const name of [
      ...["rounds_per_second", "latency_average_seconds", "view_changes_per_hour", "byzantine_members"],
      ...["reputation_bucket", "detection_accuracy_ratio", "fast_path_ratio", "batch_efficiency_ratio"],
      ...["operations_per_second", "partition_active", "connected", "loss_ratio"],
    ]) {
      expect(shown).toContain(`hardway_${name}`);
    }
    const cells = new Set<string>();
    for (const { gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x).toBeLessThan(24);
          expect(cells.has(`${x},${y}`)).toBe(false);
          cells.add(`${x},${y}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
  });
});
