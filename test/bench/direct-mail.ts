/** Mail from each kiosk to each, as over links without end: what agreement itself costs is measured without the mesh's pace. */

import { judge, nameOfKey } from "../../host/mesh/judge.ts";
import { mesh } from "../../host/mesh/state.ts";
import type { Mail, MailFor, MailNews } from "../../host/node/mail.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { millis } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { strangerReplay } from "../../protocol/envelope/stranger-replay.ts";

export interface DirectMail extends Mail {
  readonly arrived: (packet: Uint8Array) => void;
}

export function directMail<S>(
  { key, replica, world, clock, tables: known, onNews, onRefused }: MailFor<S>,
  me: number,
  deliver: (to: number, packet: Uint8Array) => void,
): DirectMail {
  const news: MailNews[] = [];
  const strangers = strangerReplay();
  let tables = known;
  let packetCount = 0;
  const ports = {
    // Nothing is passed on, so that a message needs no name and its statements no look.
    hash: () => key,
    verify: world.ports.verify,
    verifySaid: () => "unknown" as const,
  };
  const send = (packet: Uint8Array, to: Uint8Array | "all"): void => {
    for (const [place, member] of replica.members.entries()) {
      if (place === me || (to !== "all" && !bytesEqual(member, to))) continue;
      packetCount += 1;
      // As from a wire: whoever gets it may not be there yet.
      setImmediate(() => deliver(place, packet));
    }
  };
  return {
    mesh: mesh(nameOfKey(key), clock.now(), me),
    take: (count) => news.splice(0, count),
    hasNews: () => news.length > 0,
    sayOpenly: (said, table, to) => send(sealSaid(said, table).bytes, to),
    saySealed: ({ bytes }, _, to) => send(bytes, to),
    know(now) {
      tables = now;
    },
    packetCount: () => packetCount,
    close: () => {},
    arrived(packet) {
      const judged = judge(packet, { tables, strangers, now: millis(clock.wallMs()) }, ports);
      if (judged.ok) news.push({ type: "letter", letter: judged.what });
      else onRefused(judged.why);
      onNews();
    },
  };
}
