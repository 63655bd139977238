import { describe, expect, test } from "vitest";
import { prologueOf } from "../../../host/secure/binding.ts";
import { introduce, meet } from "../../../host/secure/introduction.ts";
import {
  CLIENT_RADIO,
  cryptoOf,
  hear,
  isOpen,
  opened,
  PROLOGUE,
  pass,
  passAll,
  type Rig,
  refusals,
  rig,
  SECRET,
  SERVER_RADIO,
  seedOf,
  TABLE,
  VERSION,
  type Wishes,
} from "./rig.ts";

describe("a handshake is bound", () => {
  const unlike: { readonly [what: string]: Partial<Wishes> } = {
    "another secret": { server: { agreements: [{ prologue: PROLOGUE, secret: seedOf(9) }] } },
    "another table": {
      server: {
        agreements: [{ prologue: prologueOf(seedOf(8).subarray(16), CLIENT_RADIO, SERVER_RADIO), secret: SECRET }],
      },
    },
    "no table": {
      server: { agreements: [{ prologue: prologueOf(undefined, CLIENT_RADIO, SERVER_RADIO), secret: SECRET }] },
    },
    "another radio": {
      server: {
        agreements: [
          {
            prologue: prologueOf(TABLE, { ...CLIENT_RADIO, address: seedOf(3).subarray(26) }, SERVER_RADIO),
            secret: SECRET,
          },
        ],
      },
    },
    "the same two radios the other way round": {
      server: { agreements: [{ prologue: prologueOf(TABLE, SERVER_RADIO, CLIENT_RADIO), secret: SECRET }] },
    },
  };

  test.each(Object.keys(unlike))("to its place: with %s it does not open, and is nobody's fault [I12]", (what) => {
    const of = rig(unlike[what]);
    pass(of);
    expect(of.server.effects).toEqual([{ type: "refused", why: "other secret", verdict: "ignore" }]);
    expect(of.air).toEqual([]);
  });

  test("without a secret it is bound as well: the second message does not open [I12]", () => {
    const prologue = prologueOf(undefined, SERVER_RADIO, CLIENT_RADIO);
    const of = rig({ isSecret: false, server: { agreements: [{ prologue, secret: undefined }] } });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["does not open"]);
    expect(isOpen(of)).toBe(false);
  });

  test("to whom was called: another identity is refused, on either side [I12]", () => {
    for (const name of ["client", "server"] as const) {
      const of = rig({ [name]: { expected: cryptoOf(9).identity } });
      passAll(of);
      expect(refusals(of[name].effects)).toEqual(["wrong identity"]);
      expect(isOpen(of)).toBe(false);
      const right = rig({ [name]: { expected: cryptoOf(name === "client" ? 2 : 1).identity } });
      passAll(right);
      expect(isOpen(right)).toBe(true);
    }
  });

  test("to two kiosks: nobody has a link to itself [I12]", () => {
    const of = rig({ identities: [1, 1] });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["own identity"]);
  });

  test("to the one that has the session: a renewal is no way in for somebody else [I12]", () => {
    const of = opened();
    const thief = rig({ identities: [3, 2], seed: 9 });
    of.now = 20_000;
    // Who knows the secret and sits on the link, but is not the peer.
    hear(of, "server", thief.air.splice(0)[0].packet);
    hear(thief, "client", of.air.splice(0)[0].packet);
    expect(refusals(hear(of, "server", thief.air[0].packet))).toEqual(["other identity"]);
    expect(of.server.link.current?.peer).toEqual(of.client.ports.identity);
  });

  test("to the key that it names: a signature by another does not hold [I12]", () => {
    const honest = rig();
    const liar = { ...cryptoOf(3), identity: cryptoOf(1).identity };
    const of: Rig = { ...honest, client: { ...honest.client, ports: liar } };
    passAll(of);
    expect(refusals(of.server.effects)).toEqual(["bad signature"]);
    // What it said has moved nothing: said again, it is looked at again.
    const third = of.overheard.at(-1)?.packet as Uint8Array;
    expect(refusals(hear(of, "server", third))).toEqual(["bad signature"]);
    expect(of.server.link.current).toBeUndefined();
  });

  test("to this attempt: a signature that a kiosk gave in another one does not hold [I12]", () => {
    // A member of the table lets a kiosk introduce itself, and says the same elsewhere.
    const own = rig({ identities: [1, 3], seed: 30 });
    const given: Uint8Array[] = [];
    const sign = (signed: Uint8Array): Uint8Array => {
      given.push(own.client.ports.sign(signed));
      return given[0];
    };
    const victim: Rig = { ...own, client: { ...own.client, ports: { ...own.client.ports, sign } } };
    passAll(victim);
    expect([isOpen(victim), given.length]).toEqual([true, 1]);
    const of = rig({ identities: [1, 2] });
    const thief: Rig = { ...of, client: { ...of.client, ports: { ...of.client.ports, sign: () => given[0] } } };
    passAll(thief);
    expect(refusals(thief.server.effects)).toEqual(["bad signature"]);
  });

  test("to who says it of itself: an introduction fits one end, one version, one key, one transcript [I12]", () => {
    const [ports, meeting] = [cryptoOf(1), cryptoOf(2)];
    const transcript = seedOf(7);
    const said = introduce("responder", VERSION, transcript, ports);
    expect(meet(said, "responder", VERSION, transcript, meeting)).toMatchObject({ ok: true, peer: ports.identity });
    expect(meet(said, "initiator", VERSION, transcript, meeting)).toEqual({ ok: false, why: "bad signature" });
    expect(meet(said, "responder", VERSION, seedOf(8), meeting)).toEqual({ ok: false, why: "bad signature" });
    for (let at = 0; at < said.length; at++) {
      const changed = said.slice();
      changed[at] ^= 1;
      expect(meet(changed, "responder", VERSION, transcript, meeting), `byte ${at}`).toMatchObject({ ok: false });
      const cut = meet(said.subarray(0, at), "responder", VERSION, transcript, meeting);
      expect(cut).toEqual({ ok: false, why: "introduction broken" });
    }
  });

  test("to one major version", () => {
    const of = rig({ server: { version: { ...VERSION, major: VERSION.major + 1 } } });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["other version"]);
  });

  test("and both learn what both can do", () => {
    const of = opened({ server: { version: { ...VERSION, features: 6 } } });
    expect([of.client.link.current?.version.features, of.server.link.current?.version.features]).toEqual([4, 4]);
  });
});
