import { afterEach, describe, expect, test } from "vitest";
import { sign } from "../../../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../../../host/crypto/ed25519-keys.ts";
import { type IdentityDesk, type IdentityVerdict, identityDesk } from "../../../../host/crypto/work/identity-desk.ts";
import { mine } from "../../../../host/crypto/work/miner.ts";
import { openArgon2 } from "../../../../host/crypto/work/open-argon2.ts";
import { tryChunk } from "../../../../host/crypto/work/try-chunk.ts";
import { type WorkerProcess, workerProcess } from "../../../../host/crypto/work/worker-process.ts";
import { type IdentityScope, readIdentity, writeIdentity } from "../../../../host/engine/identity/record.ts";
import { resume, search, type Wanted } from "../../../../host/engine/identity/search.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { emitted } from "../../../xs/engine/run.ts";

const program = emitted("host/crypto/work/worker.ts");
/** A module and no program: it ends at once. */
const nothing = emitted("protocol/core/units.ts");
const SCOPE: IdentityScope = { network: new Uint8Array(16).fill(7), beacon: new Uint8Array(32).fill(8) };
const TIME_MS = 1_790_000_000_000;
const pair = keyPairFromSeed(new Uint8Array(32).fill(9));
const key = pair.publicKey.bytes;
const signer = { sign: (signed: Uint8Array) => sign(pair.privateKey, signed) };
const wanted = (work: number): Wanted => ({ profile: "bleLight", key, scope: SCOPE, timestamp: TIME_MS, work });

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
const kept = <T extends { close: () => Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};

/** However busy the machine is with others. */
async function ownCpuMs(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A process is there. */
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a worker process", () => {
  test("judges records in their order, and says which library it has", async () => {
    const worker = kept(workerProcess({ program, binding: "portable" }));
    expect(await worker.binding()).toBe("portable");
    const claim = {
      profile: "bleLight",
      key,
      salt: new Uint8Array(16),
      difficultyBits: 0,
      timestamp: TIME_MS,
    } as const;
    const good = readIdentity(writeIdentity(claim, SCOPE, signer));
    if (!good.ok) throw new Error("a record reads");
    const forged = { ...good.identity, signature: new Uint8Array(64) };
    const answers = await Promise.all(
      [good.identity, forged, good.identity].map((identity) => worker.ask({ type: "judge", identity, scope: SCOPE })),
    );
    expect(answers).toMatchObject([
      { type: "judged", judgement: { type: "proved" } },
      { type: "judged", judgement: { type: "forged" } },
      { type: "judged", judgement: { type: "proved" } },
    ]);
    expect(answers[0]).toEqual(answers[2]);
    const timed = await worker.ask({ type: "time", profile: "bleLight" });
    expect(timed?.type === "timed" && timed.hashMs).toBeGreaterThan(0.1);
    const best = kept(workerProcess({ program }));
    expect(["native", "portable"]).toContain(await best.binding());
  });

  test("that is killed answers everything with its end, and the next question starts another", async () => {
    const worker = kept(workerProcess({ program }));
    await worker.binding();
    const first = worker.pid()!;
    const chunk = { from: 0, count: 1_000_000 };
    const asked = [1, 2].map(() => worker.ask({ type: "try", wanted: wanted(2 ** 48), chunk }));
    process.kill(first, "SIGKILL");
    expect(await Promise.all(asked)).toEqual([undefined, undefined]);
    expect(await worker.ask({ type: "try", wanted: wanted(1), chunk })).toEqual({ type: "tried", foundNonce: 0 });
    const second = worker.pid()!;
    expect(second).not.toBe(first);
    await worker.close();
    expect(isAlive(second)).toBe(false);
    expect(await worker.ask({ type: "try", wanted: wanted(1), chunk })).toBeUndefined();
    expect(worker.pid()).toBeUndefined();
  });

  test("that ends before it has begun is gone, and nothing waits for it", async () => {
    const worker: WorkerProcess = kept(workerProcess({ program: nothing }));
    expect(await worker.binding()).toBeUndefined();
    // Nor is it tried again at once.
    const asked = worker.ask({ type: "time", profile: "bleLight" });
    expect(worker.pid()).toBeUndefined();
    expect(await asked).toBeUndefined();
    const miner = mine(search(wanted(2)), { program: nothing, workerCount: 2 });
    expect(await miner.found).toBeUndefined();
  });
});

