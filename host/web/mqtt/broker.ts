/** A connection to a broker that comes back by itself: what is wanted of the package that speaks MQTT, and no more. */
import { connect } from "mqtt";
import { CONNECT_WITHIN_MS, FAREWELL_MS, KEEP_ALIVE_S } from "./limits.ts";

export interface BrokerOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly clientId: string;
  /** What the broker says when this end is gone without a word. */
  readonly will?: { readonly topic: string; readonly text: string };
  readonly reconnectAfterMs: number;
  readonly onConnect: () => void;
  /** `isKept`: the broker had it before. */
  readonly onMessage: (topic: string, bytes: Uint8Array, isKept: boolean) => void;
  readonly onMissed: (why: string) => void;
}

export interface Broker {
  readonly isConnected: () => boolean;
  /** Until the broker has it, or the connection has gone; kept: for whoever comes later. */
  readonly publish: (topic: string, text: string, isKept: boolean) => Promise<void>;
  readonly subscribe: (topic: string) => void;
  readonly close: () => Promise<void>;
}

export function connectBroker(options: BrokerOptions): Broker {
  const { url, username, password, clientId, will, reconnectAfterMs } = options;
  const client = connect(url, {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(will === undefined
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.text), qos: 1 as const, retain: true } }),
    clientId,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_WITHIN_MS,
    reconnectPeriod: reconnectAfterMs,
    // What was not said while the broker was away is old: the newest is said when it is back.
    queueQoSZero: false,
    resubscribe: false,
  });
  client.on("connect", options.onConnect);
  client.on("message", (topic, bytes, { retain }) => options.onMessage(topic, bytes, retain));
  client.on("error", ({ message }) => options.onMissed(message === "" ? "nobody answers there" : message));
  client.on("close", () => options.onMissed("the connection ended"));
  return {
    isConnected: () => client.connected,
    async publish(topic, text, retain) {
      const said = client.publishAsync(topic, text, { qos: 1, retain }).catch(() => {});
      await within(said, FAREWELL_MS);
    },
    subscribe: (topic) => void client.subscribe(topic, { qos: 1 }),
    async close() {
      // In order, for then the broker keeps the last word and not the will.
      if (client.connected) await within(client.endAsync(false), FAREWELL_MS);
      await client.endAsync(true);
    },
  };
}

async function within(done: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
