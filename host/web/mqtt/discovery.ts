/** What Home Assistant is told, so that a kiosk appears there by itself (MQTT discovery): one message for each of its values and
 * buttons, kept by the broker. */
import { PAUSE_MS } from "./limits.ts";
import type { StateMessage } from "./state-message.ts";
import { OFFLINE, ONLINE, type Topics } from "./topics.ts";

export interface Discovery {
  readonly topic: string;
  readonly message: { readonly [name: string]: unknown };
}

export interface Announced {
  /** "homeassistant", unless its owner changed that. */
  readonly prefix: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly topics: Topics;
  /** With buttons. */
  readonly isOperated: boolean;
}

interface Entity {
  readonly kind: "sensor" | "binary_sensor";
  readonly value: keyof StateMessage;
  readonly name: string;
  readonly icon?: string;
  readonly class?: string;
  readonly isDiagnostic?: true;
}

const ENTITIES: readonly Entity[] = Object.freeze([
  { kind: "sensor", value: "state", name: "State", icon: "mdi:table-furniture" },
  { kind: "sensor", value: "total", name: "Dice", icon: "mdi:dice-multiple" },
  { kind: "sensor", value: "point", name: "Point", icon: "mdi:circle-outline" },
  { kind: "sensor", value: "phase", name: "Phase", icon: "mdi:timer-sand" },
  { kind: "sensor", value: "players", name: "Players", icon: "mdi:account-group" },
  { kind: "sensor", value: "chipsOnTable", name: "Chips on the table", icon: "mdi:poker-chip" },
  { kind: "sensor", value: "lastRoll", name: "Rolls", icon: "mdi:counter" },
  { kind: "binary_sensor", value: "isPlaying", name: "Playing", class: "running" },
  { kind: "binary_sensor", value: "hasProblem", name: "Problem", class: "problem" },
  { kind: "binary_sensor", value: "isPartitioned", name: "Cut off", class: "problem" },
  { kind: "sensor", value: "membersReached", name: "Kiosks reached", icon: "mdi:lan", isDiagnostic: true },
  { kind: "sensor", value: "radiosUp", name: "Radios", icon: "mdi:bluetooth", isDiagnostic: true },
  { kind: "sensor", value: "sequence", name: "Sequence", icon: "mdi:chart-line", isDiagnostic: true },
] satisfies Entity[]);

const BUTTONS = Object.freeze([
  { button: "pause", name: "Pause", icon: "mdi:pause", order: { type: "pause", ms: PAUSE_MS } },
  { button: "go-on", name: "Go on", icon: "mdi:play", order: { type: "pause", ms: 0 } },
  { button: "backup", name: "Back up", icon: "mdi:content-save", order: { type: "backup" } },
] as const);

export function discoveries({ prefix, id, name, version, topics, isOperated }: Announced): readonly Discovery[] {
  const shared = {
    device: { identifiers: [`hardway-${id}`], name, manufacturer: "Hardway", model: "Kiosk", sw_version: version },
    origin: { name: "hardway", sw_version: version },
    availability_topic: topics.status,
    payload_available: ONLINE,
    payload_not_available: OFFLINE,
  };
  const entities = ENTITIES.map((entity) => ({
    topic: `${prefix}/${entity.kind}/hardway-${id}/${entity.value}/config`,
    message: {
      ...shared,
      ...{ name: entity.name, unique_id: `hardway-${id}-${entity.value}`, state_topic: topics.state },
      value_template:
        entity.kind === "sensor"
          ? `{{ value_json.${entity.value} }}`
          : `{{ 'ON' if value_json.${entity.value} else 'OFF' }}`,
      ...(entity.icon === undefined ? {} : { icon: entity.icon }),
      ...(entity.class === undefined ? {} : { device_class: entity.class }),
      ...(entity.isDiagnostic === undefined ? {} : { entity_category: "diagnostic" }),
    },
  }));
  const buttons = BUTTONS.map(({ button, name: label, icon, order }) => ({
    topic: `${prefix}/button/hardway-${id}/${button}/config`,
    message: {
      ...shared,
      ...{ name: label, icon, unique_id: `hardway-${id}-${button}`, entity_category: "config" },
      ...{ command_topic: topics.command, payload_press: JSON.stringify({ order }) },
    },
  }));
  return isOperated ? [...entities, ...buttons] : entities;
}
