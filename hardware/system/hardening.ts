/** What a service of ours may not do to its machine (systemd.exec(5)), and why two usual lines are missing. */
import { quotedPath } from "./marker.ts";
import { isPersonal, isWithin, type Places, STATE_FOLDER } from "./places.ts";

/**
 * No MemoryDenyWriteExecute: Node makes machine code while it runs. No ProtectProc: the journal's lock looks whether the process
 * that holds it lives, and one that is hidden would be taken for dead.
 */
export function hardening({ node, program, config, folder, logFolders, backups }: Places): string[] {
  const written = [...new Set([folder, backups, ...logFolders])].filter((path) => !isWithin(path, STATE_FOLDER));
  const personal = [...written, config].filter(isPersonal);
  const readOnly = isPersonal(node) || isPersonal(program) || personal.length > 0;
  return [
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "UMask=0077",
    "ProtectSystem=strict",
    // What is under a person's folder can be seen, and written only where it is named.
    `ProtectHome=${readOnly ? "read-only" : "yes"}`,
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    ...written.map((path) => `ReadWritePaths=${quotedPath(`-${path}`)}`),
  ];
}

/** Serial ports by their kinds of driver: USB bridges, USB devices of their own, a Pi's header. */
export const SERIAL_DEVICES: readonly string[] = Object.freeze([
  "DevicePolicy=closed",
  ...["ttyUSB", "ttyACM", "ttyAMA", "ttyS"].map((kind) => `DeviceAllow=char-${kind} rw`),
]);
