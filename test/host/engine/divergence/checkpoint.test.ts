import { expect, test } from "vitest";
import { checkpointOf, verifyCheckpoint } from "../../../../host/engine/divergence/checkpoint.ts";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import { execute, set, setFor } from "../keyvalue/operations.ts";
import { hashedTable } from "./kiosks.ts";

const [ports] = hashedTable(1).ports;

function foo(value: string) {
  const state = keyValueMachine.initial();
  for (const each of [set("foo", value), setFor(100, "brief", "x")]) execute(state, each);
  return state;
}

test("a checkpoint's state is taken when its digest, computed again, is the one that was signed [D07]", () => {
  const state = foo("bar");
  const checkpoint = checkpointOf(keyValueMachine, state, ports!);
  expect(verifyCheckpoint(keyValueMachine, checkpoint, ports!)).toEqual({ ok: true, state });
});

test("an altered state is rejected, wherever it was altered, and so is another state's digest [D07]", () => {
  const { digest, snapshot } = checkpointOf(keyValueMachine, foo("bar"), ports!);
  const another = checkpointOf(keyValueMachine, foo("corrupted"), ports!);
  const altered = [another.snapshot, new Uint8Array(0), snapshot.subarray(1), Uint8Array.of(...snapshot, 0)];
  for (let bit = 0; bit < 8 * snapshot.length; bit++) {
    const flipped = Uint8Array.from(snapshot);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    altered.push(flipped);
  }
  for (const bytes of altered) {
    expect(verifyCheckpoint(keyValueMachine, { digest, snapshot: bytes }, ports!)).toEqual({
      ok: false,
      why: "another digest",
    });
  }
  expect(verifyCheckpoint(keyValueMachine, { digest: another.digest, snapshot }, ports!)).toMatchObject({ ok: false });
});

test("bytes that are no state are rejected, even where their digest was signed", () => {
  const snapshot = Uint8Array.of(1, 2, 3);
  const digest = ports!.digest("hardway state", snapshot);
  expect(verifyCheckpoint(keyValueMachine, { digest, snapshot }, ports!)).toEqual({ ok: false, why: "no snapshot" });
});
