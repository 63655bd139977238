/**
 * A table of four that votes without a pause, one of whom is shown a thousand forged identities a minute: how long it takes from
 * a request to its answer, with and without. Both take turns, so that whatever else the machine does falls on both.
 */
import { sign } from "../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../host/crypto/ed25519-keys.ts";
import { identityDesk } from "../../host/crypto/work/identity-desk.ts";
import { IDENTITY_SIZE } from "../../host/engine/identity/limits.ts";
import { PROFILES } from "../../host/engine/identity/profiles.ts";
import { type IdentityClaim, type IdentityScope, saltOf, writeIdentity } from "../../host/engine/identity/record.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { millis } from "../../protocol/core/units.ts";
import { takingTurns } from "./bench.ts";
import { TUNED } from "./consensus-load.ts";
import { during, type Household, household, leave } from "./consensus-process.ts";

export interface Flood {
  /** From a request to its answer: the median over the rounds of their averages. */
  readonly quietMs: number;
  readonly floodedMs: number;
  readonly ratio: number;
  readonly shown: number;
  readonly refused: { readonly [why: string]: number };
}

const MEMBER_COUNT = 4;
const EVERY_MS = 60_000 / 1000;
const SCOPE: IdentityScope = { network: new Uint8Array(16).fill(7), beacon: new Uint8Array(32).fill(8) };

export async function flood(blocks: number, roundMs: number, program?: string): Promise<Flood> {
  const of = await household({ memberCount: MEMBER_COUNT, options: TUNED, signedSize: 200, underWay: 1 });
  const refused: { [why: string]: number } = {};
  const forged = forgeries();
  let shown = 0;
  let judged = 0;
  let onJudged: () => void = () => {};
  const desk = identityDesk({
    ...(program === undefined ? {} : { program }),
    settings: {
      profiles: [{ name: "bleLight" }],
      networkSize: MEMBER_COUNT,
      beacon: { fromMs: 0, value: SCOPE.beacon },
      verifierCount: 1,
    },
    network: SCOPE.network,
    now: () => millis(performance.now()),
    wallMs: Date.now,
    on(verdict) {
      const word = verdict.type === "refused" ? verdict.why : verdict.type;
      refused[word] = (refused[word] ?? 0) + 1;
      judged += 1;
      onJudged();
    },
  });
  try {
    await desk.binding();
    await during(of, roundMs);
    const turns = await takingTurns(blocks, flooded, () => latencyMs(of, roundMs));
    // Workers may be behind on a machine that is busy with other things.
    while (judged < shown) await new Promise<void>((resolve) => (onJudged = resolve));
    return { quietMs: turns.baseline, floodedMs: turns.ours, ratio: turns.ratio, shown, refused };
  } finally {
    await desk.close();
    await leave(of);
  }

  async function flooded(): Promise<number> {
    // Whoever forges them has a machine of his own.
    const forgeries = Array.from({ length: 2 * Math.ceil(roundMs / EVERY_MS) }, forged);
    const timer = setInterval(showDue, EVERY_MS / 2, { begun: performance.now(), count: 0, forgeries });
    try {
      return await latencyMs(of, roundMs);
    } finally {
      clearInterval(timer);
    }
  }

  /** A timer that comes late brings what it missed. */
  function showDue(of: { readonly begun: number; readonly forgeries: readonly Forgery[]; count: number }): void {
    while (of.begun + of.count * EVERY_MS <= performance.now() && of.count < of.forgeries.length) {
      const { source, record } = of.forgeries[of.count]!;
      desk.show(source, record);
      shown += 1;
      of.count += 1;
    }
  }
}

/** Little's law: those that are under way all the time, by how many were answered. */
async function latencyMs(of: Household, roundMs: number): Promise<number> {
  const [begun, before] = [performance.now(), of.executed];
  await during(of, roundMs);
  return (MEMBER_COUNT * (performance.now() - begun)) / (of.executed - before);
}

interface Forgery {
  readonly source: string;
  readonly record: Uint8Array;
}

/** The dearest there are: every one is well formed and says that it is worth enough; of one half the signature is good and only the
 * work is missing. From three links. */
function forgeries(): () => Forgery {
  const random = chance(1);
  const { baseBits } = PROFILES.bleLight;
  let number = 0;
  return () => {
    const pair = keyPairFromSeed(drawBytes(random, 32));
    const claim: IdentityClaim = {
      ...{ profile: "bleLight", key: pair.publicKey.bytes, salt: saltOf(number) },
      ...{ difficultyBits: baseBits, timestamp: Date.now() },
    };
    const record = writeIdentity(claim, SCOPE, { sign: (signed) => sign(pair.privateKey, signed) });
    if (number % 2 === 0) record[IDENTITY_SIZE - 1]! ^= 1;
    const source = `link ${number % 3}`;
    number += 1;
    return { source, record };
  };
}
