/** Backups of one kiosk in one folder, by their names: the newest are kept. */
const NAME = /^hardway-([0-9a-f]{8}|unknown)-(\d{8}t\d{6})\.tar\.gz$/;

/** `kiosk`: its public key in hexadecimal digits. The names of one kiosk are in the order of time. */
export function backupName(kiosk: string | null, atMs: number): string {
  const time = new Date(atMs)
    .toISOString()
    .replace(/[-:]|\.\d+Z$/g, "")
    .toLowerCase();
  return `hardway-${kiosk?.slice(0, 8) ?? "unknown"}-${time}.tar.gz`;
}

/** Those that may go when so many are kept, beside `newest`, which was made just now. What has another kiosk's name, or one that
 * a person gave, stays. A clock that was wrong may have made a later name: the one made now is kept all the same. */
export function tooMany(names: readonly string[], newest: string, keep: number): string[] {
  const kiosk = NAME.exec(newest)?.[1];
  if (kiosk === undefined) return [];
  const others = names.filter((name) => name !== newest && NAME.exec(name)?.[1] === kiosk).sort();
  return others.slice(0, Math.max(0, others.length + 1 - Math.max(1, keep)));
}
