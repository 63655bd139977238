/** A kiosk that is killed: the product's own loop with a real journal, its links through a socket to the hub. It sets its own
 * key to rising numbers as fast as it may, and reports what has come of that. Its one argument is JSON. */
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { meshMail } from "../../../host/node/mail.ts";
import { type RunningNode, runNode } from "../../../host/node/node.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { mortalDisk } from "../storage/mortal-disk.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { type KillKiosk, OPTIONS, type Report, setNumber, TABLE } from "./kill-table.ts";

/** Requests that wait for their answers. */
const IN_FLIGHT = 3;
const REST_EVERY_MS = 200;

const config = JSON.parse(process.argv[2] ?? "") as KillKiosk;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const pair = keyPairFromSeed(bytes(config.seed));
const { me } = config;

const hub = connect(config.hub);
hub.on("error", () => process.exit(3));
hub.on("close", () => process.exit(3));
const report = (said: Report): void => writeFrame(hub, "report", Buffer.from(JSON.stringify(said)));

let node: RunningNode<unknown> | undefined;
let isResting = false;
let submitted = 0;
let answered = 0;

const began = performance.now();
const started = await runNode({
  founding: { options: OPTIONS, table: TABLE, members: config.members.map(bytes), key: pair.publicKey.bytes },
  ...{ ports: cryptoPorts(pair), machine: keyValueMachine, compactAboveSize: config.compactAboveSize },
  disk: mortalDisk(fileDisk(config.folder), config.dieAt ?? Number.POSITIVE_INFINITY),
  on,
  mail: meshMail({
    ...{ hash: sha256, seed: me },
    transport: (listener) => {
      readFrames(hub, (type, frame) => {
        if (type === "packet") listener.onPacket(frame[0]!, frame.subarray(1));
        else if (type === "up") listener.onUp(frame[0]!, bytes(config.members[frame[0]!]!));
        else if (type === "down") listener.onDown(frame[0]!);
        else if (type === "rest") rest();
      });
      return {
        send(link, _, packet, token) {
          writeFrame(hub, "packet", Uint8Array.of(link), packet);
          setImmediate(() => listener.onSettled(token, "sent"));
        },
        drop: () => {},
        close: () => hub.destroy(),
      };
    },
  }),
});
assert(started.ok, `the kiosk starts: ${JSON.stringify(started)}`);
node = started.node;
node.ended.catch((error) => {
  console.error(error);
  process.exit(4);
});
const { replica, verdict, recordCount } = node;
const { view, said, executed, lastNumber } = replica;
const startMs = performance.now() - began;
report({
  ...{ type: "started", startMs, bootMs: performance.now(), verdict: verdict.type, recordCount },
  ...{ remembered: { me: replica.me, view, said, executed }, lastNumber },
});
writeFrame(hub, "hello", Uint8Array.of(me));
setInterval(ask, 5);

function on(effect: Effect): void {
  if (effect.type === "persist" && effect.record.type === "voted") {
    writeFrame(hub, "kept", encode(SignedBallot, effect.record.ballot));
  } else if (effect.type === "answered") {
    answered += 1;
    report({ type: "answered", number: effect.number, result: Buffer.from(effect.result).toString("hex") });
    ask();
  } else if (effect.type === "refused") submitted -= 1;
  else if (effect.type === "executed") {
    const done = effect.done.map(({ request, result }) => [request.sender, request.request.number, [...result]]);
    const what = createHash("sha256").update(JSON.stringify(done)).digest("hex");
    report({ type: "executed", sequence: effect.sequence, what });
  } else if (effect.type === "entered") report({ type: "entered", view: effect.view });
  else if (effect.type === "muted" || effect.type === "evidence" || effect.type === "malformed") {
    report({ type: "wrong", what: JSON.stringify(effect).slice(0, 500) });
  }
}

function ask(): void {
  if (node === undefined || isResting || node.replica.probing !== undefined) return;
  const waiting = node.replica.pools[node.replica.me]?.waiting.length ?? 0;
  for (; submitted - answered < IN_FLIGHT && waiting < IN_FLIGHT; submitted++) {
    node.submit(0, setNumber(me, node.replica.lastNumber + 1));
  }
}

/** Says again and again where it stands, until all stand there. */
function rest(): void {
  isResting = true;
  setInterval(() => {
    if (node === undefined) return;
    const { state, pools, phase, probing } = node.replica;
    const isIdle = phase === "normal" && probing === undefined && pools.every(({ waiting }) => waiting.length === 0);
    const { sequence, table } = state;
    const digest = createHash("sha256")
      .update(state.history)
      .update(keyValueMachine.snapshot(state.machine as never));
    const clients = table.clients.map((client) => client.executed);
    report({ type: "rested", isIdle, sequence, digest: digest.digest("hex"), clients });
  }, REST_EVERY_MS);
}
