/** Tells when a device may have come, so that a radio that is put in again is not missed until it is tried next. */
import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import type { Device } from "./device-url.ts";
import { APPEARED_AGAIN_MS } from "./limits.ts";

/** Names that come in the folder of devices; other files there come and go by the second. */
const SERIAL = /^(?:tty(?:USB|ACM|AMA)\d+|serial\d?)$/;

export interface WatchOptions {
  /** Whose own names are looked for too, as links to them come in folders of their own. */
  readonly devices?: readonly Device[];
  readonly clock?: Clock;
  readonly folder?: string;
}

/** `onChange` comes twice: at once, and when the system has given the device its rights and its other names. Where the system
 * offers no such watching, the next attempt finds what came. */
export function watchDevices(onChange: () => void, options: WatchOptions = {}): () => void {
  const { devices = [], clock = realClock, folder = "/dev" } = options;
  let callOff: (() => void) | undefined;
  const changed = (): void => {
    onChange();
    callOff?.();
    callOff = clock.after(APPEARED_AGAIN_MS, onChange);
  };
  const paths = devices.flatMap((device) => (device.type === "serial" ? [device.path] : []));
  const folders = new Set([folder, ...paths.map(dirname)]);
  const stops = [...folders].map((each) => {
    const named = new Set(paths.filter((path) => dirname(path) === each).map((path) => basename(path)));
    return watchFolder(each, (name) => {
      if (named.has(name) || (each === folder && SERIAL.test(name))) changed();
    });
  });
  return () => {
    callOff?.();
    for (const stop of stops) stop();
  };
}

function watchFolder(folder: string, onName: (name: string) => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => name !== null && onName(name));
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
