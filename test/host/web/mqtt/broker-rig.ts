/** A broker of its own on this machine, and somebody on it who hears everything. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, connectBroker } from "../../../../host/web/mqtt/broker.ts";

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly isKept: boolean;
}

export interface House {
  readonly url: string;
  readonly everything: Heard[];
  readonly say: (topic: string, text: string, isKept?: boolean) => Promise<void>;
  /** The first of what was heard, or will be, of which it is so. */
  readonly until: (is: (heard: Heard) => boolean) => Promise<Heard>;
  readonly stopBroker: () => Promise<void>;
  readonly startBroker: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function house(program: string): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "hardway-broker-"));
  const port = await freePort();
  const config = join(folder, "broker.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  let broker: ChildProcess | undefined;
  const startBroker = async (): Promise<void> => {
    broker = spawn(program, ["-c", config], { stdio: "ignore" });
    await untilOpen(port);
  };
  const stopBroker = (): Promise<void> =>
    new Promise((resolve) => {
      const running = broker;
      broker = undefined;
      if (running === undefined) return resolve();
      running.once("exit", () => resolve());
      running.kill("SIGKILL");
    });
  await startBroker();
  const everything: Heard[] = [];
  const waiting: { is: (heard: Heard) => boolean; found: (heard: Heard) => void }[] = [];
  const url = `mqtt://127.0.0.1:${port}`;
  const ear: Broker = await new Promise((resolve) => {
    const client = connectBroker({
      ...{ url, clientId: "ear", reconnectAfterMs: 50, onMissed() {} },
      onConnect() {
        client.subscribe("#");
        resolve(client);
      },
      onMessage(topic, bytes, isKept) {
        const heard = { topic, text: `${Buffer.from(bytes)}`, isKept };
        everything.push(heard);
        for (const each of [...waiting]) {
          if (!each.is(heard)) continue;
          waiting.splice(waiting.indexOf(each), 1);
          each.found(heard);
        }
      },
    });
  });
  return {
    ...{ url, everything, startBroker, stopBroker },
    say: (topic, text, isKept = false) => ear.publish(topic, text, isKept),
    until: (is) =>
      new Promise((found) => {
        const come = everything.find(is);
        if (come === undefined) waiting.push({ is, found });
        else found(come);
      }),
    async close() {
      await ear.close();
      await stopBroker();
      rmSync(folder, { recursive: true });
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

function untilOpen(port: number): Promise<void> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve();
      });
      socket.on("error", () => setTimeout(attempt, 20));
    };
    attempt();
  });
}
