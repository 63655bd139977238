/** Who is an operator: whoever has shown the PIN, for a while. */
import { randomBytes } from "node:crypto";
import { millis } from "../../../protocol/core/units.ts";
import { type Refused, refused, type Session } from "../contract/answers.ts";
import { PIN_LENGTH_MAX } from "../contract/limits.ts";
import { cookieOf, noCookie, tokenIn } from "./cookies.ts";
import { PIN_CHECKS_MAX, SESSION_TOKEN_SIZE } from "./limits.ts";
import type { Giver } from "./obey.ts";
import { isPin } from "./pin.ts";
import type { PinRecord } from "./pin-record.ts";
import { onRight, onWrong, pinTries, waitMs } from "./pin-tries.ts";
import { begin, end, leftMs, sessions, use } from "./sessions.ts";
import type { WebClock } from "./web-clock.ts";

export interface Operators {
  readonly rank: (cookies: string | undefined) => Giver["rank"];
  readonly session: (cookies: string | undefined) => Session;
  readonly begin: (pin: string, address: string) => Promise<Begun | Refused>;
  readonly end: (cookies: string | undefined) => Ended;
  /** Its operator did something. */
  readonly use: (cookies: string | undefined) => void;
}

export interface Begun {
  readonly ok: true;
  readonly session: Session;
  readonly cookie: string;
}

export interface Ended {
  readonly session: Session;
  readonly cookie: string;
}

export interface OperatorOptions {
  readonly pin: PinRecord | undefined;
  /** Of a demonstration: whoever is at this machine is one. */
  readonly isEverybody: boolean;
  readonly port: () => number;
  readonly clock: WebClock;
}

export function operators({ pin, isEverybody, port, clock }: OperatorOptions): Operators {
  const open = sessions();
  const tries = pinTries(millis(clock.nowMs()));
  let checks = 0;
  const hasPin = pin !== undefined;
  const nobody: Session = { isOperator: isEverybody, hasPin, endsInMs: null };
  const left = (cookies: string | undefined): number | undefined =>
    leftMs(open, tokenIn(cookies, port()), clock.nowMs());
  return {
    rank: (cookies) => (isEverybody || left(cookies) !== undefined ? "operator" : hasPin ? "player" : "noPin"),
    session(cookies) {
      const endsInMs = left(cookies);
      return endsInMs === undefined ? nobody : { isOperator: true, hasPin, endsInMs: Math.ceil(endsInMs) };
    },
    async begin(given, address) {
      if (pin === undefined) return refused("no PIN", "Set one with hardway pin.");
      if (given.length > PIN_LENGTH_MAX) return refused("wrong PIN");
      if (checks >= PIN_CHECKS_MAX) return refused("PIN locked", "Try again in a second.");
      const wait = waitMs(tries, address, clock.nowMs());
      if (wait !== undefined) return refused("PIN locked", `Try again in ${Math.ceil(wait / 1000)} s.`);
      checks += 1;
      const isRight = await isPin(pin, given).finally(() => {
        checks -= 1;
      });
      if (!isRight) {
        onWrong(tries, address, clock.nowMs());
        return refused("wrong PIN");
      }
      onRight(tries, address);
      const token = randomBytes(SESSION_TOKEN_SIZE).toString("hex");
      begin(open, token, clock.nowMs());
      const endsInMs = Math.ceil(leftMs(open, token, clock.nowMs()) ?? 0);
      return { ok: true, session: { isOperator: true, hasPin, endsInMs }, cookie: cookieOf(port(), token) };
    },
    end(cookies) {
      const token = tokenIn(cookies, port());
      if (token !== undefined) end(open, token);
      return { session: nobody, cookie: noCookie(port()) };
    },
    use(cookies) {
      const token = tokenIn(cookies, port());
      if (token !== undefined && leftMs(open, token, clock.nowMs()) !== undefined) use(open, token, clock.nowMs());
    },
  };
}
