/** One kiosk of `bench kiosk`, in a process of its own as a real one is: its memory, its processor's time and what it writes are
 * nobody else's. Letters cross as messages of the parent. */
import { keyPairFromSeed } from "../../host/crypto/ed25519-keys.ts";
import { canSign } from "../../host/engine/consensus/standing.ts";
import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import { cryptoPorts } from "../../host/node/crypto-ports.ts";
import { type RunningNode, runNode } from "../../host/node/node.ts";
import type { Disk, DiskFile } from "../../host/storage/disk.ts";
import { fileDisk } from "../../host/storage/file-disk.ts";
import { assert } from "../../protocol/core/assert.ts";
import { withFiles } from "../host/storage/other-files.ts";
import { TUNED } from "./consensus-load.ts";
import { type DirectMail, directMail } from "./direct-mail.ts";

// So that its memory is that of a whole kiosk's program.
import "../../host/node/start-kiosk.ts";
import "../../host/web/server/serve.ts";

export type ToKiosk =
  | {
      readonly type: "begin";
      readonly seed: Uint8Array;
      readonly me: number;
      readonly table: Uint8Array;
      readonly members: readonly Uint8Array[];
      readonly folder: string;
    }
  | { readonly type: "letter"; readonly packet: Uint8Array }
  | { readonly type: "submit"; readonly operation: Uint8Array }
  | { readonly type: "look" }
  | { readonly type: "end" };

export type FromKiosk =
  | { readonly type: "letter"; readonly to: number; readonly packet: Uint8Array }
  | { readonly type: "answered" }
  | { readonly type: "begun" }
  | {
      readonly type: "seen";
      readonly operations: number;
      readonly residentBytes: number;
      readonly processorMs: number;
      readonly writtenBytes: number;
      readonly letters: number;
    };

const LOOK_EVERY_MS = 20;

let node: RunningNode<unknown> | undefined;
let post: DirectMail | undefined;
let [operations, writtenBytes, letters] = [0, 0, 0];
const say = (said: FromKiosk): void => void process.send?.(said);

process.on("disconnect", () => process.exit(0));
process.on("message", (told: ToKiosk) => {
  if (told.type === "begin") void begin(told);
  else if (told.type === "letter") {
    letters += 1;
    post?.arrived(told.packet);
  } else if (told.type === "submit") node?.submit(0, told.operation);
  else if (told.type === "look") look();
  else void node?.close().then(() => process.exit(0));
});

async function begin({ seed, me, table, members, folder }: ToKiosk & { type: "begin" }): Promise<void> {
  const pair = keyPairFromSeed(seed);
  const started = await runNode({
    ...{ founding: { options: TUNED, table, members, key: pair.publicKey.bytes }, machine: keyValueMachine },
    ...{ ports: cryptoPorts(pair), disk: counted(fileDisk(folder)), isWatching: false },
    mail: (whose) => (post = directMail(whose, me, (to, packet) => say({ type: "letter", to, packet }))),
    on(effect) {
      if (effect.type === "executed") operations += effect.done.length;
      else if (effect.type === "answered") say({ type: "answered" });
    },
  });
  assert(started.ok, "a new folder opens");
  node = started.node;
  // Nothing that is asked before is taken.
  while (!canSign(node.replica)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  say({ type: "begun" });
}

function look(): void {
  const { user, system } = process.cpuUsage();
  const processorMs = (user + system) / 1000;
  say({ type: "seen", operations, residentBytes: process.memoryUsage().rss, processorMs, writtenBytes, letters });
}

function counted(disk: Disk): Disk {
  const file = (of: DiskFile): DiskFile => ({
    append(bytes) {
      writtenBytes += bytes.length;
      return of.append(bytes);
    },
    appendSync(bytes) {
      writtenBytes += bytes.length;
      of.appendSync(bytes);
    },
    sync: () => of.sync(),
    syncSync: () => of.syncSync(),
    close: () => of.close(),
  });
  return withFiles(disk, file);
}
