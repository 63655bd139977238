import { test } from "vitest";
import { KeyValueOperation } from "../../host/engine/keyvalue/operation.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { chance, draw, drawBelow } from "../../protocol/core/chance.ts";
import { type Rig, restart, rig, run, submit } from "./rig.ts";

const text = (t: string) => new TextEncoder().encode(t);
const set = (key: string, value: string) =>
  encode(KeyValueOperation, { type: "set", key: text(key), value: text(value) });
const show = (of: Rig) =>
  of.kiosks.map(
    ({ replica: r, up }) =>
      `${up ? "" : "DOWN "}${r.epoch}/${r.view}${r.phase[0]}${r.wanted} x${r.executed} d${r.decided} k${r.known} h${r.held} low${r.stable.header.sequence} s${r.start.sequence} own${r.own.proposed}/${r.own.prepared}/${r.own.committed} ${r.probing ? "P" : ""}${r.mutedUntil ?? ""} ${r.viewOver ? "OVER" : ""} b${r.barrier ?? ""} [${r.pools.map((p) => p.waiting.length)}] snap${r.snapshot !== undefined}`,
  );
const N = Number(process.env.SEEDS ?? 12);
const FIRST = Number(process.env.FIRST ?? 1);
test("stress", () => {
  for (let seed = FIRST; seed < FIRST + N; seed++) {
    const c = chance(seed);
    const n = [4, 4, 4, 5, 7][drawBelow(c, 5)]!;
    const of = rig(n, {
      checkpointEvery: 4 + drawBelow(c, 10),
      window: 1 + drawBelow(c, 8),
      batchLengthMax: 1 + drawBelow(c, 10),
      fastPath: draw(c) < 0.8,
      bundles: draw(c) < 0.9,
      lazy: draw(c) < 0.9,
    });
    const loss = draw(c) < 0.3 ? 0 : draw(c) * 0.3;
    let cut = new Set<number>();
    let faulty = true;
    if (process.env.TRACE) of.trace = (line) => console.log(line);
    of.drop = (s) => faulty && (draw(c) < loss || cut.has(s.from) !== cut.has(s.to));
    let count = 0;
    try {
      for (let turn = 0; turn < 60; turn++) {
        const k = drawBelow(c, n);
        for (let i = drawBelow(c, 6); i > 0; i--)
          if (of.kiosks[k]!.up) submit(of, k, set(`k${drawBelow(c, 9)}`, `${count++}`));
        const what = draw(c);
        if (what < 0.06) {
          const v = drawBelow(c, n);
          of.kiosks[v]!.up = false;
        } else if (what < 0.2) {
          for (let i = 0; i < n; i++) if (!of.kiosks[i]!.up) restart(of, i);
        } else if (what < 0.25) cut = new Set([drawBelow(c, n), drawBelow(c, n)].slice(0, 1 + drawBelow(c, 2)));
        else if (what < 0.35) cut = new Set();
        else if (what < 0.37) {
          for (let i = 0; i < n; i++) restart(of, i);
          of.queue = [];
        }
        run(of, of.now + drawBelow(c, 200));
      }
      faulty = false;
      for (let i = 0; i < n; i++) if (!of.kiosks[i]!.up) restart(of, i);
      const done = () =>
        of.kiosks.every(
          (k) =>
            k.replica.pools.every((p) => p.waiting.length === 0) &&
            k.replica.executed === of.kiosks[0]!.replica.executed,
        );
      run(of, of.now + 60000, done);
      if (!done()) {
        console.log("LIVENESS", seed, of.now, show(of));
        throw new Error("liveness");
      }
      const histories = new Map<number, string>();
      for (const k of of.kiosks)
        for (const t of k.told)
          if (t.type === "executed") {
            const d = JSON.stringify(t.done.map((x) => [x.request.sender, x.request.request.number]));
            const h = histories.get(t.sequence);
            if (h !== undefined && h !== d) throw new Error(`disagree at ${t.sequence}: ${h} ${d}`);
            histories.set(t.sequence, d);
          }
      for (const k of of.kiosks)
        for (const t of k.told)
          if (t.type === "evidence" || t.type === "malformed" || t.type === "muted") {
            console.log(seed, JSON.stringify(t).slice(0, 300));
            throw new Error(t.type);
          }
    } catch (e) {
      console.log("SEED", seed, n, show(of));
      throw e;
    }
  }
}, 300000);
