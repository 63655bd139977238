/** The machine of identities with its workers and a clock: records go in, verdicts come out, and the process that votes never
 * hashes. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { Beacon } from "../../engine/identity/beacons.ts";
import type { IdentityEffect, IdentityEvent } from "../../engine/identity/events.ts";
import { step } from "../../engine/identity/identities.ts";
import { deadlineOf } from "../../engine/identity/serve.ts";
import { type IdentitySettings, identities } from "../../engine/identity/state.ts";
import { domainDigest } from "../domain-digest.ts";
import type { Binding } from "./argon2.ts";
import { type WorkerOptions, workerProcess } from "./worker-process.ts";

export interface DeskOptions extends WorkerOptions {
  readonly settings: IdentitySettings;
  /** Chosen at random when it was made. */
  readonly network: Uint8Array;
  /** Even, and of this process. */
  readonly now: () => Millis;
  /** Milliseconds since 1970, as the table has it. */
  readonly wallMs: () => number;
  readonly on: (verdict: IdentityVerdict) => void;
}

export type IdentityVerdict = Exclude<IdentityEffect, { readonly type: "verify" }>;

export interface IdentityDesk {
  readonly show: (source: string, record: Uint8Array) => void;
  readonly networkSize: (networkSize: number) => void;
  readonly beacon: (beacon: Beacon) => void;
  readonly binding: () => Promise<Binding | undefined>;
  readonly close: () => Promise<void>;
}

/** Longer than this no timer waits; what comes then looks again. */
const SLEEP_MAX_MS = 60_000;

/** Votes go first; but a newcomer must not wait until a kiosk that is busy with a search has time. */
const NICENESS = 10;

export function identityDesk({
  settings,
  network,
  now,
  wallMs,
  on,
  niceness = NICENESS,
  ...options
}: DeskOptions): IdentityDesk {
  const of = identities(settings, now());
  const free = Array.from({ length: settings.verifierCount }, () => workerProcess({ ...options, niceness }));
  const workers = [...free];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const feed = (event: IdentityEvent): void => {
    if (isClosed) return;
    const effects: IdentityEffect[] = [];
    step(of, event, effects, { digest: domainDigest });
    for (const effect of effects) {
      if (effect.type === "verify") void verify(effect);
      else on(effect);
    }
    sleep();
  };
  const verify = async ({ ticket, identity, beacon }: Extract<IdentityEffect, { type: "verify" }>): Promise<void> => {
    // One that was given up is still at it: then the next waits behind it.
    const worker = free.shift() ?? workers[ticket % workers.length]!;
    const done = await worker.ask({ type: "judge", identity, scope: { network, beacon } });
    if (!free.includes(worker)) free.push(worker);
    const judgement = done?.type === "judged" ? done.judgement : ({ type: "lost" } as const);
    feed({ type: "judged", at: now(), wallMs: wallMs(), ticket, judgement });
  };
  const sleep = (): void => {
    clearTimeout(timer);
    const ms = deadlineOf(of) - now();
    if (ms === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(() => feed({ type: "tick", at: now() }), Math.max(1, Math.min(SLEEP_MAX_MS, Math.ceil(ms))));
  };

  return {
    show: (source, record) => feed({ type: "arrived", at: now(), wallMs: wallMs(), source, record }),
    networkSize: (networkSize) => feed({ type: "counted", at: now(), networkSize }),
    beacon: (beacon) => feed({ type: "beacon", at: now(), beacon }),
    binding: () => workers[0]!.binding(),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