describe("mining", () => {
  test("finds with two workers what a verifier accepts", async () => {
    const shares: number[] = [];
    const miner = mine(search(wanted(300)), {
      ...{ program, niceness: 0, workerCount: 2 },
      onProgress: ({ share }) => shares.push(share),
    });
    const claim = await miner.found;
    expect(claim).toMatchObject({ difficultyBits: 8, key });
    expect(shares.length).toBeGreaterThan(0);
    expect([...shares].sort((left, right) => left - right)).toEqual(shares);
    const verdicts: IdentityVerdict[] = [];
    const desk = openDesk((verdict) => verdicts.push(verdict), 8);
    desk.show("near", writeIdentity(claim!, SCOPE, signer));
    await until(() => verdicts.length > 0);
    expect(verdicts).toMatchObject([{ type: "accepted", isNew: true }]);
    expect(verdicts[0]?.type === "accepted" && verdicts[0].work).toBeGreaterThanOrEqual(300);
  });

  test("takes nothing from the process that asks: of six hashes of the dearest profile not one's time is spent there [A13]", async () => {
    const dear: Wanted = { ...wanted(2 ** 48), profile: "legacyS0" };
    const argon2 = await openArgon2();
    const oneMs = await ownCpuMs(async () => {
      await tryChunk(dear, { from: 0, count: 1 }, argon2);
    });
    const of = search(dear);
    const miner = mine(of, {
      ...{ program, niceness: 0, workerCount: 2 },
      onProgress: ({ tried }) => {
        if (tried === 6) void miner.stop();
      },
    });
    const sixMs = await ownCpuMs(async () => {
      await miner.found;
    });
    expect(of.tried).toBe(6);
    // Measured: 5 ms to 190.
    expect(sixMs).toBeLessThan(oneMs);
  });

  test("that is stopped goes on later from where it was, with other workers", async () => {
    let checkpoint: Uint8Array | undefined;
    const first = mine(search(wanted(2 ** 48)), {
      ...{ program, niceness: 0, workerCount: 1 },
      onProgress: (progress) => {
        checkpoint = progress.checkpoint;
        void first.stop();
      },
    });
    expect(await first.found).toBeUndefined();
    const again = resume(checkpoint!)!;
    expect(again.tried).toBe(128);
    expect(again.wanted).toEqual(wanted(2 ** 48));
    const second = mine(again, { program, niceness: 0, workerCount: 2, onProgress: () => void second.stop() });
    await second.found;
    expect(again.tried).toBeGreaterThanOrEqual(256);
    expect(resume(second.checkpoint())!.tried).toBeGreaterThanOrEqual(128);
  });
});

const openDesk = (on: (verdict: IdentityVerdict) => void, baseBits: number): IdentityDesk =>
  kept(
    identityDesk({
      ...{ program, niceness: 0, network: SCOPE.network, on },
      settings: {
        profiles: [{ name: "bleLight", baseBits }],
        networkSize: 4,
        beacon: { fromMs: 0, value: SCOPE.beacon },
        verifierCount: 1,
      },
      now: () => millis(performance.now()),
      wallMs: () => TIME_MS,
    }),
  );

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("a desk has a verdict for everything that it is shown, and each verdict its name [A11] [A12]", async () => {
  const verdicts: IdentityVerdict[] = [];
  const desk = openDesk((verdict) => verdicts.push(verdict), 4);
  const claim = { profile: "bleLight", key, salt: new Uint8Array(16), difficultyBits: 40, timestamp: TIME_MS } as const;
  const record = writeIdentity(claim, SCOPE, signer);
  const forged = record.slice();
  forged[121]! ^= 1;
  desk.show("a", new Uint8Array(5));
  desk.show("b", forged);
  desk.show("c", record);
  desk.show("d", writeIdentity({ ...claim, timestamp: TIME_MS + 1e9 }, SCOPE, signer));
  desk.show("e", writeIdentity(claim, { ...SCOPE, network: new Uint8Array(16) }, signer));
  await until(() => verdicts.length === 5);
  const bySource = verdicts.map((verdict) => [verdict.source, verdict.type === "refused" ? verdict.why : "accepted"]);
  expect(Object.fromEntries(bySource)).toEqual({
    ...{ a: "malformed", b: "forged", c: "too little work", d: "from the future", e: "forged" },
  });
});
