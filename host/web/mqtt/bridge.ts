/** A kiosk on a house's broker: its state goes there, and commands come from there if its operator lets them. Whoever may write to the
 * broker gives them: who that is, is the broker's to say. */
import type { Log } from "../../logs/logger.ts";
import { type Answer, refused } from "../contract/answers.ts";
import type { KioskPort } from "../server/kiosk-port.ts";
import { type Giver, obey, orders } from "../server/obey.ts";
import { type WebClock, webClock } from "../server/web-clock.ts";
import { type Broker, connectBroker } from "./broker.ts";
import { readCommand } from "./command.ts";
import { discoveries } from "./discovery.ts";
import { RECONNECT_AFTER_MS, STATE_EVERY_MS } from "./limits.ts";
import { stateMessage } from "./state-message.ts";
import { OFFLINE, ONLINE, topicsOf } from "./topics.ts";

export interface MqttOptions {
  /** mqtt://host:port or mqtts://host:port. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The first part of every topic; the second is the kiosk's id. */
  readonly base: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly port: KioskPort;
  /** Whose orders are taken from the broker. */
  readonly commands: "nobody" | "players" | "operators";
  /** Home Assistant's prefix; undefined: it is told nothing. */
  readonly discovery: string | undefined;
  readonly log: Log;
  readonly clock?: WebClock;
  readonly reconnectAfterMs?: number;
}

export interface MqttBridge {
  readonly close: () => Promise<void>;
}

export function startMqtt(options: MqttOptions): MqttBridge {
  const { port, commands, discovery, log, id, name, version, clock = webClock } = options;
  const topics = topicsOf(options.base, id);
  const isOperated = commands === "operators";
  const rank: Giver["rank"] = isOperated ? "operator" : "player";
  const given = orders();
  /** Whoever compares digits stands before the kiosk, which nobody at a broker does. */
  const afar: KioskPort = {
    ...port,
    order: async (order) => (order.type === "pair" ? refused("not now", "At the kiosk alone.") : port.order(order)),
  };
  const { username, password } = options;
  const client: Broker = connectBroker({
    ...{ url: options.url, username, password, clientId: `hardway-${id}` },
    will: { topic: topics.status, text: OFFLINE },
    reconnectAfterMs: options.reconnectAfterMs ?? RECONNECT_AFTER_MS,
    onConnect,
    onMessage,
    onMissed,
  });
  let isClosing = false;
  let isMissed = false;
  let timer: NodeJS.Timeout | undefined;
  let last = "";

  const tell = (): void => {
    timer = undefined;
    const text = JSON.stringify(stateMessage(port.view(), port.health()));
    if (!client.isConnected() || text === last) return;
    last = text;
    void client.publish(topics.state, text, true);
    timer = setTimeout(tell, STATE_EVERY_MS);
  };
  const wake = (): void => {
    if (!isClosing) timer ??= setTimeout(tell, 0);
  };
  const announce = (): void => {
    if (discovery === undefined) return;
    const all = discoveries({ prefix: discovery, id, name, version, topics, isOperated });
    for (const { topic, message } of all) void client.publish(topic, JSON.stringify(message), true);
  };
  const answer = (to: number | null, said: Answer): void => {
    if (client.isConnected()) void client.publish(topics.answer, JSON.stringify({ id: to, answer: said }), false);
  };
  const onCommand = async (bytes: Uint8Array): Promise<void> => {
    const command = readCommand(bytes);
    if (!command.ok) return answer(null, refused(command.why));
    const onFailed = (error: unknown): void => log.error("an order went wrong", { error });
    const giver = { address: "mqtt", rank };
    answer(command.id, await obey(given, afar, command.order, giver, clock.nowMs(), onFailed));
  };

  function onConnect(): void {
    isMissed = false;
    last = "";
    log.info("the broker is there", { status: topics.status });
    void client.publish(topics.status, ONLINE, true);
    if (commands !== "nobody") client.subscribe(topics.command);
    if (discovery !== undefined) client.subscribe(`${discovery}/status`);
    announce();
    clearTimeout(timer);
    tell();
  }

  function onMessage(topic: string, bytes: Uint8Array, isKept: boolean): void {
    if (topic !== topics.command) {
      // Home Assistant has begun, and knows nothing.
      if (`${Buffer.from(bytes)}` === ONLINE) announce();
    } else if (isKept) {
      // It would be obeyed again at every start.
      log.warn("a command that the broker kept is not obeyed", { topic });
    } else void onCommand(bytes);
  }

  function onMissed(why: string): void {
    if (isMissed || isClosing) return;
    isMissed = true;
    log.warn("the broker is not there: it is tried again", { why });
  }

  const callOff = port.onChange(wake);

  return {
    async close() {
      isClosing = true;
      callOff();
      clearTimeout(timer);
      if (client.isConnected()) await client.publish(topics.status, OFFLINE, true);
      await client.close();
    },
  };
}
